"""What a re-drawn ground means here: rows with scope columns follow."""

from typing import Any

from django.dispatch import receiver

from grids.models import Grid
from grids.signals import GridChange, grid_changed
from residents.headship import OPEN
from residents.models import CampaignDoor, CareTag, CorridorHead, Household, Residency

FOLLOWERS = (Household, CampaignDoor, CorridorHead)


@receiver(grid_changed)
def follow_the_grid(
    *, kind: str, grid_ids: list[int], building_ids: list[int], moved_to: Grid | None, **who: Any
) -> None:
    """Rows go with their building; those of a re-scoped grid take its columns.

    Heads of a lane, who live in no building of ours, go to the successor of a closed grid. Care
    duties in the grid pass on with a place in its team.
    """
    if kind == GridChange.BUILDINGS_MOVED and moved_to is not None:
        for model in FOLLOWERS:
            rows = model._default_manager.filter(building__in=building_ids)
            rows.update(**_columns(moved_to))
    elif kind == GridChange.CLOSED and moved_to is not None:
        heads = CorridorHead.objects.filter(grid__in=grid_ids, state__in=OPEN)
        heads.update(**_columns(moved_to))
    elif kind == GridChange.RESCOPED:
        for grid in Grid.objects.filter(pk__in=grid_ids):
            for model in FOLLOWERS:
                model._default_manager.filter(grid=grid).update(**_columns(grid))
    elif kind == GridChange.HANDED_OVER:
        living = Residency.objects.filter(household__grid__in=grid_ids, end=None)
        duties = CareTag.objects.filter(end=None, responsible=who["leaver"])
        duties.filter(person__in=living.values("person")).update(responsible=who["taker"])


def _columns(grid: Grid) -> dict[str, Any]:
    return {
        "grid": grid,
        "community": grid.community_id,
        "street": grid.street_id,
        "district": grid.district_id,
    }
