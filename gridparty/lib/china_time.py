"""The one clock of the product: Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(moment: datetime) -> datetime:
    """The same instant on the Shanghai clock; raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("时间缺少时区")
    return moment.astimezone(SHANGHAI)


def local_date(moment: datetime) -> date:
    """The calendar day in Shanghai; raises ValueError for a naive datetime."""
    return local(moment).date()


def minute_text(moment: datetime | None) -> str:
    """Return "2026-11-23 16:40" on the Shanghai clock, as tables show a time; "" for none."""
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""
