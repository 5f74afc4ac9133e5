"""一台账三清单: the scheme as data, the serial each case is given once, and the frozen months."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.catalog import Level
from cases.ledger_columns import LABELS, WHICH
from cases.ledger_registry import other_lists
from cases.models.case import Case
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.roles import GRID_ROLES, PERSONAL_ROLES, SEES, Noun
from orgs.scope import any_of, grants_with

# Posts at a community or street whose ground is smaller, or none.
_OUTSIDE = GRID_ROLES | PERSONAL_ROLES


class LedgerScheme(models.Model):
    """One way to keep the register. `lists` is a list of {code, title, which, columns}.

    `which`: a key of `ledger_columns.WHICH`; `columns`: keys of `ledger_columns.LABELS`, in order.
    """

    code = models.SlugField("代号", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40)
    owner_level = models.CharField(
        "建账层级", max_length=10, choices=Level.choices, default=Level.COMMUNITY
    )
    lists: Any = models.JSONField("清单", default=list, blank=True)
    is_active = models.BooleanField("在用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "台账方案"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse lists no page could show."""
        problems = [problem for one in self.lists or [] for problem in _problems(one)]
        if not isinstance(self.lists, list) or problems:
            raise ValidationError({"lists": problems or "清单应是一个列表。"})
        if self.is_active and not self.lists:
            raise ValidationError({"is_active": "还没有清单，不能启用。"})


def _problems(one: Any) -> list[str]:
    if not isinstance(one, dict) or {"code", "title", "which", "columns"} - one.keys():
        return ["每张清单要写明 code、title、which、columns。"]
    others = other_lists()
    if one["which"] in others:
        return []
    unknown = [str(name) for name in one["columns"] if name not in LABELS]
    problems = [f"“{one['title']}”里没有这样的列：{'、'.join(unknown)}。"] if unknown else []
    if one["which"] not in WHICH:
        problems.append(f"“{one['title']}”的 which 应是 {'、'.join([*WHICH, *others])} 之一。")
    return problems


class LedgerEntry(models.Model):
    """The serial of a case in its community's register of a year: given once, never again."""

    scheme = models.ForeignKey(LedgerScheme, models.PROTECT, related_name="+", verbose_name="方案")
    scope = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="ledger_entries", verbose_name="事项"
    )

    class Meta:
        verbose_name = verbose_name_plural = "台账序号"
        constraints = [
            models.UniqueConstraint(fields=["case", "scheme"], name="ledger_case_once"),
            models.UniqueConstraint(
                fields=["scheme", "scope", "year", "serial"], name="ledger_serial_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.year}-{self.serial:04d}"


class LedgerFreezeQuerySet(models.QuerySet["LedgerFreeze"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "LedgerFreezeQuerySet":
        """Frozen months of the community or street the user works for, and of what lies below."""
        return self.filter(any_of(_reach(grant) for grant in grants_with(user, Noun.CASE, letters)))


def _reach(grant: Any) -> Q:
    if grant.region_code:
        return Q(street__division_code__startswith=grant.region_code)
    if grant.org_id is not None and grant.role not in _OUTSIDE:
        if grant.tier == Tier.STREET:
            return Q(street_id=grant.org_id)
        if grant.tier == Tier.COMMUNITY:
            return Q(scope_id=grant.org_id)
    return Q(pk__in=[])


class LedgerFreeze(models.Model):
    """One list of one month as it stood when it was frozen; `sha256` is of title, header and rows."""

    scheme = models.ForeignKey(LedgerScheme, models.PROTECT, related_name="+", verbose_name="方案")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    scope = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="建账单位")
    month = models.CharField("月份", max_length=7)
    list_code = models.CharField("清单", max_length=20)
    title = models.CharField("标题", max_length=120)
    header: Any = models.JSONField("表头")
    rows: Any = models.JSONField("内容")
    sha256 = models.CharField("指纹", max_length=64)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="封存人"
    )
    frozen_at = models.DateTimeField("封存时间", default=timezone.now)

    objects = LedgerFreezeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账封存"
        ordering = ["-month", "scope", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "scope", "month", "list_code"], name="ledger_freeze_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("封存的台账不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("封存的台账不能删除。")
