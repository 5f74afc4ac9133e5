"""The long lists of cases: only the columns a row shows, read in one query without model objects.

Fifty rows with their grids, communities and units as objects cost more than the rest of the page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.query import ValuesListIterable

from cases.querysets import CaseQuerySet
from cases.reading import Reading, place_words
from cases.rows import due_of, tone_of
from gridparty.lib.workdays import WorkCalendar


class _Columns(NamedTuple):
    """Named like the columns of a case; names of other tables' rows stand in `LOOKUPS`."""

    pk: int
    case_no: str
    text: str
    address: str
    source: str
    status: str
    level: str
    cycle: int
    district_id: str
    street_id: int
    community_id: int
    grid_id: int
    category_id: int
    created_at: datetime
    clock_started_at: datetime | None
    due_at: datetime | None
    status_since: datetime
    step_due_at: datetime | None
    ended_at: datetime | None
    urged_at: datetime | None
    supervised_at: datetime | None
    category_name: str
    parent_category_id: int | None
    grid_name: str
    community_label: str
    compound_name: str | None
    building_name: str | None
    unit_name: str | None


LOOKUPS: dict[str, Any] = {
    "category_name": F("category__name"),
    "parent_category_id": F("category__parent_id"),
    "grid_name": F("grid__name"),
    "community_label": Coalesce("community__region__name", "community__name"),
    "compound_name": F("building__compound__name"),
    "building_name": F("building__name"),
    "unit_name": F("lead_unit__name"),
}


class CaseLine(Reading, _Columns):
    """A case as a list reads it."""

    __slots__ = ()

    @property
    def place(self) -> str:
        building = f"{self.compound_name}{self.building_name}" if self.building_name else ""
        return place_words(building, self.address, self.grid_name)

    @property
    def area(self) -> str:
        return f"{self.community_label} · {self.grid_name}"


class _Lines(ValuesListIterable):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[CaseLine]:
        return map(CaseLine._make, super().__iter__())


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with its light (green, yellow, red or ""), its deadline in words and a hint.

    `hint` is the unit a routing rule suggests.
    """

    case: CaseLine
    light: str
    due: str
    hint: str = ""

    @property
    def tone(self) -> str:
        return tone_of(self.case.status)


def lines(cases: CaseQuerySet) -> QuerySet[Any, CaseLine]:
    """Return the cases as lines, newest first."""
    names = [LOOKUPS.get(name, name) for name in _Columns._fields]
    found: Any = cases.order_by("-id").values_list(*names)
    found._iterable_class = _Lines
    rows: QuerySet[Any, CaseLine] = found
    return rows


def line_rows(found: Iterable[CaseLine], now: datetime, calendar: WorkCalendar) -> list[LineRow]:
    return [LineRow(line, line.light(now, calendar), due_of(line, now)) for line in found]
