"""What a re-drawn or renamed ground means here: scope columns and sort keys follow."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.dispatch import receiver

from grids.models import Grid
from grids.signals import GridChange, grid_changed
from residents.headship import OPEN
from residents.models import (
    CampaignDoor,
    CareTag,
    CorridorHead,
    Household,
    Residency,
    door_key,
)

BATCH = 1000
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
    elif kind == GridChange.RENAMED:
        _sort_anew(building_ids)


def _sort_anew(buildings: list[int]) -> None:
    """Write the keys by which doors sort from the names of today."""
    homes = Household.objects.filter(building__in=buildings).order_by("pk")
    keys = list(homes.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        some = homes.filter(pk__in=keys[start : start + BATCH])
        rows = list(some.select_related("building__compound", "entrance"))
        for home in rows:
            home.sort_key = door_key(
                compound=home.building.compound.name,
                building=home.building.name,
                unit=home.entrance.name if home.entrance else "",
                room=home.room,
            )
        Household.objects.bulk_update(rows, ["sort_key"])
    own = Household.objects.filter(pk=OuterRef("household")).values("sort_key")
    doors = CampaignDoor.objects.filter(building__in=buildings)
    doors.update(sort_key=Subquery(own))


def _columns(grid: Grid) -> dict[str, Any]:
    return {
        "grid": grid,
        "community": grid.community_id,
        "street": grid.street_id,
        "district": grid.district_id,
    }
