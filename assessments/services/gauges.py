"""Gauges among the rollups: what is counted anew each time, because no event of a case tells of it.

Revisits of the months that can still change, by the minute; homes, the slowest counts of a district's
dashboard, every half hour.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from assessments.indicators import RATES
from assessments.models import Grain, Measure, RollupCell, RollupState
from assessments.models.rollups import HOMES
from cases.models import Revisit
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month
from residents.models import Household

HOMES_EVERY = timedelta(minutes=30)
# An answer is fixed on the 15th of the month after; one month more for what is entered late.
OPEN_MONTHS = 3
REVISITS = {
    "resolution_rate": (Measure.ASKED, Measure.SOLVED),
    "satisfaction_rate": (Measure.RATED, Measure.CONTENT),
}
Cells = dict[tuple[int, int], tuple[str, int]]


def read_gauges(state: RollupState, now: datetime, *, everything: bool = False) -> None:
    """Write the gauges that are due; the caller holds the row of `state` and saves it."""
    month, months = Month.of(now), []
    for _ in range(OPEN_MONTHS):
        months.append(month)
        month = month.previous()
    if everything:
        texts = Revisit.objects.order_by().values_list("month", flat=True).distinct()
        months = [Month.parse(text) for text in texts]
    for month in months:
        _keep(Grain.MONTH, month.first_day, _revisits(month, now))
    if everything or state.gauged_at is None or state.gauged_at <= now - HOMES_EVERY:
        RollupCell.objects.filter(measure__in=HOMES).exclude(day=local_date(now)).delete()
        _keep(Grain.DAY, local_date(now), _homes(now))
        state.gauged_at = now


def _revisits(month: Month, now: datetime) -> Cells:
    found: Cells = {}
    for code, (all_of, hits) in REVISITS.items():
        rows = RATES[code].rows(month, now)
        counted = (
            rows.queryset.order_by().values_list("case__street_id", "case__district_id")
            .annotate(total=Count("pk"), hit=Count("pk", filter=rows.hits))
        )  # fmt: skip
        for street, district, total, hit in counted:
            found[all_of, street], found[hits, street] = (district, total), (district, hit)
    return found


def _homes(now: datetime) -> Cells:
    day, found = local_date(now), Cells()
    homes = Household.objects.order_by()
    wanted = zip(HOMES, (homes.to_link(), homes.untouched(day), homes.with_head()), strict=True)
    for measure, rows in wanted:
        counted = rows.values_list("street_id", "district_id").annotate(n=Count("pk"))
        for street, district, n in counted:
            found[measure, street] = (district, n)
    return found


def _keep(grain: int, day: Any, found: Cells) -> None:
    """Make the cells of these measures on this day be what was found; write only what differs."""
    measures = HOMES if grain == Grain.DAY else [one for pair in REVISITS.values() for one in pair]
    old = {
        (row.measure, row.street_id): row
        for row in RollupCell.objects.filter(grain=grain, day=day, measure__in=measures)
    }
    same = {key for key, row in old.items() if found.get(key) == (row.district_id, row.n)}
    RollupCell.objects.filter(
        pk__in=[row.pk for key, row in old.items() if key not in same]
    ).delete()
    RollupCell.objects.bulk_create(
        RollupCell(
            grain=grain, day=day, street_id=key[1], district_id=district, measure=key[0], n=n
        )
        for key, (district, n) in found.items()
        if key not in same
    )
