"""What the map and the division of grids ask about cases."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from cases.querysets import CaseQuerySet
from grids.ground import Effect, Shade, Shift, division_effect, map_layer
from grids.querysets import GridQuerySet
from orgs.roles import VIEW, Noun
from orgs.scope import can

MOST_LINES = 20


def _sees_cases(user: Any) -> bool:
    return can(user, Noun.CASE, VIEW)


@map_layer("cases", "未结事项", shown_to=_sees_cases)
def by_open_cases(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
    """Red where a case is over its limit, yellow where one is open, green where none is."""
    seen = Case.objects.visible_to(user).filter(grid__in=grids.values("pk")).open()
    late, number = _per_grid(seen.overdue(timezone.now())), _per_grid(seen)
    desk = reverse("cases:desk")
    found = {}
    for pk in grids.values_list("pk", flat=True):
        if pk in late:
            shade = Shade(
                "red", f"未结 {number[pk]} 件，超时 {late[pk]} 件", f"{desk}?stage=open&grid={pk}",
                "有事项超时",
            )  # fmt: skip
        elif pk in number:
            shade = Shade(
                "yellow", f"未结 {number[pk]} 件", f"{desk}?stage=open&grid={pk}", "有未结事项"
            )
        else:
            shade = Shade("green", "没有未结事项")
        found[pk] = shade
    return found


def _per_grid(cases: CaseQuerySet) -> dict[int, int]:
    return dict(cases.order_by().values_list("grid").annotate(total=Count("pk")))


@division_effect
def open_cases_that_move(shifts: Iterable[Shift], user: Any) -> list[Effect]:
    """Open cases go with their building; those of a closed grid all go to its successor."""
    moving = Q(pk__in=[])
    for shift in shifts:
        moving |= Q(building__in=shift.buildings)
        if shift.closes_source:
            moving |= Q(grid=shift.source)
    rows = Case.objects.visible_to(user).open().filter(moving).order_by("pk")
    lines = [f"{one.case_no} {one.get_status_display()}" for one in rows[:MOST_LINES]]
    return [Effect("未结事项随楼栋转入新网格", rows.count(), "件", tuple(lines))]
