"""群众自评: what a reporter says of the handling on the tracking page, once per closing."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from cases.catalog import Satisfaction, UnsatisfiedReason
from cases.models.case import Case
from cases.querysets import RatingQuerySet
from gridparty.lib.periods import Month

# As the answers of the month's revisit: open until the 15th of the month after, 15 days at least.
RATING_DAYS = 15


class Rating(models.Model):
    """One answer, never a revisit: whoever cares to speak, not a sample.

    `report` is the report of whoever speaks, `case` the one it was handled in (the same, unless it
    was merged). `month` is that of the closing: a case reopened since has lost its closing time.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="ratings", verbose_name="事项", db_index=False
    )
    report = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name="反映")
    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    month = models.CharField("销号月份", max_length=7)
    satisfaction = models.CharField("满意度", max_length=12, choices=Satisfaction.choices)
    reason = models.CharField(
        "不满意原因", max_length=14, choices=UnsatisfiedReason.choices, blank=True
    )
    note = models.TextField("说明", blank=True)
    rated_at = models.DateTimeField("评价时间", default=timezone.now)
    changed_at = models.DateTimeField("修改时间", null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "群众自评"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "cycle"], name="rating_report_cycle",
                violation_error_message="这次办理已经评价过。",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["case", "-id"], name="rating_case"),
            models.Index(fields=["month"], name="rating_month"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.get_satisfaction_display()}"


def rated_until(closed_at: datetime) -> datetime:
    """Return the moment from which a closing can no longer be rated, nor a rating changed."""
    return Month.of(closed_at).end + timedelta(days=RATING_DAYS)
