"""督办: an upper level demands, the side that owes the step replies in writing, the issuer lifts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.catalog import SupervisionLevel
from cases.models.case import Case
from orgs.models import Unit


class Supervision(models.Model):
    """One demand. `issued_as` is the side that issued it ("" = the clock sweep): only it lifts.

    `unit`: the one department it is aimed at (absent at a whistle); None means whoever holds the case.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="supervisions", verbose_name="事项", db_index=False
    )
    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="督办对象"
    )
    level = models.CharField("级别", max_length=6, choices=SupervisionLevel.choices)
    demand = models.TextField("督办要求")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="督办人"
    )
    issued_as = models.CharField("督办方", max_length=16, blank=True)
    issued_label = models.CharField("督办单位", max_length=80, blank=True)
    issued_at = models.DateTimeField("督办时间")
    reply_by = models.DateTimeField("回复期限")
    reply = models.TextField("回复", blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="回复人"
    )
    replied_label = models.CharField("回复单位", max_length=80, blank=True)
    replied_at = models.DateTimeField("回复时间", null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="解除人"
    )
    lifted_at = models.DateTimeField("解除时间", null=True)
    lift_note = models.TextField("解除意见", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "督办"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["case", "-id"], name="case_supervision_case"),
            models.Index(
                fields=["case"], name="case_supervision_open", condition=Q(lifted_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.case_id}"
