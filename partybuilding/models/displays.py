"""五亮: what a member shows the residents, and what of it he has agreed to show."""

from django.db import models
from django.db.models import Q

from grids.models import Grid
from orgs.models import Person
from partybuilding.catalog import FIVE_LIGHTS, DisplayPart
from partybuilding.models.area import InCommunity
from partybuilding.querysets.displays import DisplayQuerySet
from partybuilding.workflow import SHOWN_ONCE, DisplayStatus


class MemberDisplay(InCommunity):
    """`agreed` holds codes of `DisplayPart`; nothing outside of it leaves the house."""

    grid = models.ForeignKey(
        Grid, models.PROTECT, related_name="member_displays", verbose_name="网格"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="member_displays", verbose_name="党员"
    )
    identity = models.CharField("亮身份", max_length=100)
    pledge = models.CharField("亮承诺", max_length=200)
    action = models.CharField("亮行动", max_length=200, blank=True)
    service = models.CharField("亮服务", max_length=200, blank=True)
    result = models.CharField("亮成效", max_length=200, blank=True)
    agreed = models.JSONField("同意公开", default=list, blank=True)
    agreed_on = models.DateField("同意日期", null=True, blank=True)
    status = models.CharField("状态", max_length=10, default=DisplayStatus.DRAFT)
    place = models.CharField("张贴位置", max_length=200, blank=True)
    posted_on = models.DateField("张贴日期", null=True, blank=True)
    removed_on = models.DateField("撤下日期", null=True, blank=True)

    objects = DisplayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "五亮"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "grid"], condition=Q(status__in=SHOWN_ONCE), name="display_once",
                violation_error_message="这名党员在本网格已有五亮，请直接修改。",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["community", "status"], name="display_community")]

    def __str__(self) -> str:
        return f"五亮 {self.pk}"

    def get_status_display(self) -> str:
        return str(DisplayStatus(self.status).label)

    @property
    def public_name(self) -> str:
        """The name if he agreed to it, else surname and stars."""
        agreed = DisplayPart.NAME in self.agreed
        return str(self.person.name) if agreed else str(self.person.masked_name)

    @property
    def public_parts(self) -> list[tuple[str, str]]:
        """The lights the public may read: agreed to, and not empty."""
        return [
            (str(part.label), str(getattr(self, part.value)))
            for part in FIVE_LIGHTS
            if part in self.agreed and getattr(self, part.value)
        ]

    @property
    def shows_photo(self) -> bool:
        return DisplayPart.PHOTO in self.agreed
