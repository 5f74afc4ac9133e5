"""What the whistle-blower thinks of a department that was called: 到场, 解决, 态度."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.catalog import ARRIVAL_POINTS, MARKS, POINTS_PER_MARK, Arrival, LowReason
from cases.models.case import Case
from cases.models.trail import CaseTask
from cases.whistle_querysets import WhistleScoreQuerySet
from orgs.models import Unit


class WhistleScore(models.Model):
    """One department's score in one round of a case. `total` is 0 to 100.

    A department counted as absent gets its nought at once, from the clock (`scored_by` None,
    no marks yet); the street may add its marks, which count with the nought.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="scores", verbose_name="事项", db_index=False
    )
    task = models.ForeignKey(
        CaseTask, models.PROTECT, related_name="scores", verbose_name="承办任务"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="whistle_scores", verbose_name="单位"
    )
    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    arrival = models.CharField("到场", max_length=8, choices=Arrival.choices)
    resolution = models.PositiveSmallIntegerField("解决", choices=MARKS, null=True)
    attitude = models.PositiveSmallIntegerField("态度", choices=MARKS, null=True)
    reason = models.CharField("低分原因", max_length=10, choices=LowReason.choices, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    total = models.PositiveSmallIntegerField("得分")
    scored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="评分人"
    )
    scored_label = models.CharField("评分单位", max_length=80, blank=True)
    scored_at = models.DateTimeField("评分时间", default=timezone.now)
    correction = models.CharField("更正原因", max_length=200, blank=True)
    corrected_at = models.DateTimeField("更正时间", null=True)

    objects = WhistleScoreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "吹哨评分"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit", "cycle"], name="whistle_score_once",
                violation_error_message="这个部门已经评过分。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit_id} {self.case_id}"


def total_of(arrival: str, resolution: int | None, attitude: int | None) -> int:
    """Return the mean of what is known, 0 to 100: the arrival, and the two marks once given."""
    points = [ARRIVAL_POINTS[Arrival(arrival)]]
    points += [mark * POINTS_PER_MARK for mark in (resolution, attitude) if mark is not None]
    return round(sum(points) / len(points))
