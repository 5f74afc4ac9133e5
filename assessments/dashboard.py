"""The figures of the dashboard. Each one carries the address of the list it counts."""

from dataclasses import dataclass
from typing import Any

from assessments.indicators import Pair
from assessments.numbers import names_of
from assessments.scoring import rate_percent
from assessments.tallies import STATES, Tally, headline
from cases.filters import CaseFilter
from cases.models import Category
from gridparty.lib.periods import Period, year_before
from gridparty.lib.text import natural_key
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.querysets import OrgUnitQuerySet

MOST_HOT = 5
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


def counts(tally: Tally, place: Place) -> list[Figure]:
    """Return the tiles, with what the period before and the year before had."""
    at, period = place.narrow(), tally.times[0]
    states = (
        ("未结事项", "open", "", "尚未销号的全部事项"),
        ("办理超时", "overdue", "red", "超过办理期限且未反馈"),
        ("督办中", "supervised", "yellow", "未结且被督办"),
    )
    figures = []
    for label, name, level, words in states:
        n = tally.state(name)
        figures.append(Figure(label, n, _narrowed(at, name).url(), level if n else "", words))
    before, year = period.previous(), year_before(period)
    for label, by in (("本期上报", "created"), ("本期到期", "due"), ("本期销号", "closed")):
        beside = f"上期 {tally.volume(by, before)}，去年同期 {tally.volume(by, year)}"
        figures.append(
            Figure(
                label, tally.volume(by, period), at.but(by=by, month=str(period)).url(),
                formula=period.label, beside=beside,
            )
        )  # fmt: skip
    return figures


def _narrowed(at: CaseFilter, state: str) -> CaseFilter:
    """Return the filter of a state of now, at a place."""
    asked = STATES[state]
    return at.but(
        stage=asked.stage, light=asked.light, supervised=asked.supervised, category=asked.category
    )


def rates(tally: Tally, place: Place) -> list[Figure]:
    """Return the rates with their two counts, and those of the periods to compare with."""
    period = tally.times[0]
    compared = (("上期", period.previous()), ("去年同期", year_before(period)))
    figures = []
    for one in headline():
        hit, total = tally.pair(one.code, period)
        beside = "，".join(
            f"{words} {_percent(tally.pair(one.code, when))}" for words, when in compared
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


def hot(tally: Tally, place: Place) -> list[Figure]:
    """Return the five first-level categories most was reported of in the period."""
    at = place.narrow().but(by="created", month=str(tally.times[0]))
    most = sorted(tally.topics.items(), key=lambda item: (-item[1], item[0]))[:MOST_HOT]
    known = Category.objects.in_bulk([pk for pk, _ in most])
    return [Figure(known[pk].name, n, at.but(category=known[pk].slug).url()) for pk, n in most]


def rows_url(code: str, query: str, period: Period) -> str:
    return f"/dashboard/{code}/?month={period}" + (f"&{query}" if query else "")


def lines(tally: Tally, place: Place) -> list[Line]:
    """Return one row per street, community or grid below the place that has cases."""
    column, period = place.child_column, tally.times[0]
    this = str(period)
    filters = {
        "open": ("未结", STATES["open"]),
        "overdue": ("超时", STATES["overdue"]),
        "created": ("本期上报", CaseFilter(by="created", month=this)),
        "closed": ("本期销号", CaseFilter(by="closed", month=this)),
    }
    keys = tally.keys()
    names = names_of(column, keys)
    table = []
    for pk in sorted(keys, key=lambda key: natural_key(names[key])):
        figures = []
        for name, (label, asked) in filters.items():
            counted = tally.states[name] if name in STATES else tally.volumes[name, this]
            n = counted.get(pk, 0)
            level = "red" if name == "overdue" and n else ""
            figures.append(Figure(label, n, asked.but(**{column: pk}).url(), level))
        query = f"grid={pk}" if column == "grid" else f"node={pk}"
        for one in headline():
            hit, total = tally.pairs[one.code, this].get(pk, (0, 0))
            figures.append(
                Figure(one.name, rate_percent(hit, total), rows_url(one.code, query, period),
                       formula=f"{hit}/{total}", unit="%")
            )  # fmt: skip
        url = f"/grids/{pk}/" if column == "grid" else f"?month={period}&node={pk}"
        table.append(Line(names[pk], url, tuple(figures)))
    return table
