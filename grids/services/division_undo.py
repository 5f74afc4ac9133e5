"""Putting the grids back as they stood before a division sheet was adopted."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from grids.catalog import GridKind, GridStatus
from grids.division_workflow import DivisionKind
from grids.models import Building, Grid, GridDivision, GridShape, GridTeamMember
from grids.services.drawing import close_grid
from grids.services.groundversion import touch_ground
from grids.services.places import shift_buildings
from grids.services.shapes import drop_shape, save_shape
from orgs.models import User

CHANGED = "采用以后楼栋或网格又有调整，不能整张撤销。请另做一张划分表。"


def how_it_stands(division: GridDivision) -> dict[str, Any]:
    """Return where the buildings of the community are, its outlines and the teams in office."""
    grids = Grid.objects.filter(community=division.community_id)
    shapes = GridShape.objects.filter(grid__in=grids)
    return {
        "places": dict(_places(division)),
        "status": dict(grids.values_list("pk", "status")),
        "shapes": dict(shapes.values_list("grid", "geometry")),
        "team": list(
            GridTeamMember.objects.filter(grid__in=grids, end=None).values_list("pk", flat=True)
        ),
    }


def note_changes(division: GridDivision, stood: dict[str, Any]) -> dict[str, Any]:
    """Return, as JSON, what the sheet changed: enough to put it back."""
    now = how_it_stands(division)
    ended = GridTeamMember.objects.filter(pk__in=stood["team"]).exclude(end=None)
    touched = {
        grid for grid in {*stood["shapes"], *now["shapes"]}
        if stood["shapes"].get(grid) != now["shapes"].get(grid)
    }  # fmt: skip
    return {
        # [building, from, to]
        "moved": [
            [pk, grid, now["places"][pk]]
            for pk, grid in stood["places"].items()
            if now["places"][pk] != grid
        ],
        # [grid, before, after]; a grid that was not there before has "".
        "grids": [
            [pk, stood["status"].get(pk, ""), status]
            for pk, status in now["status"].items()
            if stood["status"].get(pk, "") != status
        ],
        "team": list(ended.values_list("pk", flat=True)),
        "shapes": [[grid, stood["shapes"].get(grid)] for grid in sorted(touched)],
    }


def put_back(division: GridDivision, by: User | None, today: date) -> None:
    """Undo the changes noted, from today, inside the caller's transaction."""
    noted = division.before
    _require_unchanged(division, noted)
    sources = {row.result_id: row.grid for row in division.rows.filter(kind=DivisionKind.SPLIT)}
    for pk, before, after in noted["grids"]:
        if after == GridStatus.CLOSED:
            _reopen(pk, before)
    GridTeamMember.objects.filter(pk__in=noted["team"], end__lte=today).update(end=None)
    by_grid: dict[int, list[int]] = defaultdict(list)
    for building, before, _after in noted["moved"]:
        by_grid[before].append(building)
    for pk, buildings in sorted(by_grid.items()):
        shift_buildings(
            buildings=Building.objects.filter(pk__in=buildings),
            to=Grid.objects.select_for_update().get(pk=pk), by=by, on=today,
        )  # fmt: skip
    for pk, before, after in noted["grids"]:
        if not before:
            close_grid(grid=Grid.objects.get(pk=pk), on=today, by=by, successor=sources.get(pk))
        elif before == GridStatus.RESERVED and after == GridStatus.ACTIVE:
            _reserve(pk, today)
    _redraw(noted["shapes"], by)


def _require_unchanged(division: GridDivision, noted: dict[str, Any]) -> None:
    places = dict(_places(division))
    status = dict(Grid.objects.filter(community=division.community_id).values_list("pk", "status"))
    moved = any(places.get(pk) != after for pk, _before, after in noted["moved"])
    fresh = {pk for pk, before, _after in noted["grids"] if before != GridStatus.ACTIVE}
    put = {pk for pk, _before, _after in noted["moved"]}
    strays = any(grid in fresh and pk not in put for pk, grid in places.items())
    changed = any(status.get(pk) != after for pk, _before, after in noted["grids"])
    if moved or strays or changed:
        raise ValidationError(CHANGED, code="changed")


def _reopen(pk: int, status: str) -> None:
    Grid.objects.filter(pk=pk).update(status=status, closed_on=None, successor=None)


def _reserve(pk: int, today: date) -> None:
    """A reserved grid that was activated waits again, with nobody in office."""
    GridTeamMember.objects.filter(grid=pk, start__gt=today).delete()
    GridTeamMember.objects.filter(grid=pk, end=None).update(end=today)
    Grid.objects.filter(pk=pk).update(
        status=GridStatus.RESERVED, kind=GridKind.RESERVED, activated_on=None
    )


def _redraw(shapes: list[Any], by: User | None) -> None:
    """Draw what stood there before; a grid that is closed again keeps no outline."""
    grids = Grid.objects.in_bulk([pk for pk, _geometry in shapes])
    for pk, geometry in shapes:
        if geometry is None or grids[pk].status == GridStatus.CLOSED:
            drop_shape(grid=grids[pk], by=by)
        else:
            save_shape(grid=grids[pk], geometry=geometry, by=by, accept_overlap=True)
    touch_ground()


def _places(division: GridDivision) -> list[tuple[int, int]]:
    rows = Building.objects.filter(community=division.community_id)
    return list(rows.values_list("pk", "grid"))
