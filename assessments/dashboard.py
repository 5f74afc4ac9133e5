"""The figures of the dashboard. Each one carries the address of the list it counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import Coalesce, TruncDate

from assessments.counting import splits, totals
from assessments.indicators import RATES, Indicator, Pair
from assessments.numbers import names_of
from assessments.scoring import rate_percent
from cases.filters import CaseFilter
from cases.querysets import CaseQuerySet
from gridparty.lib.china_time import SHANGHAI, local_date
from gridparty.lib.periods import Period, year_before
from gridparty.lib.text import natural_key
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.querysets import OrgUnitQuerySet

TREND_DAYS = 30
MOST_HOT = 5
HEADLINE = (
    "response_rate", "resolution_rate", "satisfaction_rate", "on_time_rate", "closed_rate",
)  # fmt: skip
UPPER_TIERS = (Tier.STREET, Tier.COMMUNITY)


@dataclass(frozen=True)
class Place:
    """The node a dashboard is about: None is everything the user may see."""

    node: OrgUnit | None

    @property
    def child_column(self) -> str:
        """Return the scope column that splits this place into the rows of the table."""
        if self.node is None:
            return "street"
        return "community" if self.node.tier == Tier.STREET else "grid"

    def narrow(self) -> CaseFilter:
        if self.node is None:
            return CaseFilter()
        if self.node.tier == Tier.STREET:
            return CaseFilter(street=self.node.pk)
        return CaseFilter(community=self.node.pk)

    @property
    def query(self) -> str:
        return f"node={self.node.pk}" if self.node else ""


@dataclass(frozen=True)
class Figure:
    """A number with the list it counts; `beside` says what it was before (上期, 去年同期)."""

    label: str
    value: object
    url: str
    level: str = ""
    formula: str = ""
    unit: str = "件"
    beside: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the table below: a street, community or grid."""

    name: str
    url: str
    figures: tuple[Figure, ...]


def default_place(user: Any, nodes: OrgUnitQuerySet) -> Place:
    """Return where the user's dashboard begins: the one street or community, else everything."""
    posts = {grant.org_id for grant in user.grants if grant.org_id and grant.tier in UPPER_TIERS}
    everything = any(grant.region_code or grant.is_everywhere for grant in user.grants)
    if everything or len(posts) != 1:
        return Place(None)
    return Place(nodes.filter(pk__in=posts).first())


def counts(cases: CaseQuerySet, place: Place, period: Period, now: datetime) -> list[Figure]:
    """Return the tiles, with what the period before and the year before had: one query."""
    at = place.narrow()
    now_tiles = (
        ("未结事项", at.but(stage="open"), "", "尚未销号的全部事项"),
        ("办理超时", at.but(light="overdue"), "red", "超过办理期限且未反馈"),
        ("督办中", at.but(stage="open", supervised=True), "yellow", "未结且被督办"),
    )
    of_period = (("本期上报", "created"), ("本期到期", "due"), ("本期销号", "closed"))
    times = {"": period, "_before": period.previous(), "_year": year_before(period)}
    wanted = {f"tile{number}": tile[1] for number, tile in enumerate(now_tiles)}
    wanted |= {
        f"{by}{suffix}": at.but(by=by, month=str(when))
        for _, by in of_period
        for suffix, when in times.items()
    }
    found = cases.aggregate(
        **{name: Count("pk", filter=asked.conditions(now)) for name, asked in wanted.items()}
    )
    figures = [
        Figure(
            label,
            found[f"tile{number}"],
            asked.url(),
            level if found[f"tile{number}"] else "",
            words,
        )
        for number, (label, asked, level, words) in enumerate(now_tiles)
    ]
    figures += [
        Figure(
            label, found[by], wanted[by].url(), formula=period.label,
            beside=f"上期 {found[f'{by}_before']}，去年同期 {found[f'{by}_year']}",
        )
        for label, by in of_period
    ]  # fmt: skip
    return figures


def rates(cases: CaseQuerySet, place: Place, period: Period, now: datetime) -> list[Figure]:
    """Return the rates with their two counts, and those of the periods to compare with: one query."""
    before, year = period.previous(), year_before(period)
    times = list(dict.fromkeys((period, before, year)))
    found = totals([(one, when) for one in headline() for when in times], now, cases)
    figures = []
    for one in headline():
        hit, total = found[one.code, str(period)]
        beside = "，".join(
            f"{words} {_percent(found[one.code, str(when)])}"
            for words, when in (("上期", before), ("去年同期", year))
        )
        figures.append(
            Figure(
                one.name, rate_percent(hit, total), rows_url(one.code, place.query, period),
                formula=f"{hit} ÷ {total}：{one.formula}", unit="%", beside=beside,
            )
        )  # fmt: skip
    return figures


def _percent(pair: Pair) -> str:
    rate = rate_percent(*pair)
    return "—" if rate is None else f"{rate}%"


def hot(cases: CaseQuerySet, place: Place, period: Period) -> list[Figure]:
    """Return the five first-level categories most was reported of in the period: one query."""
    at = place.narrow().but(by="created", month=str(period))
    rows = (
        cases.filter(at.conditions(period.end))
        .order_by()
        .annotate(
            slug=Coalesce("category__parent__slug", "category__slug"),
            first=Coalesce("category__parent__name", "category__name"),
        )
        .values_list("slug", "first")
        .annotate(n=Count("pk"))
        .order_by("-n", "slug")[:MOST_HOT]
    )
    return [Figure(name, n, at.but(category=slug).url()) for slug, name, n in rows]


def headline() -> list[Indicator]:
    """Return the rates a dashboard shows: the three rates of 接诉即办 and how cases were closed."""
    return [RATES[code] for code in HEADLINE]


def rows_url(code: str, query: str, period: Period) -> str:
    return f"/dashboard/{code}/?month={period}" + (f"&{query}" if query else "")


def lines(cases: CaseQuerySet, place: Place, period: Period, now: datetime) -> list[Line]:
    """Return one row per street, community or grid below the place that has cases."""
    column = place.child_column
    this = str(period)
    filters = {
        "open": CaseFilter(stage="open"),
        "overdue": CaseFilter(light="overdue"),
        "created": CaseFilter(by="created", month=this),
        "closed": CaseFilter(by="closed", month=this),
    }
    labels = {"open": "未结", "overdue": "超时", "created": "本期上报", "closed": "本期销号"}
    counted = (
        cases.order_by()
        .values(f"{column}_id")
        .annotate(
            **{name: Count("pk", filter=found.conditions(now)) for name, found in filters.items()}
        )
    )
    by_child = {row[f"{column}_id"]: row for row in counted}
    shares = splits(headline(), column, period, now, cases)
    names = names_of(column, by_child)
    table = []
    for pk, row in sorted(by_child.items(), key=lambda item: natural_key(names[item[0]])):
        figures = [
            Figure(labels[name], row[name], found.but(**{column: pk}).url(),
                   "red" if name == "overdue" and row[name] else "")
            for name, found in filters.items()
        ]  # fmt: skip
        query = f"grid={pk}" if column == "grid" else f"node={pk}"
        for found in headline():
            hit, total = shares[found.code].get(pk, (0, 0))
            figures.append(
                Figure(found.name, rate_percent(hit, total), rows_url(found.code, query, period),
                       formula=f"{hit}/{total}", unit="%")
            )  # fmt: skip
        url = f"/grids/{pk}/" if column == "grid" else f"?month={period}&node={pk}"
        table.append(Line(names[pk], url, tuple(figures)))
    return table


def trend(cases: CaseQuerySet, now: datetime) -> dict[str, list[Any]]:
    """Return {"days", "created", "closed"} for the last thirty days: two queries."""
    first = local_date(now) - timedelta(days=TREND_DAYS - 1)
    days = [first + timedelta(days=number) for number in range(TREND_DAYS)]
    answer: dict[str, list[Any]] = {"days": [f"{day.month}月{day.day}日" for day in days]}
    start = datetime(first.year, first.month, first.day, tzinfo=SHANGHAI)
    for name in ("created", "closed"):
        rows = (
            cases.filter(**{f"{name}_at__gte": start})
            .order_by()
            .annotate(day=TruncDate(f"{name}_at", tzinfo=SHANGHAI))
            .values_list("day")
            .annotate(total=Count("pk"))
        )
        found = dict(rows)
        answer[name] = [found.get(day, 0) for day in days]
    return answer
