"""Teams and their activities in the size of the report (XC-22, XC-23, HS-25), written in bulk."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from random import Random

from gridparty.demo.officehours import at
from gridparty.demo.world import CommunityFacts
from gridparty.lib.china_time import local_date
from volunteers.catalog import ActivityKind, TeamKind
from volunteers.models import Activity, Shift, Team
from volunteers.services.places import columns_of
from volunteers.workflow import ActivityStatus

_TITLES = {
    ActivityKind.POLICY: "惠民政策进楼栋", ActivityKind.CLEAN: "楼道和背街小巷清洁",
    ActivityKind.AID: "困难家庭走访",
}  # fmt: skip


def found_teams(communities: Sequence[CommunityFacts], many: int, now: datetime) -> None:
    """Found so many teams, turn by turn in every grid, one of each kind."""
    places = (
        (community, facts, kind)
        for kind in TeamKind
        for community in communities
        for facts in community.grids
    )
    Team.objects.bulk_create(
        Team(
            **columns_of(community.org), name=f"{facts.grid.name}{kind.label}服务队", kind=kind,
            leader=facts.members[0] if facts.members else None,
            about="就近服务邻里。", founded_on=local_date(now) - timedelta(days=500),
        )
        for community, facts, kind in islice(places, many)
    )  # fmt: skip


def hold_outings(
    communities: Sequence[CommunityFacts], kind: ActivityKind, many: int, rng: Random, now: datetime
) -> None:
    """Write activities held and confirmed in the past ten months, turn by turn in every grid."""
    grids = [(community, facts) for community in communities for facts in community.grids]
    columns = {community.org.pk: columns_of(community.org) for community in communities}
    teams: dict[int, Team] = {}
    for team in Team.objects.filter(community__in=columns).order_by("pk"):
        teams.setdefault(team.community_id, team)
    rows, starts = [], []
    for community, facts in islice(cycle(grids), many if grids else 0):
        start = at(local_date(now) - timedelta(days=rng.randint(2, 300)), time(9))
        starts.append(start)
        rows.append(
            Activity(
                **columns[community.org.pk], title=_TITLES[kind], kind=kind, grid=facts.grid,
                team=teams.get(community.org.pk), place=f"{community.plan.short}党群服务中心集合",
                safety_note="结伴上门，注意来往车辆。", starts_at=start,
                ends_at=start + timedelta(hours=2), status=ActivityStatus.CONFIRMED,
                lead=facts.members[0] if facts.members else None,
                served_others=rng.randint(8, 60), summary="按计划完成，居民反映好。",
            )
        )  # fmt: skip
    Activity.objects.bulk_create(rows)
    Shift.objects.bulk_create(
        Shift(activity=row, starts_at=start, ends_at=start + timedelta(hours=2), capacity=8)
        for row, start in zip(rows, starts, strict=True)
    )
