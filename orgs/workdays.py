"""The working calendar as the database knows it."""

from gridparty.lib.workdays import WorkCalendar
from orgs.models import WorkdayOverride


def work_calendar() -> WorkCalendar:
    """Return the calendar with every stored holiday and make-up day (one query).

    A year without rows falls back to plain Monday to Friday; `knows_year` lets pages warn.
    """
    rows = WorkdayOverride.objects.values_list("date", "is_workday")
    return WorkCalendar(dict(rows))
