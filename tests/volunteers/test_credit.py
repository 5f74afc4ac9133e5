"""Hours: half hours, the planned time, the cap of a day, midnight; and what holds for any stay."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridparty.lib.china_time import SHANGHAI, local_date
from volunteers.credit import DAILY_CAP, credit

NINE = datetime(2026, 6, 3, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 6, 3)


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=SHANGHAI)


def hours(start: datetime, end: datetime, planned: float, **taken: str) -> dict[date, Decimal]:
    before = {DAY: Decimal(taken["taken"])} if taken else {}
    return credit(start, end, planned=timedelta(hours=planned), taken=before)


@pytest.mark.parametrize(
    ("end", "planned", "counted"),
    [
        (at(11), 2, "2.0"), (at(11, 14), 2, "2.0"), (at(11, 15), 2, "2.5"), (at(12), 2, "2.5"),
        (at(9, 14), 2, None), (at(9, 15), 2, "0.5"), (at(10, 44), 2, "1.5"), (at(20), 12, "8.0"),
    ],
)  # fmt: skip
def test_a_stay_counts_by_the_half_hour_up_to_half_an_hour_more_than_planned(
    end: datetime, planned: float, counted: str | None
) -> None:
    assert hours(NINE, end, planned) == ({DAY: Decimal(counted)} if counted else {})


def test_the_day_is_full_at_eight_hours() -> None:
    assert hours(NINE, at(11), 2, taken="7.0") == {DAY: Decimal("1.0")}
    assert hours(NINE, at(11), 2, taken="8.0") == {}


def test_a_night_counts_for_both_days() -> None:
    night = hours(at(22), at(2, day=4), 4)
    assert night == {DAY: Decimal("2.0"), date(2026, 6, 4): Decimal("2.0")}
    assert hours(at(23, 40), at(0, 10, day=4), 1) == {DAY: Decimal("0.5")}


def test_who_leaves_before_coming_counts_nothing() -> None:
    assert hours(at(11), NINE, 2) == {}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.integers(0, 3 * 24 * 60), stay=st.integers(0, 30 * 60), planned=st.integers(1, 24 * 60),
    taken=st.tuples(*[st.integers(0, 16)] * 6),
)  # fmt: skip
def test_whatever_the_stay(start: int, stay: int, planned: int, taken: tuple[int, ...]) -> None:
    begin = at(0, day=1) + timedelta(minutes=start)
    end = begin + timedelta(minutes=stay)
    before = {date(2026, 6, 1) + timedelta(days=d): Decimal(h) / 2 for d, h in enumerate(taken)}
    found = credit(begin, end, planned=timedelta(minutes=planned), taken=before)
    quarter = Decimal("0.25")
    total = sum(found.values(), Decimal(0))
    assert all(part > 0 and part * 2 % 1 == 0 for part in found.values())
    assert all(part + before.get(day, Decimal(0)) <= DAILY_CAP for day, part in found.items())
    assert all(local_date(begin) <= day <= local_date(end) for day in found)
    assert total <= Decimal(stay) / 60 + quarter
    assert total <= Decimal(planned) / 60 + Decimal("0.5") + quarter
