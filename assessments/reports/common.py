"""What every report begins with, and small things their values share."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from assessments.scoring import CENT, rate_percent
from gridparty.lib.china_time import local
from gridparty.lib.filling import Value

# An entry's own address for the page; no template can name it.
URL = "_url"
Entries = list[dict[str, Value]]


def common(title: str, place: str, period: str, user: Any, now: datetime) -> dict[str, Value]:
    day = local(now)
    return {
        "标题": title, "范围": place, "周期": period, "截至": f"{day:%Y年%m月%d日 %H:%M}",
        "制表人": user.display_name, "制表日期": f"{day:%Y年%m月%d日}",
    }  # fmt: skip


def percent(hit: int, total: int) -> Value:
    rate = rate_percent(hit, total)
    return None if rate is None else f"{rate}%"


def mean(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """Return the mean of those that are known, with two decimals."""
    known = [one for one in numbers if one is not None]
    return (sum(known, Decimal(0)) / len(known)).quantize(CENT, ROUND_HALF_UP) if known else None


def weighted(pairs: Iterable[tuple[Decimal | None, int]]) -> Decimal | None:
    """Return the mean weighted by households; equal weights where nobody is registered."""
    known = [(points, weight) for points, weight in pairs if points is not None]
    whole = sum(weight for _, weight in known)
    if not whole:
        return mean(points for points, _ in known)
    total = sum((points * weight for points, weight in known), Decimal(0))
    return (total / whole).quantize(CENT, ROUND_HALF_UP)


def text(value: object) -> str:
    return "" if value is None else str(value)


def with_url(entry: Mapping[str, Value], url: str) -> dict[str, Value]:
    return {**entry, URL: url}
