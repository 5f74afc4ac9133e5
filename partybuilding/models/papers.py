"""Policy documents with receipts of reading, and honours."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from orgs.models import OrgUnit
from partybuilding.catalog import HonourLevel
from partybuilding.models.means import InStreet
from partybuilding.querysets.papers import HonourQuerySet, PaperQuerySet


class PolicyPaper(InStreet):
    """A document to be read by those it was sent to. The file is sealed; "" when there is none."""

    title = models.CharField("标题", max_length=100)
    doc_no = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文机关", max_length=60)
    issued_on = models.DateField("发文日期")
    text = models.TextField("要点", blank=True)
    file_as = models.CharField(max_length=200, blank=True, editable=False)
    read_by = models.DateField("请在哪天前阅读")
    sent_at = models.DateTimeField("下发时间", default=timezone.now)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="下发人"
    )

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "政策文件"
        ordering = ["-id"]
        indexes = [models.Index(fields=["street", "-id"], name="paper_street")]

    def __str__(self) -> str:
        return self.title


class PaperReceipt(models.Model):
    """One person asked to read; `read_at` when he said he had."""

    paper = models.ForeignKey(
        PolicyPaper, models.CASCADE, related_name="receipts", verbose_name="文件"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="paper_receipts",
        verbose_name="阅读人",
    )  # fmt: skip
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "阅读回执"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["paper", "user"], name="receipt_once")]
        indexes = [models.Index(fields=["user", "read_at"], name="receipt_user")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.user_id}"


class Honour(InStreet):
    """An honour of an organisation."""

    org = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="honours", verbose_name="获得荣誉的组织"
    )
    title = models.CharField("荣誉名称", max_length=100)
    level = models.CharField("级别", max_length=10, choices=HonourLevel.choices)
    granted_by = models.CharField("授予单位", max_length=60)
    granted_on = models.DateField("授予日期")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "荣誉"
        ordering = ["-granted_on", "-id"]

    def __str__(self) -> str:
        return self.title
