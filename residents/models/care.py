"""Key populations: the care library's tags (高龄、空巢、困难、残疾人、留守儿童 by default)."""

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from gridparty.lib.masking import mask_name, mask_phone
from orgs.fields import SealedField
from orgs.models import Person
from residents.care_querysets import CareTagQuerySet, SuggestionQuerySet
from residents.models.households import Household

CADENCE = [MinValueValidator(1), MaxValueValidator(366)]


class CareKind(models.Model):
    """A kind of key population; editable in the admin, defaults in `residents/catalog.py`."""

    code = models.SlugField("代号", max_length=30, unique=True)
    name = models.CharField("名称", max_length=30, unique=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    # Tags on children are shown to fewer roles.
    concerns_minors = models.BooleanField("涉及未成年人", default=False)
    # Class P4 of the domain brief §5.3: a tag is shown to those named on it and to nobody else.
    need_to_know = models.BooleanField("仅限知情人", default=False)
    red_days = models.PositiveSmallIntegerField("红色每几天走访", default=7, validators=CADENCE)
    yellow_days = models.PositiveSmallIntegerField("黄色每几天走访", default=15, validators=CADENCE)
    blue_days = models.PositiveSmallIntegerField("蓝色每几天走访", default=30, validators=CADENCE)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "重点人群类别"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def days_for(self, level: str) -> int:
        """Return how many days at most lie between two visits at this level."""
        return int(getattr(self, f"{level}_days"))


class CareTag(models.Model):
    """A person's membership of a key population, with its level, its people and its dates.

    `due_on` is the day by which the next visit is due, kept by `residents.services.due`; being
    overdue is computed from it.
    """

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
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    reviewed_on = models.DateField("复核日期", null=True, blank=True)
    review_on = models.DateField("下次复核", null=True, blank=True)
    responsible = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="care_duties",
        verbose_name="责任人",
    )  # fmt: skip
    visit_days = models.PositiveSmallIntegerField(
        "另定走访间隔（天）", null=True, blank=True, validators=CADENCE
    )
    visited_on = models.DateField("上次走访", null=True, blank=True)
    due_on = models.DateField("应访日期", null=True, blank=True)
    contact_name = SealedField("紧急联系人")
    contact_phone = SealedField("紧急联系电话")

    objects = CareTagQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "重点人群登记"
        indexes = [
            models.Index(fields=["due_on"], condition=Q(end=None), name="care_tag_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(end=None), name="care_tag_once_open",
                violation_error_message="此人已登记在这一类。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind}"

    @property
    def cadence(self) -> int:
        """Days between visits: its own, else those of kind and level."""
        return self.visit_days or self.kind.days_for(self.level)

    def next_due(self) -> date:
        """Return the day by which somebody must have visited (again)."""
        return max(self.visited_on or self.start, self.start) + timedelta(days=self.cadence)

    @property
    def masked_contact(self) -> str:
        parts = (self.contact_name.masked(mask_name), self.contact_phone.masked(mask_phone))
        return " ".join(part for part in parts if part)


class CareSuggestion(models.Model):
    """What the register says about somebody, for a person to confirm or dismiss.

    `facts` is a digest of what the rule looked at: a decided suggestion comes back only when
    that has changed.
    """

    class State(models.TextChoices):
        OPEN = "open", "待确认"
        CONFIRMED = "confirmed", "已登记"
        DISMISSED = "dismissed", "不登记"

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="care_suggestions", verbose_name="人员"
    )
    kind = models.ForeignKey(CareKind, models.CASCADE, related_name="+", verbose_name="类别")
    household = models.ForeignKey(
        Household, models.CASCADE, related_name="care_suggestions", verbose_name="住户"
    )
    reason = models.CharField("理由", max_length=60)
    facts = models.CharField(max_length=64, editable=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    found_on = models.DateField("发现日期")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )
    decided_on = models.DateField("处理日期", null=True)
    decision_reason = models.CharField("不登记原因", max_length=120, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "重点人群线索"
        indexes = [models.Index(fields=["state", "household"], name="care_suggestion_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], name="care_suggestion_once",
                violation_error_message="此人这一类已有线索。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"
