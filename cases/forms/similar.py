"""Reading a half-written report: whatever is not readable yet is simply not known."""

from typing import Any

from cases.catalog import MAX_TEXT
from cases.models import Category
from cases.similar import Report
from gridparty.lib.text import row_id
from grids.models import Building
from grids.querysets import GridQuerySet


def read_report(data: Any, grids: GridQuerySet, *, by_code: bool = False) -> Report | None:
    """Return the report as far as it is written, None while its grid is not known.

    `grids` are those the sender may name; the residents' page names its grid by code.
    """
    grid = _row(grids, "code" if by_code else "pk", data.get("grid", ""))
    if grid is None:
        return None
    building = _row(Building.objects.filter(grid=grid), "pk", data.get("building", ""))
    active = Category.objects.filter(is_active=True)
    category = _row(active, "pk", data.get("category", ""))
    return Report(grid, building, data.get("text", "")[:MAX_TEXT], category)


def _row(rows: Any, column: str, value: str) -> Any:
    number = row_id(value)
    return None if number is None else rows.filter(**{column: number}).first()
