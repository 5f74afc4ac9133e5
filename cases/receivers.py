"""What a re-drawn ground, an ended unit, a leaving person mean here: no case is left behind.

A move is told to its next.
"""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from cases.models import Case, CaseEvent
from cases.notices import tell_of_move
from cases.services.lasting import lapse, take_in_by_rule
from cases.services.rerouting import give_back, hand_over, release_held
from cases.signals import case_moved
from cases.workflow import Move, Status
from grids.models import Grid
from grids.signals import GridChange, grid_changed
from orgs.models import Unit, User
from orgs.signals import unit_ended, user_left


@receiver(grid_changed)
def follow_the_grid(
    *, kind: str, grid_ids: list[int], building_ids: list[int], moved_to: Grid | None, **who: Any
) -> None:
    """Every case of a re-scoped grid takes its columns; open cases go where the work goes.

    Ended cases stay with the grid that settled them: a frozen figure keeps its list. What somebody
    held who leaves the team passes to the log-in of the one who comes, or back to the grid.
    """
    if kind == GridChange.HANDED_OVER:
        held = Case.objects.filter(grid__in=grid_ids, ended_at=None)
        taker = User.objects.filter(person=who["taker"], is_active=True).first()
        held.filter(holder_user__person=who["leaver"]).update(holder_user=taker)
    if kind == GridChange.RESCOPED:
        for grid in Grid.objects.filter(pk__in=grid_ids):
            _give(Q(grid=grid), grid)
    elif moved_to is not None:
        gone = Q(building__in=building_ids) if building_ids else Q()
        if kind == GridChange.CLOSED:
            gone |= Q(grid__in=grid_ids)
        if gone:
            _give(gone & Q(ended_at=None), moved_to)


@receiver(case_moved)
def tell_the_next(*, sender: Any, signal: Any, **what: Any) -> None:
    tell_of_move(**what)


@receiver(case_moved)
def look_again_later(*, case: Case, move: Move, event: CaseEvent, **rest: Any) -> None:
    """跟踪问效 follows the closing: taken in by rule there, no longer needed after a reopening."""
    if event.move == "close":
        take_in_by_rule(case, event.at)
    elif event.from_status == Status.CLOSED and event.to_status != Status.CLOSED:
        lapse(case)


def _give(which: Q, grid: Grid) -> None:
    Case.objects.filter(which).update(
        grid=grid, community=grid.community_id, street=grid.street_id, district=grid.district_id
    )


@receiver(unit_ended)
def follow_the_unit(*, unit: Unit, moved_to: Unit | None, by: User | None, **rest: Any) -> None:
    """Its open cases go to the successor; without one, back to whoever dispatches."""
    if moved_to is not None:
        hand_over(unit=unit, into=moved_to, by=by)
    else:
        give_back(unit=unit, by=by)


@receiver(user_left)
def take_back_what_was_held(*, user: User, by: User | None, **rest: Any) -> None:
    release_held(users=[user], by=by)
