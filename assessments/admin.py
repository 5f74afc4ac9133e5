"""Schemes and their items, kept by the system administrator."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from assessments import duties, outcomes  # noqa: F401  their indicators stand in the registry
from assessments.forms.burden import scheme_hours
from assessments.indicators import INDICATORS
from assessments.models import AssessmentScheme, BulletinScheme, SchemeItem
from assessments.scoring import Part, plain
from grids.models import Grid
from orgs.adminbase import ScopedAdmin, ScopedInline
from orgs.roles import Noun, Role
from orgs.scope import has_role


class SchemeItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """`indicator` holds a code of the registry, or (by hand) the name people read."""

    counted = forms.ChoiceField(label="指标", required=False)
    by_hand = forms.CharField(label="或人工评分项", max_length=40, required=False)

    class Meta:
        model = SchemeItem
        fields = ("part", "order", "full", "target", "slope", "floor", "zero_policy", "shrink")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "人工评分"), *((found.code, found.name) for found in INDICATORS.values())]
        self.fields["counted"] = forms.ChoiceField(label="指标", choices=choices, required=False)
        name = "by_hand" if self.instance.manual else "counted"
        self.fields[name].initial = self.instance.indicator

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        counted, by_hand = typed.get("counted", ""), typed.get("by_hand", "").strip()
        if bool(counted) == bool(by_hand):
            raise ValidationError("请选一个指标，或者写一个人工评分项的名称，二选一。")
        self.instance.indicator = counted or by_hand
        self.instance.manual = bool(by_hand)
        return typed


class SchemeItems(BaseInlineFormSet):  # type: ignore[type-arg]
    """The items of a scheme; each half of the 双百分 makes a hundred."""

    def clean(self) -> None:
        super().clean()
        sums: dict[str, Decimal] = {}
        for form in self.forms:
            typed = getattr(form, "cleaned_data", {})
            if typed.get("part") and not typed.get("DELETE"):
                sums[typed["part"]] = sums.get(typed["part"], Decimal(0)) + typed.get("full", 0)
        wrong = [
            f"{part.label}现为 {plain(sums.get(part, Decimal(0)))} 分"
            for part in Part
            if sums.get(part) != 100
        ]
        if wrong:
            raise ValidationError(f"两部分的满分都应合计 100 分：{'，'.join(wrong)}。")
        self._work_is_known()

    def _work_is_known(self) -> None:
        """Say what the items by hand cost in a year, until whoever saves has said that he knows."""
        by_hand = [
            form
            for form in self.forms
            if form.instance.manual and not form.cleaned_data.get("DELETE")
        ]
        kind = self.instance.grid_kind or self.data.get("grid_kind", "")
        grids = Grid.objects.assessed().filter(kind=kind).count()
        hours = scheme_hours(len(by_hand), grids)
        if hours and str(hours) != self.data.get("hours_known", "").strip():
            raise ValidationError(
                f"这个方案有 {len(by_hand)} 个人工评分项，{grids} 个网格、一年四次，约 {hours} 小时"
                f"（每次评分按表单估算）。能由数据得出的请选指标；确需人工评分，请在“一年约几小时”里填 {hours} 再保存。"
            )


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
    formset = SchemeItems
    extra = 0


class SchemeForm(forms.ModelForm):  # type: ignore[type-arg]
    hours_known = forms.CharField(
        label="一年约几小时", required=False, max_length=6,
        help_text="人工评分一年要花的小时数；先不填，保存时平台会算出来",
    )  # fmt: skip


@admin.register(AssessmentScheme)
class AssessmentSchemeAdmin(ConfiguredByAdministrator, ScopedAdmin):
    noun = Noun.ASSESSMENT
    form = SchemeForm
    list_display = ("name", "version", "grid_kind", "valid_from")
    inlines = (SchemeItemInline,)


@admin.register(BulletinScheme)
class BulletinSchemeAdmin(ConfiguredByAdministrator, ScopedAdmin):
    noun = Noun.ASSESSMENT
    list_display = ("name", "min_sample", "is_active")
    fields = ("name", "lines", "min_sample", "is_active")
