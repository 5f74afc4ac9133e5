"""What is added to the computed score by people, and what is frozen of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.quarters import QuarterAssessment
from assessments.querysets import AppealQuerySet
from assessments.scoring import AdjustmentKind
from assessments.workflow import AppealStatus


class Adjustment(models.Model):
    """Bonus, deduction or veto with its ground; taken back by `ended_at`, never deleted."""

    assessment = models.ForeignKey(QuarterAssessment, models.CASCADE, related_name="adjustments")
    kind = models.CharField("类别", max_length=10, choices=AdjustmentKind.choices)
    points = models.DecimalField("分值", max_digits=4, decimal_places=1, default=0)
    reason = models.CharField("依据", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", default=timezone.now)
    ended_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "加分、扣分与一票否决"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Appeal(models.Model):
    """A grid's objection during publicity, to one indicator or ("") to the whole."""

    assessment = models.ForeignKey(QuarterAssessment, models.CASCADE, related_name="appeals")
    indicator = models.CharField("指标", max_length=40, blank=True)
    text = models.CharField("申诉理由", max_length=500)
    status = models.CharField(
        "状态", max_length=10, choices=AppealStatus.choices, default=AppealStatus.OPEN
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="申诉人"
    )
    at = models.DateTimeField("申诉时间", default=timezone.now)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核申诉"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "indicator"], condition=Q(status=AppealStatus.OPEN),
                name="appeal_open_once", violation_error_message="这一项已有未答复的申诉。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.assessment} {self.get_status_display()}"


class Evidence(models.Model):
    """A paper or photo the grid puts beside its self-review, sealed at rest; served by a view only."""

    assessment = models.ForeignKey(QuarterAssessment, models.CASCADE, related_name="evidence")
    title = models.CharField("说明什么", max_length=60)
    stored_as = models.CharField(max_length=120, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "自评材料"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class AssessmentVersion(models.Model):
    """A frozen result: scheme, counts, adjustments, scores as they were made public.

    `digest` is the SHA-256 of `content` in canonical form; a page tells whether it still fits.
    """

    assessment = models.ForeignKey(QuarterAssessment, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("版本")
    content = models.JSONField("内容")
    digest = models.CharField("指纹", max_length=64)
    reason = models.CharField("更正原因", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    at = models.DateTimeField("固定时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "考核结果版本"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="assessment_version_once")
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版"
