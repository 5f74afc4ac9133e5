"""The figures of the three lists and the counts the report makes, each from the rows of its list."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse

from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month, Quarter
from orgs.models import Person
from orgs.roles import SEES
from residents.models import Household, Need
from residents.needflow import OPEN, NeedStatus
from volunteers.catalog import ActivityKind
from volunteers.models import Activity, Claim, Project, Resource, Served
from volunteers.scope import area_q

MET = (NeedStatus.MET, NeedStatus.EVALUATED)


class Part(NamedTuple):
    """A counted number and the list behind it."""

    label: str
    many: int
    url: str


@dataclass(frozen=True)
class Figure:
    """A number that leads to its list; `value` None: nothing to divide by."""

    label: str
    value: Any
    url: str = ""
    unit: str = ""
    formula: str = ""
    # Of a rate: numerator and denominator, each with the list it counts.
    parts: tuple[Part, ...] = ()


def needs_for(user: Any, letters: str = SEES) -> Any:
    """Return the needs the three lists show the user: of the communities, by public text."""
    homes = Household.objects.filter(area_q(user, letters))
    return Need.objects.on_offer().filter(household__in=homes.values("pk"))


def needs_shown(rows: Any, show: str, today: date) -> Any:
    """Narrow needs to what a filter names: "" open, "due" (met or should be), "met", a status."""
    if show == "":
        return rows.filter(status__in=OPEN)
    if show == "met":
        return rows.filter(status__in=MET)
    if show == "due":
        return rows.filter(
            Q(status__in=(*MET, NeedStatus.EXPIRED)) | Q(status__in=OPEN, wanted_by__lte=today)
        )
    return rows if show == "all" else rows.filter(status=show)


def figures(user: Any, today: date) -> list[Figure]:
    """Return the measures of domain §3B for what the user sees."""
    quarter = Quarter.of(today)
    needs, claims = needs_for(user), Claim.objects.visible_to(user)
    offered = Resource.objects.visible_to(user).offered()
    running = Project.objects.visible_to(user).running()
    at = _addresses()
    return [
        _rate("需求满足率",
              Part("已满足", needs_shown(needs, "met", today).count(), f"{at['needs']}?show=met"),
              Part("到期应满足", needs_shown(needs, "due", today).count(),
                   f"{at['needs']}?show=due")),
        _rate("资源利用率",
              Part("用上的", offered.used().count(), f"{at['resources']}?status=used"),
              Part("开放过的", offered.count(), f"{at['resources']}?status=usable")),
        _rate("项目落地率",
              Part("本季有活动", running.landed(quarter.start, quarter.end).count(),
                   f"{at['projects']}?status=running&landed=on"),
              Part("实施中", running.count(), f"{at['projects']}?status=running")),
        Figure("平均匹配天数", _days_to_match(claims), f"{at['claims']}?status=matched", "天",
               "从登记到对接"),
        Figure("覆盖网格数", len(covered_grids(user, today)), reverse("volunteers:covered"), "个",
               "本季办过活动的网格"),
    ]  # fmt: skip


def covered_grids(user: Any, today: date) -> list[tuple[int, int]]:
    """Return (grid id, sessions held this quarter) of the grids that had one, most first."""
    quarter = Quarter.of(today)
    held = Activity.objects.visible_to(user).held().between(quarter.start, quarter.end)
    rows = held.exclude(grid=None).order_by().values_list("grid").annotate(many=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _rate(label: str, part: Part, whole: Part) -> Figure:
    return Figure(label, _percent(part.many, whole.many), unit="%", parts=(part, whole))


def _days_to_match(claims: Any) -> float | None:
    pairs = claims.filter(matched_at__isnull=False).values_list("matched_at", "need__created_at")
    days = [(matched - made).total_seconds() / 86400 for matched, made in pairs]
    return round(sum(days) / len(days), 1) if days else None


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _addresses() -> dict[str, str]:
    names = ("needs", "resources", "projects", "claims")
    return {name: reverse(f"volunteers:{name}") for name in names}


@dataclass(frozen=True)
class CountRow:
    """A kind of activity over the months of a year; each number is (count, address)."""

    label: str
    months: list[tuple[int, str]]
    total: tuple[int, str]


def counts_by_kind(activities: Any, year: int, more: str = "") -> list[CountRow]:
    """Return activities held by kind × month (XC-23), with the address of each list."""
    rows = (
        activities.held().between(*year_span(year)).order_by()
        .annotate(month=TruncMonth("starts_at", tzinfo=SHANGHAI))
        .values_list("kind", "month").annotate(many=Count("pk"))
    )  # fmt: skip
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for kind, month, many in rows:
        found[kind][month.month] = many
    at = f"{reverse('volunteers:activities')}?when=held{more}"
    return [
        CountRow(
            str(kind.label),
            [
                (found[kind].get(month, 0), f"{at}&kind={kind.value}&month={year}-{month:02d}")
                for month in range(1, 13)
            ],
            (sum(found[kind].values()), f"{at}&kind={kind.value}&month={year}"),
        )
        for kind in ActivityKind
    ]


def people_served(activities: Any) -> tuple[int, int]:
    """Return (distinct people named, others by number) of the activities."""
    others = activities.order_by().aggregate(sum=Sum("served_others"))["sum"] or 0
    return served_by(activities).count(), others


def served_by(activities: Any) -> Any:
    """Return the people the activities served by name, each once."""
    named = Served.objects.filter(activity__in=activities.order_by().values("pk"))
    return Person.objects.filter(pk__in=named.values("person"))


def year_span(year: int) -> tuple[datetime, datetime]:
    """Return (start, end) of a year."""
    return datetime(year, 1, 1, tzinfo=SHANGHAI), datetime(year + 1, 1, 1, tzinfo=SHANGHAI)


def period_of(text: str) -> tuple[datetime, datetime] | None:
    """Read 2026, 2026-03 or 2026Q1 as (start, end); None for anything else."""
    if not "1970" <= text[:4] <= "2100":  # databases and clocks end somewhere
        return None
    try:
        if len(text) == 4 and text.isascii() and text.isdigit():
            return year_span(int(text))
        period = Quarter.parse(text) if "Q" in text else Month.parse(text)
    except ValueError:
        return None
    return period.start, period.end
