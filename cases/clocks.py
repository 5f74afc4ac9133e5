"""Limits, due dates and lights. Pure; working days come in as a `WorkCalendar`.

Rules (domain brief §2.5): a limit in working days starts on the next working day and expires at
18:00 of the last; hours run day and night. Light: green above a quarter left, yellow at a quarter
or on the last working day, red when overdue. Overdue by more than one working day is urged
(催办), by more than three supervised (督办), by more than five proposed for accountability (问责);
each stage once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from cases.catalog import LimitUnit
from gridparty.lib.china_time import local_date
from gridparty.lib.workdays import WorkCalendar

# The result is checked, and the dispatch decided, within these (§4A); hours for emergencies.
RESULT_CHECK_WORKDAYS = 2
DISPATCH_WORKDAYS = 1
FINISH_WORKDAYS = 2
RETURN_WORKDAYS = 2
REWORK_WORKDAYS = 3
REOPEN_DAYS = 15
DECISION_WORKDAYS = 3
URGE_AFTER_WORKDAYS = 1
SUPERVISE_AFTER_WORKDAYS = 3
ACCOUNT_AFTER_WORKDAYS = 5
# A whistled department that is this late (or, by the hour, once more its limit) counts as absent.
NO_SHOW_WORKDAYS = 1
# Reopened this often, a case is supervised without anybody asking.
SUPERVISED_FROM_CYCLE = 3
DECIDE_WORKDAYS = 1
REPLY_WORKDAYS = 2
WAIT_WORKDAYS = 3
EXTENSION_WORKDAYS = 10
EXTENSIONS_PER_CYCLE = 2
RESUME_WORKDAYS = 3
APPEAL_DAYS = 15
REVIEW_DAYS = 90

GREEN, YELLOW, RED = "green", "yellow", "red"


@dataclass(frozen=True)
class Limit:
    """An amount of minutes, hours or working days."""

    amount: int
    unit: str

    @classmethod
    def of(cls, amount: int | None, unit: str) -> Self | None:
        return None if amount is None else cls(amount, unit)

    @property
    def label(self) -> str:
        return f"{self.amount} {'个' if self.unit == LimitUnit.WORKDAYS else ''}{LimitUnit(self.unit).label}"


def due_after(start: datetime, limit: Limit | None, calendar: WorkCalendar) -> datetime | None:
    """Return when the limit expires, None for no limit; `start` must be aware."""
    if limit is None:
        return None
    if limit.unit == LimitUnit.WORKDAYS:
        return calendar.deadline(start, workdays=limit.amount)
    hours = limit.amount / 60 if limit.unit == LimitUnit.MINUTES else float(limit.amount)
    return calendar.deadline_hours(start, hours)


def shifted(
    due: datetime, *, start: datetime, until: datetime, by_workdays: bool, calendar: WorkCalendar
) -> datetime:
    """Return `due` with the clock standing still from `start` to `until` (both aware).

    In working days: as many as were left at `start` run again after `until`. Called with the two
    swapped it takes back what has not been used of a pause.
    """
    if not by_workdays:
        return due + (until - start)
    left = max(0, calendar.workdays_between(local_date(start), local_date(due)))
    return calendar.deadline(until, workdays=left)


def rework_due(original: datetime | None, now: datetime, calendar: WorkCalendar) -> datetime:
    """Return the due date after a failed check: what was left, at most three working days.

    An original date that has passed stays: rework does not wash out being overdue.
    """
    latest = calendar.deadline(now, workdays=REWORK_WORKDAYS)
    return latest if original is None else min(original, latest)


def return_until(received: datetime, calendar: WorkCalendar) -> datetime:
    """Return the end of the return window: two working days after the task arrived."""
    return calendar.deadline(received, workdays=RETURN_WORKDAYS)


def light_of(
    start: datetime | None, due: datetime | None, now: datetime, calendar: WorkCalendar
) -> str:
    """Return "green", "yellow", "red", or "" when no clock runs."""
    if due is None:
        return ""
    if now > due:
        return RED
    if start is not None and (due - now) <= (due - start) / 4:
        return YELLOW
    long_limit = start is not None and due - start > timedelta(days=2)
    if long_limit and calendar.workdays_between(local_date(now), local_date(due)) <= 1:
        return YELLOW
    return GREEN


def worst(*lights: str) -> str:
    """Return the most urgent of several lights."""
    return next((light for light in (RED, YELLOW, GREEN) if light in lights), "")


def overdue_stage(due: datetime | None, now: datetime, calendar: WorkCalendar) -> int:
    """Return 0 (nothing to do), 1 (urge), 2 (supervise) or 3 (accountability) for a due date."""
    if due is None or now <= due:
        return 0
    if now > calendar.deadline(due, workdays=ACCOUNT_AFTER_WORKDAYS):
        return 3
    if now > calendar.deadline(due, workdays=SUPERVISE_AFTER_WORKDAYS):
        return 2
    return int(now > calendar.deadline(due, workdays=URGE_AFTER_WORKDAYS))


def no_show_stage(start: datetime, due: datetime, now: datetime, calendar: WorkCalendar) -> int:
    """Return 0, 1 (urge) or 2 (absent: nought for arrival, supervise) for one department's arrival.

    `start` is when it was whistled. A limit within a day runs on in hours, longer ones in working days.
    """
    if now <= due:
        return 0
    by_hours = due - start < timedelta(days=1)
    absent = due + (due - start) if by_hours else calendar.deadline(due, workdays=NO_SHOW_WORKDAYS)
    return 2 if now > absent else 1
