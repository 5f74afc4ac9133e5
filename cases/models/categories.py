"""Categories and SLA classes: rows an administrator edits, seeded from `cases/catalog.py`."""

from django.db import models

from cases.catalog import Level, LimitUnit
from cases.clocks import Limit


class SlaClass(models.Model):
    """How long each step may take. An empty amount means no limit for that step."""

    code = models.SlugField("代号", max_length=30, unique=True)
    name = models.CharField("名称", max_length=20)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    check_amount = models.PositiveSmallIntegerField("核实", null=True, blank=True)
    check_unit = models.CharField("核实单位", max_length=8, choices=LimitUnit.choices)
    sign_amount = models.PositiveSmallIntegerField("签收（到场）", null=True, blank=True)
    sign_unit = models.CharField("签收单位", max_length=8, choices=LimitUnit.choices)
    contact_amount = models.PositiveSmallIntegerField("首次联系", null=True, blank=True)
    contact_unit = models.CharField("联系单位", max_length=8, choices=LimitUnit.choices)
    handle_amount = models.PositiveSmallIntegerField("办理", null=True, blank=True)
    handle_unit = models.CharField("办理单位", max_length=8, choices=LimitUnit.choices)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理时限"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def check_limit(self) -> Limit | None:
        return Limit.of(self.check_amount, self.check_unit)

    @property
    def sign_limit(self) -> Limit | None:
        return Limit.of(self.sign_amount, self.sign_unit)

    @property
    def contact_limit(self) -> Limit | None:
        return Limit.of(self.contact_amount, self.contact_unit)

    @property
    def handle_limit(self) -> Limit | None:
        return Limit.of(self.handle_amount, self.handle_unit)


class Category(models.Model):
    """What a case is about, in two levels; cases carry the second level (or a lone first one)."""

    slug = models.SlugField("代号", max_length=40, unique=True)
    name = models.CharField("名称", max_length=30)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name="上级类别",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField("顺序", default=0)
    sla_class = models.ForeignKey(
        SlaClass, models.PROTECT, related_name="+", verbose_name="默认办理时限"
    )
    level = models.CharField("默认层级", max_length=10, choices=Level.choices, default=Level.GRID)
    lead_unit = models.ForeignKey(
        "orgs.Unit", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="默认牵头单位",
    )  # fmt: skip
    confidential = models.BooleanField("对承办单位隐去反映人", default=False)
    needs_photo = models.BooleanField("反馈须附照片", default=False)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "事项类别"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name
