"""Meetings: slots of the cadence, notice, minutes, archive. Statuses follow `councils/meetingflow.py`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from councils.catalog import MAX_TEXT, NOTICE_DAYS, Conclusion, MeetingKind, Presence, Way
from councils.meetingflow import BY_NAME, MeetingStatus
from councils.models import AgendaItem, Attendance, Council, CouncilSeat, Meeting, Opinion
from councils.notices import tell_called, tell_cancelled
from councils.services.texts import prose, public_prose
from councils.workflow import Status
from gridparty.lib.periods import Month
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User

describe_actions(
    meeting__call="发会议通知", meeting__minute="记会议纪要", meeting__archive="会议纪要归档",
    meeting__cancel="取消会议", meeting__export="导出会议",
)  # fmt: skip


@dataclass(frozen=True)
class Came:
    """One seat at the meeting; `remark`: the reason of an absence, or who stood in."""

    seat: CouncilSeat
    presence: str
    remark: str = ""


@dataclass(frozen=True)
class Spoken:
    """What the meeting did with one topic. `views`: (party, text, way) each.

    `heard`: who of those directly concerned came or sent word.
    """

    item: AgendaItem
    conclusion: str
    conclusion_text: str = ""
    options: str = ""
    votes: tuple[int, int, int] | None = None
    votes_by_paper: int = 0
    views: Sequence[tuple[str, str, str]] = field(default_factory=tuple)
    heard: str = ""


def open_slots(*, today: date) -> int:
    """Make the meeting each standing council owes in the period of `today`; returns how many.

    Periods are calendar months grouped by `every_months`, counted from January. A period without
    a run (the worker was down) is caught up once the job runs within it; a period that nobody
    made stays missing, and the page of the council says when it last met.
    """
    made = 0
    for council in Council.objects.standing().filter(founded_on__lte=today):
        first, last = slot_of(council, today)
        if council.meetings.filter(slot=first).exists():
            continue
        _, created = Meeting.objects.get_or_create(
            council=council, slot=first,
            defaults={"due_by": last, "title": f"{council.name}{Month.of(first).label}例会"},
        )  # fmt: skip
        made += created
    return made


def slot_of(council: Council, day: date) -> tuple[date, date]:
    """Return the first and last day of the period of the cadence that holds `day`."""
    months = council.every_months
    start = Month(day.year, (day.month - 1) // months * months + 1)
    after = start
    for _ in range(min(months, 13 - start.month)):
        after = after.next()
    return start.first_day, after.first_day - timedelta(days=1)


@transaction.atomic
def call_meeting(
    *,
    council: Council,
    title: str,
    kind: str,
    starts_at: datetime,
    place: str,
    by: User | None,
    meeting: Meeting | None = None,
    now: datetime | None = None,
) -> Meeting:
    """Fix day and place and tell the members; again for a new day. An extra one without `meeting`.

    ValidationError by field: in the past, or sooner than three days from now.
    """
    now = now or timezone.now()
    if council.ended_on is not None:
        raise ValidationError("议事机构已撤销。")
    if kind not in MeetingKind.values:
        raise ValidationError({"kind": "请选择会议形式。"})
    if starts_at < now + timedelta(days=NOTICE_DAYS):
        raise ValidationError({"starts_at": f"请提前 {NOTICE_DAYS} 天通知，时间再晚一些。"})
    facts: dict[str, Any] = {
        "title": one_line(title, label="会议名称", longest=60), "kind": kind,
        "starts_at": starts_at, "place": one_line(place, label="地点", longest=60),
    }  # fmt: skip
    if meeting is None:
        meeting = Meeting.objects.create(
            council=council, created_by=by, called_at=now, status=MeetingStatus.CALLED, **facts
        )
    else:
        _step(meeting, "call", called_at=now, **facts)
    _tell("meeting.call", meeting, by)
    tell_called(meeting)
    return meeting


@transaction.atomic
def record_meeting(
    *,
    meeting: Meeting,
    attendance: Sequence[Came],
    spoken: Sequence[Spoken],
    minutes: str,
    host: str,
    recorder: str,
    by: User | None,
    guests: str = "",
    now: datetime | None = None,
) -> Meeting:
    """Write the minutes: who came, what was said, how it was voted. Until archived they may be
    written again as a whole.

    ValidationError: the meeting has not begun yet; a seat of another council; more votes than
    seats that came; an absence without a reason.
    """
    now = now or timezone.now()
    if meeting.starts_at is None or meeting.starts_at > now:
        raise ValidationError("会议还没有开，不能记纪要。")
    facts = {
        "minutes": prose(minutes, "minutes", "会议记录", 5000, required=True),
        "host": one_line(host, label="主持", longest=40),
        "recorder": one_line(recorder, label="记录", longest=40),
        "guests": one_line(guests, label="列席", longest=200, required=False),
    }
    _step(meeting, "minute", **facts)
    _write_attendance(meeting, attendance)
    voices = sum(came.presence != Presence.ABSENT for came in attendance)
    for one in spoken:
        _write_item(meeting, one, voices, by, now)
    _tell("meeting.minute", meeting, by)
    return meeting


def _write_attendance(meeting: Meeting, attendance: Sequence[Came]) -> None:
    rows = []
    for came in attendance:
        if came.seat.council_id != meeting.council_id:
            raise ValidationError("出席人不是本议事机构的成员。")
        if came.presence not in Presence.values:
            raise ValidationError(f"请选择“{came.seat.name}”是否到会。")
        remark = one_line(came.remark, label="缺席原因或受托人", longest=60, required=False)
        if came.presence != Presence.PRESENT and not remark:
            need = "缺席原因" if came.presence == Presence.ABSENT else "受托人"
            raise ValidationError(f"请写明“{came.seat.name}”的{need}。")
        rows.append(
            Attendance(meeting=meeting, seat=came.seat, presence=came.presence, remark=remark)
        )
    meeting.attendances.all().delete()
    Attendance.objects.bulk_create(rows)


def _write_item(meeting: Meeting, one: Spoken, voices: int, by: User | None, now: datetime) -> None:
    item = one.item
    if item.meeting_id != meeting.pk:
        raise ValidationError("议题不在这次会议上。")
    if one.conclusion not in Conclusion.values:
        raise ValidationError(f"请选择议题“{item.topic.title}”的结论。")
    cast = sum(one.votes) if one.votes else 0
    if one.votes is not None and cast > voices:
        raise ValidationError(
            f"议题“{item.topic.title}”共 {cast} 票，超过到会的 {voices} 席，请核对。"
        )
    if one.votes_by_paper > cast:
        raise ValidationError(f"议题“{item.topic.title}”的书面或委托票多于总票数，请核对。")
    if one.conclusion == Conclusion.ADOPTED and one.votes and one.votes[0] * 2 <= cast:
        raise ValidationError(f"议题“{item.topic.title}”赞成票没有过半，结论不能是“通过”。")
    item.conclusion = one.conclusion
    item.conclusion_text = public_prose(
        one.conclusion_text, "conclusion_text", "结论说明", MAX_TEXT
    )
    item.options = public_prose(one.options, "options", "备选方案", MAX_TEXT)
    item.votes_for, item.votes_against, item.abstained = one.votes or (None, None, None)
    item.votes_by_paper = one.votes_by_paper
    item.heard = one_line(one.heard, label="直接相关方到会情况", longest=200, required=False)
    item.save()
    Opinion.objects.filter(meeting=meeting, topic=item.topic).delete()
    Opinion.objects.bulk_create(
        Opinion(
            topic=item.topic, meeting=meeting, party=party, way=way or Way.MEETING, by=by, at=now,
            text=public_prose(text, "views", "各方意见", 500),
        )
        for party, text, way in one.views
        if text.strip()
    )  # fmt: skip


@transaction.atomic
def archive_minutes(*, meeting: Meeting, by: User, now: datetime | None = None) -> Meeting:
    """Close the minutes: nobody changes them any more.

    ValidationError while a topic waits for its stakeholders to be written down in them.
    """
    waiting = meeting.items.filter(heard="", topic__status=Status.AGENDA)
    for item in waiting.exclude(topic__stakeholders="").select_related("topic"):
        if item.topic.items.last() == item:
            raise ValidationError(
                f"议题“{item.topic.title}”还没有写直接相关方到会情况。"
                "到会了的请先补记纪要；没到的，请把议题“下次再议”，再归档。"
            )
    _step(meeting, "archive", archived_at=now or timezone.now())
    _tell("meeting.archive", meeting, by)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, note: str, by: User) -> Meeting:
    """Cancel a meeting ahead. Its topics wait for another one."""
    waiting = meeting.items.filter(topic__status="agenda")
    if waiting.exists():
        raise ValidationError("会上有已公布的议题，请改期，或先撤回议题。")
    note = one_line(note, label="取消原因", longest=200)
    # It goes out by SMS and WeChat to everybody with a seat.
    _step(meeting, "cancel", note=public_prose(note, "note", "取消原因", 200))
    _tell("meeting.cancel", meeting, by)
    tell_cancelled(meeting)
    return meeting


def _step(meeting: Meeting, name: str, **columns: Any) -> None:
    """Take one line of the table of meetings; exactly one row decides who came first."""
    move = BY_NAME[name]
    rows = Meeting.objects.filter(pk=meeting.pk, status__in=move.sources)
    if rows.update(status=move.target, **columns) != 1:
        meeting.refresh_from_db()
        raise ValidationError(
            f"会议现在是“{meeting.get_status_display()}”，不能{move.label}。", code="stale"
        )
    meeting.refresh_from_db()


def _tell(action: str, meeting: Meeting, by: User | None) -> None:
    record(
        by=by, action=action, target=meeting, street=meeting.council.street_id,
        detail={"council": meeting.council_id},
    )  # fmt: skip
