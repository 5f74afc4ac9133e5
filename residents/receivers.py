"""What a re-drawn ground means here: the scope columns of households and campaign doors follow."""

from typing import Any

from django.dispatch import receiver

from grids.models import Grid
from grids.signals import GridChange, grid_changed
from residents.models import CampaignDoor, Household

FOLLOWERS: tuple[type[Household] | type[CampaignDoor], ...] = (Household, CampaignDoor)


@receiver(grid_changed)
def follow_the_grid(
    *, kind: str, grid_ids: list[int], building_ids: list[int], moved_to: Grid | None, **_: Any
) -> None:
    """Rows go with their building; those of a re-scoped grid take its columns."""
    if kind == GridChange.BUILDINGS_MOVED and moved_to is not None:
        for model in FOLLOWERS:
            model._default_manager.filter(building__in=building_ids).update(
                grid=moved_to,
                community=moved_to.community_id,
                street=moved_to.street_id,
                district=moved_to.district_id,
            )
    elif kind == GridChange.RESCOPED:
        for grid in Grid.objects.filter(pk__in=grid_ids):
            for model in FOLLOWERS:
                model._default_manager.filter(grid=grid).update(
                    community=grid.community_id, street=grid.street_id, district=grid.district_id
                )
