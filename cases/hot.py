"""热点问题: many reports of one problem, that is open cases of one category at one place.

Place is the building, or the grid when no building is named. A report that was merged into an open
case (并案) counts at the place of that case: merging must not make a hot problem look small.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.models import Category
from cases.querysets import CaseQuerySet
from cases.rows import community_label
from cases.workflow import Status
from grids.models import Building, Grid

# What one look takes in: more open cases than this and the newest are taken.
MOST_REPORTS = 20_000
MOST_CLUSTERS = 200
LEAST = 3

# A merged case may be merged on with its main one; nobody does that more often.
MOST_MERGES = 10

Place = tuple[int, int | None, int]  # grid, building or None, category
Row = dict[str, Any]


@dataclass
class Cluster:
    """The reports of one problem at one place. `reporters` counts each person once."""

    place: Place
    case_ids: list[int] = field(default_factory=list)
    reporters: set[str] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None

    def add(self, row: Row) -> None:
        self.case_ids.append(row["pk"])
        self.reporters.add(_reporter(row))
        self.first = min(self.first or row["created_at"], row["created_at"])
        self.last = max(self.last or row["created_at"], row["created_at"])

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


def clusters_of(cases: CaseQuerySet, *, since: datetime) -> list[Cluster]:
    """Return the clusters of `cases` (limited to who asks) reported since, most reporters first.

    Two queries: the open ones, and those merged into them.
    """
    main = {row["pk"]: row for row in _newest(cases.open())}
    merged = {
        row["pk"]: row for row in _newest(cases.filter(status=Status.MERGED, created_at__gte=since))
    }
    found: dict[Place, Cluster] = {}
    for row in [*main.values(), *merged.values()]:
        at = _place(row, main, merged)
        if at is not None and row["created_at"] >= since:
            found.setdefault(at, Cluster(at)).add(row)
    return sorted(
        found.values(), key=lambda one: (-len(one.reporters), -len(one.case_ids), one.place[0])
    )


def cluster_at(clusters: list[Cluster], place: Place) -> Cluster | None:
    return next((one for one in clusters if one.place == place), None)


def _newest(cases: CaseQuerySet) -> list[Row]:
    names = (
        "pk", "grid_id", "building_id", "category_id", "merged_into_id", "created_at",
        "reporter_name", "reporter_person_id", "reporter_user_id",
    )  # fmt: skip
    return list(cases.order_by("-id").values(*names)[:MOST_REPORTS])


def _place(row: Row, main: dict[int, Row], merged: dict[int, Row]) -> Place | None:
    """Return where the report counts: at its main case, however often that was merged on."""
    for _ in range(MOST_MERGES):
        if row["pk"] in main:
            return row["grid_id"], row["building_id"], row["category_id"]
        following = main.get(row["merged_into_id"]) or merged.get(row["merged_into_id"])
        if following is None:
            return None
        row = following
    return None


def _reporter(row: Row) -> str:
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
