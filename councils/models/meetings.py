"""Meetings of a council: slots of the cadence, notice, attendance, minutes, agenda items."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from councils.catalog import Conclusion, MeetingKind, Party, Presence, Way
from councils.meetingflow import TAKEN_PLACE, MeetingStatus
from councils.models.bodies import Council, CouncilSeat
from councils.models.topics import Topic
from councils.querysets import MeetingQuerySet


class Meeting(models.Model):
    """`due_by` is the last day of the slot of the cadence; `starts_at` once it has been called."""

    council = models.ForeignKey(
        Council, models.PROTECT, related_name="meetings", verbose_name="议事机构"
    )
    kind = models.CharField(
        "形式", max_length=12, choices=MeetingKind.choices, default="deliberate"
    )
    title = models.CharField("会议名称", max_length=60)
    status = models.CharField(
        "状态", max_length=10, choices=MeetingStatus.choices, default=MeetingStatus.DUE
    )
    # The first day of the slot that the cadence asked for; None for an extra meeting.
    slot = models.DateField("周期", null=True, blank=True)
    due_by = models.DateField("应召开", null=True, blank=True)
    starts_at = models.DateTimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=60, blank=True)
    called_at = models.DateTimeField("通知时间", null=True, blank=True)
    host = models.CharField("主持", max_length=40, blank=True)
    recorder = models.CharField("记录", max_length=40, blank=True)
    guests = models.CharField("列席", max_length=200, blank=True)
    minutes = models.TextField("会议记录", blank=True)
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)
    note = models.CharField("取消原因", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "议事会议"
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "slot"], condition=Q(slot__isnull=False),
                name="meeting_once_per_slot",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["status", "due_by"], name="meeting_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def took_place(self) -> bool:
        return self.status in TAKEN_PLACE


class Attendance(models.Model):
    """One seat at one meeting: present, represented by somebody, or absent with the reason."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="attendances", verbose_name="会议"
    )
    seat = models.ForeignKey(
        CouncilSeat, models.PROTECT, related_name="attendances", verbose_name="席位"
    )
    presence = models.CharField("出席", max_length=10, choices=Presence.choices)
    remark = models.CharField("缺席原因或受托人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出席情况"
        ordering = ["seat"]
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.seat} {self.get_presence_display()}"

    @property
    def came(self) -> bool:
        return self.presence != Presence.ABSENT


class AgendaItem(models.Model):
    """A topic on the table of one meeting: options, the parties' views, the vote, the conclusion."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name="会议")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="items", verbose_name="议题")
    options = models.TextField("备选方案", blank=True)
    votes_for = models.PositiveSmallIntegerField("赞成", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("反对", null=True, blank=True)
    abstained = models.PositiveSmallIntegerField("弃权", null=True, blank=True)
    # Of the votes, how many came on paper or through somebody else.
    votes_by_paper = models.PositiveSmallIntegerField("其中书面或委托", default=0)
    # Which of the topic's stakeholders came or sent word; §4B asks for all who are directly affected.
    heard = models.CharField("直接相关方到会情况", max_length=200, blank=True)
    conclusion = models.CharField("结论", max_length=14, choices=Conclusion.choices, blank=True)
    conclusion_text = models.TextField("结论说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会议议题"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "topic"], name="agenda_item_once",
                violation_error_message="这个议题已在本次会议上。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.topic_id}"

    @property
    def was_voted(self) -> bool:
        return self.votes_for is not None

    def views(self) -> list[tuple[str, str, str]]:
        """The recorded views as (party, text, how given), hub first; uses prefetched opinions."""
        given = [one for one in self.topic.opinions.all() if one.meeting_id == self.meeting_id]
        order = [party.value for party in Party]
        given.sort(key=lambda one: order.index(one.party) if one.party in order else len(order))
        return [
            (
                one.get_party_display() or "其他",
                one.text,
                "" if one.way == Way.MEETING else one.get_way_display(),
            )
            for one in given
        ]
