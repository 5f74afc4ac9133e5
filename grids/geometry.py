"""Outlines: GeoJSON in WGS-84 judged, measured and compared. Pure: values in, values or sentences out.

A geometry is a GeoJSON dict of type Polygon or MultiPolygon with (longitude, latitude) in degrees.
"""

from collections.abc import Callable, Iterable
from math import cos, isfinite, radians
from typing import Any

from shapely import (
    Geometry,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    is_valid_reason,
    set_precision,
    unary_union,
    voronoi_polygons,
)
from shapely.geometry import mapping, shape

from gridparty.lib.coordinates import METRES_PER_DEGREE, is_in_china

Geojson = dict[str, Any]
Shift = Callable[[float, float], tuple[float, float]]

DIGITS = 7  # a centimetre; more only makes rows longer
MOST_VERTICES = 5_000
SMALLEST_M2 = 10.0
# Neighbours drawn by hand never meet exactly: what is thinner or smaller than this is drawing error.
SLIVER_M2 = 25.0
SLIVER_WIDTH_M = 1.0


class ShapeFault(ValueError):
    """The geometry cannot be a grid's outline; the text says why and what to do."""


def read_outline(geometry: Any, *, shift: Shift | None = None) -> Polygon | MultiPolygon:
    """Return the outline a GeoJSON geometry draws, moved by `shift` when it is given.

    ShapeFault: no polygon, an unclosed or crossing ring, latitude before longitude, outside China.
    """
    if not isinstance(geometry, dict) or not isinstance(geometry.get("coordinates"), list):
        raise ShapeFault("没有图形。请给它画上边界。")
    kind = geometry.get("type")
    if kind == "Polygon":
        parts = [geometry["coordinates"]]
    elif kind == "MultiPolygon":
        parts = geometry["coordinates"]
    else:
        raise ShapeFault(f"图形是 {str(kind)[:20]}，网格边界应为多边形（Polygon）。")
    if not parts:
        raise ShapeFault("没有图形。请给它画上边界。")
    polygons = [_polygon(part, shift) for part in parts]
    if sum(len(ring.coords) for one in polygons for ring in _rings(one)) > MOST_VERTICES:
        raise ShapeFault(f"边界超过 {MOST_VERTICES} 个点，请先化简。")
    outline = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    if not outline.is_valid:
        raise ShapeFault(_reason(outline))
    if area_m2(outline) < SMALLEST_M2:
        raise ShapeFault("面积几乎为零，请检查各点的位置。")
    return outline


def _polygon(rings: Any, shift: Shift | None) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise ShapeFault("边界里没有点。")
    read = [_ring(ring, shift) for ring in rings]
    return Polygon(read[0], read[1:])


def _ring(ring: Any, shift: Shift | None) -> list[tuple[float, float]]:
    if not isinstance(ring, list) or len(ring) > MOST_VERTICES:
        raise ShapeFault(f"边界不是点的列表，或超过 {MOST_VERTICES} 个点。")
    points = [read_point(point, shift=shift) for point in ring]
    if len(points) < 4:
        raise ShapeFault("边界至少要 3 个不同的点，并回到起点。")
    if points[0] != points[-1]:
        raise ShapeFault("边界没有闭合：最后一个点应与第一个点相同。")
    return points


def read_point(point: Any, *, shift: Shift | None = None) -> tuple[float, float]:
    """Return (longitude, latitude) rounded to a centimetre; ShapeFault with the likely mistake."""
    if not isinstance(point, list | tuple) or len(point) < 2:
        raise ShapeFault("有的点没有经度和纬度。")
    lon, lat = point[0], point[1]
    if isinstance(lon, bool) or isinstance(lat, bool):
        raise ShapeFault("有的点的经纬度不是数字。")
    if not (isinstance(lon, int | float) and isinstance(lat, int | float)):
        raise ShapeFault("有的点的经纬度不是数字。")
    if not (isfinite(lon) and isfinite(lat)):
        raise ShapeFault("有的点的经纬度不是数字。")
    if not is_in_china(lon, lat):
        if is_in_china(lat, lon):
            raise ShapeFault("经纬度可能写反了：应先写经度，再写纬度。")
        if abs(lon) > 180 or abs(lat) > 90:
            raise ShapeFault("坐标不是经纬度（可能是投影坐标，单位为米）。请转换为 WGS-84 经纬度。")
        raise ShapeFault("坐标不在中国范围内，请检查。")
    if shift is not None:
        lon, lat = shift(lon, lat)
    return round(lon, DIGITS), round(lat, DIGITS)


def _reason(outline: Geometry) -> str:
    reason = is_valid_reason(outline)
    place = reason.partition("[")[2].rstrip("]").replace(" ", "，")
    where = f"（{place} 附近）" if place else ""
    if reason.startswith(("Hole lies outside", "Holes are nested", "Nested")):
        return f"空洞不在边界里面，或图形互相套住{where}。请分开画。"
    if reason.startswith("Interior is disconnected"):
        return f"空洞把图形切成了几块{where}。请分开画。"
    return f"边界自己和自己相交{where}。请移动交叉处的点。"


def _rings(polygon: Polygon) -> list[Any]:
    return [polygon.exterior, *polygon.interiors]


def count_holes(outline: Geometry) -> int:
    return sum(len(one.interiors) for one in parts_of(outline))


def parts_of(area: Geometry) -> list[Polygon]:
    """Return the polygons of an area; lines and points that a cut left are dropped."""
    if isinstance(area, Polygon):
        return [] if area.is_empty else [area]
    return [one for part in getattr(area, "geoms", ()) for one in parts_of(part)]


def to_geojson(outline: Geometry) -> Geojson:
    """Return the outline as it is stored: lists of numbers, rounded to a centimetre."""
    found: Geojson = _listed(mapping(outline))
    return found


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(part) for part in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def from_geojson(geometry: Geojson) -> Geometry:
    """Return a stored geometry as it is; it was judged when it was saved."""
    return shape(geometry)


def area_m2(area: Geometry) -> float:
    """Return the area in square metres on the local plane; right to 0.5 % for a street."""
    if area.is_empty:
        return 0.0
    middle = (area.bounds[1] + area.bounds[3]) / 2
    return float(area.area * METRES_PER_DEGREE**2 * cos(radians(middle)))


def overlap_m2(one: Geometry, other: Geometry) -> float:
    """Return how much ground two outlines share, in m²; slivers along a common border count 0."""
    return real_m2(one.intersection(other)) if one.intersects(other) else 0.0


def real_m2(area: Geometry) -> float:
    """Return the m² of those pieces that are more than an unsteady hand along a border."""
    return sum(area_m2(piece) for piece in pieces(area))


def pieces(area: Geometry) -> list[Polygon]:
    """Return the polygons of an area that are no slivers."""
    return [piece for piece in parts_of(area) if not _is_sliver(piece)]


def _is_sliver(piece: Polygon) -> bool:
    size = area_m2(piece)
    if size < SLIVER_M2:
        return True
    # Twice the area over the girth is about the width of a long thin piece.
    girth = piece.exterior.length * METRES_PER_DEGREE
    return bool(girth) and 2 * size / girth < SLIVER_WIDTH_M


def union(outlines: list[Geometry]) -> Geometry:
    """Return the ground the outlines cover together; neighbours' borders melt at a centimetre."""
    return unary_union([set_precision(one, 10**-DIGITS) for one in outlines])


def cut(
    outline: Geometry, mine: Iterable[tuple[float, float]], others: Iterable[tuple[float, float]]
) -> tuple[Geometry, Geometry] | None:
    """Return (the ground nearest to `mine`, the rest) of an outline; None where it cannot be told.

    A first proposal that follows the middle between buildings; roads are drawn by hand afterwards.
    """
    near, far = set(mine), set(others)
    if not near or not far or near & far:
        return None
    cells = voronoi_polygons(MultiPoint([*near, *far]), extend_to=outline).geoms
    points = [Point(one) for one in near]
    taken = union([cell for cell in cells if any(cell.covers(point) for point in points)])
    whole = set_precision(outline, 10**-DIGITS)
    halves = whole.intersection(taken), whole.difference(taken)
    found = [union(pieces(half)) for half in halves]
    return None if any(half.is_empty for half in found) else (found[0], found[1])


def centre(outline: Geometry) -> tuple[float, float]:
    """Return a point inside the outline, for a label: (longitude, latitude)."""
    point = outline.representative_point()
    return round(point.x, DIGITS), round(point.y, DIGITS)
