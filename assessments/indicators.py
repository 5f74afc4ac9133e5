"""The indicator registry: one function per indicator, nothing else to touch.

An indicator names the rows of its denominator in a period and which of them count. Rates per
street, community, grid, branch or department and the lists behind them all come from that one
queryset, so a number always equals its list.

Which period a row belongs to (field notes §4A): timeliness goes by the due date, volume by the
report, what was asked at a revisit by the month the case was closed in, which is the draw's month.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from assessments.fairness import vouched_q
from cases.catalog import Level, Satisfaction, Solved, Source
from cases.models import Case, Rating, Revisit
from gridparty.lib.periods import Period

# What a figure can be split by: a name of ours, and the column of the case that holds the key.
GROUPINGS: dict[str, str] = {
    "street": "street_id",
    "community": "community_id",
    "grid": "grid_id",
    "branch": "grid__party_branch_id",
    "unit": "lead_unit_id",
}
Pair = tuple[int, int]
SET_ASIDE = "计分时不含网格自报自办、没有外部来源可核实的事项"
OWN_SET_ASIDE = "计分时不含网格自报、没有外部来源可核实的事项，不论是否出网格"


@dataclass(frozen=True)
class Rows:
    """The denominator's rows, which of them are hits, and the path from a row to its case.

    `listed` is the path to the case that stands for the row in a list, where several rows may
    belong to one case: the reports of those who were merged into it.

    Rows that are no cases name their `columns` by grouping, and `tell` a row's words and address.
    """

    queryset: QuerySet[Any]
    hits: Q
    case: str = ""
    listed: str = ""
    columns: Mapping[str, str] | None = None
    tell: Callable[[Any], tuple[str, str]] | None = None

    def column(self, grouping: str) -> str:
        """Return the path from a row to the key it is grouped by."""
        if self.columns is not None:
            return self.columns[grouping]
        column = GROUPINGS[grouping]
        return f"{self.case}__{column}" if self.case else column

    def of_cases(self, cases: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that belong to these cases."""
        if not self.case and self.queryset.model is cases.model:
            return self.queryset & cases  # one walk over the table, not two joined
        return self.queryset.filter(**{f"{self.case or 'pk'}__in": cases.values("pk")})


@dataclass(frozen=True)
class Indicator:
    """A rate. `rows(period, now)` reads what is known at the instant `now`.

    `by_leaving`: that a case left the grid vouches for it. False where leaving is the miss: only the
    misses of the grid's own finds would count.
    """

    code: str
    name: str
    formula: str
    rows: Callable[[Period, datetime], Rows]
    lower_is_better: bool = False
    of_cases: bool = True
    by_leaving: bool = True

    def scored(self, period: Period, now: datetime) -> Rows:
        """Return the rows a score counts: of cases those somebody outside the grid vouches for."""
        rows = self.rows(period, now)
        if not self.of_cases:
            return rows
        vouched = vouched_q(rows.case, by_leaving=self.by_leaving)
        return replace(rows, queryset=rows.queryset.filter(vouched))

    def set_aside(self, period: Period, now: datetime) -> Rows | None:
        """Return the rows `scored` leaves out; None where it leaves out nothing."""
        if not self.of_cases:
            return None
        rows, counted = self.rows(period, now), self.scored(period, now).queryset
        left = rows.queryset.exclude(pk__in=counted.order_by().values("pk"))
        return replace(rows, queryset=left)

    @property
    def score_note(self) -> str:
        """What the score leaves out, in words."""
        if not self.of_cases:
            return ""
        return SET_ASIDE if self.by_leaving else OWN_SET_ASIDE

    def by(
        self, grouping: str, period: Period, now: datetime, cases: QuerySet[Any] | None = None,
        *, keyless: bool = False, scored: bool = False,
    ) -> dict[int, Pair]:  # fmt: skip
        """Return {key: (numerator, denominator)} for every group with rows: one query.

        `cases` limits what is counted, `scored` to what counts in a score. Rows without the key (no
        lead unit, no branch) are in no group; with `keyless` they are in the group 0.
        """
        rows = self.scored(period, now) if scored else self.rows(period, now)
        column = rows.column(grouping)
        found = rows.queryset if cases is None else rows.of_cases(cases)
        if not keyless:
            found = found.filter(**{f"{column}__isnull": False})
        counted = (
            found.order_by()
            .values_list(column)
            .annotate(hit=Count("pk", filter=rows.hits), total=Count("pk"))
        )
        return {key or 0: (hit, total) for key, hit, total in counted}

    def total(self, period: Period, now: datetime, cases: QuerySet[Any]) -> Pair:
        """Return (numerator, denominator) over the given cases: one query."""
        rows = self.rows(period, now)
        found = rows.of_cases(cases).aggregate(hit=Count("pk", filter=rows.hits), total=Count("pk"))
        return found["hit"], found["total"]


# All there are; RATES are those of cases, which the dashboards and the 指标表 split at will.
INDICATORS: dict[str, Indicator] = {}
RATES: dict[str, Indicator] = {}


def indicator(
    code: str, name: str, formula: str, *, lower_is_better: bool = False, of_cases: bool = True,
    by_leaving: bool = True,
) -> Callable[[Callable[[Period, datetime], Rows]], Callable[[Period, datetime], Rows]]:  # fmt: skip
    """Register the decorated function as the rows of an indicator."""

    def register(
        rows: Callable[[Period, datetime], Rows],
    ) -> Callable[[Period, datetime], Rows]:
        found = Indicator(code, name, formula, rows, lower_is_better, of_cases, by_leaving)
        INDICATORS[code] = found
        if of_cases:
            RATES[code] = found
        return rows

    return register


# What the grid's own people bring in, and what reaches them from outside.
TEAM_SOURCES = (Source.PATROL, Source.VISIT, Source.CAMPAIGN, Source.CORRIDOR_HEAD)


@indicator("response_rate", "响应率", "签收或首次联系在时限内的件数 ÷ 本期到期件数")
def response_rate(period: Period, now: datetime) -> Rows:
    contacted = Q(first_contact_at__lte=F("contact_due_at"), contact_due_at__isnull=False)
    signed = Q(signed_at__lte=F("sign_due_at"), sign_due_at__isnull=False)
    # Who handles a case himself has no timer for signing: he answered by beginning.
    begun = Q(signed_at__isnull=False, sign_due_at=None)
    known = (contacted & Q(first_contact_at__lte=now)) | ((signed | begun) & Q(signed_at__lte=now))
    return Rows(Case.objects.due_in(period), known)


@indicator("resolution_rate", "解决率", "回访答“已解决”件数 ÷ 回访有效件数（按销号时间归期）")
def resolution_rate(period: Period, now: datetime) -> Rows:
    # What is known of a revisit is settled by its own lock on the 15th, not by `now`.
    asked = Revisit.objects.answered().of_cases_closed_in(period).with_report()
    return Rows(asked, Q(solved=Solved.YES), "case", "report")


@indicator("satisfaction_rate", "满意率", "（满意＋基本满意）件数 ÷ 回访有效件数（按销号时间归期）")
def satisfaction_rate(period: Period, now: datetime) -> Rows:
    asked = Revisit.objects.answered().of_cases_closed_in(period).with_report()
    content = Q(satisfaction__in=(Satisfaction.SATISFIED, Satisfaction.BASICALLY))
    return Rows(asked.exclude(satisfaction=""), content, "case", "report")


@indicator(
    "self_satisfaction_rate",
    "自评满意率",
    "反映人自评（满意＋基本满意）件数 ÷ 自评件数（按销号时间归期）",
)
def self_satisfaction_rate(period: Period, now: datetime) -> Rows:
    # Whoever cares to speak, no sample: counted apart from the revisit, never added to it.
    content = Q(satisfaction__in=(Satisfaction.SATISFIED, Satisfaction.BASICALLY))
    return Rows(Rating.objects.of_cases_closed_in(period), content, "case", "report")


@indicator("closed_rate", "办结率", "已销号件数 ÷ 本期到期件数")
def closed_rate(period: Period, now: datetime) -> Rows:
    return Rows(Case.objects.due_in(period), Q(closed_at__lte=now))


@indicator("on_time_rate", "按期办结率", "时限内反馈且核查通过件数 ÷ 本期到期件数")
def on_time_rate(period: Period, now: datetime) -> Rows:
    return Rows(Case.objects.due_in(period), Q(fed_back_at__lte=F("due_at"), verified_at__lte=now))


@indicator(
    "rework_rate", "返工率", "核查退回或重开过的件数 ÷ 本期到期且反馈过的件数", lower_is_better=True
)
def rework_rate(period: Period, now: datetime) -> Rows:
    returned = Q(rework_count__gt=0) | Q(cycle__gt=1)
    return Rows(Case.objects.due_in(period).filter(returned | Q(fed_back_at__lte=now)), returned)


@indicator(
    "self_discovery_rate", "自主发现率", "巡查、走访、专项排查、楼道长发现的件数 ÷ 本期上报件数"
)
def self_discovery_rate(period: Period, now: datetime) -> Rows:
    return Rows(Case.objects.reported_in(period), Q(source__in=TEAM_SOURCES))


@indicator(
    "in_grid_rate",
    "网格内化解率",
    "未出网格即销号的件数 ÷ 本期到期的网格级事项件数",
    by_leaving=False,
)
def in_grid_rate(period: Period, now: datetime) -> Rows:
    # 网格级: what kind of problem it is decides, not how high it was called.
    due = Case.objects.due_in(period).filter(category__level=Level.GRID)
    return Rows(due, Q(in_grid=True, closed_at__lte=now))
