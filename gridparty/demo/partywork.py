"""党建 of the demonstration: months of 五个一 behind us, the current one begun."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from cases.models import Case
from gridparty.demo.checkins import build_check_ins
from gridparty.demo.displays import build_displays
from gridparty.demo.joint import build_joint
from gridparty.demo.means import build_means
from gridparty.demo.papers import build_papers
from gridparty.demo.programmes import build_programmes
from gridparty.demo.ready import build_ready
from gridparty.demo.terms import build_terms
from gridparty.demo.world import World
from gridparty.lib.china_time import SHANGHAI, local_date
from gridparty.lib.periods import Month
from partybuilding.catalog import Channel, FiveKind
from partybuilding.models import BoardItem, BranchMeeting, ItemLink, MonthlyBoard
from partybuilding.services import keep_cadence, open_boards
from partybuilding.workflow import ItemStatus

_MONTHS_BEHIND = 3
_TOPICS = ("主题党日", "专题学习", "组织生活会", "党课")
_TOLD = "社区近期停水检修安排\n消防安全检查结果\n老旧管网改造进度"
_WORK = (
    "本月排查楼道堆物二十余处，联系物业清走大半，余下几处正在做工作；走访独居老人，帮助两户申请适老化改造；"
    "组织党员巡查四次，发现问题随手上报。"
)
_CONCLUSION = "同意由物业牵头、党员包楼，两周内办完，下次会议通报。"
_TEXTS = {FiveKind.TELL: _TOLD, FiveKind.REPORT: _WORK, FiveKind.CONSULT: _CONCLUSION}


def build_party_work(world: World, now: datetime) -> None:
    """Open the boards of the past months and this one; most of the past is done and confirmed."""
    today = local_date(now)
    months = [Month.of(today)]
    for _ in range(_MONTHS_BEHIND):
        months.insert(0, months[0].previous())
    for month in months:
        open_boards(today=month.first_day)
    rng = world.setting.rng("five")
    cases: dict[int, list[int]] = {}
    known = Case.objects.filter(confidential=False).values_list("grid__party_branch", "pk")
    for branch, case in known.order_by("pk"):
        cases.setdefault(branch or 0, []).append(case)
    for back, month in enumerate(reversed(months)):
        boards = MonthlyBoard.objects.of_month(month.first_day).for_list()
        _fill(list(boards), back, rng, cases, now)
    keep_cadence(today=today)
    build_check_ins(world, now)
    build_joint(world, now)
    build_displays(world)
    build_means(world, now)
    build_ready(world)
    build_papers(world, now)
    build_terms(world)
    build_programmes(world, now)


def _fill(
    boards: list[MonthlyBoard], back: int, rng: Random, cases: dict[int, list[int]], now: datetime
) -> None:
    """One meeting a board; the older the month, the more of it is confirmed."""
    meetings, items, links = [], [], []
    for board in boards:
        day = board.month + timedelta(days=rng.randint(4, 24))
        held = datetime.combine(day, time(rng.choice((9, 14, 19)), 30), tzinfo=SHANGHAI)
        if held > now - timedelta(hours=3):
            continue
        expected = rng.randint(9, 28)
        meeting = BranchMeeting(
            board=board, held_at=held, place="党群服务站", topic=rng.choice(_TOPICS), host="支部书记",
            expected=expected, came=expected - rng.randint(0, 3), absent="外出", hours=Decimal("1.5"),
            minutes="学习上级精神，通报社区近期工作，讨论网格难题，党员认领任务。",
        )  # fmt: skip
        meetings.append(meeting)
        for item in board.items.all():
            luck = rng.random()
            if luck > 0.97 - 0.06 * (back == 1):
                continue
            linked = cases.get(board.branch_id, [])
            if item.kind in (FiveKind.CLAIM, FiveKind.CONSULT):
                if not linked:
                    continue
                links.append(ItemLink(item=item, case_id=rng.choice(linked)))
            _write(item, meeting, held, waits=back <= 1 and luck > 0.85)
            items.append(item)
    BranchMeeting.objects.bulk_create(meetings)
    for item in items:
        item.meeting = item.meeting  # the id is known only now
    BoardItem.objects.bulk_update(
        items,
        ["status", "meeting", "text", "channel", "who", "comment", "first_at", "confirmed_at"],
    )
    ItemLink.objects.bulk_create(links)


def _write(item: BoardItem, meeting: BranchMeeting, held: datetime, *, waits: bool) -> None:
    item.meeting = meeting
    item.text = _TEXTS.get(FiveKind(item.kind), "")
    item.first_at = held + timedelta(hours=2)
    item.status = ItemStatus.SUBMITTED if waits else ItemStatus.CONFIRMED
    item.confirmed_at = None if waits else held + timedelta(days=1)
    if item.kind == FiveKind.TELL:
        item.channel = Channel.MEETING
    if item.kind in (FiveKind.REPORT, FiveKind.CLAIM):
        item.who = "党小组组长"
    if item.kind == FiveKind.REPORT:
        item.comment = "做得扎实，继续保持。"
