"""Departments and partner units; divisions to look up."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from orgs.adminbase import ReadOnly, ScopedAdmin
from orgs.models import Region, Unit
from orgs.roles import EDIT, Noun


@admin.register(Unit)
class UnitAdmin(ScopedAdmin):
    noun = Noun.ORG
    add_letters = EDIT
    list_display = ("name", "kind", "district", "street", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("district", "street")
    search_fields = ("name",)
    autocomplete_fields = ("district", "street")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only the system administrator says which district a unit serves."""
        user: Any = request.user
        everywhere = any(grant.is_everywhere for grant in user.grants)
        return () if everywhere else ("district",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A street's own unit lies in the street's district."""
        if obj.street is not None:
            obj.street = obj.street.get_root()
            obj.district_id = (obj.street.division_code or "")[:6] or obj.district_id
        super().save_model(request, obj, form, change)


@admin.register(Region)
class RegionAdmin(ReadOnly, ScopedAdmin):
    noun = Noun.ORG
    list_display = ("code", "name", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code__startswith", "name__startswith")

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset  # divisions are public
