"""跟踪问效: some time after the closing somebody looks whether the problem has stayed solved."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.effect_querysets import EffectReviewQuerySet
from cases.effects import Effect, EffectState
from cases.models.case import Case


class EffectReview(models.Model):
    """One look at one closed case, so many days after its closing."""

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="effects", verbose_name="事项", db_index=False
    )
    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    days = models.PositiveSmallIntegerField("销号后几天")
    due_on = models.DateField("应查日期")
    state = models.CharField(
        "状态", max_length=8, choices=EffectState.choices, default=EffectState.WAITING
    )
    # None: taken in by rule (supervised, or reopened before).
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="列入人"
    )
    chosen_at = models.DateTimeField("列入时间", default=timezone.now)
    effect = models.CharField("成效", max_length=8, choices=Effect.choices, blank=True)
    note = models.TextField("核查情况", blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核查人"
    )
    done_label = models.CharField("核查单位", max_length=80, blank=True)
    done_at = models.DateTimeField("核查时间", null=True)
    told_at = models.DateTimeField(null=True, editable=False)

    objects = EffectReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "跟踪问效"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "cycle", "days"], name="effect_review_once",
                violation_error_message="这件事项已经列入过。",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "due_on"], name="effect_review_due")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.days}天"
