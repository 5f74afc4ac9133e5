"""三有 and 五基: where a grid meets, and a branch's half-yearly look at itself."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from grids.models import Grid
from orgs.models import OrgUnit
from partybuilding.catalog import BASIC_POINTS, FIVE_BASICS
from partybuilding.models.area import InCommunity
from partybuilding.querysets.ready import BasicsQuerySet, VenueQuerySet
from partybuilding.workflow import ItemStatus


class GridVenue(InCommunity):
    """A place where the grid's members and residents meet."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="venues", verbose_name="网格")
    name = models.CharField("场所", max_length=60)
    address = models.CharField("地址", max_length=100)
    area = models.PositiveIntegerField("面积（平方米）", null=True, blank=True)
    since = models.DateField("启用日期", default=timezone.localdate)
    ended_on = models.DateField("停用日期", null=True, blank=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "网格活动场所"
        ordering = ["grid", "id"]

    def __str__(self) -> str:
        return self.name


class BasicsCheck(InCommunity):
    """`half` is the first day of the half-year; `ticked` the codes of the statements that hold."""

    branch = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="basics_checks", verbose_name="党支部"
    )
    half = models.DateField("半年")
    due_on = models.DateField("应完成")
    ticked = models.JSONField("已做到", default=list, blank=True)
    remark = models.CharField("差距和打算", max_length=200, blank=True)
    status = models.CharField("状态", max_length=10, default=ItemStatus.PENDING)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="填报人",
    )  # fmt: skip

    objects = BasicsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "五基自查"
        ordering = ["-half", "branch"]
        constraints = [models.UniqueConstraint(fields=["branch", "half"], name="basics_once")]

    def __str__(self) -> str:
        return f"{self.branch} {self.label}五基自查"

    def get_status_display(self) -> str:
        return str(ItemStatus(self.status).label)

    @property
    def label(self) -> str:
        return f"{self.half.year}年{'上' if self.half.month == 1 else '下'}半年"

    @property
    def score(self) -> int:
        return BASIC_POINTS * len(self.ticked)

    @property
    def parts(self) -> list[tuple[str, int, list[tuple[str, bool]]]]:
        """(part, points, [(statement, holds)]) for each of the five."""
        found = []
        for label, statements in FIVE_BASICS.values():
            rows = [(words, code in self.ticked) for code, words in statements]
            found.append((label, BASIC_POINTS * sum(holds for _, holds in rows), rows))
        return found
