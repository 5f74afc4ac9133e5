"""The audit trail: who did what to which thing, when, from where. Rows are never changed."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from orgs.models.tree import OrgUnit
from orgs.querysets import AuditQuerySet


class AuditEntry(models.Model):
    """One act. `detail` holds codes, counts and ids, never names, numbers or free text."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    action = models.CharField("动作", max_length=60, db_index=True)
    target_kind = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=40, blank=True)
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, related_name="+", verbose_name="街道（社区）"
    )
    purpose = models.CharField("用途", max_length=200, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    request_id = models.CharField("请求编号", max_length=32, blank=True)
    detail = models.JSONField("详情", default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["target_kind", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_kind} {self.target_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("审计记录不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("审计记录不能删除。")
