"""How far a user's roles reach into Party work: rows of branches, grids, communities, units."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Q

from grids.scope import grids_of_team
from orgs.levels import Tier
from orgs.roles import GRID_ROLES, PERSONAL_ROLES, SEES, UNIT_ROLES, Noun
from orgs.scope import Grant, any_of, grants_with
from volunteers.scope import area_of

NOTHING = Q(pk__in=[])


def branch_q(user: Any, letters: str = SEES) -> Q:
    """Return the Q of rows with the columns district, street, community and branch.

    A branch's people see the branch, grid teams the branch their grid belongs to; units and
    personal roles see nothing of a branch's inner life.
    """
    return any_of(_branch_area(grant, user) for grant in grants_with(user, Noun.PARTY, letters))


def _branch_area(grant: Grant, user: Any) -> Q:
    if grant.is_everywhere:
        return Q(pk__isnull=False)
    if grant.role in PERSONAL_ROLES or grant.role in UNIT_ROLES:
        return NOTHING
    if grant.role in GRID_ROLES:
        grids = apps.get_model("grids", "Grid").objects.filter(
            pk__in=grids_of_team(user, grant.role)
        )
        return Q(branch__in=grids.values("party_branch"))
    if grant.region_code:
        return Q(district__code__startswith=grant.region_code)
    if grant.org_id is None:
        return NOTHING
    if grant.tier == Tier.STREET:
        return Q(street_id=grant.org_id)
    if grant.tier == Tier.COMMUNITY:
        return Q(community_id=grant.org_id) | Q(street_id=grant.org_id)
    return Q(
        branch__tree_id=grant.tree_id, branch__lft__lte=grant.lft, branch__rght__gte=grant.rght
    )


def community_q(
    user: Any, letters: str = SEES, *, below: bool = False,
    unit: Callable[[int], Q] | None = None, noun: str = Noun.PARTY,
) -> Q:  # fmt: skip
    """Return the Q of rows that are a whole community's business (district, street, community).

    With `below` also branches and grid teams read those of their community; `unit(id)` answers for
    units, None hides all from them.
    """
    return any_of(_community_area(grant, below, unit) for grant in grants_with(user, noun, letters))


def _community_area(grant: Grant, below: bool, unit: Callable[[int], Q] | None) -> Q:
    if grant.unit_id is not None:
        return unit(grant.unit_id) if unit else NOTHING
    if grant.role in PERSONAL_ROLES:
        return NOTHING
    is_below = grant.role in GRID_ROLES or (grant.tier or 0) > Tier.COMMUNITY
    if is_below and not below:
        return NOTHING
    if grant.tier == Tier.COMMUNITY and grant.role not in GRID_ROLES:
        return Q(community_id=grant.org_id) | Q(street_id=grant.org_id)
    return area_of(grant)


def streets_of(user: Any, noun: str) -> list[int]:
    """Return the tree ids the user is placed in: what a street does for all its communities."""
    grants = grants_with(user, noun, SEES)
    return [grant.tree_id for grant in grants if grant.tree_id is not None]


def units_of(user: Any) -> list[int]:
    """Return the units the user speaks for in Party work."""
    return [
        grant.unit_id for grant in grants_with(user, Noun.PARTY, SEES) if grant.unit_id is not None
    ]


def is_staff(user: Any) -> bool:
    """Whether some role of the user has a territory in Party work."""
    return any(
        grant.role not in UNIT_ROLES | PERSONAL_ROLES
        for grant in grants_with(user, Noun.PARTY, SEES)
    )


def sees_whole_lists(user: Any) -> bool:
    """Whether the user sees a unit's list to its end: also those who have not said where they live."""
    return any(
        grant.unit_id is not None
        or grant.region_code
        or grant.tier == Tier.STREET
        or grant.lft == 1
        for grant in grants_with(user, Noun.PARTY, SEES)
    )
