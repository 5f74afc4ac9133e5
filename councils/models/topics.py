"""Topics: one matter of many households, from the first question to the last look."""

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models import Case
from councils.catalog import Effect, PhotoKind, RejectReason, TopicSource
from councils.models.bodies import Council
from councils.querysets import TopicQuerySet
from councils.workflow import BY_NAME, OPEN, STAGE_OF, Stage, Status, status_choices
from gridparty.lib.china_time import local
from grids.models import Building, Grid
from orgs.models import OrgUnit, Region


class Topic(models.Model):
    """`status` is written by `councils.services.move_topic` only.

    `council` is where it is deliberated now; after an escalation that of the community, while
    `grid` stays where the matter lies.
    """

    council = models.ForeignKey(
        Council, models.PROTECT, related_name="topics", verbose_name="议事机构"
    )
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="topics", verbose_name="网格"
    )
    buildings = models.ManyToManyField(
        Building, related_name="topics", blank=True, verbose_name="直接相关的楼栋"
    )
    title = models.CharField("议题", max_length=60)
    text = models.TextField("情况和诉求")
    source = models.CharField("来源", max_length=10, choices=TopicSource.choices)
    # The case it came from, when a case turned out to concern many.
    origin = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="topics", verbose_name="来源事项"
    )
    households = models.PositiveIntegerField("涉及户数", default=0)
    stakeholders = models.CharField("直接相关的人和单位", max_length=200, blank=True)
    hot = models.BooleanField("热难点问题", default=False)
    status = models.CharField(
        "状态", max_length=12, choices=status_choices, default=Status.COLLECTING, editable=False
    )
    status_since = models.DateTimeField("进入本状态", default=timezone.now)
    collect_until = models.DateField("征集至", null=True, blank=True)
    reject_reason = models.CharField(
        "不列入的原因", max_length=10, choices=RejectReason.choices, blank=True
    )
    public_note = models.CharField("公开说明", max_length=500, blank=True)
    resolution = models.TextField("决议", blank=True)
    announced_on = models.DateField("公示开始", null=True, blank=True)
    announce_until = models.DateField("公示至", null=True, blank=True)
    supervisors = models.CharField("居民监督员", max_length=200, blank=True)
    result = models.TextField("办理结果", blank=True)
    effect = models.CharField("效果", max_length=6, choices=Effect.choices, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    # 90 days after closing somebody looks again.
    look_again_on = models.DateField("回看日期", null=True, blank=True)
    looked_at = models.DateTimeField("已回看", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "议题"
        indexes = [
            models.Index(fields=["community", "status", "-id"], name="topic_community_status"),
            models.Index(fields=["grid", "status", "-id"], name="topic_grid_status"),
            models.Index(fields=["street", "status", "-id"], name="topic_street_status"),
            models.Index(fields=["look_again_on"], name="topic_look_again"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stage(self) -> str:
        """One of the four stages, "" for topics that ended without them."""
        return STAGE_OF.get(self.status, "")

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def announcement_runs(self, day: date) -> bool:
        return self.announce_until is not None and day <= self.announce_until


class TopicEvent(models.Model):
    """One step in the life of a topic; never changed."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="events", verbose_name="议题")
    move = models.CharField("步骤", max_length=16)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "议题经过"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What happened, in words."""
        words = {"propose": "提出议题", "look": "回看", "objection": "收到异议"}
        return words.get(self.move) or (BY_NAME[self.move].label if self.move in BY_NAME else "")


def photo_path(photo: "TopicPhoto", filename: str) -> str:
    """Return councils/yyyy/mm/<random>.jpg; the sender's file name is never used."""
    return f"councils/{local(photo.at):%Y/%m}/{secrets.token_hex(16)}.jpg"


class TopicPhoto(models.Model):
    """A re-encoded photo: no EXIF, no place. Residents see those before and after."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="photos", verbose_name="议题")
    kind = models.CharField("环节", max_length=8, choices=PhotoKind.choices)
    file = models.FileField("照片", upload_to=photo_path, max_length=100)
    content_type = models.CharField(max_length=20, default="image/jpeg", editable=False)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    sha256 = models.CharField("指纹", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "议题照片"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.get_kind_display()}"
