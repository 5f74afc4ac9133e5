"""The browser admin: entered by role, never by Django's staff flag."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest


class GridpartyAdminSite(AdminSite):
    site_title = "网格党建平台"
    site_header = "网格党建平台 管理后台"
    index_title = "管理"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_authenticated and user.is_active and user.may_use_admin)
