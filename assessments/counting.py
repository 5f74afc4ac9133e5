"""Many rates in one question to the database: each indicator is one arm of a union."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value

from assessments.indicators import Indicator, Pair
from gridparty.lib.periods import Period


def _united(arms: list[QuerySet[Any]]) -> Iterable[Any]:
    if not arms:
        return []
    return arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0]


def totals(
    wanted: Iterable[tuple[Indicator, Period]], now: datetime, cases: QuerySet[Any]
) -> dict[tuple[str, str], Pair]:
    """Return {(indicator, period): (numerator, denominator)} over the cases: one query."""
    arms = []
    for found, period in wanted:
        rows = found.rows(period, now)
        name = Value(f"{found.code} {period}", output_field=CharField())
        arms.append(
            rows.of_cases(cases).order_by().annotate(name=name).values("name")
            .annotate(hit=Count("pk", filter=rows.hits), total=Count("pk"))
            .values_list("name", "hit", "total")
        )  # fmt: skip
    answers: dict[tuple[str, str], Pair] = {}
    for name, hit, total in _united(arms):
        code, period_text = name.split()
        answers[code, period_text] = (hit, total)
    return answers


def splits(
    wanted: Iterable[Indicator], grouping: str, period: Period, now: datetime, cases: QuerySet[Any]
) -> dict[str, dict[int, Pair]]:
    """Return {indicator: {key: (numerator, denominator)}}: `Indicator.by` of several in one query."""
    arms, answers = [], {}
    for found in wanted:
        rows = found.rows(period, now)
        column = rows.column(grouping)
        answers[found.code] = dict[int, Pair]()
        arms.append(
            rows.of_cases(cases).filter(**{f"{column}__isnull": False}).order_by()
            .annotate(name=Value(found.code, output_field=CharField())).values("name", column)
            .annotate(hit=Count("pk", filter=rows.hits), total=Count("pk"))
            .values_list("name", column, "hit", "total")
        )  # fmt: skip
    for name, key, hit, total in _united(arms):
        answers[name][key] = (hit, total)
    return answers
