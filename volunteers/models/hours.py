"""Hours that stand, day by day, and the points they earn."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from volunteers.models.activities import Activity, SignUp
from volunteers.models.area import InCommunity
from volunteers.models.teams import Volunteer
from volunteers.querysets import HoursQuerySet, PointsQuerySet
from volunteers.workflow import HoursStatus


class Hours(InCommunity):
    """One stay of a volunteer at an activity; `credited` by the rule in `volunteers.credit`."""

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="hours", verbose_name="志愿者"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="hours", verbose_name="活动"
    )
    signup = models.OneToOneField(
        SignUp, models.PROTECT, null=True, blank=True, related_name="hours", verbose_name="报名"
    )
    start = models.DateTimeField("开始")
    end = models.DateTimeField("结束")
    credited = models.DecimalField("计入小时", max_digits=4, decimal_places=1)
    leads = models.BooleanField("带队", default=False)
    # Written down afterwards by the volunteer, not by signing in and out.
    back_entry = models.BooleanField("补录", default=False)
    status = models.CharField("状态", max_length=10, choices=HoursStatus.choices)
    note = models.CharField("说明", max_length=200, blank=True)
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    created_at = models.DateTimeField("提交时间", default=timezone.now)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务时长"
        indexes = [
            models.Index(fields=["community", "status", "-id"], name="hours_list"),
            models.Index(fields=["volunteer", "start"], name="hours_volunteer"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(credited__gte=0), name="hours_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.credited}"


class HoursDay(models.Model):
    """The part of a stay that counts for one day: the cap of 8 hours is a day's."""

    hours = models.ForeignKey(Hours, models.CASCADE, related_name="days")
    day = models.DateField("日期")
    credited = models.DecimalField("小时", max_digits=3, decimal_places=1)

    class Meta:
        verbose_name = verbose_name_plural = "每日时长"
        constraints = [models.UniqueConstraint(fields=["hours", "day"], name="hours_day_once")]

    def __str__(self) -> str:
        return f"{self.hours_id} {self.day} {self.credited}"


class PointRule(models.Model):
    """A number of the points rule (domain brief §4C); changing one changes only what comes."""

    code = models.SlugField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=40)
    value = models.DecimalField("数值", max_digits=5, decimal_places=1)

    class Meta:
        verbose_name = verbose_name_plural = "积分规则"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class StarLevel(models.Model):
    """星级: from so many confirmed hours on."""

    hours = models.PositiveIntegerField("累计小时", unique=True)
    stars = models.PositiveSmallIntegerField("星", unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "志愿者星级"
        ordering = ["hours"]

    def __str__(self) -> str:
        return f"{self.stars} 星"


class PointsEntry(models.Model):
    """One line of the points ledger. Never changed, never removed: a correction is a reversing line."""

    class Reason(models.TextChoices):
        HOURS = "hours", "服务时长"
        WISH = "wish", "圆微心愿"
        REDEEM = "redeem", "兑换"
        REVERSAL = "reversal", "冲正"

    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="points", verbose_name="志愿者"
    )
    delta = models.DecimalField("积分", max_digits=6, decimal_places=1)
    reason = models.CharField("事由", max_length=8, choices=Reason.choices)
    hours = models.ForeignKey(
        Hours, models.PROTECT, null=True, blank=True, related_name="points", verbose_name="时长"
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by",
        verbose_name="冲正哪一笔",
    )  # fmt: skip
    note = models.CharField("说明", max_length=100, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    objects = PointsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "积分台账"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.delta:+}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("积分台账只能追加，更正请用冲正分录。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("积分台账只能追加，更正请用冲正分录。")
