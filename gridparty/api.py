"""/api/v1/: every app registers its own views; this file only lists them."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.routers import DefaultRouter

from cases.api import register as register_cases
from grids.api import register as register_grids
from orgs.api import register as register_orgs
from partybuilding.api import register as register_party
from partybuilding.api_means import register as register_party_means
from residents.api import register as register_residents
from residents.api_work import register as register_work

router = DefaultRouter()
for register in (
    register_orgs,
    register_grids,
    register_residents,
    register_work,
    register_cases,
    register_party,
    register_party_means,
):
    register(router)

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("token/", obtain_auth_token, name="token"),
]
