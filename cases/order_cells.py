"""Cells of a transfer sheet that need more than a clean line: times, limits, masked numbers. Pure."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.text import clean_prose, has_nul, squash
from gridparty.lib.workdays import WorkCalendar
from orgs.tables.cells import CellError, read_date, read_text

_CLOCK = re.compile(r"(\d{1,2})[:：时点](\d{1,2})?")
_SPAN = re.compile(r"(\d{1,3})个?(工作日|自然日|日|天|小时)(?:内|之内|以内)?")
# A limit given as a day alone ends with the working day.
END_OF_DAY = time(18, 0)
UNREADABLE = "时间看不懂，请写成 2026-06-03 17:00 这样。"
UNREADABLE_LIMIT = "时限看不懂，请写成 2026-06-05 18:00，或“5个工作日”。"


def moment_cell(value: Any) -> str:
    """Return the cell as text with its time of day; the plain reader keeps the day only."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return read_text(value)


def prose_cell(value: Any) -> str:
    """Return what the caller said with its line breaks; the engine's reader would join them."""
    text = str(value)
    if has_nul(text):
        raise CellError("有不可见的空字符，请删除后重填。")
    text = clean_prose(text)
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text


def read_moment(text: str, *, at: time = time(0, 0)) -> datetime:
    """Return the time in Shanghai; `at` where only a day is written. Raises CellError."""
    day, _, rest = text.strip().replace("T", " ").partition(" ")
    found = _CLOCK.search(rest or text)
    if not rest and found:
        day = text[: found.start()]
    try:
        read = read_date(day)
    except CellError:
        raise CellError(UNREADABLE) from None
    if read is None:
        raise CellError(UNREADABLE)
    if found is None:
        return datetime.combine(read, at, tzinfo=SHANGHAI)
    try:
        clock = time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise CellError(UNREADABLE) from None
    return datetime.combine(read, clock, tzinfo=SHANGHAI)


def read_limit(text: str, since: datetime, calendar: WorkCalendar) -> datetime:
    """Return until when: a time, or a span ("5个工作日", "24小时") from `since`. Raises CellError."""
    span = _SPAN.fullmatch(squash(text))
    if span is None:
        try:
            return read_moment(text, at=END_OF_DAY)
        except CellError:
            raise CellError(UNREADABLE_LIMIT) from None
    amount, unit = int(span[1]), span[2]
    if unit == "工作日":
        return calendar.deadline(since, workdays=amount)
    return since + (timedelta(hours=amount) if unit == "小时" else timedelta(days=amount))
