"""Households and who lives in them. Residency is never deleted: it ends with a date."""

from django.db import models
from django.db.models import Q

from grids.doors import Door
from grids.models import Building, Entrance, Grid
from orgs.models import OrgUnit, Person, Region
from residents.querysets import HouseholdQuerySet, ResidencyQuerySet


def door_key(*, compound: str, building: str, unit: str, room: str) -> str:
    """Return the `sort_key` of a household: compound, building, unit and room in natural order."""
    return Door(compound=compound, building=building, unit=unit, room=room).sort_key[:160]


class Household(models.Model):
    """户: people under one roof. One room may hold two households, one household two rooms."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", "普通户"
        COLLECTIVE = "collective", "集体户"

    class Occupancy(models.TextChoices):
        OWNED = "owned", "自住"
        RENTED = "rented", "出租"
        VACANT = "vacant", "空置"

    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="households", verbose_name="网格")
    building = models.ForeignKey(
        Building, models.PROTECT, related_name="households", verbose_name="楼栋"
    )
    entrance = models.ForeignKey(
        Entrance, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单元"
    )
    room = models.CharField("房号", max_length=40, blank=True)
    room_raw = models.CharField("房号原文", max_length=80, blank=True)
    # From `door_key`: a list needs no join to sort.
    sort_key = models.CharField(max_length=160, editable=False)
    number = models.CharField("户编号", max_length=40, blank=True)
    kind = models.CharField("户类型", max_length=12, choices=Kind.choices, default=Kind.ORDINARY)
    occupancy = models.CharField("房屋状态", max_length=10, choices=Occupancy.choices, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)
    # Grows with every write; an edit or an import that read an older version is told so.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    closed_on = models.DateField("销户日期", null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "住户"
        indexes = [
            models.Index(fields=["grid", "sort_key", "id"], name="household_grid_order"),
            models.Index(fields=["community", "sort_key", "id"], name="household_comm_order"),
            models.Index(fields=["street", "sort_key", "id"], name="household_street_order"),
            models.Index(fields=["building", "room"], name="household_room"),
        ]

    def __str__(self) -> str:
        return self.door

    @property
    def door(self) -> str:
        """Return the door as people say it: 润河公馆3栋2单元501."""
        entrance = self.entrance.name if self.entrance and self.entrance.name != "无" else ""
        return f"{self.building}{entrance}{self.room}"


class Residency(models.Model):
    """A person living in (or registered at) a household from `start` to `end`."""

    class EndReason(models.TextChoices):
        MOVED_OUT = "moved_out", "迁出"
        DIED = "died", "死亡"
        SPLIT = "split", "分户"
        MERGED = "merged", "并户"
        ERROR = "error", "登记错误"

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="residencies", verbose_name="人员"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="residencies", verbose_name="住户"
    )
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    is_head = models.BooleanField("户主", default=False)
    status = models.CharField("居住状态", max_length=20, blank=True)
    start = models.DateField("开始日期", null=True, blank=True)
    end = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField("结束原因", max_length=10, choices=EndReason.choices, blank=True)
    import_job = models.ForeignKey(
        "orgs.ImportJob", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "居住关系"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "household"], condition=Q(end=None), name="residency_once_open",
                violation_error_message="此人已登记在这一户。",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gte=models.F("start")),
                name="residency_end_not_before_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.household_id} {self.relation}"
