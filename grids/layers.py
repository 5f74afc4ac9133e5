"""The layers of the map that grids know themselves: kind, branch, team, size."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from grids.catalog import GridKind, GridStatus, size_warning
from grids.ground import Shade, map_layer
from grids.querysets import GridQuerySet
from grids.scope import counts_homes
from grids.staffing import completeness_of
from orgs.roles import Noun
from orgs.scope import can

_KIND_LEVEL = {
    GridKind.RESIDENTIAL: "blue",
    GridKind.EXCLUSIVE: "violet",
    GridKind.RESERVED: "grey",
}
NOT_ASSESSED = Shade("grey", "预留，不计")


@map_layer("kind", "类型")
def by_kind(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
    return {
        pk: Shade(_KIND_LEVEL[GridKind(kind)], str(GridKind(kind).label))
        for pk, kind in grids.values_list("pk", "kind")
    }


@map_layer("branch", "党组织覆盖")
def by_branch(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
    without = set(grids.without_branch().values_list("pk", flat=True))
    return {
        pk: NOT_ASSESSED
        if status != GridStatus.ACTIVE
        else Shade("red", "无党支部")
        if pk in without
        else Shade("green", "有党支部")
        for pk, status in grids.values_list("pk", "status")
    }


@map_layer("team", "队伍齐配")
def by_team(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
    known = list(grids)
    complete = completeness_of(known, timezone.localdate())
    return {
        grid.pk: Shade(complete[grid.pk].level, complete[grid.pk].label)
        if grid.status == GridStatus.ACTIVE
        else NOT_ASSESSED
        for grid in known
    }


def _knows_sizes(user: Any) -> bool:
    return counts_homes(user) and can(user, Noun.RESIDENT, "VES")


@map_layer("size", "户数规模", shown_to=_knows_sizes)
def by_size(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
    """About 500 households a residential grid (海恒); fewer than 300 or more than 700 stand out."""
    address = reverse("residents:households")
    found = {}
    for grid in grids.with_sizes(user):
        if grid.status != GridStatus.ACTIVE or grid.kind != GridKind.RESIDENTIAL:
            found[grid.pk] = Shade("grey", "不按户数要求")
            continue
        homes: int = getattr(grid, "household_count", 0)
        warning = size_warning(homes)
        found[grid.pk] = Shade(
            "yellow" if warning else "green", warning or f"{homes} 户", f"{address}?grid={grid.pk}",
            "户数偏多或偏少" if warning else "户数合适",
        )  # fmt: skip
    return found
