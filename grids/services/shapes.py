"""Drawing on the map: outlines of grids and communities, points of buildings."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from shapely import Geometry

from grids.catalog import GridStatus
from grids.geometry import (
    ShapeFault,
    Shift,
    area_m2,
    from_geojson,
    overlap_m2,
    read_outline,
    read_point,
    to_geojson,
)
from grids.models import Building, CommunityShape, Grid, GridShape
from grids.services.drawing import lock_grid
from grids.services.groundversion import touch_ground
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, User

describe_actions(
    grid__draw="画网格边界",
    grid__erase="删除网格边界",
    grid__draw_community="画社区边界",
    building__place="标注楼栋位置",
)


@dataclass(frozen=True)
class Overlap:
    """Ground two grids share."""

    grid: Grid
    m2: float

    def __str__(self) -> str:
        return f"与“{self.grid}”重叠约 {size_text(self.m2)}"


@transaction.atomic
def save_shape(
    *,
    grid: Grid,
    geometry: Any,
    by: User | None,
    version: int | None = None,
    shift: Shift | None = None,
    accept_overlap: bool = False,
) -> GridShape:
    """Draw the grid's outline anew; `version` is the one the drawing began from (0: none yet).

    None takes whatever is there (an import was confirmed against its own preview).
    ValidationError: "closed", "shape" (no valid outline), "stale" (somebody drew meanwhile),
    "overlap" (it covers other grids' ground and nobody said that this is meant).
    """
    grid = lock_grid(grid)
    if grid.status == GridStatus.CLOSED:
        raise ValidationError("这个网格已经撤销，不能再画边界。", code="closed")
    outline = judged(geometry, shift=shift)
    old = GridShape.objects.filter(grid=grid).first()
    if version is not None and version != (old.version if old else 0):
        raise ValidationError("别人刚刚改过这个网格的边界，请刷新后再画。", code="stale")
    if not accept_overlap and (found := overlaps(outline, but=grid)):
        raise ValidationError([ValidationError(f"{one}。", code="overlap") for one in found])
    saved: GridShape = _store(GridShape, outline, by, grid=grid)
    record(
        by=by, action="grid.draw", target=grid, street=grid.street_id,
        detail={"version": saved.version, "m2": round(saved.area_m2)},
    )  # fmt: skip
    return saved


@transaction.atomic
def drop_shape(*, grid: Grid, by: User | None) -> None:
    """Take the grid's outline off the map."""
    if GridShape.objects.filter(grid=grid).delete()[0]:
        touch_ground()
        record(by=by, action="grid.erase", target=grid, street=grid.street_id)


@transaction.atomic
def save_community_shape(
    *, community: OrgUnit, geometry: Any, by: User | None, shift: Shift | None = None
) -> CommunityShape:
    """Draw the outline that the grids of a community should fill."""
    saved: CommunityShape = _store(
        CommunityShape, judged(geometry, shift=shift), by, community=community
    )
    record(by=by, action="grid.draw_community", target=community, street=community.get_root())
    return saved


@transaction.atomic
def place_building(
    *, building: Building, point: Any, by: User | None, shift: Shift | None = None
) -> Building:
    """Set where the building stands: `point` is [longitude, latitude], None takes it off the map."""
    try:
        place = read_point(point, shift=shift) if point is not None else (None, None)
    except ShapeFault as fault:
        raise ValidationError(str(fault), code="point") from None
    building.longitude, building.latitude = place
    building.save(update_fields=["longitude", "latitude"])
    record(by=by, action="building.place", target=building, street=building.street_id)
    return building


def judged(geometry: Any, *, shift: Shift | None = None) -> Geometry:
    """Return the outline, or ValidationError with the fault's sentence."""
    try:
        return read_outline(geometry, shift=shift)
    except ShapeFault as fault:
        raise ValidationError(str(fault), code="shape") from None


def overlaps(outline: Geometry, *, but: Grid) -> list[Overlap]:
    """Return the standing grids whose ground the outline covers, largest overlap first."""
    near = GridShape.objects.standing().touching(*outline.bounds).exclude(grid=but)
    found = [
        Overlap(one.grid, shared)
        for one in near.select_related("grid")
        if (shared := overlap_m2(outline, from_geojson(one.geometry)))
    ]
    return sorted(found, key=lambda one: -one.m2)


def size_text(m2: float) -> str:
    """Return an area as people say it: 850 平方米, 1.2 公顷, 3.4 平方公里."""
    if m2 < 10_000:
        return f"{m2:.0f} 平方米"
    return f"{m2 / 10_000:.1f} 公顷" if m2 < 1_000_000 else f"{m2 / 1_000_000:.2f} 平方公里"


def _store(model: Any, outline: Geometry, by: User | None, **owner: Any) -> Any:
    west, south, east, north = outline.bounds
    saved = model.objects.select_for_update().filter(**owner).first() or model(version=0, **owner)
    saved.geometry, saved.area_m2 = to_geojson(outline), area_m2(outline)
    saved.west, saved.south, saved.east, saved.north = west, south, east, north
    saved.version, saved.updated_by = saved.version + 1, by
    saved.save()
    touch_ground()
    return saved
