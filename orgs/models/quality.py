"""What the nightly integrity checks found: rows too slow to look for on a page, and counts."""

from django.db import models

from orgs.models.tree import OrgUnit
from orgs.querysets import CheckCountQuerySet


class CheckFinding(models.Model):
    """A row that failed a slow check last night; `target` is its id in the check's own table."""

    code = models.CharField("检查", max_length=40)
    target = models.BigIntegerField("对象编号")

    class Meta:
        verbose_name = verbose_name_plural = "检查发现"
        constraints = [
            models.UniqueConstraint(fields=["code", "target"], name="check_finding_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.target}"


class CheckCount(models.Model):
    """How many rows of a community failed a check in one night (none: no row); for the trend.

    `community` None holds what belongs to no community; a nightly check always has this row, as
    the mark that it ran.
    """

    day = models.DateField("日期")
    code = models.CharField("检查", max_length=40)
    community = models.ForeignKey(
        OrgUnit, models.CASCADE, null=True, related_name="+", verbose_name="社区"
    )
    count = models.PositiveIntegerField("数量")

    objects = CheckCountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查趋势"
        constraints = [
            models.UniqueConstraint(fields=["day", "code", "community"], name="check_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.code} {self.count}"
