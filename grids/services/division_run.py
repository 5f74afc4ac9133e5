"""Carrying a division sheet out, row by row, through the verbs that draw grids every day."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from grids.catalog import GridKind
from grids.division_workflow import DivisionKind
from grids.geometry import cut, from_geojson, to_geojson, union
from grids.models import Building, DivisionRow, Grid, GridDivision, GridShape
from grids.services.drawing import activate_grid, close_grid, create_grid
from grids.services.places import move_buildings
from grids.services.shapes import save_shape
from orgs.models import User


def carry_out(division: GridDivision, by: User | None) -> None:
    """Do every row in order, inside the caller's transaction; a refusal names its row."""
    rows = list(division.rows.select_related("grid", "target"))
    if not rows:
        raise ValidationError("还没有内容，请先加上拆分、合并、启用或调整。", code="empty")
    for number, row in enumerate(rows, start=1):
        try:
            _ROWS[DivisionKind(row.kind)](division, row, by)
        except ValidationError as refusal:
            raise ValidationError(
                [f"第 {number} 项（{row}）：{said}" for said in refusal.messages], code="row"
            ) from refusal


def _split(division: GridDivision, row: DivisionRow, by: User | None) -> None:
    """A new grid with a new code takes the chosen buildings; branch and team template stay."""
    grid = Grid.objects.get(pk=row.grid_id)
    buildings = _still_in(row)
    branch = grid.party_branch if grid.party_branch and grid.party_branch.is_active else None
    new = create_grid(
        community=division.community, name=row.new_name, by=by,
        kind=row.new_kind or grid.kind, opened_on=division.effective_on, party_branch=branch,
        team_template=grid.team_template, property_status=grid.property_status,
    )  # fmt: skip
    _cut_ground(row.grid, new, buildings, by)
    move_buildings(buildings=buildings, to=new, by=by, on=division.effective_on)
    DivisionRow.objects.filter(pk=row.pk).update(result=new)


def _merge(division: GridDivision, row: DivisionRow, by: User | None) -> None:
    """The grid closes, its code is never used again; the target takes ground and buildings over."""
    assert row.target is not None
    drawn = {one.grid_id: one for one in GridShape.objects.filter(grid__in=[row.grid, row.target])}
    close_grid(grid=row.grid, on=division.effective_on, by=by, successor=row.target)
    if len(drawn) == 2:
        together = union([from_geojson(one.geometry) for one in drawn.values()])
        save_shape(grid=row.target, geometry=to_geojson(together), by=by, accept_overlap=True)


def _activate(division: GridDivision, row: DivisionRow, by: User | None) -> None:
    """A reserved grid comes into use with its old code, with buildings from its neighbours."""
    kind = row.new_kind or GridKind.RESIDENTIAL
    grid = activate_grid(grid=row.grid, kind=kind, on=division.effective_on, by=by)
    buildings = Building.objects.filter(pk__in=row.buildings)
    move_buildings(buildings=buildings, to=grid, by=by, on=division.effective_on)


def _move(division: GridDivision, row: DivisionRow, by: User | None) -> None:
    assert row.target is not None
    buildings = _still_in(row)
    _cut_ground(row.grid, row.target, buildings, by)
    move_buildings(buildings=buildings, to=row.target, by=by, on=division.effective_on)


def _cut_ground(grid: Grid, to: Grid, leaving: list[Building], by: User | None) -> None:
    """Give the ground around the leaving buildings to their new grid, where it is drawn.

    Only where every building of the grid is on the map; otherwise the outline stays for a hand.
    """
    drawn = {one.grid_id: one for one in GridShape.objects.filter(grid__in=[grid, to])}
    staying = Building.objects.filter(grid=grid).exclude(pk__in=[one.pk for one in leaving])
    mine, others = (_points(rows) for rows in (leaving, staying))
    if grid.pk not in drawn or mine is None or others is None:
        return
    if to.pk not in drawn and Building.objects.filter(grid=to).exists():
        return
    halves = cut(from_geojson(drawn[grid.pk].geometry), mine, others)
    if halves is None:
        return
    taken, rest = halves
    if to.pk in drawn:
        taken = union([from_geojson(drawn[to.pk].geometry), taken])
    for place, outline in ((grid, rest), (to, taken)):
        save_shape(grid=place, geometry=to_geojson(outline), by=by, accept_overlap=True)


def _points(buildings: Iterable[Building]) -> list[tuple[float, float]] | None:
    """Where the buildings stand; None when one is not on the map."""
    found = [
        (one.longitude, one.latitude)
        for one in buildings
        if one.longitude is not None and one.latitude is not None
    ]
    return found if len(found) == len(list(buildings)) else None


def _still_in(row: DivisionRow) -> list[Building]:
    """Return the row's buildings; ValidationError when one has left the grid since it was chosen."""
    found = list(Building.objects.filter(pk__in=row.buildings, grid=row.grid_id))
    if len(found) != len(row.buildings):
        raise ValidationError("所选楼栋有的已不在这个网格，请删掉这一项重新选。", code="gone")
    return found


_ROWS: dict[DivisionKind, Any] = {
    DivisionKind.SPLIT: _split,
    DivisionKind.MERGE: _merge,
    DivisionKind.ACTIVATE: _activate,
    DivisionKind.MOVE: _move,
}
