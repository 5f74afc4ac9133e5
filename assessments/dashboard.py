"""The figures of the dashboard. Each one carries the address of the list it counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from assessments.indicators import Pair
from assessments.numbers import names_of
from assessments.scoring import rate_percent
from assessments.tallies import STATES, Tally, headline
from cases.filters import CaseFilter
from cases.models import Category
from gridparty.lib.periods import Period, year_before
from gridparty.lib.text import natural_key
from orgs.levels import Tier
from orgs.models import OrgUnit, Region, Unit
from orgs.querysets import OrgUnitQuerySet

MOST_HOT = 5
UPPER_TIERS = (Tier.STREET, Tier.COMMUNITY)


@dataclass(frozen=True)
class Place:
    """What a dashboard is about: a street or community (None: all the user may see), of these the
    cases a department leads, or those of one district."""

    node: OrgUnit | None
    unit: Unit | None = None
    district: Region | None = None

    @property
    def child_column(self) -> str:
        """Return the scope column that splits this place into the rows of the table."""
        if self.node is None:
            return "street"
        return "community" if self.node.tier == Tier.STREET else "grid"

    @property
    def is_whole(self) -> bool:
        """Whether it is whole districts, which the rollups are kept for."""
        return self.node is None and self.unit is None

    @property
    def label(self) -> str:
        area = str(self.node or (self.district.name if self.district else "全部范围"))
        if self.unit is None:
            return area
        return f"{self.unit}（{area}）" if self.node or self.district else str(self.unit)

    def narrow(self) -> CaseFilter:
        found = CaseFilter(unit=self.unit.pk if self.unit else None)
        if self.district is not None:
            found = found.but(district=self.district.pk)
        if self.node is None:
            return found
        if self.node.tier == Tier.STREET:
            return found.but(street=self.node.pk)
        return found.but(community=self.node.pk)

    @property
    def asked(self) -> dict[str, Any]:
        """What its address names: ids, and the code of a district."""
        found: dict[str, Any] = {}
        if self.node is not None:
            found["node"] = self.node.pk
        if self.unit is not None:
            found["unit"] = self.unit.pk
        if self.district is not None:
            found["district"] = self.district.pk
        return found

    @property
    def query(self) -> str:
        return urlencode(self.asked)


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


@dataclass(frozen=True)
class Group:
    """A row to be: its name, the children counted in it, how lists are narrowed to it, its page."""

    name: str
    members: tuple[int, ...]
    narrow: dict[str, Any]
    query: str
    url: str


def groups_of(column: str, keys: Iterable[int], place: Place, period: Period) -> list[Group]:
    """Return the rows below a place in their order: districts where a city has several."""
    also = f"&unit={place.unit.pk}" if place.unit else ""
    if column == "street" and place.district is None and place.unit is None:
        districts: dict[str, list[int]] = defaultdict(list)
        codes = OrgUnit.objects.filter(pk__in=keys).values_list("pk", "division_code")
        for pk, code in codes:
            districts[(code or "")[:6]].append(pk)
        if len(districts) > 1:
            names = dict(Region.objects.filter(pk__in=districts).values_list("pk", "name"))
            return [
                Group(names.get(code, code), tuple(members), {"district": code},
                      f"district={code}", f"?month={period}&district={code}")
                for code, members in sorted(districts.items())
            ]  # fmt: skip
    names_by_key = names_of(column, keys)
    found = []
    for pk in sorted(keys, key=lambda key: natural_key(names_by_key[key])):
        name = "grid" if column == "grid" else "node"
        url = f"/grids/{pk}/" if column == "grid" else f"?month={period}&node={pk}{also}"
        found.append(Group(names_by_key[pk], (pk,), {column: pk}, f"{name}={pk}{also}", url))
    return found


def lines(tally: Tally, place: Place) -> list[Line]:
    """Return one row per district, street, community or grid below the place that has cases."""
    column, period = place.child_column, tally.times[0]
    this, unit = str(period), place.unit.pk if place.unit else None
    filters = {
        "open": ("未结", STATES["open"]),
        "overdue": ("超时", STATES["overdue"]),
        "created": ("本期上报", CaseFilter(by="created", month=this)),
        "closed": ("本期销号", CaseFilter(by="closed", month=this)),
    }
    table = []
    for group in groups_of(column, tally.keys(), place, period):
        figures = []
        for name, (label, asked) in filters.items():
            counted = tally.states[name] if name in STATES else tally.volumes[name, this]
            n = sum(counted.get(pk, 0) for pk in group.members)
            level = "red" if name == "overdue" and n else ""
            url = asked.but(unit=unit, **group.narrow).url()
            figures.append(Figure(label, n, url, level))
        for one in headline():
            pairs = tally.pairs[one.code, this]
            found = [pairs.get(pk, (0, 0)) for pk in group.members]
            hit, total = sum(pair[0] for pair in found), sum(pair[1] for pair in found)
            figures.append(
                Figure(one.name, rate_percent(hit, total), rows_url(one.code, group.query, period),
                       formula=f"{hit}/{total}", unit="%")
            )  # fmt: skip
        table.append(Line(group.name, group.url, tuple(figures)))
    return table
