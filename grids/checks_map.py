"""Integrity checks of the ground: overlaps, gaps, buildings outside their grid (横向到边)."""

from collections.abc import Iterator
from typing import Any

from grids.catalog import GridStatus
from grids.checks import BUILDING, GRID
from grids.geometry import from_geojson
from grids.map_plan import shared_ground, uncovered
from grids.models import Building, CommunityShape, Grid, GridShape
from grids.point_index import ground_index
from orgs.checks import TREE
from orgs.quality import Asked, Severity, check


@check(
    "grid_undrawn", title="网格还没有画边界", severity=Severity.INFO, of=GRID,
    mend="打开地图，给这个网格画边界，或导入地图文件。",
)  # fmt: skip
def grids_without_shape(asked: Asked) -> Any:
    return Grid.objects.without_shape()


@check(
    "grid_overlap", title="网格边界互相重叠", severity=Severity.WARN, of=GRID, ids=True,
    mend="在地图上打开这个网格，点“修改边界”，把角点对齐到邻居。",
)  # fmt: skip
def overlapping_grids(asked: Asked) -> Iterator[int]:
    ground = {
        one.grid: from_geojson(one.geometry)
        for one in GridShape.objects.standing().select_related("grid")
    }
    seen = {grid.pk for one, other, _ in shared_ground(ground) for grid in (one, other)}
    yield from seen


@check(
    "community_gap", title="社区里有没有网格覆盖的地方", severity=Severity.WARN, of=TREE, ids=True,
    mend="在地图上把相邻网格的边界画到空隙处，或新建网格；导入地图时会写明空隙的位置。",
)  # fmt: skip
def communities_with_gaps(asked: Asked) -> Iterator[int]:
    for outline in CommunityShape.objects.order_by("pk"):
        shapes = GridShape.objects.standing().filter(grid__community=outline.community_id)
        drawn = [from_geojson(one) for one in shapes.values_list("geometry", flat=True)]
        if uncovered(from_geojson(outline.geometry), drawn):
            yield outline.community_id


@check(
    "building_outside", title="楼栋的位置在别的网格里", severity=Severity.WARN, of=BUILDING, ids=True,
    mend="核对楼栋的位置；位置没错的，把楼栋划到它所在的网格，或修改边界。",
)  # fmt: skip
def buildings_outside_their_grid(asked: Asked) -> Iterator[int]:
    index = ground_index()
    rows = Building.objects.placed().exclude(grid__status=GridStatus.CLOSED)
    columns = rows.values_list("pk", "grid", "longitude", "latitude")
    for pk, grid, lon, lat in columns.iterator(chunk_size=5000):
        found = index.find(lon or 0.0, lat or 0.0)
        if found is not None and found != grid:
            yield pk


@check(
    "grid_governance", title="网格没有对应的综治编码", severity=Severity.INFO, of=GRID,
    mend="在“双网融合”里导入对照表，或打开网格登记原编码。",
)  # fmt: skip
def grids_without_governance(asked: Asked) -> Any:
    return Grid.objects.without_governance()
