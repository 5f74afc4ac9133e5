"""需求: what a household or one of its people needs (HS-23); the volunteers' list reads it later."""

from django.conf import settings
from django.db import models

from orgs.models import Person
from residents.models.care import CareTag
from residents.models.households import Household
from residents.models.visits import Visit
from residents.needflow import OPEN, NeedStatus
from residents.visit_querysets import NeedQuerySet


class Need(models.Model):
    """One need. `text` is for staff; `public_text` is what others read and identifies nobody."""

    class Kind(models.TextChoices):
        LIFE = "life", "生活照料"
        MEDICAL = "medical", "医疗健康"
        REPAIR = "repair", "房屋维修"
        GOODS = "goods", "物资帮扶"
        JOB = "job", "就业"
        SCHOOL = "school", "教育助学"
        COMPANY = "company", "陪伴关爱"
        POLICY = "policy", "政策代办"
        OTHER = "other", "其他"

    class Urgency(models.TextChoices):
        URGENT = "urgent", "急需"
        SOON = "soon", "近期"
        ORDINARY = "ordinary", "一般"

    class Source(models.TextChoices):
        VISIT = "visit", "走访"
        SURVEY = "survey", "摸排"
        RESIDENT = "resident", "居民提出"
        CASE = "case", "事项"
        CARE = "care", "重点人群"
        WISH = "wish", "微心愿"

    class Privacy(models.TextChoices):
        OPEN = "open", "可匿名发布"
        STAFF = "staff", "仅工作人员"

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="needs", verbose_name="住户"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name="人员"
    )
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    urgency = models.CharField(
        "缓急", max_length=10, choices=Urgency.choices, default=Urgency.ORDINARY
    )
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    privacy = models.CharField(
        "公开程度", max_length=6, choices=Privacy.choices, default=Privacy.STAFF
    )
    text = models.CharField("需要什么", max_length=500)
    public_text = models.CharField("公开内容", max_length=200, blank=True)
    quantity = models.PositiveSmallIntegerField("数量", default=1)
    wanted_by = models.DateField("期望时间", null=True, blank=True)
    status = models.CharField(
        "状态", max_length=12, choices=NeedStatus.choices, default=NeedStatus.DRAFT
    )
    status_note = models.CharField("处理说明", max_length=200, blank=True)
    reviewed_on = models.DateField("最近核对", null=True, blank=True)
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name="走访"
    )
    tag = models.ForeignKey(
        CareTag, models.SET_NULL, null=True, blank=True, related_name="needs", verbose_name="重点"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需求"
        indexes = [models.Index(fields=["status", "-id"], name="need_status")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def tone(self) -> str:
        """The colour of the status."""
        if self.status in OPEN:
            return "yellow" if self.urgency == self.Urgency.URGENT else "blue"
        return "green" if self.status in (NeedStatus.MET, NeedStatus.EVALUATED) else "grey"
