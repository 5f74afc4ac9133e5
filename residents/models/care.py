"""Key populations: the care library's tags (高龄、空巢、困难、残疾人、留守儿童 by default)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orgs.models import Person
from residents.querysets import CareTagQuerySet


class CareKind(models.Model):
    """A kind of key population; editable in the admin, defaults in `residents/catalog.py`."""

    code = models.SlugField("代号", max_length=30, unique=True)
    name = models.CharField("名称", max_length=30, unique=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    # Tags on children are shown to fewer roles.
    concerns_minors = models.BooleanField("涉及未成年人", default=False)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "重点人群类别"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class CareTag(models.Model):
    """A person's membership of a key population, with its level and dates."""

    class Level(models.TextChoices):
        RED = "red", "红"
        YELLOW = "yellow", "黄"
        BLUE = "blue", "蓝"

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="care_tags", verbose_name="人员"
    )
    kind = models.ForeignKey(CareKind, models.PROTECT, related_name="tags", verbose_name="类别")
    level = models.CharField("等级", max_length=6, choices=Level.choices, default=Level.BLUE)
    basis = models.CharField("依据", max_length=120, blank=True)
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField("移出原因", max_length=120, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = CareTagQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "重点人群登记"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(end=None), name="care_tag_once_open",
                violation_error_message="此人已登记在这一类。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind}"
