"""The list of grids as rows of a file."""

from datetime import date

from grids.models import Grid
from grids.staffing import Completeness
from orgs.workbook import Cell

GRID_COLUMNS = (
    ("网格编码", 18), ("名称", 22), ("社区", 20), ("类型", 10), ("状态", 8), ("网格党支部", 24),
    ("队伍", 12), ("楼栋数", 8), ("户数", 8), ("启用日期", 12),
)  # fmt: skip


def grid_cells(grid: Grid, team: Completeness, *, sizes: bool) -> list[Cell]:
    """Return one row under GRID_COLUMNS; `grid` comes from `for_list`."""
    return [
        grid.code, grid.name, str(grid.community), grid.get_kind_display(),
        grid.get_status_display(), str(grid.party_branch or ""), team.label,
        int(getattr(grid, "building_count", 0)),
        int(getattr(grid, "household_count", 0)) if sizes else "",
        day_text(grid.activated_on),
    ]  # fmt: skip


def day_text(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
