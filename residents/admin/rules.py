"""Kinds of key population and visit quotas; who is in the care library, to look up."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from grids.admin import WordsField
from orgs.adminbase import ReadOnly, ScopedAdmin
from orgs.roles import Noun, Role
from orgs.scope import has_role
from residents.models import CareKind, CareTag, VisitQuota


class CareKindForm(forms.ModelForm):  # type: ignore[type-arg]
    aliases = WordsField(
        label="别名", required=False, help_text="花名册里的其他写法，多个用顿号隔开"
    )

    class Meta:
        model = CareKind
        fields = [
            "order", "code", "name", "aliases", "concerns_minors", "need_to_know", "red_days",
            "yellow_days", "blue_days", "is_active",
        ]  # fmt: skip


class RulesAdmin(ScopedAdmin):
    """Rows that hold nobody's data: the system administrator keeps them, others look them up."""

    noun = Noun.CARE

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _configures(request) or super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _configures(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _configures(request)


@admin.register(CareKind)
class CareKindAdmin(RulesAdmin):
    """Kinds of key population, and how often each level is visited; not who is in."""

    form = CareKindForm
    list_display = (
        "name", "order", "red_days", "yellow_days", "blue_days", "concerns_minors", "is_active",
    )  # fmt: skip
    list_filter = ("is_active",)
    search_fields = ("name",)


@admin.register(VisitQuota)
class VisitQuotaAdmin(RulesAdmin):
    """How often a class of households is visited in a year. The classes themselves are code."""

    list_display = ("home_class", "times_a_year")
    fields = ("home_class", "times_a_year")
    readonly_fields = ("home_class",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _configures(request: HttpRequest) -> bool:
    user: Any = request.user
    return has_role(user, Role.SYSADMIN)


@admin.register(CareTag)
class CareTagAdmin(ReadOnly, ScopedAdmin):
    """Who is in the care library, masked."""

    noun = Noun.CARE
    list_display = ("who", "kind", "level", "start", "end")
    list_filter = ("kind", "level")
    list_select_related = ("person", "kind")
    fields = ("who", "kind", "level", "basis", "start", "end", "end_reason")

    @admin.display(description="人员")
    def who(self, tag: CareTag) -> str:
        return tag.person.masked_name
