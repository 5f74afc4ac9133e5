"""The in-app inbox (消息): one row per user and notice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from notices.catalog import Urgency
from notices.kinds import label_of
from notices.querysets import NotificationQuerySet


class Notification(models.Model):
    """`key` makes a notice told twice one row. `facts` of a counted notice: {what: how many}."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False,
        verbose_name="收件人",
    )  # fmt: skip
    kind = models.CharField("种类", max_length=40)
    key = models.CharField(max_length=120, editable=False)
    title = models.CharField("标题", max_length=80)
    text = models.CharField("内容", max_length=500, blank=True)
    link = models.CharField("链接", max_length=200, blank=True)
    urgency = models.PositiveSmallIntegerField("缓急", choices=Urgency.choices)
    facts = models.JSONField("计数", default=dict, editable=False)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读", null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notification_told_once")
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_inbox"),
            models.Index(
                fields=["user", "-id"], name="notification_unread", condition=Q(read_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        return label_of(self.kind)
