"""Which members a grid can choose from: those of its branch, and those who checked in there."""

from typing import Any

from django.db.models import Q

from grids.models import Grid
from orgs.models import Person
from partybuilding.models import CheckIn


def members_of(grid: Grid) -> Any:
    """Members of the grid's branch and its groups, and those serving in the grid by check-in."""
    serving = CheckIn.objects.serving().filter(grid=grid).values("person")
    chosen = Q(pk__in=serving)
    branch = grid.party_branch
    if branch is not None:
        chosen |= Q(
            membership__left_on=None, membership__org_unit__tree_id=branch.tree_id,
            membership__org_unit__lft__gte=branch.lft, membership__org_unit__rght__lte=branch.rght,
        )  # fmt: skip
    return Person.objects.filter(chosen).order_by("name_initials", "id")
