"""Addresses of the cases app; full paths, because the phone page and the residents' stand at the top."""

from django.urls import path

from cases.views import (
    desk,
    detail,
    draws,
    hot,
    ledger,
    moves,
    phone,
    public,
    rating,
    report,
    revisits,
    rules,
    similar,
    tracking,
)

app_name = "cases"
urlpatterns = [
    path("cases/", desk.desk, name="desk"),
    path("cases/export/", desk.export, name="export"),
    path("cases/new/", report.report, name="report"),
    path("cases/new/buildings/", report.buildings, name="buildings"),
    path("cases/new/similar/", similar.similar, name="similar"),
    path("cases/hot/", hot.hot, name="hot"),
    path("cases/hot/list/", hot.hot_cases, name="hot_cases"),
    path("cases/ledger/", ledger.ledger, name="ledger"),
    path("cases/ledger/export/", ledger.export, name="ledger_export"),
    path("cases/ledger/freeze/", ledger.freeze, name="ledger_freeze"),
    path("cases/ledger/frozen/<int:freeze_id>/", ledger.frozen, name="ledger_frozen"),
    path("cases/rules/<int:rule_id>/", rules.trial, name="rule_trial"),
    path("cases/rules/<int:rule_id>/switch/", rules.switch, name="rule_switch"),
    path("cases/files/<int:attachment_id>/", detail.attachment, name="attachment"),
    path("cases/revisits/", revisits.revisits, name="revisits"),
    path("cases/revisits/draws/", draws.draws, name="draws"),
    path("cases/revisits/draws/draw/", draws.draw, name="draw"),
    path("cases/revisits/<int:revisit_id>/", revisits.revisit, name="revisit"),
    path("cases/<int:case_id>/", detail.detail, name="detail"),
    path("cases/<int:case_id>/undo/", detail.take_back, name="undo"),
    path("cases/<int:case_id>/contact/", detail.contact, name="contact"),
    path("cases/<int:case_id>/moves/<slug:name>/", moves.move, name="move"),
    path("m/", phone.mine, name="mine"),
    path("report/", public.report, name="public_report"),
    path("report/similar/", similar.public_similar, name="public_similar"),
    path("report/thanks/", public.thanks, name="public_thanks"),
    path("track/", tracking.track, name="public_track"),
    path("track/photos/<int:attachment_id>/", tracking.photo, name="public_photo"),
    path("track/rate/", rating.rate, name="public_rate"),
    path("track/<slug:name>/", tracking.reporter_move, name="public_move"),
]
