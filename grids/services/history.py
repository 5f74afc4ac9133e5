"""Writing what ended: the grid a building leaves, the branch a grid leaves."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Max

from grids.models import BranchTerm, Building, BuildingTerm, Grid


def note_leaving(buildings: Iterable[Building], on: date) -> None:
    """Close the buildings' time in their present grids; from `on` another grid is responsible.

    ValidationError: a building came into its present grid after `on`.
    """
    rows = list(buildings)
    known = BuildingTerm.objects.filter(building__in=rows).values_list("building")
    since = dict(known.annotate(last=Max("end")).order_by())
    for row in rows:
        if row.pk in since and since[row.pk] > on:
            raise ValidationError(
                f"{row}在 {since[row.pk]:%Y-%m-%d} 才划入现在的网格，生效日期不能更早。",
                code="date",
            )
    BuildingTerm.objects.bulk_create(
        BuildingTerm(building=row, grid_id=row.grid_id, start=since.get(row.pk), end=on)
        for row in rows
    )


def note_branches(grids: Iterable[Grid], on: date) -> None:
    """Close the time of the grids' present branches; call before they change."""
    BranchTerm.objects.bulk_create(
        BranchTerm(grid=grid, branch_id=grid.party_branch_id, end=on) for grid in grids
    )
