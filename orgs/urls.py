from django.urls import path

from orgs.views import detail, quality, reshape, tree

app_name = "orgs"
urlpatterns = [
    path("", tree.tree, name="tree"),
    path("quality/", quality.overview, name="quality"),
    path("quality/<slug:code>/", quality.findings, name="quality_list"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/children/", tree.children, name="children"),
    path("<int:pk>/below/", tree.organisations, name="organisations"),
    path("<int:pk>/vacancies/", tree.vacancies, name="vacancies"),
    path("<int:pk>/members/", detail.members, name="members"),
    path("<int:pk>/merge/", reshape.merge, name="merge"),
    path("<int:pk>/split/", reshape.split, name="split"),
]
