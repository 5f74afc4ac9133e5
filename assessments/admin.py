"""Schemes and their items, kept by the system administrator."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from assessments.indicators import INDICATORS
from assessments.models import AssessmentScheme, BulletinScheme, SchemeItem
from orgs.adminbase import ScopedAdmin, ScopedInline
from orgs.roles import Noun, Role
from orgs.scope import has_role


class SchemeItemForm(forms.ModelForm):  # type: ignore[type-arg]
    indicator = forms.ChoiceField(label="指标")

    class Meta:
        model = SchemeItem
        fields = ("part", "indicator", "order", "full", "target", "slope", "floor", "zero_policy")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(found.code, found.name) for found in INDICATORS.values()]
        self.fields["indicator"] = forms.ChoiceField(label="指标", choices=choices)


class ConfiguredByAdministrator:
    """Schemes belong to no territory; everybody with assessments reads, one role writes."""

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user: Any = request.user
        return has_role(user, Role.SYSADMIN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)


class SchemeItemInline(ConfiguredByAdministrator, ScopedInline):
    noun = Noun.ASSESSMENT
    model = SchemeItem
    form = SchemeItemForm
    extra = 0


@admin.register(AssessmentScheme)
class AssessmentSchemeAdmin(ConfiguredByAdministrator, ScopedAdmin):
    noun = Noun.ASSESSMENT
    list_display = ("name", "version", "grid_kind", "valid_from")
    inlines = (SchemeItemInline,)


@admin.register(BulletinScheme)
class BulletinSchemeAdmin(ConfiguredByAdministrator, ScopedAdmin):
    noun = Noun.ASSESSMENT
    list_display = ("name", "min_sample", "is_active")
    fields = ("name", "lines", "min_sample", "is_active")
