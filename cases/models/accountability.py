"""问责记录: the last rung of the ladder. The upper level keeps it; who is meant does not read it here."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.accountability import AccountGround, AccountKind, AccountState
from cases.models.attachments import StoredPhoto
from cases.models.case import Case
from cases.upper_querysets import AccountabilityQuerySet
from gridparty.lib.china_time import local
from orgs.models import Unit


def evidence_path(photo: "AccountPhoto", filename: str) -> str:
    """Return accounts/yyyy/<random>.jpg; the sender's file name is never used."""
    return f"accounts/{local(photo.created_at):%Y}/{secrets.token_hex(16)}.jpg"


class Accountability(models.Model):
    """One record about one holder of one case. Proposed by the clock (`raised_by` None), or by the upper level.

    A stage is never taken twice in a round: one proposal of the clock, one record of each kind.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="accountability", verbose_name="事项", db_index=False
    )
    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任单位"
    )
    # The holder's name as it was: a unit's, or the grid that handled the case itself.
    subject = models.CharField("责任对象", max_length=80)
    ground = models.CharField("事由", max_length=12, choices=AccountGround.choices)
    facts = models.TextField("事实")
    state = models.CharField(
        "状态", max_length=8, choices=AccountState.choices, default=AccountState.PROPOSED
    )
    kind = models.CharField("方式", max_length=8, choices=AccountKind.choices, blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    raised_at = models.DateTimeField("提出时间", default=timezone.now)
    decision = models.TextField("处理意见", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_label = models.CharField("决定单位", max_length=80, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)

    objects = AccountabilityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问责记录"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "cycle"], condition=Q(raised_by=None), name="accountability_clock_once",
                violation_error_message="这一轮已经由系统提出过。",
            ),
            models.UniqueConstraint(
                fields=["case", "cycle", "kind"], condition=Q(state="issued"),
                name="accountability_kind_once", violation_error_message="这一轮已经这样问责过。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "-id"], name="accountability_state"),
            models.Index(fields=["case"], name="accountability_case"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display() or self.get_state_display()} {self.case_id}"


class AccountPhoto(StoredPhoto):
    """A picture that proves what a record says, re-encoded; only who reads the record sees it."""

    record = models.ForeignKey(
        Accountability, models.PROTECT, related_name="photos", verbose_name="问责记录"
    )
    file = models.FileField("照片", upload_to=evidence_path, max_length=100)

    class Meta(StoredPhoto.Meta):
        verbose_name = verbose_name_plural = "问责记录的照片"

    def __str__(self) -> str:
        return f"{self.record_id} #{self.pk}"
