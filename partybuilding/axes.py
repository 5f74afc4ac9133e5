"""The five-axis chart of 五联共治 as points of an SVG. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin

from partybuilding.catalog import Dimension

SIZE, RADIUS = 240, 84


@dataclass(frozen=True)
class Axis:
    """One dimension: its count, where its label stands and where its value lies."""

    code: str
    label: str
    count: int
    x: float
    y: float
    label_x: float
    label_y: float


def _at(place: int, radius: float) -> tuple[float, float]:
    angle = -pi / 2 + 2 * pi * place / len(Dimension)
    return round(SIZE / 2 + radius * cos(angle), 1), round(SIZE / 2 + radius * sin(angle), 1)


def axes_of(counts: Mapping[str, int]) -> list[Axis]:
    """Return the axes, the largest count at the rim."""
    most = max([*counts.values(), 1])
    found = []
    for place, dimension in enumerate(Dimension):
        count = counts.get(dimension, 0)
        x, y = _at(place, RADIUS * count / most)
        label_x, label_y = _at(place, RADIUS + 18)
        found.append(Axis(dimension, str(dimension.label), count, x, y, label_x, label_y + 4))
    return found


def polygon(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def shape_of(axes: list[Axis]) -> str:
    """The polygon of the values."""
    return polygon([(axis.x, axis.y) for axis in axes])


def rings() -> list[str]:
    """Three rings of the background."""
    return [
        polygon([_at(place, RADIUS * part / 3) for place in range(len(Dimension))])
        for part in (1, 2, 3)
    ]
