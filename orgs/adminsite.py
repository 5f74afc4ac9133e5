"""The browser admin: entered by role, never by Django's staff flag."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class GridpartyAdminSite(AdminSite):
    site_title = "网格党建平台"
    site_header = "网格党建平台 管理后台"
    index_title = "管理"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_authenticated and user.is_active and user.may_use_admin)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send visitors to the platform's own log-in; tell others why they cannot enter."""
        if request.user.is_authenticated:
            raise PermissionDenied("您的角色不能进入管理后台。如有需要，请联系上级管理员。")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), "login")
