"""Red corridor heads (红色楼道长), their households, and what they did for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Building, Grid
from orgs.models import OrgUnit, Person, Region
from residents.head_querysets import (
    CorridorHeadQuerySet,
    GoodDeedQuerySet,
    HeadContactQuerySet,
    LinkedHouseholdQuerySet,
)
from residents.headship import MOVES, OPEN, Background, EndReason, Grade, HeadState
from residents.models.households import Household


class CorridorHead(models.Model):
    """One term of office after another of a person as corridor head of a grid.

    Which doors are his follows from the linked households; `building` is where he lives, `lane`
    names the ground where there are no buildings.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="headships", verbose_name="人员"
    )
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(
        Grid, models.PROTECT, related_name="corridor_heads", verbose_name="网格"
    )
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在楼栋"
    )
    lane = models.CharField("街巷", max_length=60, blank=True)
    background = models.CharField(
        "身份", max_length=20, choices=Background.choices, default=Background.RESIDENT
    )
    state = models.CharField(
        "状态", max_length=12, choices=HeadState.choices, default=HeadState.NOMINATED
    )
    # Consent for the number on the notice board of the staircase.
    shows_phone = models.BooleanField("同意公示手机号", default=False)
    shows_photo = models.BooleanField("同意公示照片", default=False)
    # Name of the sealed file; kept only with consent, and no longer than the service.
    photo = models.CharField("照片", max_length=120, blank=True, default="", editable=False)
    nominated_on = models.DateField("提名日期")
    start = models.DateField("任职日期", null=True, blank=True)
    term_end = models.DateField("任期至", null=True, blank=True)
    ended_on = models.DateField("离任日期", null=True, blank=True)
    end_reason = models.CharField("离任原因", max_length=12, choices=EndReason.choices, blank=True)

    objects = CorridorHeadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "红色楼道长"
        ordering = ["grid", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=list(OPEN)), name="head_once_open",
                violation_error_message="此人已提名或已担任红色楼道长。",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["grid", "state"], name="head_grid_state"),
            models.Index(fields=["community", "state"], name="head_community_state"),
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def where(self) -> str:
        return str(self.building) if self.building else self.lane


def _move_choices() -> list[tuple[str, str]]:
    return [("nominate", "提名"), *((move.name, move.label) for move in MOVES.values())]


class HeadEvent(models.Model):
    """One step in the life of a head; never changed."""

    head = models.ForeignKey(
        CorridorHead, models.CASCADE, related_name="events", verbose_name="红色楼道长"
    )
    move = models.CharField("步骤", max_length=12, choices=_move_choices)
    on = models.DateField("日期")
    grade = models.CharField("评议等次", max_length=10, choices=Grade.choices, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "楼道长履历"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_move_display()


class LinkedHousehold(models.Model):
    """联系户: a red corridor head (member or not) keeps in touch with about ten households.

    A row whose end lies before its start was taken back on its first day.
    """

    head = models.ForeignKey(
        Person, models.PROTECT, related_name="linked_households", verbose_name="红色楼道长"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="head_links", verbose_name="联系户"
    )
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True)
    # The group leader stands in until the household is assigned again.
    temporary = models.BooleanField("临时代管", default=False)

    objects = LinkedHouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "楼道长联系户"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(end=None),
                name="household_one_head",
                violation_error_message="这一户已有红色楼道长联系。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.head} {self.household_id}"


class HeadContact(models.Model):
    """The head was in touch with a household on a day."""

    class How(models.TextChoices):
        VISIT = "visit", "上门"
        PHONE = "phone", "电话"
        CHAT = "chat", "微信"
        MET = "met", "碰面"

    head = models.ForeignKey(
        CorridorHead, models.PROTECT, related_name="contacts", verbose_name="红色楼道长"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="head_contacts", verbose_name="联系户"
    )
    on = models.DateField("日期")
    how = models.CharField("方式", max_length=6, choices=How.choices, default=How.VISIT)
    note = models.CharField("情况", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = HeadContactQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联系记录"
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "head", "on"], name="head_contact_once_a_day",
                violation_error_message="今天已登记过联系。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.household_id} {self.on}"


class GoodDeed(models.Model):
    """办实事: something practical a head did, for some of his households or for all."""

    head = models.ForeignKey(
        CorridorHead, models.PROTECT, related_name="deeds", verbose_name="红色楼道长"
    )
    on = models.DateField("日期")
    what = models.CharField("办了什么事", max_length=200)
    households = models.ManyToManyField(
        Household, related_name="good_deeds", blank=True, verbose_name="受益户"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = GoodDeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办实事记录"
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.what
