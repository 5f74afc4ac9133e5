from django.urls import path

from assessments.views import papers, saved, templates
from assessments.views import quarter_detail as detail
from assessments.views.bulletins import act, bulletin, bulletin_cases, bulletins, download
from assessments.views.burden import burden
from assessments.views.dashboard import dashboard, dashboard_export
from assessments.views.doubts import doubt, doubt_step, doubts
from assessments.views.indicators import indicators
from assessments.views.item_rows import item_rows
from assessments.views.numbers import export, numbers, rate_rows
from assessments.views.quarters import quarters, quarters_export, street_step
from assessments.views.reports import grid_report, grid_reports, quarter_report, reports
from assessments.views.results import results, subsidies
from assessments.views.units import unit_page, units

app_name = "assessments"
urlpatterns = [
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/export/", dashboard_export, name="dashboard_export"),
    path("dashboard/numbers/", numbers, name="numbers"),
    path("dashboard/numbers/export/", export, name="numbers_export"),
    path("dashboard/views/save/", saved.save, name="view_save"),
    path("dashboard/views/<int:pk>/<slug:name>/", saved.change, name="view_change"),
    path("dashboard/units/", units, name="units"),
    path("dashboard/units/<int:pk>/", unit_page, name="unit_board"),
    path("dashboard/<slug:code>/", rate_rows, name="rate_rows"),
    path("bulletins/", bulletins, name="bulletins"),
    path("bulletins/<int:pk>/", bulletin, name="bulletin"),
    path("bulletins/<int:pk>/cases/", bulletin_cases, name="bulletin_cases"),
    path("bulletins/<int:pk>/act/", act, name="bulletin_act"),
    path("bulletins/<int:pk>/<str:kind>/", download, name="bulletin_file"),
    path("reports/", reports, name="reports"),
    path("reports/quarter/", quarter_report, name="quarter_report"),
    path("reports/grids/", grid_reports, name="grid_reports"),
    path("reports/grids/<int:pk>/", grid_report, name="grid_report"),
    path("reports/templates/", templates.templates, name="templates"),
    path("reports/templates/new/", templates.upload, name="template_upload"),
    path("reports/templates/<int:pk>/", templates.template_file, name="template_file"),
    path("reports/templates/<int:pk>/withdraw/", templates.withdraw, name="template_withdraw"),
    path(
        "reports/default/<slug:report>.<slug:kind>", templates.default_file, name="template_default"
    ),
    path("reports/fields/", templates.fields, name="template_fields"),
    path("assessments/", quarters, name="quarters"),
    path("assessments/export/", quarters_export, name="quarters_export"),
    path("assessments/street-step/", street_step, name="street_step"),
    path("assessments/indicators/", indicators, name="indicators"),
    path("assessments/burden/", burden, name="burden"),
    path("assessments/doubts/", doubts, name="doubts"),
    path("assessments/doubts/<int:pk>/", doubt, name="doubt"),
    path("assessments/doubts/<int:pk>/<slug:name>/", doubt_step, name="doubt_step"),
    path("assessments/results/", results, name="results"),
    path("assessments/results/export/", subsidies, name="subsidies"),
    path("assessments/appeals/", detail.appeals, name="appeals"),
    path("assessments/<int:pk>/", detail.quarter_detail, name="quarter_detail"),
    path("assessments/<int:pk>/steps/<slug:name>/", detail.step, name="quarter_step"),
    path("assessments/<int:pk>/scores/<int:item_pk>/", detail.score, name="quarter_score"),
    path("assessments/<int:pk>/adjust/", detail.adjust, name="quarter_adjust"),
    path(
        "assessments/<int:pk>/adjust/<int:adjustment_pk>/end/",
        detail.end_adjustment,
        name="quarter_unadjust",
    ),
    path("assessments/<int:pk>/evidence/", papers.add, name="evidence_add"),
    path("assessments/<int:pk>/evidence/<int:paper>/", papers.read, name="evidence"),
    path("assessments/<int:pk>/evidence/<int:paper>/drop/", papers.drop, name="evidence_drop"),
    path("assessments/<int:pk>/appeal/", detail.appeal, name="quarter_appeal"),
    path("assessments/<int:pk>/appeals/<int:appeal_pk>/", detail.answer, name="quarter_answer"),
    path("assessments/<int:pk>/revise/", detail.revise, name="quarter_revise"),
    path("assessments/<int:pk>/<slug:code>/", item_rows, name="item_rows"),
]
