"""双网融合: how far the older networks' codes are merged, and where they contradict the grids.

A code is merged in part or in full by date; the status follows from the dates. Conflicts are
lists: every figure on the page counts the rows it links to.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from grids.catalog import GridStatus, LegacySystem
from grids.models import Building, Grid, LegacyGridCode


@dataclass(frozen=True)
class Figure:
    label: str
    count: int
    url: str
    level: str = ""
    unit: str = "个"


CONFLICTS = {
    "several": "一个编码跨几个网格",
    "crossed": "一个网格有同一系统的几个编码",
    "twin": "同一编码出现在两个系统",
}
STATUSES = {"none": "未合并", "partial": "部分合并", "merged": "已合并"}


def codes_in_view(user: Any) -> Any:
    """Return the codes of the live grids the user sees."""
    grids = Grid.objects.visible_to(user).live()
    return LegacyGridCode.objects.filter(grid__in=grids.values("pk"))


def with_status(codes: Any, status: str) -> Any:
    found: dict[str, Q] = {
        "none": Q(merged_on=None, partial_on=None),
        "partial": Q(merged_on=None, partial_on__isnull=False),
        "merged": Q(merged_on__isnull=False),
    }
    return codes.filter(found[status])


def in_conflict(codes: Any, kind: str) -> Any:
    """Return the codes that contradict another code of a live grid."""
    live = LegacyGridCode.objects.exclude(grid__status=GridStatus.CLOSED)
    same = live.filter(code=OuterRef("code"))
    others = {
        "several": same.filter(system=OuterRef("system")).exclude(grid=OuterRef("grid")),
        "twin": same.exclude(system=OuterRef("system")),
        "crossed": live.filter(grid=OuterRef("grid"), system=OuterRef("system")).exclude(
            code=OuterRef("code")
        ),
    }
    return codes.filter(Exists(others[kind]))


def uncovered_buildings(user: Any) -> Any:
    """Return buildings of active grids that no governance grid (综治) covers."""
    grids = Grid.objects.visible_to(user).without_governance()
    return Building.objects.visible_to(user).filter(grid__in=grids.values("pk"))


def progress(user: Any) -> list[Figure]:
    """Return how many codes are merged, each figure with its list."""
    address, codes = reverse("grids:nets"), codes_in_view(user)
    return [
        Figure("原网格编码", codes.count(), address),
        *(
            Figure(label, with_status(codes, status).count(), f"{address}?status={status}")
            for status, label in STATUSES.items()
        ),
    ]


def conflicts(user: Any) -> list[Figure]:
    """Return what contradicts, only what there is, each figure with its list."""
    address, codes = reverse("grids:nets"), codes_in_view(user)
    found = [
        Figure(label, in_conflict(codes, kind).count(), f"{address}?conflict={kind}")
        for kind, label in CONFLICTS.items()
    ]
    uncoded = Grid.objects.visible_to(user).without_governance().count()
    found += [
        Figure("网格没有综治编码", uncoded, f"{reverse('grids:list')}?gap=governance"),
        Figure(
            "楼栋没有综治网格覆盖", uncovered_buildings(user).count(),
            f"{address}?conflict=uncovered", unit="栋",
        ),
    ]  # fmt: skip
    return [figure for figure in found if figure.count]


def by_system(user: Any) -> list[dict[str, Any]]:
    """Return per system how many codes are not, partly and fully merged."""
    rows = (
        codes_in_view(user)
        .order_by()
        .values("system")
        .annotate(
            total=Count("pk"),
            merged=Count("pk", filter=Q(merged_on__isnull=False)),
            partial=Count("pk", filter=Q(merged_on=None, partial_on__isnull=False)),
            none=F("total") - F("merged") - F("partial"),
        )
    )
    known = {row["system"]: row for row in rows}
    return [
        {**known[system], "label": label, "rate": known[system]["merged"] / known[system]["total"]}
        for system, label in LegacySystem.choices
        if system in known
    ]
