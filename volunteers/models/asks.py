"""Asks: who was invited to which shift, when, and why just they."""

from django.db import models
from django.utils import timezone

from volunteers.models.activities import Shift
from volunteers.models.area import InCommunity
from volunteers.models.teams import Volunteer
from volunteers.querysets import AskQuerySet
from volunteers.workflow import AskStatus


class Ask(InCommunity):
    """One invitation. `reasons` keeps the words of `volunteers.matching.why` as they were then."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="asks", verbose_name="班次")
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="asks", verbose_name="志愿者"
    )
    wave = models.PositiveSmallIntegerField("批次", default=1)
    worth = models.DecimalField("匹配分", max_digits=4, decimal_places=1)
    reasons = models.JSONField("理由", default=list, blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=AskStatus.choices, default=AskStatus.ASKED
    )
    asked_at = models.DateTimeField("邀请时间", default=timezone.now)
    answer_by = models.DateTimeField("答复截止")

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "邀请"
        indexes = [models.Index(fields=["status", "answer_by"], name="ask_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"], name="ask_once_a_shift",
                violation_error_message="这个班次已经邀请过这位志愿者。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"邀请 #{self.pk}"
