"""What happened to a case (append-only events) and who was asked to handle it (tasks)."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.catalog import Arrival, ReturnReason
from cases.models.case import Case
from cases.whistle_querysets import CaseTaskQuerySet
from cases.workflow import BY_NAME, Status, status_choices
from orgs.models import Unit


class CaseEventQuerySet(models.QuerySet["CaseEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("事项记录不能修改。")

    def delete(self) -> NoReturn:
        raise TypeError("事项记录不能删除。")


class CaseEvent(models.Model):
    """One move, by whom and in which capacity. `data` holds codes and ids, never names."""

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="events", verbose_name="事项", db_index=False
    )
    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    move = models.CharField("动作", max_length=16)
    from_status = models.CharField("原状态", max_length=12, choices=status_choices, blank=True)
    to_status = models.CharField("新状态", max_length=12, choices=status_choices)
    at = models.DateTimeField("时间", default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    # The side acted for (workflow.Who), "" for the system; and the organisation or unit.
    role = models.CharField("身份", max_length=16, blank=True)
    org_label = models.CharField("单位", max_length=80, blank=True)
    note = models.TextField("说明", blank=True)
    data = models.JSONField("详情", default=dict)
    # The chain (`cases/chain.py`): of the note alone, and of this event with the one before it.
    note_digest = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.CharField("存证", max_length=64, blank=True, editable=False)
    # When the row was written; `at` is when it happened (imports and the demo tell it later).
    recorded_at = models.DateTimeField("写入时间", default=timezone.now, editable=False)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事项记录"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["case", "id"], name="case_event_order"),
            models.Index(fields=["recorded_at"], name="case_event_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.case_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("事项记录不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("事项记录不能删除。")

    @property
    def label(self) -> str:
        if self.move == "undo":
            return f"撤销“{BY_NAME[self.data['move']].label}”"
        return BY_NAME[self.move].label if self.move in BY_NAME else self.move

    @property
    def to_label(self) -> str:
        return str(Status(self.to_status).label)


class TrailRoot(models.Model):
    """One day's root over the digests of all events written that day, chained to the day before."""

    day = models.DateField("日期", unique=True)
    count = models.PositiveIntegerField("记录数")
    root = models.CharField("当日存证", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "每日存证"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}"


class CaseTask(models.Model):
    """A unit's part in a case, lead (牵头) or helping (协办). `ended_at` None: still theirs.

    A task ends when it is returned, or when the case goes to somebody else.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="tasks", verbose_name="事项", db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="case_tasks", verbose_name="单位", db_index=False
    )
    cycle = models.PositiveSmallIntegerField("第几轮", default=1)
    is_lead = models.BooleanField("牵头")
    whistled = models.BooleanField("吹哨", default=False)
    final = models.BooleanField("指定承办", default=False)
    created_at = models.DateTimeField("派发时间", default=timezone.now)
    return_until = models.DateTimeField("可退回至", null=True)
    arrive_due_at = models.DateTimeField("到场期限", null=True)
    arrived_at = models.DateTimeField("到场时间", null=True)
    arrived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报到人"
    )
    # What the sweep has done about a missing arrival: 1 urged, 2 counted as absent and supervised.
    no_show_stage = models.PositiveSmallIntegerField(default=0, editable=False)
    place = models.CharField("到场地点", max_length=100, blank=True)
    longitude = models.FloatField("经度", null=True)
    latitude = models.FloatField("纬度", null=True)
    sign_due_at = models.DateTimeField("签收期限", null=True)
    signed_at = models.DateTimeField("签收时间", null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签收人"
    )
    fed_back_at = models.DateTimeField("反馈时间", null=True)
    waived_at = models.DateTimeField("免反馈时间", null=True)
    returned_at = models.DateTimeField("退回时间", null=True)
    return_reason = models.CharField(
        "退回原因", max_length=20, choices=ReturnReason.choices, blank=True
    )
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = CaseTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承办任务"
        ordering = ["case", "-is_lead", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(ended_at=None), name="case_task_once_open",
                violation_error_message="该单位已在办理这一事项。",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["case", "cycle"], name="case_task_case"),
            models.Index(
                fields=["unit", "-case"], name="case_task_unit_open", condition=Q(ended_at=None)
            ),
            models.Index(
                fields=["created_at"], name="case_task_whistled", condition=Q(whistled=True)
            ),
            models.Index(
                fields=["arrive_due_at"],
                name="case_task_absent",
                condition=Q(whistled=True, ended_at=None, arrived_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.case_id}"

    @property
    def arrival(self) -> Arrival:
        """Return how the department answered the whistle, by its own clock."""
        if self.arrived_at is None or self.no_show_stage == 2:
            return Arrival.NO_SHOW
        late = self.arrive_due_at is not None and self.arrived_at > self.arrive_due_at
        return Arrival.LATE if late else Arrival.ON_TIME
