"""A division sheet of the demonstration: previewed by the community, waiting for its secretary."""

from gridparty.demo.shapes import HAIHENG
from gridparty.demo.world import World
from grids.catalog import GridKind
from grids.division_workflow import DivisionKind
from grids.services.divisions import add_row, create_division, preview_division


def build_division(world: World) -> None:
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
