"""变更申请: what a visitor found different from the register, for community staff to judge."""

import json
from typing import Any

from django.conf import settings
from django.db import models

from orgs.fields import Sealed, SealedField
from residents.models.households import Household, Residency
from residents.models.visits import Visit
from residents.visit_querysets import ChangeRequestQuerySet


class ChangeRequest(models.Model):
    """One proposed change. What it would write may be a phone or a name, so it is sealed."""

    class Kind(models.TextChoices):
        PERSON_IN = "person_in", "新增人员"
        PERSON_OUT = "person_out", "人员迁出"
        PHONE = "phone", "电话变更"
        OCCUPANCY = "occupancy", "房屋状态变更"
        CARE = "care", "登记重点人群"

    class State(models.TextChoices):
        PENDING = "pending", "待审核"
        APPROVED = "approved", "已通过"
        REJECTED = "rejected", "已退回"

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="change_requests", verbose_name="住户"
    )
    residency = models.ForeignKey(
        Residency, models.PROTECT, null=True, blank=True, related_name="change_requests",
        verbose_name="居民",
    )  # fmt: skip
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="change_requests",
        verbose_name="走访",
    )  # fmt: skip
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    sealed_values = SealedField("内容")
    # The household's version the proposer had before their eyes.
    version = models.PositiveIntegerField(default=1, editable=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.CharField("退回原因", max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    decided_at = models.DateTimeField("审核时间", null=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "变更申请"
        indexes = [models.Index(fields=["state", "-id"], name="change_request_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def values(self) -> dict[str, Any]:
        """The proposed values by field name; dates are ISO texts."""
        opened: dict[str, Any] = json.loads(self.sealed_values.reveal() or "{}")
        return opened

    def seal_values(self, values: dict[str, Any]) -> None:
        self.sealed_values = Sealed.of(json.dumps(values, ensure_ascii=False))
