"""五个一: the monthly board of a branch with its five items, meetings and what they link to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models import Case
from councils.models import Topic
from orgs.models import OrgUnit
from partybuilding.catalog import FIVE_SHORT, LATE, ON_TIME, Channel, FiveKind
from partybuilding.models.area import InCommunity
from partybuilding.querysets.five import BoardQuerySet, BranchMeetingQuerySet, ItemQuerySet
from partybuilding.workflow import OPEN_ITEMS, ItemStatus
from residents.models import Need


class MonthlyBoard(InCommunity):
    """What one branch owes in one month. `month` is its first day; `grace_until` is the last day
    on which an item still counts in full."""

    branch = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="five_boards", verbose_name="党支部"
    )
    month = models.DateField("月份")
    due_on = models.DateField("应完成")
    grace_until = models.DateField("宽限到")
    opened_at = models.DateTimeField("生成时间", default=timezone.now)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "五个一月度"
        ordering = ["-month", "branch"]
        constraints = [models.UniqueConstraint(fields=["branch", "month"], name="five_board_once")]
        indexes = [models.Index(fields=["month", "community"], name="five_board_month")]

    def __str__(self) -> str:
        return f"{self.branch} {self.label}"

    @property
    def label(self) -> str:
        return f"{self.month.year}年{self.month.month}月"

    @property
    def score(self) -> float:
        """Points of the confirmed items: one each, half for late ones."""
        return sum(item.credit for item in self.items.all())


class BranchMeeting(models.Model):
    """A meeting of a branch (主题党日 and others); one may satisfy several items of its month."""

    board = models.ForeignKey(
        MonthlyBoard, models.PROTECT, related_name="meetings", verbose_name="五个一月度"
    )
    held_at = models.DateTimeField("时间")
    place = models.CharField("地点", max_length=60)
    topic = models.CharField("主题", max_length=60)
    host = models.CharField("主持", max_length=40)
    expected = models.PositiveSmallIntegerField("应到")
    came = models.PositiveSmallIntegerField("实到")
    absent = models.CharField("缺席及原因", max_length=200, blank=True)
    hours = models.DecimalField("学时", max_digits=3, decimal_places=1)
    minutes = models.TextField("会议记录")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = BranchMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支部会议"
        ordering = ["-held_at"]
        indexes = [models.Index(fields=["held_at"], name="branch_meeting_held")]
        constraints = [
            models.CheckConstraint(
                condition=Q(came__lte=models.F("expected")), name="branch_meeting_came",
                violation_error_message="实到不能多于应到。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.topic


class BoardItem(models.Model):
    """One of the five. Which columns it fills follows from its kind."""

    board = models.ForeignKey(
        MonthlyBoard, models.PROTECT, related_name="items", verbose_name="五个一月度"
    )
    kind = models.CharField("事项", max_length=8, choices=FiveKind.choices)
    place = models.PositiveSmallIntegerField("序号")
    status = models.CharField("状态", max_length=10, default=ItemStatus.PENDING)
    meeting = models.ForeignKey(
        BranchMeeting, models.PROTECT, null=True, blank=True, related_name="items",
        verbose_name="会议",
    )  # fmt: skip
    text = models.TextField("内容", blank=True)
    channel = models.CharField("渠道", max_length=8, choices=Channel.choices, blank=True)
    who = models.CharField("汇报人或认领人", max_length=60, blank=True)
    comment = models.CharField("点评", max_length=200, blank=True)
    until = models.DateField("完成时限", null=True, blank=True)
    first_at = models.DateTimeField("首次填报", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="填报人",
    )  # fmt: skip
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    # First recorded after the days of grace, or not at all by then.
    late = models.BooleanField("逾期", default=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "五个一事项"
        ordering = ["board", "place"]
        constraints = [models.UniqueConstraint(fields=["board", "kind"], name="five_item_once")]
        indexes = [models.Index(fields=["status", "late"], name="five_item_status")]

    def __str__(self) -> str:
        return str(FiveKind(self.kind).label)

    def get_status_display(self) -> str:
        return str(ItemStatus(self.status).label)

    @property
    def short(self) -> str:
        return FIVE_SHORT[self.kind]

    @property
    def credit(self) -> float:
        if self.status != ItemStatus.CONFIRMED:
            return 0.0
        return LATE if self.late else ON_TIME

    @property
    def level(self) -> str:
        """The light on the wall."""
        if self.status == ItemStatus.CONFIRMED:
            return "green"
        if self.late and self.status in OPEN_ITEMS:
            return "red"
        if self.status == ItemStatus.SUBMITTED:
            return "blue"
        return "yellow" if self.status == ItemStatus.RETURNED else "grey"

    @property
    def state_words(self) -> str:
        late = self.late and self.status in (*OPEN_ITEMS, ItemStatus.CONFIRMED)
        return f"{self.get_status_display()}（逾期）" if late else self.get_status_display()


class ItemLink(models.Model):
    """What an item claimed or consulted: a case, a need or a topic, exactly one."""

    item = models.ForeignKey(BoardItem, models.CASCADE, related_name="links", verbose_name="事项")
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="five_links", verbose_name="事项"
    )
    need = models.ForeignKey(
        Need, models.PROTECT, null=True, blank=True, related_name="five_links", verbose_name="需求"
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="five_links", verbose_name="议题"
    )

    class Meta:
        verbose_name = verbose_name_plural = "五个一关联"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(case__isnull=False, need=None, topic=None)
                    | Q(need__isnull=False, case=None, topic=None)
                    | Q(topic__isnull=False, case=None, need=None)
                ),
                name="five_link_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} #{self.pk}"
