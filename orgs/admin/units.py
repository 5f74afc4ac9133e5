"""Departments and partner units; divisions to look up."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from orgs.adminbase import ReadOnly, ScopedAdmin
from orgs.models import Region, Unit
from orgs.roles import EDIT, Noun
from orgs.services.units import save_unit
from orgs.tables.shell import TableShell
from orgs.tables.units import UnitTable


@admin.register(Unit)
class UnitAdmin(TableShell, ScopedAdmin):
    noun = Noun.ORG
    import_table = UnitTable
    service_audits = True
    add_letters = EDIT
    change_form_template = "admin/orgs/unit.html"
    list_display = ("name", "kind", "district", "street", "is_active", "successor")
    list_filter = ("kind", "is_active")
    list_select_related = ("district", "street", "successor")
    search_fields = ("name",)
    autocomplete_fields = ("district", "street")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only the system administrator says which district a unit serves; how it ended is history."""
        user: Any = request.user
        everywhere = any(grant.is_everywhere for grant in user.grants)
        ended = ("successor", "closed_on", "closed_reason") if obj and obj.closed_on else ()
        return ended if everywhere else ("district", *ended)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        names = [
            field.name
            for field in Unit._meta.concrete_fields
            if field.editable and not field.primary_key
        ]
        facts = {name: getattr(obj, name) for name in names}
        obj.pk = save_unit(unit=obj if change else None, by=user, **facts).pk


@admin.register(Region)
class RegionAdmin(ReadOnly, ScopedAdmin):
    noun = Noun.ORG
    list_display = ("code", "name", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code__startswith", "name__startswith")

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset  # divisions are public
