"""Rows a city sets itself: categories, stars, the points rule. The system administrator writes them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from orgs.adminbase import ScopedAdmin
from orgs.roles import ADMIN_ROLES, Noun, Role
from orgs.scope import has_role
from volunteers.models import PointRule, ProjectCategory, StarLevel


class Settings(ScopedAdmin):
    """Tables without territory: whoever enters the admin reads them."""

    noun = Noun.VOLUNTEER

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, *ADMIN_ROLES)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request.user, Role.SYSADMIN)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)


@admin.register(ProjectCategory)
class ProjectCategoryAdmin(Settings):
    list_display = ["name", "member_leads", "order"]


@admin.register(StarLevel)
class StarLevelAdmin(Settings):
    list_display = ["stars", "hours"]


@admin.register(PointRule)
class PointRuleAdmin(Settings):
    list_display = ["name", "value"]
    readonly_fields = ["code"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
