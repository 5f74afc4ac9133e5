"""The ground of the demonstration: every grid a piece of an invented block, every building a point.

No real border: the blocks are lattices with crooked corners that neighbours share.
"""

from math import ceil, sqrt
from typing import Any

from shapely import Geometry

from gridparty.demo.world import CommunityFacts, World
from grids.geometry import area_m2, read_outline, to_geojson, union
from grids.models import Building, CommunityShape, GridShape
from grids.services.groundversion import touch_ground

# Degrees: a grid is about 380 × 440 m. A community's block is at most 5 grids wide.
WIDE, HIGH, APART = 0.004, 0.004, 0.03
ORIGINS = {"haiheng": (117.19, 31.76), "xuancheng": (118.74, 30.93), "huangshan": (118.33, 29.71)}
Corner = tuple[float, float]


def build_ground(world: World) -> None:
    """Draw the grids of every community and place their buildings."""
    shapes: list[GridShape] = []
    outlines: list[CommunityShape] = []
    buildings: list[Building] = []
    for tree in world.trees:
        rng = world.setting.rng(f"ground:{tree.plan.key}")
        west, south = ORIGINS[tree.plan.key]
        for place, community in enumerate(tree.communities):
            origin = west + place % 3 * APART, south + place // 3 * APART
            corners = {
                (x, y): (
                    origin[0] + x * WIDE + rng.uniform(-0.0005, 0.0005),
                    origin[1] + y * HIGH + rng.uniform(-0.0005, 0.0005),
                )
                for x in range(7)
                for y in range(7)
            }
            _draw(community, corners, shapes, outlines, buildings)
    GridShape.objects.bulk_create(shapes)
    CommunityShape.objects.bulk_create(outlines)
    Building.objects.bulk_update(buildings, ["longitude", "latitude"], batch_size=500)
    touch_ground()


def _draw(
    community: CommunityFacts, corners: dict[tuple[int, int], Corner], shapes: list[GridShape],
    outlines: list[CommunityShape], buildings: list[Building],
) -> None:  # fmt: skip
    columns = ceil(sqrt(len(community.grids)))
    drawn = []
    for number, facts in enumerate(community.grids):
        x, y = number % columns, number // columns
        a, b, c, d = (corners[x + i, y + j] for i, j in ((0, 0), (1, 0), (1, 1), (0, 1)))
        ring = [list(point) for point in (a, b, c, d, a)]
        outline = read_outline({"type": "Polygon", "coordinates": [ring]})
        drawn.append(outline)
        shapes.append(GridShape(grid=facts.grid, **_columns(outline)))
        _place(facts.buildings, a, b, d)
        buildings += facts.buildings
    outlines.append(CommunityShape(community=community.org, **_columns(union(drawn))))


def _place(buildings: list[Building], a: Corner, b: Corner, d: Corner) -> None:
    """Stand the buildings in rows inside the corner a and the sides towards b and d."""
    across = max(1, ceil(sqrt(len(buildings))))
    for number, building in enumerate(buildings):
        u = 0.18 + 0.64 * (number % across + 0.5) / across
        v = 0.18 + 0.64 * (number // across + 0.5) / across
        building.longitude = round(a[0] + u * (b[0] - a[0]) + v * (d[0] - a[0]), 7)
        building.latitude = round(a[1] + u * (b[1] - a[1]) + v * (d[1] - a[1]), 7)


def _columns(outline: Geometry) -> dict[str, Any]:
    west, south, east, north = outline.bounds
    return {
        "geometry": to_geojson(outline), "area_m2": area_m2(outline),
        "west": west, "south": south, "east": east, "north": north,
    }  # fmt: skip
