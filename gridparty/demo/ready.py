"""三有 and 五基 of the demonstration: venues of most grids, the last half-year's self-checks."""

from datetime import timedelta

from gridparty.demo.world import World
from partybuilding.models import BasicsCheck, GridVenue
from partybuilding.services import open_basics
from partybuilding.services.ready import CODES
from partybuilding.workflow import ItemStatus


def build_ready(world: World) -> None:
    """Every eighth grid still looks for a place; a branch in four has something to put right."""
    today, rng = world.setting.today, world.setting.rng("ready")
    rows = []
    for tree in world.trees:
        for number, facts in enumerate(tree.grids()):
            if number % 8 != 5:
                rows.append(
                    GridVenue(
                        district_id=facts.grid.district_id, street_id=facts.grid.street_id,
                        community_id=facts.grid.community_id, grid=facts.grid,
                        name=("党群服务站", "红色议事亭", "邻里客厅")[number % 3],
                        address=f"{facts.grid.name}中心广场旁", area=40 + 10 * (number % 6),
                        since=today - timedelta(days=300),
                    )
                )  # fmt: skip
    GridVenue.objects.bulk_create(rows)
    last = today.replace(day=1)
    while last.month not in (6, 12):
        last = (last - timedelta(days=1)).replace(day=1)
    if last == today.replace(day=1):  # the half that has just been opened stays unanswered
        last = (
            last.replace(month=6)
            if last.month == 12
            else last.replace(year=last.year - 1, month=12)
        )
    open_basics(today=last)
    checks = list(BasicsCheck.objects.all())
    for check in checks:
        missing = rng.sample(CODES, rng.choice((0, 0, 1, 2, 4)))
        check.ticked = [code for code in CODES if code not in missing]
        check.remark = "下半年补齐，社区书记包保。" if missing else ""
        check.status = ItemStatus.SUBMITTED if rng.random() < 0.1 else ItemStatus.CONFIRMED
    BasicsCheck.objects.bulk_update(checks, ["ticked", "remark", "status"])
    open_basics(today=today)
