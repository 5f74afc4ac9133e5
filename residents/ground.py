"""What a division of grids moves here, and who kept in touch with a door on a day."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from grids.doors import NO_UNIT
from grids.ground import DoorAnswer, DoorQuestion, Effect, Shift, division_effect, door_answer
from orgs.roles import SEES, STATS
from residents.models import Household, LinkedHousehold

MOST_LINES = 20


@division_effect
def households_that_move(shifts: Iterable[Shift], user: Any) -> list[Effect]:
    """Households go with their building, and stay with the corridor head who keeps them."""
    known = list(shifts)
    moving = [building for shift in known for building in shift.buildings]
    homes = Household.objects.visible_to(user, SEES + STATS).open().filter(building__in=moving)
    lines = [
        f"{shift.source.name} → {shift.target.name}："
        f"{homes.filter(building__in=shift.buildings).count()} 户"
        for shift in known
    ]
    links = LinkedHousehold.objects.current(timezone.localdate()).filter(
        household__in=homes.values("pk")
    )
    heads = links.order_by().values("head").distinct().count()
    return [
        Effect("住户随楼栋转入新网格", homes.count(), "户", tuple(lines)),
        Effect(
            "红色楼道长的联系户换了网格（联系不变）", links.count(), "户",
            (f"涉及 {heads} 位红色楼道长",) if heads else (),
        ),
    ]  # fmt: skip


@door_answer
def corridor_head(question: DoorQuestion) -> list[DoorAnswer]:
    """The red corridor heads who kept in touch with the door's households on the day."""
    rows = LinkedHousehold.objects.visible_to(question.user).current(question.day)
    rows = rows.filter(household__building=question.building)
    if question.unit and question.unit != NO_UNIT:
        rows = rows.filter(household__entrance__name=question.unit)
    if question.room:
        rows = rows.filter(household__room=question.room)
    heads = rows.order_by("household__sort_key").select_related("head")[:200]
    names = dict.fromkeys(link.head.name for link in heads)
    shown = list(names)[:MOST_LINES]
    return [DoorAnswer("红色楼道长", "、".join(shown))] if shown else []
