"""五个一: boards opened each month, items recorded with their evidence, confirmed, reminded, late."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cases.models import Case
from councils.models import Topic
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, User
from orgs.workdays import work_calendar
from partybuilding.catalog import (
    GRACE_WORKDAYS,
    MAX_TEXT,
    REMIND_ON,
    REPORT_CHARACTERS,
    STUDY_PERCENT,
    Channel,
    FiveKind,
)
from partybuilding.models import BoardItem, BranchMeeting, ItemLink, MonthlyBoard
from partybuilding.notices import tell_late, tell_opened, tell_remind, tell_returned, tell_waiting
from partybuilding.services.lives import take_step
from partybuilding.services.photos import clean_photos, keep_photos
from partybuilding.services.texts import line, prose
from partybuilding.workflow import OPEN_ITEMS
from residents.models import Need

describe_actions(five__open="生成五个一", five__record="填报五个一", party__export="导出党建清单")
# After a long outage no more than this many missed months are opened.
MOST_MONTHS = 12


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting as it is written down."""

    held_at: datetime | None
    place: str
    topic: str
    host: str
    expected: int | None
    came: int | None
    hours: Decimal | None
    minutes: str
    absent: str = ""
    photos: Sequence[IO[bytes]] = ()


@dataclass(frozen=True)
class Evidence:
    """What is written for the items; each kind reads its own fields."""

    meeting: MeetingFacts | BranchMeeting | None = None
    told: str = ""
    channel: str = ""
    reporter: str = ""
    work: str = ""
    comment: str = ""
    claimer: str = ""
    until: date | None = None
    cases: Sequence[Case] = field(default_factory=tuple)
    needs: Sequence[Need] = field(default_factory=tuple)
    topics: Sequence[Topic] = field(default_factory=tuple)
    problems: Sequence[Case] = field(default_factory=tuple)
    conclusion: str = ""


def months_owed(today: date) -> list[Month]:
    """The month of `today` and those a stopped worker missed since the last one opened."""
    now = Month.of(today)
    last = MonthlyBoard.objects.order_by("-month").values_list("month", flat=True).first()
    found = [now]
    while last and found[0].previous() > Month.of(last) and len(found) < MOST_MONTHS:
        found.insert(0, found[0].previous())
    return found


@transaction.atomic
def open_boards(*, today: date) -> int:
    """Open the boards live branches owe; returns how many. Again: nothing new.

    A branch founded in the middle of a month begins with that month; the calendar of working days
    says how long an item still counts in full.
    """
    return sum(_open_month(month) for month in months_owed(today))


def _open_month(month: Month) -> int:
    last = month.end_day - timedelta(days=1)
    branches = (
        OrgUnit.objects.active()
        .filter(tier=Tier.BRANCH)
        .exclude(established_on__gte=month.end_day)
        .exclude(five_boards__month=month.first_day)
    )
    grace = work_calendar().add_workdays(last, GRACE_WORKDAYS)
    boards = []
    for branch, root, community in above_of(branches):
        boards.append(
            MonthlyBoard(
                branch=branch, month=month.first_day, due_on=last, grace_until=grace,
                community=community, street=root, district_id=(community.division_code or "")[:6],
            )
        )  # fmt: skip
    made = MonthlyBoard.objects.bulk_create(boards, ignore_conflicts=True)
    fresh = MonthlyBoard.objects.filter(month=month.first_day, items=None)
    BoardItem.objects.bulk_create(
        (
            BoardItem(board=board, kind=kind, place=place)
            for board in fresh
            for place, kind in enumerate(FiveKind, start=1)
        ),
        ignore_conflicts=True,
    )
    if made:
        record(
            by=None, action="five.open", target=MonthlyBoard,
            detail={"month": str(month), "count": len(made)},
        )  # fmt: skip
    return len(made)


def above_of(branches: Iterable[OrgUnit]) -> Iterator[tuple[OrgUnit, OrgUnit, OrgUnit]]:
    """Yield each branch with its root and its community; one that has none is passed over."""
    above: dict[int, list[OrgUnit]] = {}
    for org in OrgUnit.objects.filter(tier__in=(Tier.STREET, Tier.COMMUNITY)).order_by("lft"):
        above.setdefault(org.tree_id, []).append(org)
    for branch in branches:
        over = [
            org
            for org in above.get(branch.tree_id, [])
            if org.lft < branch.lft and org.rght > branch.rght
        ]
        community = next((org for org in reversed(over) if org.tier == Tier.COMMUNITY), None)
        if community is not None:
            yield branch, over[0], community


@transaction.atomic
def record_items(
    *, board: MonthlyBoard, kinds: Sequence[str], evidence: Evidence, by: User | None,
    now: datetime | None = None,
) -> list[BoardItem]:  # fmt: skip
    """Record one or more items at once; one meeting may satisfy all five.

    ValidationError by field, and nothing is stored then. After the days of grace an item is still
    taken, and counts half.
    """
    now = now or timezone.now()
    if not kinds:
        raise ValidationError({"kinds": "请选择这次完成了哪几项。"})
    if local_date(now) < board.month:
        raise ValidationError("这个月还没有开始，不能填报。")
    items = {item.kind: item for item in board.items.select_for_update().filter(kind__in=kinds)}
    closed = [one for one in items.values() if one.status not in OPEN_ITEMS]
    if closed:
        words = f"“{closed[0]}”{closed[0].get_status_display()}，不用再填。"
        raise ValidationError({"kinds": words})
    columns = {kind: _WRITERS[kind](evidence) for kind in kinds}
    meeting = _meeting(board, evidence.meeting, FiveKind.STUDY in kinds, by, now)
    late = local_date(now) > board.grace_until
    found = []
    for kind in kinds:
        item = items[kind]
        take_step(
            row=item, name="submit", by=by, street=board.street_id, now=now, meeting=meeting,
            first_at=item.first_at or now, late=late if item.first_at is None else item.late,
            submitted_by=by, **columns[kind],
        )  # fmt: skip
        _link(item, evidence)
        found.append(item)
    tell_waiting(board, found, now=now)
    record(
        by=by, action="five.record", target=board, street=board.street_id,
        detail={"kinds": list(kinds), "meeting": meeting.pk if meeting else None},
    )  # fmt: skip
    return found


def _meeting(
    board: MonthlyBoard, given: MeetingFacts | BranchMeeting | None, is_study: bool,
    by: User | None, now: datetime,
) -> BranchMeeting | None:  # fmt: skip
    if given is None:
        if is_study:
            raise ValidationError({"held_at": "学习要有会议记录，请填写时间、地点和到会人数。"})
        return None
    if isinstance(given, BranchMeeting):
        if given.board_id != board.pk:
            raise ValidationError({"meeting": "这次会议不是本支部这个月的。"})
        meeting = given
    else:
        meeting = _write_meeting(board, given, by, now)
    if is_study and meeting.came * 100 < meeting.expected * STUDY_PERCENT:
        need = -(-meeting.expected * STUDY_PERCENT // 100)
        raise ValidationError({"came": f"到会不足半数，至少要到 {need} 人，这次学习才算完成。"})
    return meeting


def _write_meeting(
    board: MonthlyBoard, given: MeetingFacts, by: User | None, now: datetime
) -> BranchMeeting:
    if given.held_at is None:
        raise ValidationError({"held_at": "请填写会议时间。"})
    if given.held_at > now:
        raise ValidationError({"held_at": "会议还没有开，不能填报。请开完会再填。"})
    if local_date(given.held_at) < board.month:
        raise ValidationError({"held_at": f"会议时间早于{board.label}，请填本月开的会。"})
    if not given.expected:
        raise ValidationError({"expected": "请填写应到人数。"})
    if given.came is None or given.came > given.expected:
        raise ValidationError({"came": "请填写实到人数，不能多于应到人数。"})
    if given.came < given.expected and not given.absent.strip():
        raise ValidationError({"absent": "有人没到，请写明缺席的原因。"})
    if given.hours is None or not 0 < given.hours <= 12:
        raise ValidationError({"hours": "请填写学时，12 小时以内。"})
    images = clean_photos(given.photos)
    meeting = BranchMeeting.objects.create(
        board=board, held_at=given.held_at, by=by, expected=given.expected, came=given.came,
        hours=given.hours, place=line(given.place, "place", "地点", 60),
        topic=line(given.topic, "topic", "主题", 60), host=line(given.host, "host", "主持人", 40),
        absent=line(given.absent, "absent", "缺席原因", 200, required=False),
        minutes=prose(given.minutes, "minutes", "会议记录", 5000, required=True),
    )  # fmt: skip
    keep_photos(images, subject="meeting", row=meeting.pk, by=by, now=now)
    return meeting


def _study(given: Evidence) -> dict[str, Any]:
    return {}


def _tell(given: Evidence) -> dict[str, Any]:
    if given.channel not in Channel.values:
        raise ValidationError({"channel": "请选择通报的渠道。"})
    text = prose(given.told, "told", "通报的情况", MAX_TEXT, required=True)
    return {"text": text, "channel": given.channel}


def _report(given: Evidence) -> dict[str, Any]:
    text = prose(given.work, "work", "汇报的工作", MAX_TEXT, required=True)
    if len(text) < REPORT_CHARACTERS:
        raise ValidationError(
            {"work": f"汇报至少 {REPORT_CHARACTERS} 个字，现在是 {len(text)} 个，请写具体些。"}
        )
    return {
        "text": text, "who": line(given.reporter, "reporter", "汇报人", 60),
        "comment": line(given.comment, "comment", "书记点评", 200),
    }  # fmt: skip


def _claim(given: Evidence) -> dict[str, Any]:
    if not (given.cases or given.needs):
        raise ValidationError({"cases": "请至少选一件事项或一条需求，由党员认领。"})
    return {"who": line(given.claimer, "claimer", "认领人", 60), "until": given.until}


def _consult(given: Evidence) -> dict[str, Any]:
    if not (given.topics or given.problems):
        words = "请至少选一个协商的议题或难题事项；还没有的，请先在“议事”里提出。"
        raise ValidationError({"topics": words})
    return {"text": prose(given.conclusion, "conclusion", "协商结果", MAX_TEXT, required=True)}


_WRITERS: dict[str, Callable[[Evidence], dict[str, Any]]] = {
    FiveKind.STUDY: _study, FiveKind.TELL: _tell, FiveKind.REPORT: _report,
    FiveKind.CLAIM: _claim, FiveKind.CONSULT: _consult,
}  # fmt: skip


def _link(item: BoardItem, given: Evidence) -> None:
    item.links.all().delete()
    rows: list[ItemLink] = []
    if item.kind == FiveKind.CLAIM:
        rows += [ItemLink(item=item, case=case) for case in given.cases]
        rows += [ItemLink(item=item, need=need) for need in given.needs]
    elif item.kind == FiveKind.CONSULT:
        rows += [ItemLink(item=item, topic=topic) for topic in given.topics]
        rows += [ItemLink(item=item, case=case) for case in given.problems]
    ItemLink.objects.bulk_create(rows)


@transaction.atomic
def move_item(
    *, item: BoardItem, name: str, by: User, note: str = "", now: datetime | None = None
) -> BoardItem:
    """Withdraw, confirm or send back. Nobody confirms what he recorded himself."""
    now = now or timezone.now()
    columns: dict[str, Any] = {}
    if name == "confirm":
        if item.submitted_by_id == by.pk:
            raise ValidationError("自己填报的，请由社区另一位同志确认。")
        columns["confirmed_at"] = now
    elif name == "send_back":
        columns["confirmed_at"] = None
    take_step(
        row=item, name=name, by=by, street=item.board.street_id, note=note, now=now, **columns
    )
    if name == "send_back":
        tell_returned(item, note, now=now)
    return item


@transaction.atomic
def mark_late(*, today: date) -> int:
    """Mark what nobody recorded within the days of grace; returns how many boards are newly late."""
    owed = BoardItem.objects.filter(
        board__grace_until__lt=today, late=False, first_at=None, status__in=OPEN_ITEMS
    )
    rows = MonthlyBoard.objects.filter(pk__in=owed.values("board"))
    boards = list(rows.select_related("branch"))
    owed.update(late=True)
    tell_late(boards)
    return len(boards)


@transaction.atomic
def remind(*, today: date) -> int:
    """Remind branches with open items: from the 20th, from the 27th, and in the days of grace.

    Each stage is told once, also when the day itself was missed; returns how many boards are open.
    """
    boards = MonthlyBoard.objects.open().filter(grace_until__gte=today, month__lte=today)
    found = list(boards.for_list())
    told = [(board, _stage(board, today)) for board in found]
    tell_remind([(board, stage) for board, stage in told if stage])
    return len(found)


def _stage(board: MonthlyBoard, today: date) -> str:
    if today > board.due_on:
        return "grace"
    passed = [day for day in REMIND_ON if today.day >= day]
    return str(passed[-1]) if passed else ""


def keep_cadence(*, today: date) -> int:
    """The daily sweep: open, remind, mark late. Safe to run at any time, again and again."""
    made = open_boards(today=today)
    if made:
        fresh = MonthlyBoard.objects.of_month(Month.of(today).first_day)
        tell_opened(list(fresh.select_related("branch")))
    mark_late(today=today)
    remind(today=today)
    return made
