"""Two division sheets of the demonstration: one adopted (it can be undone for seven days), one
previewed by its community, waiting for the secretary."""

from gridparty.demo.shapes import HAIHENG
from gridparty.demo.world import World
from grids.catalog import GridKind
from grids.division_workflow import DivisionKind
from grids.services.divisions import (
    add_row,
    adopt_division,
    create_division,
    preview_division,
)


def build_divisions(world: World) -> None:
    """Make both sheets."""
    _adopted(world)
    _previewed(world)


def _adopted(world: World) -> None:
    """Give one building of the second community's first grid to its neighbour."""
    community = world.tree(HAIHENG.key).communities[1]
    first, second = community.grids[:2]
    if len(first.buildings) < 2 or not second.buildings:
        return
    by, today = community.secretary, world.setting.today
    sheet = create_division(
        community=community.org, title="福禄园社区楼栋调整", by=community.staff,
        effective_on=today, reason="演示：一栋楼划到相邻网格",
    )  # fmt: skip
    add_row(
        division=sheet, kind=DivisionKind.MOVE, grid=first.grid, target=second.grid,
        buildings=first.buildings[-1:], by=community.staff,
    )  # fmt: skip
    preview_division(division=sheet, by=community.staff)
    adopt_division(division=sheet, by=by, today=today)


def _previewed(world: World) -> None:
    """Split the largest grid of the first community; adopting it is left to the visitor."""
    community = world.tree(HAIHENG.key).communities[0]
    facts = max(community.grids, key=lambda one: len(one.buildings))
    if len(facts.buildings) < 2:
        return
    by = community.staff
    sheet = create_division(
        community=community.org, title="耕云社区网格调整（待采用）", by=by,
        effective_on=world.setting.today, reason="演示：一个网格分出一部分楼栋",
    )  # fmt: skip
    add_row(
        division=sheet, kind=DivisionKind.SPLIT, grid=facts.grid, by=by,
        new_name=f"{facts.grid.name}（分出）", new_kind=GridKind.RESIDENTIAL,
        buildings=facts.buildings[len(facts.buildings) // 2 :],
    )  # fmt: skip
    preview_division(division=sheet, by=by)
