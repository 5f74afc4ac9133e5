"""Many counts in one question to the database: each set of rows is one arm of a union."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Value

from assessments.indicators import Indicator, Pair
from gridparty.lib.periods import Period

Hits = Mapping[int, tuple[int, ...]]


@dataclass
class Arm:
    """Rows to count by the whole number in `column`: all of them, and those that meet each of `hits`."""

    rows: QuerySet[Any]
    column: str
    hits: list[Q] = field(default_factory=list)

    def add(self, hit: Q) -> int:
        """Ask for one more count; return its place in the answer."""
        self.hits.append(hit)
        return len(self.hits)  # place 0 is the count of all


def count(arms: Sequence[Arm]) -> list[dict[int, tuple[int, ...]]]:
    """Return for each arm {key: (all, hits of the first, …)}: one query. Rows without a key are left out."""
    answers: list[dict[int, tuple[int, ...]]] = [{} for _ in arms]
    if not arms:
        return answers
    width = max(len(arm.hits) for arm in arms)
    asked = []
    for number, arm in enumerate(arms):
        counts: dict[str, Any] = {
            f"hit{place}": Count("pk", filter=hit) for place, hit in enumerate(arm.hits)
        }
        for place in range(len(arm.hits), width):
            counts[f"hit{place}"] = Value(0, output_field=IntegerField())
        asked.append(
            arm.rows.filter(**{f"{arm.column}__isnull": False}).order_by()
            .annotate(arm=Value(number, output_field=IntegerField()))
            .values("arm", arm.column).annotate(total=Count("pk"), **counts)
            .values_list("arm", arm.column, "total", *counts)
        )  # fmt: skip
    found: Iterable[Any] = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]
    for number, key, *numbers in found:
        answers[number][key] = tuple(numbers[: 1 + len(arms[number].hits)])
    return answers


Read = Callable[[list[dict[int, tuple[int, ...]]]], dict[int, Pair]]


def pair_arms(
    wanted: Iterable[Indicator], grouping: str, periods: Iterable[Period], now: datetime,
    cases: QuerySet[Any], arms: list[Arm],
) -> dict[tuple[str, str], Read]:  # fmt: skip
    """Append what must be counted to `arms`; return how to read each (indicator, period) from the answers.

    Indicators over the same rows share an arm: the rows are walked once.
    """
    known: dict[Any, int] = {}
    reads: dict[tuple[str, str], Read] = {}
    for period in periods:
        for found in wanted:
            rows = found.rows(period, now)
            column = rows.column(grouping)
            same = (rows.queryset.model, rows.queryset.query.where, column)
            if same not in known:
                known[same] = len(arms)
                arms.append(Arm(rows.of_cases(cases), column))
            index = known[same]
            reads[found.code, str(period)] = _reader(index, arms[index].add(rows.hits))
    return reads


def _reader(index: int, place: int) -> Read:
    return lambda answers: {key: (row[place], row[0]) for key, row in answers[index].items()}


def pairs(
    wanted: Iterable[Indicator], grouping: str, periods: Iterable[Period], now: datetime,
    cases: QuerySet[Any],
) -> dict[tuple[str, str], dict[int, Pair]]:  # fmt: skip
    """Return {(indicator, period): {key: (numerator, denominator)}} over the cases: one query."""
    arms: list[Arm] = []
    reads = pair_arms(wanted, grouping, periods, now, cases, arms)
    answers = count(arms)
    return {name: read(answers) for name, read in reads.items()}
