"""两地报到: a unit's member checks in where he lives, takes a post, is confirmed and appraised."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models import Building, Grid
from orgs.fields import SealedField
from orgs.models import OrgUnit, Person, Region, Unit
from partybuilding.catalog import DutyKind, Grade, PostCategory
from partybuilding.models.area import InCommunity
from partybuilding.querysets.checkins import CardQuerySet, CheckInQuerySet, DutyQuerySet
from partybuilding.workflow import LIVE_CHECKINS, CardStatus, CheckInStatus
from volunteers.catalog import Skill, Times, words


def new_token() -> str:
    """Return a code that cannot be guessed."""
    return secrets.token_urlsafe(16)


class UnitDoor(models.Model):
    """The address and QR code by which the members of a unit check in from a phone."""

    unit = models.OneToOneField(
        Unit, models.CASCADE, related_name="party_door", verbose_name="单位"
    )
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "单位报到码"

    def __str__(self) -> str:
        return str(self.unit)


class CheckIn(models.Model):
    """One member at one unit. Where he lives is known once he has applied, the grid once matched.

    `place` is his own address: sealed, for the community only.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="check_ins", verbose_name="工作单位"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="check_ins", verbose_name="党员"
    )
    district = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="+", verbose_name="区县"
    )
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="街道"
    )
    community = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="check_ins",
        verbose_name="社区",
    )
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="check_ins", verbose_name="网格"
    )
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="楼栋"
    )
    place = SealedField("住址")
    status = models.CharField("状态", max_length=12, default=CheckInStatus.INVITED)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    # Codes of `Skill`, `PostCategory` and `Times`.
    skills = models.JSONField("特长", default=list, blank=True)
    wishes = models.JSONField("愿意承担的岗位", default=list, blank=True)
    times = models.JSONField("方便时间", default=list, blank=True)
    slip_no = models.CharField("报到单号", max_length=20, blank=True)
    invited_at = models.DateTimeField("列入名单", default=timezone.now)
    applied_at = models.DateTimeField("申请时间", null=True, blank=True)
    accepted_at = models.DateTimeField("接收时间", null=True, blank=True)
    received_at = models.DateTimeField("单位收到回执", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    came_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转自"
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "两地报到"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(status__in=LIVE_CHECKINS), name="checkin_one_live",
                violation_error_message="这名党员已在名单里或已报到，一名党员只能在一处报到。",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["community", "status", "-id"], name="checkin_list"),
            models.Index(fields=["unit", "status"], name="checkin_unit"),
        ]

    def __str__(self) -> str:
        return f"报到 {self.slip_no or self.pk}"

    def get_status_display(self) -> str:
        return str(CheckInStatus(self.status).label)

    @property
    def skill_words(self) -> str:
        return words(self.skills, Skill)

    @property
    def wish_words(self) -> str:
        return words(self.wishes, PostCategory)

    @property
    def time_words(self) -> str:
        return words(self.times, Times)


class MemberDuty(InCommunity):
    """A responsibility area or post a member has claimed, with the buildings it covers."""

    grid = models.ForeignKey(
        Grid, models.PROTECT, related_name="member_duties", verbose_name="网格"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="member_duties", verbose_name="党员"
    )
    check_in = models.ForeignKey(
        CheckIn, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="报到"
    )
    kind = models.CharField("类型", max_length=6, choices=DutyKind.choices)
    category = models.CharField("岗位类别", max_length=12, choices=PostCategory.choices)
    duties = models.CharField("职责", max_length=200)
    buildings = models.ManyToManyField(
        Building, blank=True, related_name="member_duties", verbose_name="楼栋"
    )
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True)
    comment = models.CharField("年度评价", max_length=200, blank=True)
    commented_on = models.DateField("评价日期", null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党员责任区和责任岗"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "grid", "kind", "category"], condition=Q(end=None),
                name="duty_held_once", violation_error_message="这名党员在本网格已有这个岗位，不能重复认领。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.get_category_display()}）"


class Confirmation(models.Model):
    """One half-yearly question: still living here, still serving? `still_here` None: not answered."""

    check_in = models.ForeignKey(
        CheckIn, models.CASCADE, related_name="confirmations", verbose_name="报到"
    )
    period = models.DateField("确认周期")
    still_here = models.BooleanField("仍在本网格", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "半年确认"
        ordering = ["-period"]
        constraints = [
            models.UniqueConstraint(fields=["check_in", "period"], name="confirmation_once")
        ]

    def __str__(self) -> str:
        return f"{self.check_in_id} {self.period}"


class Appraisal(models.Model):
    """A year's appraisal of a member by the community."""

    check_in = models.ForeignKey(
        CheckIn, models.PROTECT, related_name="appraisals", verbose_name="报到"
    )
    year = models.PositiveSmallIntegerField("年度")
    grade = models.CharField("等次", max_length=10, choices=Grade.choices)
    comment = models.CharField("评语", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="评定人"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "年度评定"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["check_in", "year"], name="appraisal_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.get_grade_display()}"


class FeedbackCard(InCommunity):
    """What a community tells a unit of a quarter. `rows` keeps ids and figures, never names."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="feedback_cards", verbose_name="单位"
    )
    quarter = models.DateField("季度")
    rows = models.JSONField("情况", default=list)
    remark = models.CharField("社区评价", max_length=200, blank=True)
    status = models.CharField("状态", max_length=10, default=CardStatus.DRAFT)
    drafted_at = models.DateTimeField("起草时间", default=timezone.now)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    received_at = models.DateTimeField("签收时间", null=True, blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党员反馈卡"
        ordering = ["-quarter", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "community", "quarter"], name="feedback_card_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.label}"

    def get_status_display(self) -> str:
        return str(CardStatus(self.status).label)

    @property
    def label(self) -> str:
        return f"{self.quarter.year}年第{(self.quarter.month + 2) // 3}季度"
