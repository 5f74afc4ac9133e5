"""Working days, make-up weekends and due dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridparty.lib.china_time import SHANGHAI, local_date
from gridparty.lib.workdays import WorkCalendar, load_known_overrides

KNOWN = WorkCalendar({day: works for day, (works, _) in load_known_overrides().items()})
PLAIN = WorkCalendar({})

VECTORS = [
    (date(2026, 2, 13), 5, date(2026, 2, 27)),
    (date(2026, 9, 18), 5, date(2026, 9, 24)),
    (date(2026, 9, 30), 1, date(2026, 10, 8)),
    (date(2026, 4, 30), 2, date(2026, 5, 7)),
    (date(2025, 12, 31), 1, date(2026, 1, 4)),
]
DAYS = st.dates(date(2023, 11, 1), date(2027, 2, 28))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(("start", "count", "last"), VECTORS)
def test_vectors_of_the_field(start: date, count: int, last: date) -> None:
    assert KNOWN.add_workdays(start, count) == last
    assert KNOWN.workdays_between(start, last) == count
    nine = datetime.combine(start, time(9), tzinfo=SHANGHAI)
    assert KNOWN.deadline(nine, workdays=count) == datetime.combine(last, time(18), tzinfo=SHANGHAI)


def test_make_up_days_of_2026() -> None:
    made_up = [d for d, (works, _) in load_known_overrides().items() if works and d.year == 2026]
    assert made_up == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]


def test_known_days_differ_from_plain_weeks_and_are_named_in_order() -> None:
    known = load_known_overrides()
    assert all(works != (day.weekday() < 5) for day, (works, _) in known.items())
    assert all(name.endswith("调休上班") == works for works, name in known.values())
    assert list(known) == sorted(known)
    assert {day.year for day in known} == {2024, 2025, 2026}
    # Working days of each year, as the State Council's notices leave them.
    for year in (2024, 2025, 2026):
        assert 245 < KNOWN.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) < 253


def test_callers_cannot_change_the_shared_days() -> None:
    load_known_overrides().clear()
    assert load_known_overrides()


def test_unknown_years_are_plain_weeks() -> None:
    assert KNOWN.knows_year(2026)
    assert not KNOWN.knows_year(2027)
    assert KNOWN.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert KNOWN.deadline(at(2030, 5, 1, 10), workdays=5) == at(2030, 5, 8, 18)
    assert not PLAIN.knows_year(2026)


def test_deadline_counts_from_the_shanghai_day() -> None:
    # 17:00 UTC on Thursday is 01:00 on Friday in Shanghai: the next working day is Monday.
    assert PLAIN.deadline(datetime(2026, 6, 4, 17, tzinfo=UTC), workdays=1) == at(2026, 6, 8, 18)
    assert PLAIN.deadline(datetime(2026, 6, 4, 15, tzinfo=UTC), workdays=1) == at(2026, 6, 5, 18)
    assert PLAIN.deadline(at(2026, 6, 4, 23, 59), workdays=0) == at(2026, 6, 4, 18)


def test_closing_time_is_a_setting() -> None:
    early = WorkCalendar({}, close_at=time(17, 30))
    assert early.deadline(at(2026, 6, 1, 9), workdays=1) == at(2026, 6, 2, 17, 30)


def test_natural_hours_run_through_nights_and_holidays() -> None:
    assert KNOWN.deadline_hours(at(2026, 9, 30, 23), 2) == at(2026, 10, 1, 1)
    assert KNOWN.deadline_hours(at(2026, 9, 30, 23), 0.5) == at(2026, 9, 30, 23, 30)
    # Summer time began in Shanghai on 1986-05-04 at 02:00: an hour is an hour, not a clock reading.
    before = datetime(1986, 5, 4, 0, 30, tzinfo=SHANGHAI)
    later = KNOWN.deadline_hours(before, 24)
    assert later.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=24)


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        PLAIN.deadline(datetime(2026, 6, 1), workdays=1)
    with pytest.raises(ValueError, match="时区"):
        PLAIN.deadline_hours(datetime(2026, 6, 1), 1)
    with pytest.raises(ValueError, match="不能为负"):
        PLAIN.add_workdays(date(2026, 6, 1), -1)
    with pytest.raises(ValueError, match="不能为负"):
        PLAIN.deadline_hours(at(2026, 6, 1), -1)
    with pytest.raises(ValueError, match="时区"):
        local_date(datetime(2026, 6, 1))


def test_between_is_signed_and_zero_on_the_same_day() -> None:
    assert PLAIN.workdays_between(date(2026, 6, 5), date(2026, 6, 8)) == 1
    assert PLAIN.workdays_between(date(2026, 6, 8), date(2026, 6, 5)) == -1
    assert PLAIN.workdays_between(date(2026, 6, 5), date(2026, 6, 5)) == 0
    assert PLAIN.workdays_between(date(2026, 6, 5), date(2026, 6, 7)) == 0


@given(DAYS, st.integers(0, 60))
def test_between_undoes_add(day: date, count: int) -> None:
    last = KNOWN.add_workdays(day, count)
    assert KNOWN.workdays_between(day, last) == count
    assert count == 0 or KNOWN.is_workday(last)


@given(DAYS, DAYS, DAYS)
def test_between_adds_up(first: date, second: date, third: date) -> None:
    whole = KNOWN.workdays_between(first, third)
    parts = KNOWN.workdays_between(first, second) + KNOWN.workdays_between(second, third)
    assert whole == parts


def _tick(start: datetime, workdays: int, off: set[date], on: set[date]) -> datetime:
    """The slow way: a clock that goes forward hour by hour and counts closings."""
    clock = start.astimezone(ZoneInfo("Asia/Shanghai")).replace(minute=0, second=0, microsecond=0)
    first, left = clock.date(), workdays
    while True:
        clock += timedelta(hours=1)
        day = clock.date()
        works = day in on or (day.isoweekday() not in (6, 7) and day not in off)
        if clock.hour == 18 and day > first and works:
            left -= 1
            if left == 0:
                return clock


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC)),
    workdays=st.integers(1, 12),
    off=st.sets(st.dates(date(2026, 1, 1), date(2026, 4, 1)), max_size=20),
    on=st.sets(st.dates(date(2026, 1, 1), date(2026, 4, 1)), max_size=10),
)
def test_deadline_agrees_with_a_ticking_clock(
    start: datetime, workdays: int, off: set[date], on: set[date]
) -> None:
    calendar = WorkCalendar({**dict.fromkeys(off, False), **dict.fromkeys(on, True)})
    assert calendar.deadline(start, workdays=workdays) == _tick(start, workdays, off, on)
