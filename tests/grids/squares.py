"""Simple ground for the tests: squares of about 500 m side by side, near the west of the town."""

from typing import Any

from grids.models import Grid, GridShape
from grids.services import save_shape

WEST, SOUTH, SIDE = 117.2, 31.78, 0.005


def square(column: float, row: float = 0, side: float = SIDE) -> dict[str, Any]:
    """Return the GeoJSON of a square; neighbours share their borders exactly."""
    west, south = round(WEST + column * SIDE, 7), round(SOUTH + row * SIDE, 7)
    east, north = round(west + side, 7), round(south + side, 7)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def middle(column: float, row: float = 0) -> tuple[float, float]:
    return round(WEST + (column + 0.5) * SIDE, 7), round(SOUTH + (row + 0.5) * SIDE, 7)


def draw(grid: Grid, column: float, row: float = 0) -> GridShape:
    return save_shape(grid=grid, geometry=square(column, row), by=None)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
