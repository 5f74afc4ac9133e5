"""What a handler asks for and a higher level decides: 延期 and 挂账. Silence is not approval."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.catalog import HangReason, RequestKind
from cases.models.case import Case


class CaseRequest(models.Model):
    """One request. `until` is the new due date (延期) or the day of the next review (挂账)."""

    class State(models.TextChoices):
        WAITING = "waiting", "待答复"
        GRANTED = "granted", "同意"
        REFUSED = "refused", "不同意"
        LAPSED = "lapsed", "已失效"  # the case went on before anybody answered

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="requests", verbose_name="事项", db_index=False
    )
    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    kind = models.CharField("种类", max_length=10, choices=RequestKind.choices)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField("原因", max_length=12, choices=HangReason.choices, blank=True)
    measure = models.CharField("临时措施", max_length=200, blank=True)
    note = models.TextField("理由")
    until = models.DateTimeField("申请至")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    asked_as = models.CharField("申请单位", max_length=80, blank=True)
    asked_at = models.DateTimeField("申请时间")
    decide_by = models.DateTimeField("答复期限")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    decided_at = models.DateTimeField("答复时间", null=True)
    answer = models.TextField("答复", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "延期和挂账申请"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="waiting"), name="case_request_one_waiting",
                violation_error_message="已有一个申请在等待答复。",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["case", "cycle"], name="case_request_case")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case_id}"
