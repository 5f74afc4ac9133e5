from django.urls import path

from residents.views import conflicts, edit, events, households, imports, people, reveal
from residents.views.campaigns import board, deployments, doors, lists, work

app_name = "residents"
urlpatterns = [
    path("", households.household_list, name="households"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.import_detail, name="import"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/result/", imports.import_result, name="import_result"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/conflicts/", conflicts.conflict_list, name="conflicts"),
    path("imports/conflicts/<int:pk>/", conflicts.conflict_detail, name="conflict"),
    path("campaigns/", lists.campaign_list, name="campaigns"),
    path("campaigns/new/", lists.campaign_new, name="campaign_new"),
    path("campaigns/<int:pk>/", board.campaign_detail, name="campaign"),
    path("campaigns/<int:pk>/edit/", lists.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/questions/new/", lists.question, name="question_new"),
    path("campaigns/<int:pk>/questions/<int:question_pk>/", lists.question, name="question"),
    path(
        "campaigns/<int:pk>/questions/<int:question_pk>/drop/",
        lists.question_drop,
        name="question_drop",
    ),
    path(
        "campaigns/<int:pk>/questions/<int:question_pk>/up/", lists.question_up, name="question_up"
    ),
    path("campaigns/<int:pk>/open/", lists.campaign_open, name="campaign_open"),
    path("campaigns/<int:pk>/close/", lists.campaign_close, name="campaign_close"),
    path("campaigns/<int:pk>/copy/", lists.campaign_copy, name="campaign_copy"),
    path("campaigns/<int:pk>/discard/", lists.campaign_discard, name="campaign_discard"),
    path("campaigns/<int:pk>/doors/", doors.campaign_doors, name="campaign_doors"),
    path(
        "campaigns/<int:pk>/doors/export/<str:kind>/", doors.campaign_export, name="campaign_export"
    ),
    path("campaigns/<int:pk>/round/", work.my_buildings, name="campaign_work"),
    path(
        "campaigns/<int:pk>/round/<int:building_pk>/", work.building_doors, name="campaign_building"
    ),
    path("campaigns/<int:pk>/door/<int:door_pk>/", work.door, name="campaign_door"),
    path("campaigns/<int:pk>/door/<int:door_pk>/secrets/", work.door_secrets, name="door_secrets"),
    path("deployments/", deployments.deployment_list, name="deployments"),
    path("deployments/new/", deployments.deployment_new, name="deployment_new"),
    path("deployments/export/", deployments.deployment_export, name="deployment_export"),
    path("deployments/<int:pk>/end/", deployments.deployment_end, name="deployment_end"),
    path("new/", edit.household_new, name="new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("<int:pk>/", households.household_detail, name="household"),
    path("<int:pk>/edit/", edit.household_edit, name="edit"),
    path("<int:pk>/close/", edit.household_close, name="close"),
    path("<int:pk>/people/new/", edit.resident_new, name="resident_new"),
    path("<int:pk>/people/<int:residency_pk>/", edit.resident_edit, name="resident_edit"),
    path("<int:pk>/move-in/", events.move_in, name="move_in"),
    path("<int:pk>/birth/", events.birth, name="birth"),
    path("<int:pk>/split/", events.split, name="split"),
    path("<int:pk>/merge/", events.merge, name="merge"),
    path("<int:pk>/rent/", events.rent, name="rent"),
    path("<int:pk>/rent/<int:rental_pk>/end/", events.rent_end, name="rent_end"),
    path("<int:pk>/people/<int:residency_pk>/end/", events.end, name="resident_end"),
    path("<int:pk>/people/<int:residency_pk>/head/", events.head, name="resident_head"),
    path("<int:pk>/people/<int:residency_pk>/marry/", events.marry, name="marry"),
    path("<int:pk>/people/<int:residency_pk>/apart/", events.apart, name="apart"),
    path("<int:pk>/people/<int:residency_pk>/reveal/", reveal.reveal_number, name="reveal"),
    path("<int:pk>/people/<int:residency_pk>/care/", edit.care_new, name="care_new"),
    path("<int:pk>/care/<int:tag_pk>/end/", edit.care_end, name="care_end"),
]
