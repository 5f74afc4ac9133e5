"""What the ground asks about Party work: the map, a division of grids, a door, a grid's page."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from grids.ground import (
    DoorAnswer,
    DoorQuestion,
    Effect,
    GridPanel,
    Shade,
    Shift,
    division_effect,
    door_answer,
    grid_panel,
    map_layer,
)
from grids.models import Grid
from grids.querysets import GridQuerySet
from orgs.models import OrgPost, OrgUnit, PartyMember
from orgs.roles import SEES, Noun
from orgs.scope import can
from partybuilding.figures import Figure
from partybuilding.models import CheckIn, MemberDuty, Pairing
from partybuilding.querysets.terms import by_rank
from partybuilding.scope import is_staff


def _sees(user: Any) -> bool:
    return can(user, Noun.PARTY, SEES) and is_staff(user)


@map_layer("pairing", "联点共建", shown_to=_sees)
def by_pairing(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
    """Green where a unit is paired, yellow where no pairing is in force."""
    day = timezone.localdate()
    rows = Pairing.objects.visible_to(user).live(day).filter(grid__in=grids.values("pk"))
    number = dict(rows.order_by().values_list("grid").annotate(total=Count("pk")))
    gaps = reverse("partybuilding:pairing_gaps")
    return {
        pk: Shade("green", f"结对单位 {number[pk]} 家", reverse("partybuilding:pairings"), "已结对")
        if pk in number
        else Shade("yellow", "还没有结对", gaps)
        for pk in grids.values_list("pk", flat=True)
    }


@map_layer("duties", "责任区和责任岗", shown_to=_sees)
def by_duties(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
    """Green where members have taken areas or posts, grey where nobody has."""
    rows = MemberDuty.objects.visible_to(user).open().filter(grid__in=grids.values("pk"))
    number = dict(rows.order_by().values_list("grid").annotate(total=Count("pk")))
    page = reverse("partybuilding:duties")
    return {
        pk: Shade("green", f"责任区和责任岗 {number[pk]} 个", f"{page}?grid={pk}", "已认领")
        if pk in number
        else Shade("grey", "还没有党员认领")
        for pk in grids.values_list("pk", flat=True)
    }


@division_effect
def members_that_move(shifts: Iterable[Shift], user: Any) -> list[Effect]:
    """Checked-in members go with their building; what a closed grid had, goes to its successor."""
    known = list(shifts)
    buildings = [building for shift in known for building in shift.buildings]
    closed = [shift.source for shift in known if shift.closes_source]
    moving = CheckIn.objects.visible_to(user).live().filter(building__in=buildings)
    duties = MemberDuty.objects.visible_to(user).open().filter(grid__in=closed)
    pairings = Pairing.objects.visible_to(user).standing().filter(grid__in=closed)
    return [
        Effect("报到党员随楼栋转入新网格", moving.count(), "名"),
        Effect("责任区、责任岗转到承接网格", duties.count(), "个"),
        Effect("共建结对转到承接网格", pairings.count(), "个"),
    ]


@door_answer
def member_of_the_area(question: DoorQuestion) -> list[DoorAnswer]:
    """The members whose responsibility area covered the building on that day."""
    rows = (
        MemberDuty.objects.visible_to(question.user)
        .filter(kind="area", buildings=question.building, start__lte=question.day)
        .exclude(end__lt=question.day)
        .select_related("person")
    )
    names = [duty.person.name for duty in rows.order_by("pk")[:20]]
    return [DoorAnswer("党员责任区", "、".join(names))] if names else []


_MOST_NAMES = 12


@grid_panel
def party_in_the_grid(grid: Grid, user: Any) -> GridPanel | None:
    """Members, their areas and posts, and paired units of a grid; each figure with its list."""
    if not _sees(user):
        return None
    day = timezone.localdate()
    branch = grid.party_branch
    figures, posts = [], []
    if branch is not None and OrgUnit.objects.visible_to(user).filter(pk=branch.pk).exists():
        below = OrgUnit.objects.visible_to(user).active().filter(
            tree_id=branch.tree_id, lft__gte=branch.lft, rght__lte=branch.rght
        )  # fmt: skip
        members = PartyMember.objects.filter(org_unit__in=below.values("pk"), left_on=None)
        page = reverse("orgs:members", args=[branch.pk])
        figures.append(Figure("支部党员", members.count(), "名", page))
        held = OrgPost.objects.filter(org_unit=branch, start__lte=day).exclude(end__lt=day)
        posts = by_rank(held.select_related("person"))[:_MOST_NAMES]
    serving = CheckIn.objects.visible_to(user).serving().filter(grid=grid)
    page = f"{reverse('partybuilding:checkins')}?show=serving&grid={grid.pk}"
    figures.append(Figure("报到党员", serving.count(), "名", page))
    duties = MemberDuty.objects.visible_to(user).open().filter(grid=grid)
    page = f"{reverse('partybuilding:duties')}?grid={grid.pk}"
    figures.append(Figure("责任区和责任岗", duties.count(), "个", page))
    paired = Pairing.objects.visible_to(user).live(day).filter(grid=grid).select_related("unit")
    facts = {
        "figures": figures, "posts": posts, "branch": branch,
        "serving": list(serving.for_list().order_by("-id")[:_MOST_NAMES]),
        "pairings": list(paired[:_MOST_NAMES]),
    }  # fmt: skip
    return GridPanel("partybuilding/grid_panel.html", facts)
