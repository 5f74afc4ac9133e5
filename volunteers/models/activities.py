"""Activities, their shifts, who signs up, whom they served, and what both sides say."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from cases.models import Case
from grids.models import Building, Grid
from orgs.models import Person, Unit
from residents.models import Need
from volunteers.catalog import ActivityKind, Side, Skill, words
from volunteers.models.area import InCommunity
from volunteers.models.lists import Project
from volunteers.models.teams import Team, Volunteer
from volunteers.querysets import ActivityQuerySet, SignUpQuerySet
from volunteers.workflow import TAKES_PART, ActivityStatus, SignUpStatus

WINDOW = timedelta(minutes=30)


def new_token() -> str:
    return secrets.token_urlsafe(18)


class Activity(InCommunity):
    """One session of voluntary work; `starts_at` and `ends_at` span its shifts."""

    title = models.CharField("活动名称", max_length=60)
    kind = models.CharField("类型", max_length=10, choices=ActivityKind.choices)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="activities",
        verbose_name="项目",
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="activities",
        verbose_name="服务队",
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    need = models.ForeignKey(
        Need, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="需求"
    )
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="网格"
    )
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="楼栋"
    )
    place = models.CharField("集合地点", max_length=100)
    about = models.CharField("内容", max_length=500, blank=True)
    safety_note = models.CharField("安全提示", max_length=300)
    lead = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="带队人"
    )
    # Codes of `Skill` the shifts ask for.
    skills = models.JSONField("需要的特长", default=list, blank=True)
    minors_welcome = models.BooleanField("未成年人可参加", default=False)
    is_public = models.BooleanField("公开招募", default=True)
    starts_at = models.DateTimeField("开始", null=True, editable=False)
    ends_at = models.DateTimeField("结束", null=True, editable=False)
    served_others = models.PositiveIntegerField("未登记姓名的服务人数", default=0)
    summary = models.CharField("小结", max_length=500, blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=ActivityStatus.choices, default=ActivityStatus.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "志愿活动"
        indexes = [
            models.Index(fields=["community", "status", "-id"], name="activity_list"),
            models.Index(fields=["starts_at"], name="activity_start"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def skill_words(self) -> str:
        return words(self.skills, Skill)

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now


class Shift(models.Model):
    """A time with so many places. `token` stands in the QR code volunteers sign in with."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="shifts", verbose_name="活动"
    )
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    capacity = models.PositiveSmallIntegerField("名额", validators=[MinValueValidator(1)])
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    # Whether volunteers are asked in waves until the places are filled.
    asking = models.BooleanField("自动邀请", default=False, editable=False)
    # The reminder of the day before has been written.
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "班次"
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_later",
                violation_error_message="结束时间要晚于开始时间。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity_id} {self.starts_at:%m-%d %H:%M}"

    def may_sign_in(self, now: datetime) -> bool:
        return self.starts_at - WINDOW <= now <= self.ends_at

    def may_sign_out(self, now: datetime) -> bool:
        return self.starts_at <= now <= self.ends_at + WINDOW


class SignUp(models.Model):
    """A volunteer's place in a shift, or the place in its waiting list (by id)."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="signups", verbose_name="班次")
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="signups", verbose_name="志愿者"
    )
    status = models.CharField("状态", max_length=10, choices=SignUpStatus.choices)
    guardian_agreed = models.BooleanField("监护人同意", default=False)
    # The shift was moved after they signed up, and they have not said yes since.
    to_confirm = models.BooleanField("待重新确认", default=False)
    in_at = models.DateTimeField("签到", null=True, blank=True)
    out_at = models.DateTimeField("签退", null=True, blank=True)
    by_roll_call = models.BooleanField("点名", default=False)
    created_at = models.DateTimeField("报名时间", default=timezone.now)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报名"
        indexes = [models.Index(fields=["shift", "status", "id"], name="signup_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"], name="signup_once",
                condition=models.Q(status__in=(*TAKES_PART, SignUpStatus.WAITING)),
                violation_error_message="已经报过名了。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.shift_id} {self.volunteer_id}"


class Served(models.Model):
    """A person an activity served; distinct persons are counted over many activities."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="served")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="服务对象")

    class Meta:
        verbose_name = verbose_name_plural = "服务对象"
        constraints = [
            models.UniqueConstraint(fields=["activity", "person"], name="served_once_an_activity")
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.person_id}"


class ActivityPhoto(models.Model):
    """A photo of an activity, re-encoded (no EXIF) and sealed at rest."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos")
    stored_as = models.CharField(max_length=120, editable=False)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")

    class Meta:
        verbose_name = verbose_name_plural = "活动照片"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.activity_id} #{self.pk}"


class Evaluation(models.Model):
    """What a side says about an activity; a problem may have become a case."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="evaluations")
    side = models.CharField("评价方", max_length=12, choices=Side.choices)
    rating = models.PositiveSmallIntegerField(
        "评分", validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.CharField("评价", max_length=300, blank=True)
    problem = models.CharField("发现的问题", max_length=300, blank=True)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事项"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "评价"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.rating}"
