"""How many hours a stay counts for (domain brief §4C). Pure.

The shorter of what was stayed and what was planned plus half an hour, rounded to half hours, at
most eight hours a day; a stay across midnight counts for both days.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from gridparty.lib.china_time import SHANGHAI, local

DAILY_CAP = Decimal(8)
GRACE = timedelta(minutes=30)
NOTHING = Decimal("0.0")
_HALF_HOUR = Decimal(1800)


def credit(
    start: datetime, end: datetime, *, planned: timedelta, taken: Mapping[date, Decimal]
) -> dict[date, Decimal]:
    """Return {day: hours} for a stay (aware instants); days that count nothing are left out.

    `planned` is the length of the shift, `taken` what the day's other stays count already.
    """
    if end <= start:
        return {}
    end = min(end, start + planned + GRACE)
    found: dict[date, Decimal] = {}
    so_far, counted = timedelta(), NOTHING
    for day, part in _days(start, end):
        so_far += part
        until = _half_hours(so_far)  # rounding the sums, not the parts: they add up to the whole
        here = min(until - counted, max(DAILY_CAP - taken.get(day, NOTHING), NOTHING))
        counted = until
        if here > 0:
            found[day] = here
    return found


def _half_hours(length: timedelta) -> Decimal:
    halves = (Decimal(int(length.total_seconds())) / _HALF_HOUR).quantize(
        Decimal(1), rounding=ROUND_HALF_UP
    )
    return halves / 2


def _days(start: datetime, end: datetime) -> Iterator[tuple[date, timedelta]]:
    """Yield each Shanghai day the stay touches, with how long."""
    moment, end = local(start), local(end)
    while moment < end:
        midnight = datetime.combine(moment.date() + timedelta(days=1), time(), tzinfo=SHANGHAI)
        until = min(midnight, end)
        yield moment.date(), until - moment
        moment = until
