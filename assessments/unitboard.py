"""The dashboard of a unit (共建单位, 职能部门): what it does with communities, its members, its cases."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from assessments.dashboard import Figure
from gridparty.lib.periods import Period, Quarter, Year, year_before
from orgs.models import Unit
from partybuilding.axes import Axis, axes_of
from partybuilding.catalog import Dimension
from partybuilding.checkin_lists import unit_numbers
from partybuilding.models import Alliance, AllianceMember, CheckIn, JointRecord, Pairing

DIMENSIONS = tuple(Dimension)


@dataclass(frozen=True)
class JointLine:
    """One community with the joint activities of the unit there, by dimension; each with its list."""

    name: str
    cells: tuple[Figure, ...]
    total: int


@dataclass(frozen=True)
class UnitBoard:
    figures: list[Figure]
    axes: list[Axis]
    by_dimension: list[Figure]
    lines: list[JointLine]
    pairings: list[Pairing]


def unit_board(unit: Unit, period: Quarter | Year, user: Any, day: date) -> UnitBoard:
    """Return what the user sees of the unit's work: a fixed number of queries."""
    mine = JointRecord.objects.visible_to(user).filter(units=unit)
    times: dict[Period, Any] = {
        when: mine.between(when.first_day, when.end_day)
        for when in (period, period.previous(), year_before(period))
    }
    rows = times[period]
    page = reverse("partybuilding:joint_records")
    counts: dict[str, int] = dict(
        rows.order_by().values_list("dimension").annotate(total=Count("pk", distinct=True))
    )
    total = sum(counts.values())
    before, year = (times[when].count() for when in (period.previous(), year_before(period)))
    pairings = list(Pairing.objects.visible_to(user).filter(unit=unit).live(day).for_list())
    seen = Alliance.objects.visible_to(user).standing()
    alliances = AllianceMember.objects.filter(
        unit=unit, end=None, alliance__in=seen.values("pk")
    ).count()  # fmt: skip
    figures = [
        Figure("五联共治活动", total, f"{page}?{_asked(unit, period)}", unit="次",
               formula=period.label, beside=f"上期 {before}，去年同期 {year}"),
        Figure("结对的网格", len(pairings), "#pairings", unit="个", formula="现在有效的结对"),
        Figure("加入的联盟", alliances, f"{reverse('partybuilding:alliances')}?unit={unit.pk}", unit="个",
               formula="看得到的党建联盟"),
        *_members(unit, user, day),
    ]  # fmt: skip
    by_dimension = [
        Figure(str(one.label), counts.get(one, 0),
               f"{page}?{_asked(unit, period, dimension=one.value)}", unit="次")
        for one in DIMENSIONS
    ]  # fmt: skip
    return UnitBoard(figures, axes_of(counts), by_dimension, _lines(rows, unit, period), pairings)


def _asked(unit: Unit, period: Quarter | Year, **more: Any) -> str:
    """Return the filter of the list of activities that counts the same rows."""
    asked = {"year": period.year, "unit": unit.pk, **more}
    if isinstance(period, Quarter):
        asked["quarter"] = period.quarter
    return urlencode(asked)


def _members(unit: Unit, user: Any, day: date) -> list[Figure]:
    """Return how the unit's Party members checked in, of this year."""
    rows = CheckIn.objects.visible_to(user).filter(unit=unit)
    one = unit_numbers(rows, day).get(unit.pk)
    if one is None:
        return []
    page = f"{reverse('partybuilding:checkins')}?unit={unit.pk}"
    return [
        Figure("报到的党员", one["reported"], f"{page}&show=reported", unit="人",
               formula=f"名单 {one['listed']} 人"),
        Figure("参加服务的党员", one["part"], f"{page}&show=part", unit="人",
               formula=f"在岗 {one['serving']} 人，今年共 {one['hours']:.1f} 小时"),
    ]  # fmt: skip


def _lines(rows: Any, unit: Unit, period: Quarter | Year) -> list[JointLine]:
    columns = ("alliance", "alliance__community__name", "alliance__name", "dimension")
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    counted = rows.order_by().values_list(*columns).annotate(n=Count("pk", distinct=True))
    for alliance, community, name, dimension, n in counted:
        found[f"{community} {name}", alliance][dimension] = n
    page = reverse("partybuilding:joint_records")
    return [
        JointLine(
            label,
            tuple(
                Figure(str(one.label), counts.get(one, 0),
                       f"{page}?{_asked(unit, period, alliance=alliance, dimension=one.value)}")
                for one in DIMENSIONS
            ),
            sum(counts.values()),
        )
        for (label, alliance), counts in sorted(found.items())
    ]  # fmt: skip
