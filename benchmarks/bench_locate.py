"""Which of 3,600 grids is here: one look-up, against the target and against bare shapely.

The grids are crooked cells of 24 corners, as people draw them. The floor is what one would write
first: a tree of the same outlines, prepared, asked for each point.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from shapely import Point, Polygon, STRtree, prepare

from benchmarks.run import Figure

SIDE, STEP, POINTS, ROUNDS = 60, 0.005, 10_000, 5
TARGET = 20e-6  # seconds; issue of the register


def run() -> list[Figure]:
    from grids.point_index import PointIndex

    rng = random.Random(7)
    outlines = crooked(rng)
    points = [
        (117 + rng.random() * SIDE * STEP, 31 + rng.random() * SIDE * STEP) for _ in range(POINTS)
    ]
    index = PointIndex(enumerate(outlines))
    prepare(outlines)
    tree = STRtree(outlines)

    def bare(lon: float, lat: float) -> int:
        point = Point(lon, lat)
        return next((i for i in tree.query(point).tolist() if outlines[i].covers(point)), -1)

    assert all((index.find(*one) or 0) == max(0, bare(*one)) for one in points[:500])
    took, floor = best(index.find, points), best(bare, points)
    return [
        Figure("grid of a point among 3,600, one look-up", took, TARGET, 1, "20 µs"),
        Figure("grid of a point among 3,600, one look-up", took, floor, 1, "STRtree, prepared"),
    ]


def crooked(rng: random.Random) -> list[Polygon]:
    """Return a lattice of cells whose sides share six crooked points each."""

    def side(x: int, y: int, dx: int, dy: int) -> list[tuple[float, float]]:
        shared = random.Random(f"{x}:{y}:{dx}")  # the neighbour across draws the same line
        return [
            (
                117 + (x + dx * step / 6) * STEP + shared.uniform(-1, 1) * STEP / 20,
                31 + (y + dy * step / 6) * STEP + shared.uniform(-1, 1) * STEP / 20,
            )
            for step in range(1, 6)
        ]

    cells = []
    for x in range(SIDE):
        for y in range(SIDE):
            corner = [
                (117 + i * STEP, 31 + j * STEP)
                for i, j in ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1))
            ]
            ring = [
                corner[0], *side(x, y, 1, 0), corner[1], *side(x + 1, y, 0, 1), corner[2],
                *side(x, y + 1, 1, 0)[::-1], corner[3], *side(x, y, 0, 1)[::-1], corner[0],
            ]  # fmt: skip
            cells.append(Polygon(ring))
    rng.shuffle(cells)
    return cells


def best(find: Callable[[float, float], object], points: list[tuple[float, float]]) -> float:
    """Return the seconds of one look-up, the best of a few rounds."""
    fastest = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for lon, lat in points:
            find(lon, lat)
        fastest = min(fastest, time.perf_counter() - start)
    return fastest / len(points)
