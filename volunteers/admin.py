"""Rows a city sets itself: categories, stars, the points rule. The system administrator writes them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from orgs.adminbase import Configuration
from orgs.roles import Noun
from volunteers.models import PointRule, ProjectCategory, StarLevel


class Settings(Configuration):
    noun = Noun.VOLUNTEER


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
