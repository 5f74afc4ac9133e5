"""Money, training and patrols: what Party work runs on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models import Case
from councils.models import Topic
from grids.models import Grid
from orgs.models import OrgUnit, Person, Region
from partybuilding.catalog import FundPurpose, FundSource, TrainingKind
from partybuilding.models.area import InCommunity
from partybuilding.models.checkins import MemberDuty
from partybuilding.querysets.means import (
    AllocationQuerySet,
    LineQuerySet,
    PatrolQuerySet,
    TrainingQuerySet,
)


class InStreet(models.Model):
    """Scope columns of what may belong to a whole street (`community` None)."""

    district = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name="区县", editable=False
    )
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name="街道", editable=False
    )
    community = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="社区"
    )

    class Meta:
        abstract = True


class FundAllocation(InStreet):
    """Money allotted for a purpose in a year, in yuan."""

    source = models.CharField("来源", max_length=10, choices=FundSource.choices)
    purpose = models.CharField("用途", max_length=14, choices=FundPurpose.choices)
    year = models.PositiveSmallIntegerField("年度")
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2)
    title = models.CharField("名称", max_length=60)
    doc_no = models.CharField("文号", max_length=60, blank=True)
    allotted_on = models.DateField("下达日期")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党建经费"
        ordering = ["-year", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="fund_positive")]
        indexes = [models.Index(fields=["street", "year"], name="fund_street_year")]

    def __str__(self) -> str:
        return self.title


class FundLine(models.Model):
    """One spending: planned by one person, paid with another's consent, or cancelled."""

    allocation = models.ForeignKey(
        FundAllocation, models.PROTECT, related_name="lines", verbose_name="经费"
    )
    what = models.CharField("开支内容", max_length=100)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2)
    # What a resolution of the council set going; its topic cannot be closed before it is paid.
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="fund_lines", verbose_name="议题"
    )
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    planned_at = models.DateTimeField("申请时间", default=timezone.now)
    paid_on = models.DateField("支出日期", null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="核准人",
    )  # fmt: skip
    cancelled_on = models.DateField("撤销日期", null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "经费开支"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="fund_line_positive")]

    def __str__(self) -> str:
        return self.what

    @property
    def state(self) -> str:
        if self.cancelled_on:
            return "已撤销"
        return "已支出" if self.paid_on else "待核准支出"


class Training(InStreet):
    """A session of training; the list of those who came proves it."""

    org = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="trainings", verbose_name="主办组织"
    )
    topic = models.CharField("主题", max_length=60)
    kind = models.CharField("形式", max_length=10, choices=TrainingKind.choices)
    held_on = models.DateField("日期")
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1)
    place = models.CharField("地点", max_length=60)
    teacher = models.CharField("授课人", max_length=60, blank=True)
    text = models.TextField("内容", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "教育培训"
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["street", "held_on"], name="training_held")]

    def __str__(self) -> str:
        return self.topic


class TrainingAttendance(models.Model):
    training = models.ForeignKey(
        Training, models.CASCADE, related_name="attendances", verbose_name="培训"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="trainings", verbose_name="人员"
    )

    class Meta:
        verbose_name = verbose_name_plural = "培训签到"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["training", "person"], name="training_person_once")
        ]

    def __str__(self) -> str:
        return f"{self.training_id} {self.person_id}"


class Patrol(InCommunity):
    """One round through a grid; what it found became a case in the same act."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="patrols", verbose_name="网格")
    duty = models.ForeignKey(
        MemberDuty, models.PROTECT, null=True, blank=True, related_name="patrols",
        verbose_name="责任区或责任岗",
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="巡查人"
    )
    at = models.DateTimeField("巡查时间")
    minutes = models.PositiveSmallIntegerField("时长（分钟）")
    route = models.CharField("路线", max_length=100)
    finding = models.CharField("发现的情况", max_length=500, blank=True)
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="party_patrol",
        verbose_name="事项",
    )  # fmt: skip

    objects = PatrolQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党员巡查"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["grid", "at"], name="patrol_grid_at")]

    def __str__(self) -> str:
        return f"巡查 {self.pk}"
