"""What a keeper's move of a need, or a re-drawn ground, means for voluntary work."""

from typing import Any

from django.dispatch import receiver

from grids.models import Grid
from grids.signals import GridChange, grid_changed
from orgs.models import User
from residents.models import Need
from residents.needflow import NeedMove, NeedStatus
from residents.signals import register_changed
from volunteers.models import Activity, Volunteer
from volunteers.services.claims import lapse_claims


@receiver(register_changed, sender=Need)
def end_what_hangs_on_it(*, need: Need, move: NeedMove, by: User | None, **_: Any) -> None:
    """A need that is withdrawn or met by others lets its claimers go."""
    if move.target in (NeedStatus.WITHDRAWN, NeedStatus.MET):
        lapse_claims(need=need, by=by)


@receiver(grid_changed)
def follow_the_grid(
    *, kind: str, grid_ids: list[int], building_ids: list[int], moved_to: Grid | None, **_: Any
) -> None:
    """Volunteers and activities go with their building, or to the successor of a closed grid."""
    if moved_to is None:
        return
    for model in (Volunteer, Activity):
        if kind == GridChange.BUILDINGS_MOVED:
            model._default_manager.filter(building__in=building_ids).update(grid=moved_to)
        elif kind == GridChange.CLOSED:
            model._default_manager.filter(grid__in=grid_ids).update(grid=moved_to)
