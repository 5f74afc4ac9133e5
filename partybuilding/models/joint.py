"""联点共建, 党建联盟 and 五联共治: who works with whom, what is planned, what was done."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from grids.models import Grid
from orgs.models import Unit
from partybuilding.catalog import Dimension, Grade, Half, JointKind, JudgeSide
from partybuilding.models.area import InCommunity
from partybuilding.querysets.joint import AllianceQuerySet, JointRecordQuerySet, PairingQuerySet


class Pairing(InCommunity):
    """One unit paired with one grid for a term, by an agreement."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pairings", verbose_name="单位")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="pairings", verbose_name="网格")
    leader = models.CharField("联系领导", max_length=40, blank=True)
    contact = models.CharField("联络员", max_length=40)
    phone = models.CharField("办公电话", max_length=30, blank=True)
    tasks = models.CharField("共建内容", max_length=300, blank=True)
    start = models.DateField("开始日期")
    end = models.DateField("到期日期")
    ended_on = models.DateField("解除日期", null=True, blank=True)
    end_reason = models.CharField("解除原因", max_length=200, blank=True)
    # The signed agreement, sealed; "" until it is uploaded.
    agreement_as = models.CharField(max_length=200, blank=True, editable=False)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联点共建"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "grid"], condition=Q(ended_on=None), name="pairing_once",
                violation_error_message="这个单位和网格已经结对；要换期限，请续签。",
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="pairing_ends_after_start",
                violation_error_message="到期日期应晚于开始日期，请改正。",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["ended_on", "end"], name="pairing_end")]

    def __str__(self) -> str:
        return f"{self.unit} — {self.grid}"


class Alliance(InCommunity):
    """党建联盟 of a community."""

    name = models.CharField("名称", max_length=60)
    chair = models.CharField("召集人", max_length=40)
    charter = models.TextField("章程", blank=True)
    founded_on = models.DateField("成立日期")
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    objects = AllianceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党建联盟"
        ordering = ["community", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=Q(ended_on=None), name="alliance_one",
                violation_error_message="这个社区已有党建联盟。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class AllianceMember(models.Model):
    alliance = models.ForeignKey(
        Alliance, models.CASCADE, related_name="members", verbose_name="联盟"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="alliances", verbose_name="单位")
    start = models.DateField("加入日期")
    end = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "联盟成员"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "unit"], condition=Q(end=None), name="alliance_member_once",
                violation_error_message="这个单位已在联盟里。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.unit)


class PlanItem(models.Model):
    """One line of a year's plan of 五联共治."""

    alliance = models.ForeignKey(
        Alliance, models.PROTECT, related_name="items", verbose_name="联盟"
    )
    year = models.PositiveSmallIntegerField("年度")
    dimension = models.CharField("联建", max_length=12, choices=Dimension.choices)
    content = models.CharField("内容", max_length=200)
    lead = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="plan_items",
        verbose_name="牵头单位",
    )  # fmt: skip
    due = models.DateField("完成时间")
    target = models.CharField("目标", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "五联共治计划"
        ordering = ["year", "dimension", "due"]

    def __str__(self) -> str:
        return self.content


class JointRecord(models.Model):
    """What was done together, with photos. A planned item is done once it has a record."""

    alliance = models.ForeignKey(
        Alliance, models.PROTECT, related_name="records", verbose_name="联盟"
    )
    item = models.ForeignKey(
        PlanItem, models.PROTECT, null=True, blank=True, related_name="records",
        verbose_name="对应计划",
    )  # fmt: skip
    kind = models.CharField("形式", max_length=10, choices=JointKind.choices)
    dimension = models.CharField("联建", max_length=12, choices=Dimension.choices)
    title = models.CharField("名称", max_length=60)
    text = models.TextField("情况")
    held_on = models.DateField("日期")
    people = models.PositiveIntegerField("参加人数")
    units = models.ManyToManyField(Unit, related_name="joint_records", verbose_name="参加单位")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", default=timezone.now)

    objects = JointRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "五联共治活动"
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["alliance", "held_on"], name="joint_held")]

    def __str__(self) -> str:
        return self.title


class JointReview(models.Model):
    """Half-year and year: the community judges a unit, the unit judges the community."""

    alliance = models.ForeignKey(
        Alliance, models.PROTECT, related_name="reviews", verbose_name="联盟"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="joint_reviews", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    half = models.CharField("时段", max_length=6, choices=Half.choices)
    side = models.CharField("评价方", max_length=10, choices=JudgeSide.choices)
    grade = models.CharField("评价", max_length=10, choices=Grade.choices)
    comment = models.CharField("意见", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "共建评价"
        ordering = ["-year", "half", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "unit", "year", "half", "side"], name="joint_review_once",
                violation_error_message="这个时段已经评价过。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.half}"
