"""Months and quarters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month, Quarter, Span, read_period, year_before

DAYS = st.dates(date(1901, 1, 1), date(2998, 12, 31))


def test_text_and_back() -> None:
    assert str(Month.parse("2026-10")) == "2026-10"
    assert Month.parse("2026-01").label == "2026年1月"
    assert str(Quarter.parse("2026Q3")) == "2026Q3"
    assert Quarter.parse("2026Q3").label == "2026年第3季度"


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-1", "2026-13", "2026-00", "26-10", "２０２６-10", "2026-10\n", "0000-01"],
)
def test_wrong_months_are_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match=r"月份|年份"):
        Month.parse(text)


@pytest.mark.parametrize("text", ["", "2026Q5", "2026Q0", "2026q3", "2026-Q3", "2026Q３", "9999Q1"])
def test_wrong_quarters_are_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match=r"季度|年份"):
        Quarter.parse(text)


def test_wrong_values_are_refused() -> None:
    with pytest.raises(ValueError, match="月份"):
        Month(2026, 13)
    with pytest.raises(ValueError, match="季度"):
        Quarter(2026, 5)
    with pytest.raises(ValueError, match="年份"):
        Month(1900, 1).previous()
    with pytest.raises(ValueError, match="年份"):
        Quarter(2999, 4).next()


def test_bounds_are_shanghai_midnights() -> None:
    december = Month(2026, 12)
    assert december.start == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert december.end == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert (december.first_day, december.end_day) == (date(2026, 12, 1), date(2027, 1, 1))
    third = Quarter(2026, 3)
    assert third.start == datetime(2026, 7, 1, tzinfo=SHANGHAI)
    assert third.end == datetime(2026, 10, 1, tzinfo=SHANGHAI)
    assert third.months == (Month(2026, 7), Month(2026, 8), Month(2026, 9))


def test_an_instant_belongs_to_its_shanghai_month() -> None:
    late = datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert Month.of(late) == Month(2026, 10)
    assert Quarter.of(late) == Quarter(2026, 4)
    assert Month.of(late - timedelta(microseconds=1)) == Month(2026, 9)
    assert Month(2026, 10).contains(late)
    assert not Month(2026, 9).contains(late)
    assert Quarter(2026, 4).contains(date(2026, 12, 31))
    with pytest.raises(ValueError, match="时区"):
        Month.of(datetime(2026, 9, 30))


@pytest.mark.parametrize("kind", [Month, Quarter])
@given(day=DAYS)
def test_periods_follow_each_other_without_gap(kind: Any, day: date) -> None:
    period = kind.of(day)
    assert period.contains(day)
    assert period.previous() < period < period.next()
    assert period.end == period.next().start
    assert period.previous().next() == period == period.next().previous()
    assert kind.parse(str(period)) == period


@given(DAYS)
def test_a_month_lies_in_its_quarter(day: date) -> None:
    month, quarter = Month.of(day), Quarter.of(day)
    assert month in quarter.months
    assert quarter.start <= month.start < month.end <= quarter.end


def test_a_year_is_a_period_like_the_others() -> None:
    year = read_period("2026")
    assert (str(year), year.label) == ("2026", "2026年")
    assert (year.first_day, year.end_day) == (date(2026, 1, 1), date(2027, 1, 1))
    assert str(year.previous()) == "2025"
    assert str(year.next()) == "2027"
    assert year.contains(date(2026, 12, 31))
    assert not year.contains(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("text", "before"), [("2026-03", "2025-03"), ("2026Q3", "2025Q3"), ("2026", "2025")]
)
def test_the_same_time_a_year_before(text: str, before: str) -> None:
    assert str(year_before(read_period(text))) == before


@pytest.mark.parametrize("text", ["", "第三季度", "2026-13", "202", "2026年", "2026Q5"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="应"):
        read_period(text)


def test_a_span_is_its_days_and_compares_with_as_many_before() -> None:
    span = Span.parse("2024-01-20..2024-03-15")
    assert span.months == (Month(2024, 2),)
    assert span.previous() == Span(date(2023, 11, 25), date(2024, 1, 19))
    assert span.previous().next() == span == read_period(str(span))
    assert year_before(Span(date(2024, 2, 29), date(2024, 2, 29))).first_day == date(2023, 2, 28)
    assert span.contains(date(2024, 3, 15)) and not span.contains(date(2024, 3, 16))
    for wrong in ("2024-02-30..2024-03-01", "2024-03-02..2024-03-01", "2001-01-01..2024-01-01"):
        with pytest.raises(ValueError, match=r"日期|时段"):
            Span.parse(wrong)
