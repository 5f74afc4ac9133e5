"""Addresses below /residents/imports/."""

from django.urls import path

from residents.views.importing import absences, columns, conflicts, export, jobs, rows, template

urlpatterns = [
    path("", jobs.imports, name="imports"),
    path("<int:pk>/", jobs.import_detail, name="import"),
    path("<int:pk>/confirm/", jobs.import_confirm, name="import_confirm"),
    path("<int:pk>/cancel/", jobs.import_cancel, name="import_cancel"),
    path("<int:pk>/result/", jobs.import_result, name="import_result"),
    path("<int:pk>/undo/", rows.import_undo, name="import_undo"),
    path("<int:pk>/rows/", rows.import_lines, name="import_lines"),
    path("<int:pk>/report/", rows.import_report, name="import_report"),
    path("<int:pk>/columns/", columns.import_columns, name="import_columns"),
    path("columns/", columns.mapping_list, name="mappings"),
    path("columns/<int:pk>/", columns.mapping_detail, name="mapping"),
    path("export/", export.roster_export, name="roster_export"),
    path("template/", template.roster_template, name="roster_template"),
    path("missing/", absences.absence_list, name="absences"),
    path("missing/export/", absences.absences_export, name="absences_export"),
    path("conflicts/", conflicts.conflict_list, name="conflicts"),
    path("conflicts/<int:pk>/", conflicts.conflict_detail, name="conflict"),
]
