"""A grid's assessment of one quarter, the figures it was computed from, and its history."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.models.schemes import AssessmentScheme
from assessments.querysets import QuarterAssessmentQuerySet
from assessments.scoring import Grade, Part, rate_percent
from assessments.workflow import FROZEN, Status
from grids.models import Grid
from orgs.models import OrgUnit, Region


def status_choices() -> list[tuple[str, str]]:
    """A callable, so that a new status needs no migration."""
    return list(Status.choices)


class QuarterAssessment(models.Model):
    """The two hundreds of one grid in one quarter; both are shown, never only their mean.

    `composite` is the mean of the two, `total` with bonus and deductions. `version` 0 is a draft;
    1 is what was made public, every later one a correction with its reason.
    """

    quarter = models.CharField("季度", max_length=6)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="assessments", verbose_name="网格")
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    scheme = models.ForeignKey(
        AssessmentScheme, models.PROTECT, related_name="+", verbose_name="方案"
    )
    status = models.CharField("状态", max_length=16, choices=status_choices, default=Status.OPEN)
    grid_work = models.DecimalField("网格工作", max_digits=5, decimal_places=2, null=True)
    public_service = models.DecimalField("为民服务", max_digits=5, decimal_places=2, null=True)
    composite = models.DecimalField("综合", max_digits=5, decimal_places=2, null=True)
    total = models.DecimalField("总分", max_digits=5, decimal_places=2, null=True)
    grade = models.CharField("等级", max_length=10, choices=Grade.choices, blank=True)
    review_due = models.DateField("自评截止", null=True)
    publicity_until = models.DateField("公示截止", null=True)
    version = models.PositiveSmallIntegerField("版本", default=0)
    computed_at = models.DateTimeField("计算时间", null=True)
    created_at = models.DateTimeField("开启时间", auto_now_add=True)

    objects = QuarterAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "季度考核"
        constraints = [
            models.UniqueConstraint(fields=["quarter", "grid"], name="assessment_once_a_quarter")
        ]
        indexes = [
            models.Index(fields=["street", "quarter"], name="assessment_street"),
            models.Index(fields=["community", "quarter"], name="assessment_community"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.grid}"

    @property
    def is_frozen(self) -> bool:
        return self.status in FROZEN


class AssessmentItem(models.Model):
    """One indicator of one assessment: the two counts, and the points they gave.

    A manual item has no counts: `points` is None until a reviewer has given them with `reason`.
    """

    assessment = models.ForeignKey(QuarterAssessment, models.CASCADE, related_name="items")
    part = models.CharField("部分", max_length=16, choices=Part.choices)
    indicator = models.CharField("指标", max_length=40)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    manual = models.BooleanField("人工评分", default=False)
    numerator = models.PositiveIntegerField("分子")
    denominator = models.PositiveIntegerField("分母")
    # The community's rate, where the rule draws few rows towards it.
    prior = models.DecimalField("社区比率", max_digits=5, decimal_places=2, null=True)
    full = models.DecimalField("满分", max_digits=5, decimal_places=2)
    points = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True)
    reason = models.CharField("评分理由", max_length=300, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="评分人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "考核指标得分"
        ordering = ["part", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "indicator"], name="assessment_indicator_once"
            )
        ]

    def __str__(self) -> str:
        return self.indicator

    @property
    def rate(self) -> object:
        return rate_percent(self.numerator, self.denominator)


class AssessmentStep(models.Model):
    """One step in the life of an assessment; never changed. `by` None is the clock."""

    assessment = models.ForeignKey(QuarterAssessment, models.CASCADE, related_name="steps")
    move = models.CharField("步骤", max_length=20)
    label = models.CharField("步骤名", max_length=20)
    to_status = models.CharField("状态", max_length=16, choices=status_choices)
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考核步骤"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label
