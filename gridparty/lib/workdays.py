"""Working days with holidays and make-up weekends (调休), and the due dates counted in them.

A limit in working days starts on the next working day and expires at closing time of the last
one; make-up weekend days count (domain rule: case timers). Years without data are plain
Monday to Friday: the caller shows a warning with `knows_year`, a computation never fails.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files

from gridparty.lib.china_time import SHANGHAI, local

_ONE_DAY = timedelta(days=1)


class WorkCalendar:
    """Monday to Friday, corrected by `overrides` (day → works or not)."""

    def __init__(self, overrides: Mapping[date, bool], close_at: time = time(18)) -> None:
        self._overrides = dict(overrides)
        self._years = frozenset(day.year for day in self._overrides)
        self.close_at = close_at

    def is_workday(self, day: date) -> bool:
        """Whether offices work on that day."""
        return self._overrides.get(day, day.weekday() < 5)

    def knows_year(self, year: int) -> bool:
        """Whether any holiday of that year is known; False calls for a warning."""
        return year in self._years

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count; 0 → `day`.

        Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("工作日数不能为负")
        while count:
            day += _ONE_DAY
            count -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier.

        Undoes add_workdays: workdays_between(d, add_workdays(d, n)) == n.
        """
        if end < start:
            return -self.workdays_between(end, start)
        days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)

    def deadline(self, start: datetime, *, workdays: int) -> datetime:
        """Closing time of the last of `workdays` working days, counted from the next day.

        `start` must be aware; the answer is on the Shanghai clock. 0 is closing time of the
        same day, even when that is past.
        """
        last = self.add_workdays(local(start).date(), workdays)
        return datetime.combine(last, self.close_at, tzinfo=SHANGHAI)

    def deadline_hours(self, start: datetime, hours: float) -> datetime:
        """`hours` natural hours later, nights and holidays included; `start` must be aware."""
        if hours < 0:
            raise ValueError("小时数不能为负")
        # UTC arithmetic inside: adding to a zoned datetime moves the wall clock, not the instant.
        return datetime.fromtimestamp(local(start).timestamp() + hours * 3600, tz=SHANGHAI)


@lru_cache(maxsize=1)
def _known() -> tuple[tuple[date, bool, str], ...]:
    text = files("gridparty.lib").joinpath("holidays_cn.csv").read_text(encoding="utf-8")
    return tuple(
        (date.fromisoformat(row["date"]), row["is_workday"] == "1", row["name"])
        for row in csv.DictReader(text.splitlines())
    )


def load_known_overrides() -> dict[date, tuple[bool, str]]:
    """The State Council's days for 2024–2026 that differ from Monday–Friday: day → (works, name)."""
    return {day: (works, name) for day, works, name in _known()}
