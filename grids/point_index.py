"""Which grid is here: a point among thousands of outlines, in a few microseconds.

The index lives in the process. `ground_index` compares the one-row version token (one query) and
builds anew only after somebody drew. Outlines are cut by a lattice of cells, about sixteen a grid:
most points lie in a cell that one grid fills, and no geometry is asked. Point by point this is
several times faster than an STRtree, whose price is the call, not the search.
"""

from collections.abc import Iterable
from math import floor, sqrt
from threading import Lock

from shapely import Geometry, Point, box, contains_properly, intersects, prepare

from grids.geometry import from_geojson
from grids.models import GridShape, GroundVersion

CELLS_PER_OUTLINE = 16


class PointIndex:
    """Outlines by grid id; where two overlap, the one that was drawn first answers."""

    def __init__(self, outlines: Iterable[tuple[int, Geometry]]) -> None:
        known = list(outlines)
        boxes = [outline.bounds for _, outline in known]
        ground = sum((east - west) * (north - south) for west, south, east, north in boxes)
        # From the mean size of an outline, so that the number of cells stays in proportion.
        self._size = sqrt(ground / max(1, len(known) * CELLS_PER_OUTLINE)) or 1.0
        # Per cell the outlines that touch it in order, each None in place of its shape when the
        # cell lies wholly inside it.
        self._cells: dict[tuple[int, int], list[tuple[int, Geometry | None]]] = {}
        for (grid, outline), bounds in zip(known, boxes, strict=True):
            self._cut(grid, outline, bounds)

    def find(self, lon: float, lat: float) -> int | None:
        """Return the id of the grid whose outline covers the point, None outside all of them."""
        point = None
        for grid, outline in self._cells.get(
            (floor(lon / self._size), floor(lat / self._size)), ()
        ):
            if outline is None:
                return grid
            point = point or Point(lon, lat)
            if outline.covers(point):
                return grid
        return None

    def _cut(self, grid: int, outline: Geometry, bounds: tuple[float, ...]) -> None:
        west, south, east, north = (floor(side / self._size) for side in bounds)
        places = [(x, y) for x in range(west, east + 1) for y in range(south, north + 1)]
        squares = [
            box(x * self._size, y * self._size, (x + 1) * self._size, (y + 1) * self._size)
            for x, y in places
        ]
        prepare(outline)
        touched, filled = intersects(outline, squares), contains_properly(outline, squares)
        for place, touches, fills in zip(places, touched, filled, strict=True):
            if touches:
                self._cells.setdefault(place, []).append((grid, None if fills else outline))


_lock = Lock()
_known: tuple[str, PointIndex] | None = None


def ground_index() -> PointIndex:
    """Return the index of all standing grids as they are drawn now."""
    global _known
    token = GroundVersion.objects.filter(pk=1).values_list("token", flat=True).first() or ""
    with _lock:
        if _known is None or _known[0] != token:
            rows = GridShape.objects.standing().order_by("pk").values_list("grid_id", "geometry")
            _known = token, PointIndex((grid, from_geojson(drawn)) for grid, drawn in rows)
        return _known[1]
