"""Routing rules (派单规则): which unit a case is usually for. A suggestion, never automatic."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cases.catalog import Level, Source
from cases.models.categories import Category, SlaClass
from grids.models import Grid
from orgs.models import OrgUnit, Unit
from orgs.roles import ADMIN_ROLES, EDIT, SEES, Noun, Role
from orgs.scope import any_of, grants_with


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "RoutingRuleQuerySet":
        """Rules of the user's streets, readable with those of the whole installation.

        The system administrator holds those of the whole installation and sees all.
        """
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        if any(grant.role == Role.SYSADMIN for grant in user.grants):
            return self.all()
        reads = letters != EDIT
        own = any_of(
            Q(street__tree_id=grant.tree_id)
            for grant in grants_with(user, Noun.CASE, SEES)
            if grant.tree_id is not None
            and grant.role in (ADMIN_ROLES if reads else (Role.STREET_ADMIN,))
        )
        return self.filter(own | Q(street=None) if reads else own)

    def in_force(self, day: date) -> "RoutingRuleQuerySet":
        """Rules switched on and valid on `day`, in the order they are asked; read with their units."""
        return (
            self.filter(is_active=True, unit__is_active=True)
            .exclude(valid_from__gt=day)
            .exclude(valid_until__lt=day)
            .select_related("unit")
            .order_by("order", "id")
        )

    def for_street(self, street_id: int) -> "RoutingRuleQuerySet":
        return self.filter(Q(street=None) | Q(street=street_id))

    def in_order(self) -> "RoutingRuleQuerySet":
        return self.select_related(
            "unit", "street__region", "community__region", "grid", "category", "sla_class"
        ).order_by("order", "id")


class RoutingRule(models.Model):
    """All conditions given must hold; the first rule that matches, by `order`, is the suggestion.

    `street` None: for the whole installation. `words` are separated by 、 or spaces.
    """

    class Words(models.TextChoices):
        ANY = "any", "有其中一个"
        ALL = "all", "全部都有"

    order = models.PositiveSmallIntegerField(
        "规则号", help_text="从小到大判断，第一条符合的规则生效"
    )
    name = models.CharField("名称", max_length=40)
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="街道（社区）", help_text="留空为全平台的规则，只有系统管理员能设",
    )  # fmt: skip
    community = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="社区"
    )
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="网格"
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="类别",
        help_text="选大类时包括它的小类",
    )  # fmt: skip
    words = models.CharField(
        "关键词", max_length=200, blank=True, help_text="用、隔开，例如：路灯、灯杆"
    )
    words_mode = models.CharField(
        "关键词要求", max_length=3, choices=Words.choices, default=Words.ANY
    )
    source = models.CharField("来源", max_length=16, choices=Source.choices, blank=True)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="建议牵头单位")
    level = models.CharField("建议层级", max_length=10, choices=Level.choices, blank=True)
    sla_class = models.ForeignKey(
        SlaClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="建议办理时限",
    )
    final = models.BooleanField("建议指定承办", default=False)
    valid_from = models.DateField("自", null=True, blank=True)
    valid_until = models.DateField("至", null=True, blank=True)
    # Written by `cases.services.routing` only: a rule is tried on past cases before it is on.
    is_active = models.BooleanField("在用", default=False, editable=False)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "派单规则"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"规则 {self.order}“{self.name}”"

    @property
    def word_list(self) -> list[str]:
        words = self.words.replace("，", "、").replace(",", "、").replace(" ", "、").split("、")
        return [word for word in (one.strip() for one in words) if word]

    def clean(self) -> None:
        """Refuse conditions that contradict each other, and units that do not serve the street."""
        errors: dict[str, str] = {}
        if self.community is not None and self.community.get_root().pk != self.street_id:
            errors["community"] = "这个社区不属于所选街道，请先选它所在的街道。"
        if self.grid is not None and self.grid.street_id != self.street_id:
            errors["grid"] = "这个网格不属于所选街道，请先选它所在的街道。"
        elif self.grid is not None and self.community_id not in (None, self.grid.community_id):
            errors["grid"] = "这个网格不属于所选社区。"
        serving = Unit.objects.serving(self.street) if self.street else Unit.objects.all()
        if self.unit_id and not serving.filter(pk=self.unit_id).exists():
            errors["unit"] = "这个单位已停用，或不服务于所选街道。"
        if self.words and not self.word_list:
            errors["words"] = "请填写关键词，用、隔开，例如：路灯、灯杆。"
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            errors["valid_until"] = "结束日期不能早于开始日期。"
        if errors:
            raise ValidationError(errors)
