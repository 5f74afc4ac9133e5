"""What comes from other systems (12345, 综治一网清) and goes back to them."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.catalog import Source
from cases.models.case import Case
from cases.models.categories import Category
from cases.scope import streets_served
from cases.statuses import Status
from orgs.fields import SealedField
from orgs.models import ImportJob, OrgUnit


class ExternalSystem(models.Model):
    """One of them. `code` is also the name of its table under /orgs/tables/."""

    code = models.SlugField("代号", max_length=20, unique=True)
    name = models.CharField("名称", max_length=30)
    source = models.CharField("事项来源", max_length=16, choices=Source.choices)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "外部系统"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class OfStreetQuerySet(models.QuerySet[Any]):
    """Rows of one street, kept by its centre."""

    def visible_to(self, user: Any, letters: str = "") -> Self:
        return self.filter(street_id__in=streets_served(user))


class ExternalOrderQuerySet(OfStreetQuerySet):
    def waiting(self) -> "ExternalOrderQuerySet":
        """Orders whose grid nobody has found yet: there is no case to work on."""
        return self.filter(case=None)

    def in_hand(self) -> "ExternalOrderQuerySet":
        return self.filter(case__ended_at=None).exclude(case=None)

    def answered(self) -> "ExternalOrderQuerySet":
        """Orders with an answer to give: closed, refused, or joined to one that is closed."""
        return self.filter(
            Q(case__status__in=[Status.CLOSED, Status.REJECTED])
            | Q(case__status=Status.MERGED, case__merged_into__status=Status.CLOSED)
        )

    def to_hand_back(self) -> "ExternalOrderQuerySet":
        """Answers the other system has not got; one closed anew is handed back anew.

        Apps of the open interface fetch theirs.
        """
        fresh = Q(handed_back_at=None) | Q(handed_back_at__lt=F("case__ended_at"))
        return self.answered().filter(fresh, app_report=None)

    def pressing(self, until: Any) -> "ExternalOrderQuerySet":
        """Unanswered orders which the other system wants answered by `until`."""
        handled = [Status.FEEDBACK, Status.VERIFIED]
        open_ones = Q(case=None) | Q(case__ended_at=None)
        return self.filter(open_ones, due_at__lt=until).exclude(case__status__in=handled)

    def for_list(self) -> "ExternalOrderQuerySet":
        return self.select_related(
            "system", "street", "case__grid", "case__community__region", "case__category",
            "case__lead_unit", "case__merged_into",
        ).order_by("-id")  # fmt: skip


class ExternalOrder(models.Model):
    """One order (工单) of another system, by that system's number, and the case it has become.

    `case` None: the address names no grid of ours, so it waits for the street (`problem` says why).
    The caller stands here only as long as there is no case; `digest` is of what was last sent.
    """

    system = models.ForeignKey(
        ExternalSystem, models.PROTECT, related_name="orders", verbose_name="外部系统"
    )
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    external_id = models.CharField("工单编号", max_length=64)
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, related_name="external_order", verbose_name="事项"
    )
    received_at = models.DateTimeField("来电时间", null=True)
    # The other system's own limit, beside our clock.
    due_at = models.DateTimeField("来件时限", null=True)
    text = models.TextField("诉求内容")
    address = models.CharField("地点", max_length=200, blank=True)
    category_word = models.CharField("诉求分类", max_length=80, blank=True)
    note = models.CharField("备注", max_length=1000, blank=True)
    confidential = models.BooleanField("保密", default=False)
    caller_name = models.CharField("来电人", max_length=60, blank=True)
    caller_phone = SealedField("联系电话")
    problem = models.CharField("待定位原因", max_length=200, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField("接收时间", auto_now_add=True)
    changed_at = models.DateTimeField("最近变更")
    handed_back_at = models.DateTimeField("回传时间", null=True)

    objects = ExternalOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "外部工单"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "street", "external_id"], name="external_order_once"
            )
        ]
        indexes = [
            models.Index(fields=["street", "-id"], name="external_order_street"),
            models.Index(
                fields=["street", "-id"], name="external_order_waiting", condition=Q(case=None)
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class CategoryCode(models.Model):
    """How another system's category is called here; without a `category` nobody has said yet."""

    system = models.ForeignKey(
        ExternalSystem, models.PROTECT, related_name="codes", verbose_name="外部系统"
    )
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    word = models.CharField("对方的分类", max_length=80)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="本平台的类别",
    )  # fmt: skip

    objects = OfStreetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分类对照"
        ordering = ["word", "id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "street", "word"], name="category_code_once")
        ]

    def __str__(self) -> str:
        return self.word


class SheetColumn(models.Model):
    """A header somebody has explained once: the next sheet with it is understood."""

    system = models.ForeignKey(
        ExternalSystem, models.PROTECT, related_name="+", verbose_name="外部系统"
    )
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    header = models.CharField("表头", max_length=30)
    column = models.CharField("对应的列", max_length=20)

    objects = OfStreetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "列名对照"
        ordering = ["header", "id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "street", "header"], name="sheet_column_once")
        ]

    def __str__(self) -> str:
        return self.header


class ExchangeLog(models.Model):
    """One exchange: which way, what carried it, how many rows, what became of them, who."""

    class Way(models.TextChoices):
        IN = "in", "接收"
        OUT = "out", "回传"

    system = models.ForeignKey(
        ExternalSystem, models.PROTECT, related_name="logs", verbose_name="外部系统"
    )
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    way = models.CharField("方向", max_length=3, choices=Way.choices)
    # The file's name, or the address of the interface.
    carrier = models.CharField("文件或接口", max_length=200)
    digest = models.CharField("指纹", max_length=64, blank=True)
    job = models.OneToOneField(
        ImportJob, models.SET_NULL, null=True, related_name="+", verbose_name="导入任务"
    )
    rows = models.PositiveIntegerField("行数", default=0)
    counts = models.JSONField("结果", default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = OfStreetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "交换记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["street", "-id"], name="exchange_log_street")]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.carrier}"
