"""The working calendar as the database knows it."""

from contextvars import ContextVar

from gridparty.lib.workdays import WorkCalendar
from orgs.audit import NO_REQUEST, RequestFacts, current_request
from orgs.models import WorkdayOverride

# The calendar of the request being served: a page asks for it at every clock it shows.
_kept: ContextVar[tuple[RequestFacts, WorkCalendar] | None] = ContextVar("calendar", default=None)


def work_calendar() -> WorkCalendar:
    """Return the calendar with every stored holiday and make-up day (one query a request).

    A year without rows falls back to plain Monday to Friday; `knows_year` lets pages warn.
    """
    request, kept = current_request.get(), _kept.get()
    if kept is not None and kept[0] is request:
        return kept[1]
    calendar = WorkCalendar(dict(WorkdayOverride.objects.values_list("date", "is_workday")))
    _kept.set(None if request is NO_REQUEST else (request, calendar))
    return calendar
