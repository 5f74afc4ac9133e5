"""Councils, their meetings, units at the table and solved topics in the size of the report.

329 meetings with 592 units (HS-18) and 120 hot problems solved (HH-30), written in bulk.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice

from councils.catalog import Effect, Presence, SeatKind, TopicSource
from councils.meetingflow import MeetingStatus
from councils.models import Attendance, Council, CouncilSeat, Meeting, Topic, TopicEvent
from councils.workflow import Status
from gridparty.demo.world import TreeFacts
from gridparty.lib.china_time import local_date
from grids.models import Grid
from orgs.levels import UnitKind
from orgs.models import Unit

# The kinds of participants HS-17 names, with the seat each takes.
_KINDS = (
    (UnitKind.AGENCY, SeatKind.PARTNER, "机关单位"), (UnitKind.PARTNER, SeatKind.PARTNER, "共建单位"),
    (UnitKind.RESIDENT_UNIT, SeatKind.RESIDENT_UNIT, "驻区单位"),
    (UnitKind.PRIVATE_ENTERPRISE, SeatKind.ENTERPRISE, "非公企业"),
    (UnitKind.SOCIAL_ORG, SeatKind.SOCIAL_ORG, "社会组织"),
    (UnitKind.PROPERTY_COMPANY, SeatKind.PROPERTY, "物业公司"),
)  # fmt: skip
_PROBLEMS = (
    "小区消防隐患整治", "农贸市场升级改造搬迁", "电动车集中充电棚", "楼道堆物清理", "停车位划线", "老旧管网更换",
    "路灯补装", "门禁修复", "垃圾分类点调整", "屋面渗漏维修",
)  # fmt: skip
_STEPS = (  # (move, from, to, days before the end)
    ("screen", Status.COLLECTING, Status.SCREENED, 60), ("set_agenda", Status.SCREENED, Status.AGENDA, 55),
    ("deliberate", Status.AGENDA, Status.DELIBERATING, 50),
    ("resolve", Status.DELIBERATING, Status.RESOLVED, 45),
    ("execute", Status.RESOLVED, Status.EXECUTING, 35),
    ("supervise", Status.EXECUTING, Status.SUPERVISING, 10), ("close", Status.SUPERVISING, Status.CLOSED, 0),
)  # fmt: skip


def hold_meetings(trees: Sequence[TreeFacts], many: int, units: int, now: datetime) -> None:
    """Seat `units` new units in the communities' conferences and hold `many` meetings there."""
    if not many and not units:
        return
    councils = [
        _conference(tree, number, now)
        for tree in trees
        for number in range(len(tree.communities))
        if tree.communities[number].grids
    ]
    places = list(islice(cycle(councils), units))
    kinds = list(islice(cycle(_KINDS), units))
    rows = Unit.objects.bulk_create(
        Unit(
            name=f"{council.community.name[:-2]}{words}{number}", kind=kind,
            district_id=council.district_id, street_id=council.street_id,
        )
        for number, (council, (kind, _, words)) in enumerate(
            zip(places, kinds, strict=True), start=1
        )
    )  # fmt: skip
    CouncilSeat.objects.bulk_create(
        CouncilSeat(
            council=council, kind=seat, unit=unit, name="单位代表", duty="联络员",
            start=council.founded_on,
        )
        for council, (_, seat, _words), unit in zip(places, kinds, rows, strict=True)
    )  # fmt: skip
    _meet(councils, many, now)


def _conference(tree: TreeFacts, number: int, now: datetime) -> Council:
    community = tree.communities[number].org
    found = Council.objects.filter(community=community, grid=None, ended_on=None).first()
    if found is not None:
        return found
    council = Council.objects.create(
        level="community", name=f"{community.name}党建联席会议"[:60], street=tree.root,
        district_id=tree.plan.district, community=community, every_months=2,
        rules="两个月一次例会；一席一票，过半通过。", founded_on=local_date(now - timedelta(days=400)),
    )  # fmt: skip
    hub = ((SeatKind.BRANCH, "支部书记"), (SeatKind.COMMITTEE, "居委会主任"),
           (SeatKind.RESIDENT, "居民代表"))  # fmt: skip
    CouncilSeat.objects.bulk_create(
        CouncilSeat(council=council, kind=kind, name=duty, duty=duty, start=council.founded_on)
        for kind, duty in hub
    )
    return council


def _meet(councils: Sequence[Council], many: int, now: datetime) -> None:
    """Meetings with minutes, back from last week; every seat is present."""
    rows = []
    for number, council in enumerate(islice(cycle(councils), many)):
        at = now - timedelta(days=7 + 50 * (number // len(councils)))
        rows.append(
            Meeting(
                council=council, title=f"{council.name}例会"[:60], status=MeetingStatus.ARCHIVED,
                starts_at=at, called_at=at - timedelta(days=4), place="社区党群服务中心",
                host="支部书记", recorder="居委会主任", minutes="通报上月情况，逐项商议本月议题。",
                archived_at=at + timedelta(days=2),
            )
        )  # fmt: skip
    Meeting.objects.bulk_create(rows)
    seats: dict[int, list[int]] = {}
    for seat, where in CouncilSeat.objects.filter(end=None).values_list("pk", "council"):
        seats.setdefault(where, []).append(seat)
    Attendance.objects.bulk_create(
        (
            Attendance(meeting=row, seat_id=place, presence=Presence.PRESENT)
            for row in rows
            for place in seats.get(row.council_id, ())
        ),
        batch_size=2_000,
    )


def solve_topics(tree: TreeFacts, many: int, now: datetime) -> None:
    """Hot problems from collection to the public list of what was solved."""
    grids = [facts.grid for facts in tree.grids() if facts.buildings]
    councils = [_grid_council(grid, now) for grid in islice(grids, many)]
    rows = []
    for number, council in enumerate(islice(cycle(councils), many)):
        closed = now - timedelta(days=5 + number * 3)
        look = local_date(closed + timedelta(days=90))
        rows.append(
            Topic(
                council=council, district_id=council.district_id, street_id=council.street_id,
                community_id=council.community_id, grid_id=council.grid_id, hot=True,
                title=f"{_PROBLEMS[number % len(_PROBLEMS)]}", households=40 + number * 7 % 300,
                text="居民多次反映，列入网格议事。", source=TopicSource.RESIDENT,
                status=Status.CLOSED, status_since=closed, resolution="分步实施，物业和居民共同监督。",
                announced_on=local_date(closed - timedelta(days=45)),
                announce_until=local_date(closed - timedelta(days=38)), supervisors="居民代表",
                result="已办结，居民满意。", effect=Effect.GOOD, closed_on=local_date(closed),
                look_again_on=look, looked_at=now if look < local_date(now) else None,
                created_at=closed - timedelta(days=75),
            )
        )  # fmt: skip
    Topic.objects.bulk_create(rows)
    TopicEvent.objects.bulk_create(
        TopicEvent(
            topic=row, move=move, from_status=before, to_status=after,
            at=row.status_since - timedelta(days=days),
        )
        for row in rows
        for move, before, after, days in _STEPS
    )  # fmt: skip


def _grid_council(grid: Grid, now: datetime) -> Council:
    found = Council.objects.filter(grid=grid, ended_on=None).first()
    return found or Council.objects.create(
        level="grid", name=f"{grid.name}党群议事会", district_id=grid.district_id, grid=grid,
        street_id=grid.street_id, community_id=grid.community_id,
        founded_on=local_date(now - timedelta(days=300)),
    )  # fmt: skip
