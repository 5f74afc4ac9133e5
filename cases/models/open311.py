"""Apps of others that report over Open311 GeoReport v2, and what came from them."""

from django.core.validators import RegexValidator
from django.db import models

from cases.catalog import Source
from cases.models.case import Case
from cases.models.categories import Category
from cases.models.exchange import ExternalOrder
from cases.models.trail import CaseEvent
from orgs.fields import SealedField
from orgs.models import OrgUnit


class AppKey(models.Model):
    """An app that may report (接入应用). Only the key's fingerprint is kept; the key is shown once.

    `street` gave it out: what no address or coordinate places waits for this street's centre.
    """

    name = models.CharField("应用名称", max_length=60)
    contact = models.CharField("运营单位", max_length=100)
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # Only where the app has told its users that their words will be read by everybody.
    publishes = models.BooleanField(
        "公开反映内容", default=False,
        help_text="勾选后，凭编号即可读到反映的内容。只有应用已告知反映人内容会公开时才能勾选。",
    )  # fmt: skip
    is_active = models.BooleanField("在用", default=True)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    created_at = models.DateTimeField("发放时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "接入应用"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class CategoryQuestion(models.Model):
    """What an app asks besides the description (attribute of a GeoReport service definition)."""

    class Datatype(models.TextChoices):
        STRING = "string", "一行文字"
        TEXT = "text", "多行文字"
        NUMBER = "number", "数字"
        DATETIME = "datetime", "日期时间"
        ONE = "singlevaluelist", "单选"
        SEVERAL = "multivaluelist", "多选"

    category = models.ForeignKey(
        Category, models.CASCADE, related_name="questions", verbose_name="类别"
    )
    code = models.CharField(
        "代号", max_length=30,
        validators=[RegexValidator(r"^[A-Za-z][A-Za-z0-9_]*$", "代号用英文字母开头，只含字母、数字和下划线。")],
    )  # fmt: skip
    label = models.CharField("问题", max_length=60)
    datatype = models.CharField("类型", max_length=16, choices=Datatype.choices)
    options = models.TextField("选项", blank=True, help_text="单选、多选时填写，一行一个。")
    required = models.BooleanField("必答", default=False)
    order = models.PositiveSmallIntegerField("顺序", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "类别的附加问题"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "code"], name="category_question_once")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def has_options(self) -> bool:
        return self.datatype in (self.Datatype.ONE, self.Datatype.SEVERAL)

    @property
    def choices(self) -> list[str]:
        """Return the options in order; an answer is one of them, the first is option 1."""
        return [line.strip() for line in self.options.splitlines() if line.strip()]


class AppReport(models.Model):
    """One report of an app: a case at once, or an order that waits for its place (`token`)."""

    app = models.ForeignKey(AppKey, models.PROTECT, related_name="reports", verbose_name="应用")
    token = models.CharField("凭证", max_length=22, unique=True, editable=False)
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, related_name="app_report", verbose_name="事项"
    )
    order = models.OneToOneField(
        ExternalOrder,
        models.PROTECT,
        null=True,
        related_name="app_report",
        verbose_name="待定位工单",
    )
    longitude = models.FloatField("经度", null=True)
    latitude = models.FloatField("纬度", null=True)
    account_id = models.CharField("应用内账号", max_length=80, blank=True)
    # What is no phone number of ours: an e-mail address, a number of elsewhere.
    contact = SealedField("其他联系方式")
    media_url = models.URLField("照片地址", max_length=500, blank=True)
    created_at = models.DateTimeField("接收时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "应用的反映"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="app_report_case_or_order",
                condition=models.Q(case=None, order__isnull=False)
                | models.Q(case__isnull=False, order=None),
            )
        ]

    def __str__(self) -> str:
        return self.token

    @classmethod
    def of_case(cls, case: Case) -> "AppReport | None":
        """Return what an app sent that became the case, or the whole it was split from."""
        if case.source != Source.OPEN311:
            return None
        whole = case.parent_id or case.pk
        return cls.objects.filter(models.Q(case=whole) | models.Q(order__case=whole)).first()

    @property
    def found_case(self) -> Case | None:
        """Return the case: made at once, or by the centre that placed the order."""
        if self.case is not None:
            return self.case
        return self.order.case if self.order else None


class AppUpdate(models.Model):
    """An update an app has sent, by its own number, and the event it became."""

    app = models.ForeignKey(AppKey, models.PROTECT, related_name="+", verbose_name="应用")
    update_id = models.CharField("应用内编号", max_length=80)
    event = models.OneToOneField(
        CaseEvent, models.PROTECT, related_name="app_update", verbose_name="记录"
    )

    class Meta:
        verbose_name = verbose_name_plural = "应用的补充"
        constraints = [models.UniqueConstraint(fields=["app", "update_id"], name="app_update_once")]

    def __str__(self) -> str:
        return self.update_id
