"""/api/v1/: every app registers its own views; this file only lists them."""

import grids.api
import orgs.api
import residents.api
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.routers import DefaultRouter

router = DefaultRouter()
for app in (orgs.api, grids.api, residents.api):
    app.register(router)

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("token/", obtain_auth_token, name="token"),
]
