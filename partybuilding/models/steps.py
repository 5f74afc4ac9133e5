"""What happened to a row with a life: one row a step, append-only."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from partybuilding.workflow import move_of


class Step(models.Model):
    """`subject` names the table in `partybuilding.workflow`, `row` the row's id."""

    subject = models.CharField("对象", max_length=12)
    row = models.PositiveBigIntegerField("编号")
    move = models.CharField("步骤", max_length=12)
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "党建办理记录"
        ordering = ["id"]
        indexes = [models.Index(fields=["subject", "row"], name="party_step_row")]

    def __str__(self) -> str:
        return f"{self.subject} {self.row} {self.move}"

    @property
    def label(self) -> str:
        move = move_of(self.subject, self.move)
        return move.label if move else "登记"
