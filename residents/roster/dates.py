"""Birth dates as sheets hold them: text in many forms, date cells, serial numbers, damage."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from gridparty.lib.text import clean_text, is_blank_word
from residents.roster.issues import WARN, Problem

EARLIEST = date(1900, 1, 1)
_SERIAL_ZERO = date(1899, 12, 30)
# 1910-01-01 … 2149: a plain number in this span is an unformatted date cell.
_SERIALS = range(3654, 91_000)

_FULL = re.compile(
    r"([0-9]{4})(?:年|[-/.、 ])([0-9]{1,2})(?:月|[-/.、 ])([0-9]{1,2})(?:日|号)?(?:[T ].*)?"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EIGHT = re.compile(r"((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_PARTIAL = re.compile(r"(?:19|20)?[0-9]{2}(?:年|[-/.])?(?:[0-9]{1,2}月?)?(?:生|出生)?")
_DASHES = re.compile("[‐‑‒–—―−─]")

IMPOSSIBLE = Problem("dob_impossible", WARN, "日期不存在")
PARTIAL = Problem("dob_partial", WARN, "出生日期不完整，请填写年月日")
BAD_DATE = Problem("date_bad", WARN, "日期不对或晚于今天，没有存入，请写成 2020-05-06")
PARTIAL_DATE = Problem("date_partial", WARN, "日期不完整，没有存入，请写成 2020-05-06")
UNREADABLE = Problem("dob_unreadable", WARN, "看不懂的日期，请写成 1980-05-06")


def read_birth(value: object) -> tuple[date | None, Problem | None]:
    """Read a birth-date cell: (date, None), (None, why not), or (None, None) for blank.

    Whether the date lies in the future is the caller's to judge (it needs the import's day).
    """
    if isinstance(value, datetime):
        return value.date(), None
    if isinstance(value, date):
        return value, None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, str) and _ISO.fullmatch(value):
        return _date(*map(int, value.split("-")))
    text = _DASHES.sub("-", clean_text(value)).strip("'\" ")
    if is_blank_word(text):
        return None, None
    found = _FULL.fullmatch(text) or _EIGHT.fullmatch(text)
    if found:
        return _date(*map(int, found.groups()))
    if text.isascii() and text.isdigit() and len(text) == 5:
        return _from_number(int(text))
    return None, PARTIAL if _PARTIAL.fullmatch(text) else UNREADABLE


def read_past_date(value: object, today: date) -> tuple[date | None, Problem | None]:
    """Read the date something began; in the future or unreadable it is dropped with a warning."""
    day, problem = read_birth(value)
    if problem is PARTIAL:
        return None, PARTIAL_DATE
    if problem is not None or (day is not None and not EARLIEST <= day <= today):
        return None, BAD_DATE
    return day, None


def _from_number(value: float) -> tuple[date | None, Problem | None]:
    """20060404, or a serial like 29221; 1980.1 may have been 1980.10, so it stays partial."""
    if not -1e9 < value < 1e9:
        return None, UNREADABLE
    if value == int(value):
        found = _EIGHT.fullmatch(str(int(value)))
        if found:
            return _date(*map(int, found.groups()))
    if int(value) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(value)), None
    return None, PARTIAL if 0 < value < 2100 else UNREADABLE


def _date(year: int, month: int, day: int) -> tuple[date | None, Problem | None]:
    try:
        return date(year, month, day), None
    except ValueError:
        return None, IMPOSSIBLE
