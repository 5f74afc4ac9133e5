"""The indicator registry: one function per indicator, nothing else to touch.

An indicator names the rows of its denominator in a period and which of them count. Rates per
grid, per node and the lists behind them all come from that one queryset, so a number always
equals its list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from cases.catalog import Satisfaction, Solved
from cases.models import Case, Revisit
from gridparty.lib.periods import Month, Quarter

Period = Month | Quarter


@dataclass(frozen=True)
class Rows:
    """The denominator's rows, which of them are hits, and the path from a row to its case."""

    queryset: QuerySet[Any]
    hits: Q
    case: str = ""

    @property
    def grid(self) -> str:
        return f"{self.case}__grid_id" if self.case else "grid_id"

    def of_cases(self, cases: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that belong to these cases."""
        return self.queryset.filter(**{f"{self.case or 'pk'}__in": cases.values("pk")})


@dataclass(frozen=True)
class Indicator:
    """A rate. `rows(period, now)` reads what is known at the instant `now`."""

    code: str
    name: str
    formula: str
    rows: Callable[[Period, datetime], Rows]

    def by_grid(self, period: Period, now: datetime) -> dict[int, tuple[int, int]]:
        """Return {grid id: (numerator, denominator)} for every grid with rows: one query."""
        rows = self.rows(period, now)
        counted = (
            rows.queryset.order_by()
            .values_list(rows.grid)
            .annotate(hit=Count("pk", filter=rows.hits), total=Count("pk"))
        )
        return {grid: (hit, total) for grid, hit, total in counted}

    def total(self, period: Period, now: datetime, cases: QuerySet[Any]) -> tuple[int, int]:
        """Return (numerator, denominator) over the given cases: one query."""
        rows = self.rows(period, now)
        found = rows.of_cases(cases).aggregate(hit=Count("pk", filter=rows.hits), total=Count("pk"))
        return found["hit"], found["total"]


INDICATORS: dict[str, Indicator] = {}


def indicator(
    code: str, name: str, formula: str
) -> Callable[[Callable[[Period, datetime], Rows]], Callable[[Period, datetime], Rows]]:
    """Register the decorated function as the rows of an indicator."""

    def register(
        rows: Callable[[Period, datetime], Rows],
    ) -> Callable[[Period, datetime], Rows]:
        INDICATORS[code] = Indicator(code, name, formula, rows)
        return rows

    return register


@indicator("closed_rate", "办结率", "已销号件数 ÷ 本期到期件数")
def closed_rate(period: Period, now: datetime) -> Rows:
    return Rows(Case.objects.due_in(period), Q(closed_at__lte=now))


@indicator("on_time_rate", "按期办结率", "时限内反馈且核查通过件数 ÷ 本期到期件数")
def on_time_rate(period: Period, now: datetime) -> Rows:
    return Rows(Case.objects.due_in(period), Q(fed_back_at__lte=F("due_at"), verified_at__lte=now))


@indicator("resolution_rate", "解决率", "回访答“已解决”件数 ÷ 回访有效件数（按销号时间归期）")
def resolution_rate(period: Period, now: datetime) -> Rows:
    return Rows(Revisit.objects.answered().of_cases_closed_in(period), Q(solved=Solved.YES), "case")


@indicator("satisfaction_rate", "满意率", "（满意＋基本满意）件数 ÷ 回访有效件数（按销号时间归期）")
def satisfaction_rate(period: Period, now: datetime) -> Rows:
    return Rows(
        Revisit.objects.answered().of_cases_closed_in(period),
        Q(satisfaction__in=(Satisfaction.SATISFIED, Satisfaction.BASICALLY)),
        "case",
    )
