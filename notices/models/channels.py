"""Ways out of the house: group robots and gateways of a street or community; a user's choices."""

from django.conf import settings
from django.db import models

from notices.querysets import ChannelQuerySet
from orgs.fields import SealedField
from orgs.models import OrgUnit


class Channel(models.Model):
    """One robot or gateway. Address and secret open the door to a group: both are sealed.

    `fingerprint` of the address is unique: the limit per minute is the robot's, so that two rows of
    one robot would break it. `template` and `expects` are a gateway's (`notices/transports/sms.py`).
    """

    name = models.CharField("名称", max_length=60)
    transport = models.CharField("方式", max_length=20)
    org = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="所属组织")
    street = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="+", verbose_name="街道（社区）", editable=False
    )
    address = SealedField("地址")
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    secret = SealedField("密钥")
    template = models.TextField("请求内容", blank=True)
    expects = models.CharField("成功标志", max_length=60, blank=True)
    is_active = models.BooleanField("在用", default=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知通道"
        indexes = [models.Index(fields=["org", "transport"], name="channel_of_org")]

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    """How one user wants one kind, beside the inbox: by which ways, at once or in a digest."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField("种类", max_length=40)
    transports = models.JSONField("方式", default=list)
    digest = models.BooleanField("合并发送", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "通知偏好"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"
