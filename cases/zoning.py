"""Which time limits a case has where it is: the nearest 区域时限, else the category's own."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from cases.models import CaseEvent, Category, SlaClass, ZoneLimit
from grids.models import Grid

# Written into the event that set the limits, so that the page can say why.
KEY = "zone"


def zone_limit(category: Category, grid: Grid) -> ZoneLimit | None:
    """Return the row that decides: the smallest place first, then the closer category.

    One query; none while no row is in use and the category was read by `find_category`.
    """
    if not getattr(category, "zoned", True):
        return None
    places = (
        Q(street=grid.street_id, community=None, grid=None)
        | Q(street=None, community=grid.community_id, grid=None)
        | Q(street=None, community=None, grid=grid.pk)
        | Q(street=None, community=None, grid=None)
    )
    about = Q(category=None) | Q(category=category.pk) | Q(category=category.parent_id or 0)
    rows = ZoneLimit.objects.filter(places, about, is_active=True).select_related("sla_class")
    return max(rows, key=lambda row: _nearness(row, category), default=None)


def _nearness(row: ZoneLimit, category: Category) -> tuple[int, int, int]:
    place = 3 if row.grid_id else 2 if row.community_id else 1 if row.street_id else 0
    about = 2 if row.category_id == category.pk else 1 if row.category_id else 0
    return place, about, -row.pk


def limits_of(category: Category, grid: Grid) -> tuple[SlaClass, dict[str, int]]:
    """Return the limit class, and what the event keeps of why."""
    row = zone_limit(category, grid)
    return (category.sla_class, {}) if row is None else (row.sla_class, {KEY: row.pk})


def why_this_limit(events: Iterable[CaseEvent]) -> str:
    """Return the sentence that says where the case's limit class comes from; `events` oldest first."""
    for event in reversed(list(events)):
        data: dict[str, Any] = event.data
        if event.move == "accept" and data.get("sla_class"):
            return "核实立案时选定"
        if data.get(KEY):
            row = ZoneLimit.objects.select_related("grid", "community", "street", "category")
            found = row.filter(pk=data[KEY]).first()
            return "按区域时限" if found is None else (
                f"区域时限：{found.place}·{found.category or '所有类别'}，{found.reason}"
            )  # fmt: skip
        if event.move == "report" or (event.move == "accept" and data.get("category")):
            break
    return "按类别的默认时限"
