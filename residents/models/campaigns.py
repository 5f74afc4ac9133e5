"""Campaigns (专项排查): a round over the households of an area, and what each door answered.

The list of doors is made when the round opens; every knock is a row, the door shows the last one.
Answers go after `keep_days`, the counts stay (domain brief §5.4).
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import models

from grids.models import Building, Grid
from orgs.fields import SealedField
from orgs.models import OrgUnit, Region
from residents.campaigns.querysets import CampaignDoorQuerySet, CampaignQuerySet
from residents.campaigns.questions import QuestionKind
from residents.campaigns.states import KEEP_DAYS, LIGHTS, OUTCOMES, DoorStatus, State
from residents.models.households import Household


class Campaign(models.Model):
    """A round over `under` (street, community, branch or building group), or parts of it."""

    name = models.CharField("名称", max_length=60)
    purpose = models.CharField("排查依据和目的", max_length=300)
    under = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="范围")
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name="街道（社区）"
    )
    grids = models.ManyToManyField(Grid, related_name="+", blank=True, verbose_name="只查这些网格")
    buildings = models.ManyToManyField(
        Building, related_name="+", blank=True, verbose_name="只查这些楼栋"
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    keep_days = models.PositiveSmallIntegerField("结束后答案保留天数", default=KEEP_DAYS)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    opened_at = models.DateTimeField("开始时间", null=True, editable=False)
    closed_on = models.DateField("实际结束", null=True, editable=False)
    purged_at = models.DateTimeField("清除时间", null=True, editable=False)
    # What is left of the answers: field name → word → how many doors.
    tallies = models.JSONField("统计", default=dict, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    created_at = models.DateTimeField("发起时间", auto_now_add=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专项排查"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_end_not_before_start",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def light(self) -> str:
        return LIGHTS[State(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def purge_on(self) -> date:
        """The day the answers are erased; reckoned from the planned end until it has ended."""
        return (self.closed_on or self.ends_on) + timedelta(days=self.keep_days)


class CampaignQuestion(models.Model):
    """One question; fixed once the round is open."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="questions", verbose_name="专项排查"
    )
    order = models.PositiveSmallIntegerField("顺序")
    kind = models.CharField("题型", max_length=10, choices=QuestionKind.choices)
    text = models.CharField("问题", max_length=100)
    help = models.CharField("说明", max_length=200, blank=True)
    options = models.JSONField("选项", default=list, blank=True)
    required = models.BooleanField("必答", default=True)
    sensitive = models.BooleanField("敏感（加密保存，列表和导出不显示）", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "排查问题"
        ordering = ["campaign", "order", "id"]

    def __str__(self) -> str:
        return self.text


class CampaignDoor(models.Model):
    """One household in a round, with the denormalised scope of the household."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="doors", verbose_name="专项排查"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="campaign_doors", verbose_name="住户"
    )
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="网格")
    building = models.ForeignKey(Building, models.PROTECT, related_name="+", verbose_name="楼栋")
    sort_key = models.CharField(max_length=160, editable=False)
    status = models.CharField(
        "状态", max_length=8, choices=DoorStatus.choices, default=DoorStatus.TODO
    )
    tries = models.PositiveSmallIntegerField("敲门无人次数", default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    last_at = models.DateTimeField("最近上门", null=True)
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上门人"
    )
    filled = models.ForeignKey(
        "CampaignVisit", models.SET_NULL, null=True, related_name="+", verbose_name="答案"
    )

    objects = CampaignDoorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "排查住户"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "household"], name="campaign_door_once")
        ]
        indexes = [
            models.Index(fields=["campaign", "sort_key", "id"], name="campaign_door_order"),
            models.Index(fields=["campaign", "grid", "status"], name="campaign_door_grid"),
            models.Index(fields=["campaign", "building", "sort_key"], name="campaign_door_building"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.household_id}"


class CampaignVisit(models.Model):
    """One knock at a door. Answers are those of a visit; sensitive ones are sealed together."""

    door = models.ForeignKey(
        CampaignDoor, models.CASCADE, related_name="visits", verbose_name="排查住户"
    )
    outcome = models.CharField("结果", max_length=8, choices=[(one, one.label) for one in OUTCOMES])
    answers = models.JSONField("答案", default=dict)
    secrets = SealedField("敏感答案")
    note = models.CharField("备注", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上门人"
    )
    # The sender's own name of this knock: a form sent twice is stored once.
    client_key = models.CharField(max_length=60, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "排查上门记录"
        ordering = ["door", "id"]
        constraints = [
            models.UniqueConstraint(fields=["door", "client_key"], name="campaign_visit_once")
        ]

    def __str__(self) -> str:
        return f"{self.door_id} {self.outcome}"
