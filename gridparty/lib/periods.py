"""Months, quarters, years and spans of days on the Shanghai calendar, half-open: start <= moment < end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from gridparty.lib.china_time import SHANGHAI, local_date

_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_YEAR = re.compile(r"[0-9]{4}")
_SPAN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")
_MOST_DAYS = 3 * 366


def _check_year(year: int) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"年份应在 {_FIRST_YEAR} 到 {_LAST_YEAR} 之间")


def _day_of(when: date | datetime) -> date:
    """The Shanghai day of an instant, or the day itself."""
    return local_date(when) if isinstance(when, datetime) else when


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


class _Days:
    """What all periods share: they run from `first_day` to the day before `end_day`."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def first_day(self) -> date: ...
        @property
        def end_day(self) -> date: ...

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return _midnight(self.first_day)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return _midnight(self.end_day)

    def contains(self, when: date | datetime) -> bool:
        """Whether a day or an aware instant falls into it."""
        return self.first_day <= _day_of(when) < self.end_day


@dataclass(frozen=True, order=True, slots=True)
class Month(_Days):
    """A calendar month; sorts by time. str() and parse() use '2026-10'."""

    year: int
    month: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.month <= 12:
            raise ValueError("月份应在 1 到 12 之间")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read '2026-10'; raises ValueError with a Chinese sentence."""
        match = _MONTH.fullmatch(text)
        if match is None:
            raise ValueError("月份应写成 2026-10 这样的格式")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, when: date | datetime) -> Self:
        """The month that holds a day or an aware instant."""
        day = _day_of(when)
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def label(self) -> str:
        """'2026年10月'."""
        return f"{self.year}年{self.month}月"

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def end_day(self) -> date:
        """The first day after the month."""
        return date(self.year + self.month // 12, self.month % 12 + 1, 1)

    def next(self) -> Self:
        """The month after."""
        return type(self)(self.year + self.month // 12, self.month % 12 + 1)

    def previous(self) -> Self:
        """The month before."""
        return type(self)(self.year - (self.month == 1), (self.month - 2) % 12 + 1)


@dataclass(frozen=True, order=True, slots=True)
class Quarter(_Days):
    """A calendar quarter; sorts by time. str() and parse() use '2026Q3'."""

    year: int
    quarter: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.quarter <= 4:
            raise ValueError("季度应在 1 到 4 之间")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read '2026Q3'; raises ValueError with a Chinese sentence."""
        match = _QUARTER.fullmatch(text)
        if match is None:
            raise ValueError("季度应写成 2026Q3 这样的格式")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, when: date | datetime) -> Self:
        """The quarter that holds a day or an aware instant."""
        day = _day_of(when)
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.quarter}"

    @property
    def label(self) -> str:
        """'2026年第3季度'."""
        return f"{self.year}年第{self.quarter}季度"

    @property
    def months(self) -> tuple[Month, Month, Month]:
        """Its three months."""
        first = self.quarter * 3 - 2
        return Month(self.year, first), Month(self.year, first + 1), Month(self.year, first + 2)

    @property
    def first_day(self) -> date:
        """The first day of the quarter."""
        return self.months[0].first_day

    @property
    def end_day(self) -> date:
        """The first day after the quarter."""
        return self.months[2].end_day

    def next(self) -> Self:
        """The quarter after."""
        return type(self)(self.year + self.quarter // 4, self.quarter % 4 + 1)

    def previous(self) -> Self:
        """The quarter before."""
        return type(self)(self.year - (self.quarter == 1), (self.quarter - 2) % 4 + 1)


@dataclass(frozen=True, order=True, slots=True)
class Year(_Days):
    """A calendar year; str() and parse() use '2026'."""

    year: int

    def __post_init__(self) -> None:
        _check_year(self.year)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read '2026'; raises ValueError with a Chinese sentence."""
        if _YEAR.fullmatch(text) is None:
            raise ValueError("年份应写成 2026 这样的格式")
        return cls(int(text))

    @classmethod
    def of(cls, when: date | datetime) -> Self:
        """The year that holds a day or an aware instant."""
        return cls(_day_of(when).year)

    def __str__(self) -> str:
        return f"{self.year:04d}"

    @property
    def label(self) -> str:
        """'2026年'."""
        return f"{self.year}年"

    @property
    def months(self) -> tuple[Month, ...]:
        """Its twelve months."""
        return tuple(Month(self.year, number) for number in range(1, 13))

    @property
    def first_day(self) -> date:
        """The first of January."""
        return date(self.year, 1, 1)

    @property
    def end_day(self) -> date:
        """The first day after the year."""
        return date(self.year + 1, 1, 1)

    def next(self) -> Self:
        """The year after."""
        return type(self)(self.year + 1)

    def previous(self) -> Self:
        """The year before."""
        return type(self)(self.year - 1)


@dataclass(frozen=True, order=True, slots=True)
class Span(_Days):
    """Days chosen by hand, both included; str() and parse() use '2026-03-05..2026-04-10'."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        _check_year(self.first_day.year)
        _check_year(self.last_day.year)
        if self.last_day < self.first_day:
            raise ValueError("结束日期不能早于开始日期")
        if (self.last_day - self.first_day).days >= _MOST_DAYS:
            raise ValueError("自选时段最长三年，请缩短")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read '2026-03-05..2026-04-10'; raises ValueError with a Chinese sentence."""
        match = _SPAN.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            first, last = date.fromisoformat(match[1]), date.fromisoformat(match[2])
        except ValueError:
            raise ValueError("自选时段应写成 2026-03-05..2026-04-10 这样的格式") from None
        return cls(first, last)

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m-%d}..{self.last_day:%Y-%m-%d}"

    @property
    def label(self) -> str:
        """'2026年3月5日—2026年4月10日'."""
        return "—".join(
            f"{day.year}年{day.month}月{day.day}日" for day in (self.first_day, self.last_day)
        )

    @property
    def end_day(self) -> date:
        """The first day after the span."""
        return self.last_day + timedelta(days=1)

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that lie in it as a whole."""
        month, found = Month.of(self.first_day), []
        while month.end_day <= self.end_day:
            if month.first_day >= self.first_day:
                found.append(month)
            month = month.next()
        return tuple(found)

    def next(self) -> Self:
        """As many days right after it."""
        return type(self)(self.end_day, self.end_day + (self.last_day - self.first_day))

    def previous(self) -> Self:
        """As many days right before it."""
        before = self.first_day - timedelta(days=1)
        return type(self)(before - (self.last_day - self.first_day), before)


Period = Month | Quarter | Year | Span


def read_period(text: str) -> Period:
    """Read '2026-10', '2026Q3', '2026' or two days; raises ValueError with a Chinese sentence."""
    if ".." in text:
        return Span.parse(text)
    if "Q" in text:
        return Quarter.parse(text)
    if "-" in text:
        return Month.parse(text)
    if _YEAR.fullmatch(text):
        return Year.parse(text)
    raise ValueError("月份应写成 2026-10，季度写成 2026Q4，年份写成 2026")


def year_before(period: Period) -> Period:
    """Return the same month, quarter or days of the year before (同期); of a year, the year before."""
    if isinstance(period, Month):
        return Month(period.year - 1, period.month)
    if isinstance(period, Quarter):
        return Quarter(period.year - 1, period.quarter)
    if isinstance(period, Span):
        return Span(_year_earlier(period.first_day), _year_earlier(period.last_day))
    return period.previous()


def _year_earlier(day: date) -> date:
    last_of_february = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if last_of_february else day.day)
