from django.urls import path

from orgs.views import detail, quality, reshape, tables, tree

app_name = "orgs"
urlpatterns = [
    path("", tree.tree, name="tree"),
    path("quality/", quality.overview, name="quality"),
    path("quality/check/", quality.check_again, name="quality_check"),
    path("quality/<slug:code>/check/", quality.check_again, name="quality_check_one"),
    path("quality/<slug:code>/", quality.findings, name="quality_list"),
    path("tables/", tables.index, name="tables"),
    path("tables/jobs/<int:pk>/", tables.job_detail, name="table_job"),
    path("tables/jobs/<int:pk>/confirm/", tables.job_confirm, name="table_confirm"),
    path("tables/jobs/<int:pk>/cancel/", tables.job_cancel, name="table_cancel"),
    path("tables/jobs/<int:pk>/result/", tables.job_result, name="table_result"),
    path("tables/<slug:kind>/", tables.upload, name="table"),
    path("tables/<slug:kind>/template/", tables.template_file, name="table_template"),
    path("tables/<slug:kind>/export/", tables.export_file, name="table_export"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/children/", tree.children, name="children"),
    path("<int:pk>/below/", tree.organisations, name="organisations"),
    path("<int:pk>/vacancies/", tree.vacancies, name="vacancies"),
    path("<int:pk>/members/", detail.members, name="members"),
    path("<int:pk>/merge/", reshape.merge, name="merge"),
    path("units/<int:pk>/end/", reshape.end_unit, name="unit_end"),
    path("<int:pk>/split/", reshape.split, name="split"),
]
