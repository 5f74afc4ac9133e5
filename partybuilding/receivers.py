"""What a new division of the ground, or the end of a unit, means for Party work."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from grids.models import Grid
from grids.signals import GridChange, grid_changed
from orgs.levels import Tier
from orgs.models import OrgUnit, OrgUnitChange, Unit, User
from orgs.signals import tree_changed, unit_ended
from partybuilding.models import (
    AllianceMember,
    BasicsCheck,
    BoardItem,
    CheckIn,
    GridVenue,
    MemberDisplay,
    MemberDuty,
    MonthlyBoard,
    Pairing,
    Patrol,
)
from partybuilding.services.five import above_of
from partybuilding.workflow import LIVE_CHECKINS, ItemStatus

FOLLOWERS: tuple[Any, ...] = (CheckIn, MemberDuty, MemberDisplay, Pairing, GridVenue, Patrol)


def _columns(grid: Grid) -> dict[str, Any]:
    return {
        "grid": grid, "community": grid.community_id, "street": grid.street_id,
        "district": grid.district_id,
    }  # fmt: skip


@receiver(grid_changed)
def follow_the_grid(
    *, kind: str, grid_ids: list[int], building_ids: list[int], moved_to: Grid | None, **who: Any
) -> None:
    """Members go with their building; what a closed grid had, goes to its successor.

    What is over stays with the grid it happened in; what the successor has already, ends.
    """
    if kind == GridChange.RESCOPED:
        for grid in Grid.objects.filter(pk__in=grid_ids):
            for model in FOLLOWERS:
                model._default_manager.filter(grid=grid).update(**_columns(grid))
    elif kind == GridChange.BUILDINGS_MOVED and moved_to is not None:
        live = CheckIn.objects.filter(building__in=building_ids, status__in=LIVE_CHECKINS)
        live.update(**_columns(moved_to))
    elif kind == GridChange.CLOSED and moved_to is not None:
        _hand_over(grid_ids, moved_to)


def _hand_over(grid_ids: list[int], to: Grid) -> None:
    today, columns = timezone.localdate(), _columns(to)
    CheckIn.objects.filter(grid__in=grid_ids, status__in=LIVE_CHECKINS).update(**columns)
    GridVenue.objects.open().filter(grid__in=grid_ids).update(**columns)
    for duty in MemberDuty.objects.open().filter(grid__in=grid_ids):
        facts = {"person": duty.person_id, "kind": duty.kind, "category": duty.category}
        held = MemberDuty.objects.open().filter(grid=to, **facts).exists()
        row = MemberDuty.objects.filter(pk=duty.pk)
        row.update(end=max(today, duty.start)) if held else row.update(**columns)
    for pairing in Pairing.objects.standing().filter(grid__in=grid_ids):
        held = Pairing.objects.standing().filter(grid=to, unit=pairing.unit_id).exists()
        rows = Pairing.objects.filter(pk=pairing.pk)
        if held:
            rows.update(ended_on=today, end_reason="网格撤销，承接网格已有结对")
        else:
            rows.update(**columns)
    for display in MemberDisplay.objects.standing().filter(grid__in=grid_ids):
        if not MemberDisplay.objects.standing().filter(grid=to, person=display.person_id).exists():
            MemberDisplay.objects.filter(pk=display.pk).update(**columns)


@receiver(tree_changed)
def follow_the_branch(
    *, kind: str, org_unit: OrgUnit, moved_to: OrgUnit | None, **rest: Any
) -> None:
    """A branch that is gone owes nothing it has not begun; one that moved takes its past along."""
    if kind in (OrgUnitChange.Kind.MERGE, OrgUnitChange.Kind.ABOLISH):
        begun = BoardItem.objects.exclude(first_at=None, late=False).values("board")
        empty = MonthlyBoard.objects.filter(branch=org_unit).exclude(pk__in=begun)
        BoardItem.objects.filter(board__in=empty.values("pk")).delete()
        MonthlyBoard.objects.filter(branch=org_unit, items=None).delete()
        BasicsCheck.objects.filter(branch=org_unit, status=ItemStatus.PENDING).delete()
    elif kind == OrgUnitChange.Kind.MOVE:
        below = OrgUnit.objects.filter(
            tree_id=org_unit.tree_id, lft__gte=org_unit.lft, rght__lte=org_unit.rght,
            tier=Tier.BRANCH,
        )  # fmt: skip
        for branch, root, community in above_of(below):
            columns = {
                "community": community, "street": root,
                "district": (community.division_code or "")[:6],
            }  # fmt: skip
            MonthlyBoard.objects.filter(branch=branch).update(**columns)
            BasicsCheck.objects.filter(branch=branch).update(**columns)


@receiver(unit_ended)
def follow_the_unit(*, unit: Unit, moved_to: Unit | None, by: User | None, **rest: Any) -> None:
    """Members and pairings go to the successor; without one they wait for a word of the street."""
    if moved_to is None:
        return
    CheckIn.objects.filter(unit=unit, status__in=LIVE_CHECKINS).update(unit=moved_to)
    today = timezone.localdate()
    for pairing in Pairing.objects.standing().filter(unit=unit):
        rows = Pairing.objects.filter(pk=pairing.pk)
        if Pairing.objects.standing().filter(unit=moved_to, grid=pairing.grid_id).exists():
            rows.update(ended_on=today, end_reason="单位合并，承接单位已有结对")
        else:
            rows.update(unit=moved_to)
    for member in AllianceMember.objects.filter(unit=unit, end=None):
        one = AllianceMember.objects.filter(pk=member.pk)
        same = AllianceMember.objects.filter(alliance=member.alliance_id, unit=moved_to, end=None)
        one.update(end=max(today, member.start)) if same.exists() else one.update(unit=moved_to)
