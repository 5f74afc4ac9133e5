"""The rows of the API's list of cases: columns of one query, written out without model objects.

Fifty serialized models with their grids, communities and units cost three times as much.
`CaseRowSerializer` describes the same row for the schema; a test holds the two together.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.query import ValuesListIterable

from cases.querysets import CaseQuerySet
from cases.reading import Reading
from gridparty.lib.china_time import local
from gridparty.lib.workdays import WorkCalendar


class _Columns(NamedTuple):
    """Named like the columns of a case; names of other tables' rows stand in `LOOKUPS`."""

    id: int
    case_no: str
    status: str
    text: str
    category_slug: str
    category_name: str
    sla_code: str
    source: str
    level: str
    grid_id: int
    grid_name: str
    community_id: int
    community_name: str
    street_id: int
    lead_unit_id: int | None
    unit_name: str | None
    created_at: datetime
    clock_started_at: datetime | None
    due_at: datetime | None
    status_since: datetime
    step_due_at: datetime | None
    closed_at: datetime | None
    ended_at: datetime | None
    cycle: int
    version: int


LOOKUPS = {
    "category_slug": F("category__slug"),
    "category_name": F("category__name"),
    "sla_code": F("sla_class__code"),
    "grid_name": F("grid__name"),
    "community_name": F("community__name"),
    "unit_name": F("lead_unit__name"),
}


class ApiLine(Reading, _Columns):
    """A case as the list of the API reads it."""

    __slots__ = ()

    def data(self, now: datetime, calendar: WorkCalendar) -> dict[str, Any]:
        """Return the row as `CaseRowSerializer` describes it."""
        return {
            "id": self.id, "case_no": self.case_no, "status": self.status,
            "status_label": self.status_label, "summary": self.summary,
            "category": self.category_slug, "category_name": self.category_name,
            "sla_class": self.sla_code, "source": self.source, "level": self.level,
            "grid": self.grid_id, "grid_name": self.grid_name,
            "community": self.community_id, "community_name": self.community_name,
            "street": self.street_id,
            "lead_unit": self.lead_unit_id, "lead_unit_name": self.unit_name or "",
            "created_at": _moment(self.created_at), "due_at": _moment(self.due_at),
            "step_due_at": _moment(self.step_due_at), "closed_at": _moment(self.closed_at),
            "light": self.light(now, calendar), "cycle": self.cycle, "version": self.version,
        }  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return None if at is None else local(at).isoformat()


class _Lines(ValuesListIterable):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[ApiLine]:
        return map(ApiLine._make, super().__iter__())


def api_lines(cases: CaseQuerySet) -> QuerySet[Any, ApiLine]:
    found: Any = cases.values_list(*(LOOKUPS.get(name, name) for name in _Columns._fields))
    found._iterable_class = _Lines
    rows: QuerySet[Any, ApiLine] = found
    return rows
