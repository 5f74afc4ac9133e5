"""指标表: every registered rate, split by street, community, grid, branch or department.

One query per indicator and one for the volume, whatever the number of groups or cases. A group with
fewer rows than MIN_SAMPLE is shown and never ranked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count

from assessments.indicators import GROUPINGS, RATES, Indicator, Pair
from assessments.scoring import MIN_SAMPLE, rate_percent
from cases.querysets import CaseQuerySet
from gridparty.lib.periods import Period
from gridparty.lib.text import natural_key
from grids.models import Grid
from orgs.models import OrgUnit, Unit

LABELS = {
    "street": "街道", "community": "社区", "grid": "网格", "branch": "党支部", "unit": "责任单位",
}  # fmt: skip

# Rows that belong to no group stand in a row of their own, unranked: the column adds up to the whole.
KEYLESS = {"unit": "没有责任单位（网格自办、退回待派）", "branch": "没有党支部"}


@dataclass(frozen=True)
class Cell:
    """One rate of one group; `rate` None: nothing to count."""

    code: str
    name: str
    numerator: int
    denominator: int

    @property
    def rate(self) -> Decimal | None:
        return rate_percent(self.numerator, self.denominator)

    @property
    def is_small(self) -> bool:
        return self.denominator < MIN_SAMPLE


@dataclass(frozen=True)
class Group:
    """A row of the table; `rank` None: too few samples in the indicator it is ranked by."""

    pk: int
    name: str
    reported: int
    cells: tuple[Cell, ...]
    rank: int | None = None


def table(
    cases: CaseQuerySet, grouping: str, period: Period, now: datetime, *, ranked_by: str
) -> list[Group]:
    """Return the groups that have a row in any indicator, best first; `cases` is limited by the caller."""
    counted = {
        found.code: found.by(grouping, period, now, cases, keyless=grouping in KEYLESS)
        for found in RATES.values()
    }
    rows = cases.reported_in(period).order_by().values_list(GROUPINGS[grouping])
    volume: dict[int, int] = {key or 0: n for key, n in rows.annotate(n=Count("pk"))}
    keys = set(volume).union(*counted.values())
    names = names_of(grouping, keys)
    groups = [
        Group(
            key, names[key], volume.get(key, 0),
            tuple(_cell(found, counted[found.code].get(key, (0, 0))) for found in RATES.values()),
        )
        for key in keys
    ]  # fmt: skip
    return _ranked(groups, RATES[ranked_by])


def _cell(found: Indicator, pair: Pair) -> Cell:
    return Cell(found.code, found.name, *pair)


def _ranked(groups: Iterable[Group], by: Indicator) -> list[Group]:
    """Sort by the indicator; equal rates share a rank, small samples follow without one."""
    index = list(RATES).index(by.code)
    sign = 1 if by.lower_is_better else -1

    def value(group: Group) -> Decimal:
        return sign * (group.cells[index].rate or Decimal(0))

    known = sorted(groups, key=lambda group: natural_key(group.name))
    few = [group for group in known if group.cells[index].is_small and group.pk]
    keyless = [group for group in known if not group.pk]
    enough = sorted(
        (group for group in known if group.pk and not group.cells[index].is_small), key=value
    )
    ranks: dict[Decimal, int] = {}
    for place, group in enumerate(enough, start=1):
        ranks.setdefault(value(group), place)
    placed = [
        Group(group.pk, group.name, group.reported, group.cells, ranks[value(group)])
        for group in enough
    ]
    return [*placed, *few, *keyless]


def names_of(grouping: str, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of streets, communities, branches, grids or departments: one query."""
    if grouping in KEYLESS:
        model: Any = Unit if grouping == "unit" else OrgUnit
        return {0: KEYLESS[grouping], **dict(_named(model, ids))}
    if grouping == "grid":
        grids = Grid.objects.filter(pk__in=ids).select_related("community")
        return {grid.pk: f"{grid.community} {grid.name}" for grid in grids}
    return dict(_named(OrgUnit, ids))


def _named(model: Any, ids: Iterable[int]) -> Any:
    return model.objects.filter(pk__in=ids).values_list("pk", "name")
