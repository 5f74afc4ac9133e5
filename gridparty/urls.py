"""All addresses, by app."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import URLPattern, URLResolver, include, path

from assessments.views.home import home
from gridparty.health import healthz
from gridparty.login import LoginPage

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("admin/", admin.site.urls),
    path("login/", LoginPage.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path(
        "password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"
    ),
    path("orgs/", include("orgs.urls")),
    path("notices/", include("notices.urls")),
    path("grids/", include("grids.urls")),
    path("residents/", include("residents.urls")),
    path("", home, name="home"),
    path("", include("cases.urls")),
    path("", include("councils.urls")),
    path("", include("partybuilding.urls")),
    path("", include("volunteers.urls")),
    path("", include("assessments.urls")),
    path("api/v1/", include("gridparty.api")),
    *([path("open311/", include("cases.open311.urls"))] if settings.OPEN311 else []),
]
