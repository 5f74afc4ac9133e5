"""The two levels of councils and who sits in them (HS-16: 两级议事机构)."""

from django.db import models
from django.db.models import Q

from councils.catalog import PARTY_OF, CouncilLevel, SeatKind
from councils.querysets import CouncilQuerySet, SeatQuerySet
from grids.models import Grid
from orgs.models import OrgUnit, Person, Region, Unit


class Council(models.Model):
    """A council of a grid, or of a community (`grid` None). `every_months`: how often it meets."""

    level = models.CharField("层级", max_length=10, choices=CouncilLevel.choices)
    name = models.CharField("名称", max_length=60)
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="councils", verbose_name="社区"
    )
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="councils", verbose_name="网格"
    )
    chair = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="召集人"
    )
    rules = models.TextField("议事规则", blank=True)
    every_months = models.PositiveSmallIntegerField("几个月开一次", default=1)
    founded_on = models.DateField("成立日期")
    term_end = models.DateField("任期至", null=True, blank=True)
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "议事机构"
        ordering = ["community", "level", "grid"]
        constraints = [
            models.UniqueConstraint(
                fields=["grid"], condition=Q(ended_on=None), name="council_one_per_grid",
                violation_error_message="这个网格已有议事会。",
            ),
            models.UniqueConstraint(
                fields=["community"], condition=Q(ended_on=None, grid=None),
                name="council_one_per_community", violation_error_message="这个社区已有联席会议。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class CouncilSeat(models.Model):
    """A seat: a person of the register, or a unit's representative by name and title."""

    council = models.ForeignKey(
        Council, models.PROTECT, related_name="seats", verbose_name="议事机构"
    )
    kind = models.CharField("席位", max_length=20, choices=SeatKind.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="council_seats",
        verbose_name="人员",
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="council_seats",
        verbose_name="单位",
    )  # fmt: skip
    name = models.CharField("姓名", max_length=40)
    duty = models.CharField("职务", max_length=40, blank=True)
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "议事席位"
        ordering = ["council", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "person"], condition=Q(end=None, person__isnull=False),
                name="seat_person_once", violation_error_message="此人已在本议事机构有席位。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> str:
        """The blade (or hub) the seat stands for; "" for partners, police and others."""
        return PARTY_OF.get(self.kind, "")

    @property
    def label(self) -> str:
        """Name with where he comes from: 张三（示范学院）."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name
