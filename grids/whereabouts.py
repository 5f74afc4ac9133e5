"""Finding the grid of a place: by coordinate or by address text, within the user's view."""

from dataclasses import dataclass
from typing import Any

from grids.doors import parse_address
from grids.geometry import ShapeFault, read_point
from grids.models import Building, Grid
from grids.point_index import ground_index

MOST_HITS = 20


@dataclass(frozen=True)
class Hit:
    """A grid that fits, and the building that led to it."""

    grid: Grid
    building: Building | None = None


def grid_at(lon: float, lat: float, user: Any) -> Grid | None:
    """Return the grid at a WGS-84 coordinate if the user may see it; ShapeFault for no coordinate."""
    lon, lat = read_point((lon, lat))
    found = ground_index().find(lon, lat)
    if found is None:
        return None
    return Grid.objects.visible_to(user).select_related("community").filter(pk=found).first()


def grids_of_address(text: str, user: Any) -> list[Hit]:
    """Return the buildings in view that an address means (§6.3 door grammar), at most 20.

    An estate without a building answers with its grids.
    """
    door = parse_address(text)
    rows = Building.objects.visible_to(user).select_related(
        "compound", "grid", "grid__community", "community"
    )
    if door.compound:
        # An address may say more than the estate's name, or less; aliases count.
        estates = [pk for pk, *names in _estates(rows) if _named(door.compound, names)]
        rows = rows.filter(compound__in=estates)
    if door.building:
        rows = rows.filter(name=door.building)
    if not (door.compound or door.building):
        return []
    ordered = rows.order_by("compound__name", "sort_key")
    if door.building:
        return [Hit(one.grid, one) for one in ordered[:MOST_HITS]]
    grids = Grid.objects.filter(pk__in=ordered.order_by().values("grid")).select_related(
        "community"
    )
    return [Hit(grid) for grid in grids.order_by("code")[:MOST_HITS]]


def _estates(rows: Any) -> list[tuple[int, str, list[str]]]:
    found = rows.order_by().values_list("compound", "compound__name", "compound__aliases")
    return list({pk: (pk, name, aliases) for pk, name, aliases in found.distinct()}.values())


def _named(text: str, names: list[Any]) -> bool:
    name, aliases = names
    return any(one and (one in text or text in one) for one in (name, *aliases))


def coordinate(text: str) -> tuple[float, float] | None:
    """Read "117.21, 31.78" (or the two turned round) from a search box; None when it is none."""
    parts = text.replace("，", ",").replace(" ", ",").split(",")
    try:
        numbers = [float(part) for part in parts if part]
    except ValueError:
        return None
    if len(numbers) != 2:
        return None
    first, second = numbers
    for point in ((first, second), (second, first)):
        try:
            return read_point(point)
        except ShapeFault:
            continue
    return None
