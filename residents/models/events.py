"""What happened in a household and when, and the two states that last: rented out, lived apart."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from orgs.fields import SealedField
from orgs.models import Person
from residents.models.households import Household, Residency
from residents.querysets import LifeEventQuerySet, RentalQuerySet


class LifeEvent(models.Model):
    """One population change (domain brief §4G). Rows are never changed: history is rows."""

    class Kind(models.TextChoices):
        MOVED_IN = "moved_in", "迁入"
        MOVED_OUT = "moved_out", "迁出"
        BIRTH = "birth", "出生"
        DEATH = "death", "死亡"
        MARRIAGE = "marriage", "结婚"
        SPLIT = "split", "分户"
        MERGE = "merge", "并户"
        HEAD = "head", "变更户主"
        AWAY = "away", "户在人不在"
        GUEST = "guest", "人在户不在"
        TOGETHER = "together", "人户一致"
        RENTED = "rented", "出租"
        RENT_ENDED = "rent_ended", "退租"

    kind = models.CharField("事件", max_length=12, choices=Kind.choices)
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="events", verbose_name="住户"
    )
    # Where from or where to, when the other household is in the register as well.
    other_household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="+", verbose_name="另一户"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="life_events", verbose_name="人员"
    )
    occurred_on = models.DateField("发生日期")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True, db_index=True)
    # Whole days from the day it happened to the day it was entered: the register's freshness.
    delay_days = models.PositiveIntegerField("登记滞后天数")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    objects = LifeEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人口变动"
        ordering = ["-occurred_on", "-id"]
        indexes = [
            models.Index(fields=["household", "-occurred_on"], name="life_event_household"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.household_id}"


class Rental(models.Model):
    """A household let out: by whom, from when, until when it was agreed, and when it ended."""

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="rentals", verbose_name="住户"
    )
    landlord = models.CharField("房东", max_length=60)
    landlord_phone = SealedField("房东电话")
    start = models.DateField("起租日期")
    until = models.DateField("到期日期", null=True, blank=True)
    ended_on = models.DateField("退租日期", null=True, blank=True)

    objects = RentalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "租赁"
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ended_on=None), name="rental_once_open",
                violation_error_message="这一户已登记出租。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("start")),
                name="rental_until_not_before_start",
                violation_error_message="到期日期不能早于起租日期。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.household_id} {self.start}"


class Separation(models.Model):
    """人户分离: somebody registered here who lives elsewhere, or the other way round."""

    class Kind(models.TextChoices):
        AWAY = "away", "户在人不在"
        GUEST = "guest", "人在户不在"

    residency = models.ForeignKey(
        Residency, models.PROTECT, related_name="separations", verbose_name="居住关系"
    )
    kind = models.CharField("情形", max_length=6, choices=Kind.choices)
    # Where he lives (户在人不在), or where he is registered (人在户不在).
    elsewhere = models.CharField("另一处地址", max_length=200)
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人户分离"
        constraints = [
            models.UniqueConstraint(
                fields=["residency"], condition=Q(end=None), name="separation_once_open",
                violation_error_message="此人已登记人户分离。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.residency_id}"
