"""热点问题: many reports of one problem, that is open cases of one category at one place.

Place is the building, or the grid when no building is named. A report that was merged into an open
case (并案) counts at the place of that case: merging must not make a hot problem look small.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.models import Category
from cases.querysets import CaseQuerySet
from cases.rows import community_label
from grids.models import Building, Grid

# What one look takes in: more open cases than this and the newest are taken.
MOST_REPORTS = 20_000
MOST_CLUSTERS = 200
LEAST = 3

Place = tuple[int, int | None, int]  # grid, building or None, category


@dataclass
class Cluster:
    """The reports of one problem at one place. `reporters` counts each person once."""

    place: Place
    case_ids: list[int] = field(default_factory=list)
    reporters: set[str] = field(default_factory=set)
    open_count: int = 0
    first: datetime | None = None
    last: datetime | None = None

    @property
    def query(self) -> str:
        """Return what the address of its list says."""
        grid, building, category = self.place
        return f"grid={grid}&category={category}" + (f"&building={building}" if building else "")


@dataclass(frozen=True)
class HotRow:
    """A cluster with its names."""

    cluster: Cluster
    category: Category
    grid: Grid
    where: str
    community: str


def clusters_of(
    cases: CaseQuerySet, *, since: datetime, place: Place | None = None
) -> list[Cluster]:
    """Return the clusters of `cases` (limited to who asks) reported since, most reporters first.

    `place`: only this one. One query.
    """
    found: dict[Place, Cluster] = defaultdict(lambda: Cluster((0, None, 0)))
    for row in _reports(cases, since, place):
        at = (row["grid_id"], row["building_id"], row["category_id"])
        cluster = found[at]
        cluster.place = at
        cluster.case_ids.append(row["pk"])
        cluster.reporters.add(_reporter(row))
        cluster.open_count += row["ended_at"] is None
        cluster.first = min(cluster.first or row["created_at"], row["created_at"])
        cluster.last = max(cluster.last or row["created_at"], row["created_at"])
    return sorted(
        found.values(), key=lambda one: (-len(one.reporters), -len(one.case_ids), one.place[0])
    )


def _reports(cases: CaseQuerySet, since: datetime, place: Place | None) -> list[dict[str, Any]]:
    """Return the open reports, newest first."""
    rows = cases.open().filter(created_at__gte=since)
    if place is not None:
        rows = rows.filter(grid=place[0], building=place[1], category=place[2])
    names = (
        "pk", "grid_id", "building_id", "category_id", "ended_at", "created_at", "reporter_name",
        "reporter_person_id", "reporter_user_id",
    )  # fmt: skip
    return list(rows.order_by("-id").values(*names)[:MOST_REPORTS])


def _reporter(row: dict[str, Any]) -> str:
    """Tell people apart as far as the report says who it is; a nameless one is somebody new."""
    if row["reporter_person_id"]:
        return f"person {row['reporter_person_id']}"
    if row["reporter_user_id"] and not row["reporter_name"]:
        return f"user {row['reporter_user_id']}"
    return f"case {row['pk']}"


def hot_rows(clusters: list[Cluster], least: int) -> list[HotRow]:
    """Return the clusters with at least `least` reporters, with their names: three queries."""
    hot = [one for one in clusters if len(one.reporters) >= least][:MOST_CLUSTERS]
    grids = Grid.objects.select_related("community__region").in_bulk({one.place[0] for one in hot})
    buildings = Building.objects.select_related("compound").in_bulk(
        {one.place[1] for one in hot if one.place[1]}
    )
    categories = Category.objects.in_bulk({one.place[2] for one in hot})
    return [
        HotRow(
            cluster=one, category=categories[one.place[2]], grid=grids[one.place[0]],
            where=str(buildings[one.place[1]]) if one.place[1] else "未指明楼栋",
            community=community_label(grids[one.place[0]].community),
        )
        for one in hot
    ]  # fmt: skip
