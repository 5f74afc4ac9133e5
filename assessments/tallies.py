"""Everything a dashboard counts of cases, in a few questions: live, or out of the rollups.

Both give the same Tally. Rollups serve whoever sees whole districts and looks at all of them; what
has a clock that runs (open, late, supervised) and the revisits are counted live in either case.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Q, Sum, Value
from django.db.models.functions import Coalesce, TruncDate

from assessments.counting import Arm, count, pair_arms
from assessments.indicators import RATES, Indicator, Pair
from assessments.models import Grain, Measure, RollupState
from assessments.models.rollups import HOMES
from cases.filters import CaseFilter
from cases.querysets import CaseQuerySet
from gridparty.lib.china_time import SHANGHAI, local_date
from gridparty.lib.periods import Month, Period, Span, year_before
from orgs.roles import SEES, Noun
from orgs.scope import grants_with

HEADLINE = (
    "response_rate", "resolution_rate", "satisfaction_rate", "on_time_rate", "closed_rate",
)  # fmt: skip
# Of the headline rates, numerator and denominator among the rollups.
ROLLED = {
    "response_rate": (Measure.RESPONDED, Measure.OWED),
    "closed_rate": (Measure.ENDED, Measure.OWED),
    "on_time_rate": (Measure.ON_TIME, Measure.OWED),
    "resolution_rate": (Measure.SOLVED, Measure.ASKED),
    "satisfaction_rate": (Measure.CONTENT, Measure.RATED),
}
DISPUTE = "dispute"
STATES = {
    "open": CaseFilter(stage="open"),
    "overdue": CaseFilter(light="overdue"),
    "supervised": CaseFilter(stage="open", supervised=True),
    "disputes": CaseFilter(stage="open", category=DISPUTE),
}
VOLUMES = {"created": Measure.CREATED, "due": Measure.DUE, "closed": Measure.CLOSED}
TREND_DAYS = 30
# Older rollups are not shown: then the worker stands still, and counting slowly is better than wrongly.
STALE = timedelta(minutes=15)


@dataclass(frozen=True)
class Tally:
    """Counts by child (street, community or grid): of now, and of each period.

    `times` are the period, the one before and the same of the year before. `topics` are by first-level
    category. `as_of`: when the rollups were folded, None when all is counted now.
    """

    times: tuple[Period, ...]
    states: Mapping[str, Mapping[int, int]]
    volumes: Mapping[tuple[str, str], Mapping[int, int]]
    pairs: Mapping[tuple[str, str], Mapping[int, Pair]]
    topics: Mapping[int, int]
    as_of: datetime | None = None
    # Out of the rollups: the counts of models.rollups.HOMES.
    homes: tuple[int, ...] = ()

    def state(self, name: str) -> int:
        return sum(self.states[name].values())

    def volume(self, name: str, period: Period) -> int:
        return sum(self.volumes[name, str(period)].values())

    def pair(self, code: str, period: Period) -> Pair:
        """Return (numerator, denominator) of all children together."""
        found = self.pairs[code, str(period)].values()
        return sum(hit for hit, _ in found), sum(total for _, total in found)

    def keys(self) -> set[int]:
        """Return the children with anything open, or anything in the period."""
        this = str(self.times[0])
        keys = {key for one in self.states.values() for key, n in one.items() if n}
        keys |= {key for (_, when), one in self.volumes.items() if when == this for key in one}
        return keys | {key for (_, when), one in self.pairs.items() if when == this for key in one}


def headline() -> list[Indicator]:
    """Return the rates a dashboard shows: the three rates of 接诉即办 and how cases were closed."""
    return [RATES[code] for code in HEADLINE]


def times_of(period: Period) -> tuple[Period, ...]:
    return tuple(dict.fromkeys((period, period.previous(), year_before(period))))


def live(cases: CaseQuerySet, child: str, period: Period, now: datetime) -> Tally:
    """Count the cases themselves: one query."""
    column, times = f"{child}_id", times_of(period)
    states = _states(cases, column, now)
    volumes = [_volume(cases, name, column, times) for name in VOLUMES]
    arms = [states, _topics(cases, _within("created", period)), *volumes]
    reads = pair_arms(headline(), child, times, now, cases, arms)
    answers = count(arms)
    return Tally(
        times,
        {name: _column(answers[0], place) for place, name in enumerate(STATES, start=1)},
        {
            (name, str(when)): _column(answers[index], place)
            for index, name in enumerate(VOLUMES, start=2)
            for place, when in enumerate(times, start=1)
        },
        {name: read(answers) for name, read in reads.items()},
        _column(answers[1], 0),
    )


def _column(answer: Mapping[int, tuple[int, ...]], place: int) -> dict[int, int]:
    return {key: row[place] for key, row in answer.items() if row[place]}


def _states(cases: CaseQuerySet, column: str, now: datetime) -> Arm:
    return Arm(cases.open(), column, [asked.conditions(now) for asked in STATES.values()])


def _topics(cases: CaseQuerySet, which: Q) -> Arm:
    """Count by first-level category."""
    top = Coalesce("category__parent_id", "category_id")
    return Arm(cases.filter(which).annotate(top=top), "top")


def _within(name: str, period: Period) -> Q:
    return Q(**{f"{name}_at__gte": period.start, f"{name}_at__lt": period.end})


def _volume(cases: CaseQuerySet, name: str, column: str, times: tuple[Period, ...]) -> Arm:
    ranges = [_within(name, when) for when in times]
    anywhere = ranges[0]
    for one in ranges[1:]:
        anywhere |= one
    return Arm(cases.filter(anywhere), column, ranges)


def rollups_of(user: Any, now: datetime) -> RollupState | None:
    """Return the state of the rollups if they may answer this user: whole districts only, and fresh."""
    grants = grants_with(user, Noun.CASE, SEES)
    if not all(grant.is_everywhere or grant.region_code for grant in grants):
        return None
    return RollupState.objects.filter(
        built_at__isnull=False, stale=False, folded_at__gte=now - STALE
    ).first()


def rolled(
    cells: Any, state: RollupState, cases: CaseQuerySet, period: Period, now: datetime
) -> Tally:
    """Add up the cells by street: two queries, and one live for what has no cell."""
    times, column = times_of(period), "street_id"
    # Topics are kept by month: the days at a span's ends are counted.
    arms = [_states(cases, column, now), _topics(cases, _edges(period, "created_at"))]
    answers = count(arms)
    found: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    parts = [
        cells.filter(_cells_in(when), measure__lte=Measure.CONTENT).exclude(measure=Measure.TOPIC).order_by()
        .annotate(time=_text(str(when))).values("time", "measure", "street_id")
        .annotate(total=Sum("n")).values_list("time", "measure", "street_id", "total")
        for when in times
    ]  # fmt: skip
    topics = (
        cells.filter(_whole_months(period), measure=Measure.TOPIC).order_by()
        .annotate(time=_text(str(period))).values("time", "measure", "key")
        .annotate(total=Sum("n")).values_list("time", "measure", "key", "total")
    )  # fmt: skip
    homes = (
        cells.filter(grain=Grain.DAY, day__gte=local_date(now) - timedelta(days=1), measure__in=HOMES)
        .order_by().annotate(time=_text("now")).values("time", "measure").annotate(total=Sum("n"))
        .values_list("time", "measure", "measure", "total")
    )  # fmt: skip
    for when, measure, key, n in topics.union(homes, *parts, all=True):
        if n:
            found[measure, when][key] = n
    for key, row in answers[1].items():
        kept = found[Measure.TOPIC, str(period)]
        kept[key] = kept.get(key, 0) + row[0]
    pairs = {
        (code, str(when)): {
            key: (found[hit, str(when)].get(key, 0), n)
            for key, n in found[all_of, str(when)].items()
        }
        for code, (hit, all_of) in ROLLED.items()
        for when in times
    }
    return Tally(
        times,
        {name: _column(answers[0], place) for place, name in enumerate(STATES, start=1)},
        {
            (name, str(when)): found[volume, str(when)]
            for name, volume in VOLUMES.items()
            for when in times
        },
        pairs,
        found[Measure.TOPIC, str(period)],
        state.folded_at,
        tuple(found[measure, "now"].get(measure, 0) for measure in HOMES),
    )


def _cells_in(period: Period) -> Q:
    """Return the cells that make up a period: whole months, and the days of a span's ends."""
    return _whole_months(period) | (Q(grain=Grain.DAY) & _edges(period, "day"))


def _whole_months(period: Period) -> Q:
    months = (period,) if isinstance(period, Month) else period.months
    if not months:
        return Q(pk__in=[])
    return Q(grain=Grain.MONTH, day__gte=months[0].first_day, day__lt=months[-1].end_day)


def _edges(period: Period, column: str) -> Q:
    """Return the days of a span that lie in no whole month of it, of a day or an instant."""
    if not isinstance(period, Span):
        return Q(pk__in=[])
    ends = [(period.first_day, period.end_day)]
    if months := period.months:
        ends = [(period.first_day, months[0].first_day), (months[-1].end_day, period.end_day)]
    found = Q(pk__in=[])
    for first, end in ends:
        if first < end:
            days: Any = Span(first, end - timedelta(days=1))
            low, high = (first, end) if column == "day" else (days.start, days.end)
            found |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
    return found


def by_day(cases: CaseQuerySet, cells: Any, now: datetime) -> dict[str, list[Any]]:
    """Return {"days", "created", "closed"} of the last thirty days; `cells` None: from the cases."""
    first = local_date(now) - timedelta(days=TREND_DAYS - 1)
    days = [first + timedelta(days=number) for number in range(TREND_DAYS)]
    names = ("created", "closed")
    found: dict[str, dict[date, int]] = {name: {} for name in names}
    if cells is not None:
        rows = cells.filter(
            grain=Grain.DAY, day__gte=first, measure__in=[VOLUMES[name] for name in names]
        )
        for measure, day, n in rows.order_by().values_list("measure", "day").annotate(n=Sum("n")):
            found["created" if measure == Measure.CREATED else "closed"][day] = n
    else:
        start = Span(first, days[-1]).start
        arms = [
            cases.filter(**{f"{name}_at__gte": start}).order_by()
            .annotate(day=TruncDate(f"{name}_at", tzinfo=SHANGHAI), name=_text(name))
            .values("name", "day").annotate(n=Count("pk")).values_list("name", "day", "n")
            for name in names
        ]  # fmt: skip
        for name, day, n in arms[0].union(arms[1], all=True):
            found[name][day] = n
    answer: dict[str, list[Any]] = {"days": [f"{day.month}月{day.day}日" for day in days]}
    return answer | {name: [found[name].get(day, 0) for day in days] for name in names}


def _text(word: str) -> Any:
    return Value(word, output_field=CharField())
