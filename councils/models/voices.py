"""What people say of a topic: opinions, objections, likes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from councils.catalog import Party, Way
from councils.models.topics import Topic
from residents.models import Household


class Opinion(models.Model):
    """A view of somebody on a topic. `meeting_id` when it was given at a meeting.

    Nobody's name is kept: who speaks is told by his party. Online ones are shown to staff first.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="opinions", verbose_name="议题")
    meeting = models.ForeignKey(
        "councils.Meeting", models.CASCADE, null=True, blank=True, related_name="opinions",
        verbose_name="会议",
    )  # fmt: skip
    party = models.CharField("代表", max_length=10, choices=Party.choices, blank=True)
    way = models.CharField("方式", max_length=8, choices=Way.choices)
    text = models.CharField("意见", max_length=500)
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "意见"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.topic_id} #{self.pk}"


class Objection(models.Model):
    """A household that objects to a resolution while it is announced; one a household."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="objections", verbose_name="议题")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="住户")
    way = models.CharField("方式", max_length=8, choices=Way.choices)
    text = models.CharField("理由", max_length=500)
    # A topic taken back to the table is announced again; objections of before stay as history.
    round = models.PositiveSmallIntegerField("第几次公示", default=1)
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "household", "round"], name="objection_once",
                violation_error_message="这一户已登记过异议。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.topic_id} {self.household_id}"


class Like(models.Model):
    """A like (点赞), one per tracking code or registered phone: only the keyed print is kept."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="likes", verbose_name="议题")
    voice = models.CharField("凭据指纹", max_length=64)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "点赞"
        constraints = [
            models.UniqueConstraint(fields=["topic", "voice"], name="like_once"),
            models.CheckConstraint(condition=~Q(voice=""), name="like_has_voice"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} #{self.pk}"
