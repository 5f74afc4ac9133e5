from django.urls import path

from residents.views import conflicts, edit, households, imports, reveal

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
    path("new/", edit.household_new, name="new"),
    path("<int:pk>/", households.household_detail, name="household"),
    path("<int:pk>/edit/", edit.household_edit, name="edit"),
    path("<int:pk>/close/", edit.household_close, name="close"),
    path("<int:pk>/people/new/", edit.resident_new, name="resident_new"),
    path("<int:pk>/people/<int:residency_pk>/", edit.resident_edit, name="resident_edit"),
    path("<int:pk>/people/<int:residency_pk>/end/", edit.resident_end, name="resident_end"),
    path("<int:pk>/people/<int:residency_pk>/head/", edit.resident_head, name="resident_head"),
    path("<int:pk>/people/<int:residency_pk>/reveal/", reveal.reveal_number, name="reveal"),
    path("<int:pk>/people/<int:residency_pk>/care/", edit.care_new, name="care_new"),
    path("<int:pk>/care/<int:tag_pk>/end/", edit.care_end, name="care_end"),
]
