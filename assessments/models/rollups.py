"""Rollups: what the dashboards of districts and above add up, kept ready by day and by month.

By street, not by grid: a grid has less than one case a day, so its cells would be as many as the cases.
"""

from typing import Any

from django.db import models

from assessments.querysets import RollupCellQuerySet
from cases.models import Case, Category
from orgs.models import OrgUnit, Region

# Written by sets of millions out of rows that have these keys checked: no second check, no index.
_BARE: dict[str, Any] = {"db_index": False, "db_constraint": False}


class Measure(models.IntegerChoices):
    """What is counted. The first three are the desk's filters, the others count as the rates do.

    TOPIC is CREATED by first-level category, whose id is the cell's key; the key of the others is 0.
    Those after it are gauges: of the revisits of a month, and of the homes of the day they were read.
    """

    CREATED = 1, "上报"
    CLOSED = 2, "销号"
    DUE = 3, "到期"
    OWED = 4, "计入考核的到期"
    RESPONDED = 5, "响应"
    ENDED = 6, "办结"
    ON_TIME = 7, "按期办结"
    TOPIC = 8, "按类别上报"
    ASKED = 9, "回访"
    SOLVED = 10, "已解决"
    RATED = 11, "评价"
    CONTENT = 12, "满意"
    LIVED_IN = 13, "有人居住的住户"
    BLIND = 14, "未联系的住户"
    HEADED = 15, "有楼道长的住户"

    @property
    def bit(self) -> int:
        return 1 << self.value


# The gauges of homes, in the order the dashboard's tiles read them.
HOMES = (Measure.LIVED_IN, Measure.BLIND, Measure.HEADED)


class Grain(models.IntegerChoices):
    DAY = 0, "日"
    MONTH = 1, "月"


class CaseFact(models.Model):
    """What a case adds to the cells, as it was last folded: so a change takes off what it added before.

    `bits` has the bit of each Measure the case counts in; the days are Shanghai days.
    """

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", **_BARE)
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", **_BARE)
    topic = models.ForeignKey(Category, models.PROTECT, related_name="+", **_BARE)
    created_day = models.DateField()
    due_day = models.DateField(null=True)
    closed_day = models.DateField(null=True)
    bits = models.SmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "汇总依据"


class RollupCell(models.Model):
    """One count: of a street, of a day or of the month that begins then."""

    grain = models.SmallIntegerField(choices=Grain.choices)
    day = models.DateField()
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", **_BARE)
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", **_BARE)
    measure = models.SmallIntegerField(choices=Measure.choices)
    key = models.BigIntegerField(default=0)
    n = models.IntegerField()

    objects = RollupCellQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "汇总数"
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "day", "street", "measure", "key"], name="rollup_cell_once"
            )
        ]


class RollupState(models.Model):
    """One row: how far the events are folded. Who folds holds its lock.

    Events up to `last_event` are settled; the few after it are folded again each time, because an
    event may be committed after one with a higher id. `stale`: cases changed without an event.
    """

    last_event = models.BigIntegerField(default=0)
    built_at = models.DateTimeField("重算时间", null=True)
    folded_at = models.DateTimeField("汇总时间", null=True)
    gauged_at = models.DateTimeField("住户读数时间", null=True)
    stale = models.BooleanField(default=False)

    class Meta:
        verbose_name = verbose_name_plural = "汇总进度"
