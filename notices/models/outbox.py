"""The outbox: messages to the outside, written in the transaction of what they tell."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from notices.catalog import MessageState, Urgency
from notices.kinds import label_of
from notices.models.channels import Channel
from notices.querysets import OutboxQuerySet
from orgs.fields import SealedField
from orgs.models import OrgUnit


class OutboxMessage(models.Model):
    """One message to a user, a group (`channel`) or a resident (`phone`); exactly one way each.

    `batch` is the id of the parcel it is sent in, several rows of a digest together; it stays over
    attempts and is told to the receiver. `claim` is the stamp of the worker that sends it now.
    """

    kind = models.CharField("种类", max_length=40)
    key = models.CharField(max_length=180, unique=True, editable=False)
    transport = models.CharField("方式", max_length=20)
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, related_name="messages", verbose_name="通道"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name="收件人"
    )
    phone = SealedField("手机号")
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, related_name="+", verbose_name="街道（社区）"
    )
    title = models.CharField("标题", max_length=80)
    text = models.CharField("内容", max_length=500, blank=True)
    link = models.CharField("链接", max_length=200, blank=True)
    urgency = models.PositiveSmallIntegerField("缓急", choices=Urgency.choices)
    digest = models.BooleanField("合并发送", default=False)
    not_before = models.DateTimeField("不早于")
    state = models.CharField(
        "状态", max_length=8, choices=MessageState.choices, default=MessageState.WAITING
    )
    batch = models.CharField(max_length=32, blank=True, editable=False)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    claimed_at = models.DateTimeField("最近尝试", null=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    last_error = models.CharField("最近错误", max_length=200, blank=True)
    created_at = models.DateTimeField("写入时间", default=timezone.now)
    sent_at = models.DateTimeField("发出时间", null=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待发消息"
        indexes = [
            models.Index(
                fields=["not_before", "id"], name="outbox_waiting", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["claimed_at"], name="outbox_sending", condition=Q(state="sending")
            ),
            models.Index(fields=["channel", "-claimed_at"], name="outbox_channel_rate"),
            models.Index(fields=["batch"], name="outbox_batch"),
            models.Index(fields=["street", "state", "-id"], name="outbox_street_state"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"

    @property
    def kind_label(self) -> str:
        return label_of(self.kind)
