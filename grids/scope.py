"""Territory: the Q that limits a table with scope columns to what a user's roles reach.

Every table with the denormalised columns district, street, community and grid asks
`territory_q`; grids themselves and buildings pass the name of their own grid column.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from orgs.levels import Tier
from orgs.roles import GRID_ROLES, PERSONAL_ROLES, SEES, STATS, Noun, Role
from orgs.scope import Grant, any_of, grants_with

PersonalRule = Callable[[Grant, Any], Q]


def territory_q(
    user: Any,
    noun: str,
    letters: str = SEES,
    *,
    grid: str = "grid_id",
    building: str = "building_id",
    personal: PersonalRule | None = None,
    but: Collection[str] = (),
) -> Q:
    """Return the Q of rows in the areas where the user holds any of `letters` on `noun`.

    `grid` and `building` name the columns that point to the grid and the building ("" when the
    table has no building). `personal(grant, user)` answers for roles without territory of their
    own (corridor heads, departments, partners, revisitors, volunteers); None hides all from them.
    Roles in `but` do not count.
    """
    return any_of(
        _area(grant, user, grid, building, personal)
        for grant in grants_with(user, noun, letters)
        if grant.role not in but
    )


def _area(grant: Grant, user: Any, grid: str, building: str, personal: PersonalRule | None) -> Q:
    nothing = Q(pk__in=[])
    if grant.is_everywhere:
        return Q(pk__isnull=False)
    if grant.role in PERSONAL_ROLES or grant.unit_id is not None:
        return personal(grant, user) if personal else nothing
    if grant.role in GRID_ROLES:
        return Q(**{f"{grid}__in": grids_of_team(user, grant.role)})
    if grant.region_code:
        if len(grant.region_code) == 6:
            return Q(district_id=grant.region_code)
        return Q(district__code__startswith=grant.region_code)
    if grant.org_id is None:
        return nothing
    if grant.tier == Tier.STREET:
        return Q(street_id=grant.org_id)
    if grant.tier == Tier.COMMUNITY:
        return Q(community_id=grant.org_id)
    if grant.role == Role.GROUP_LEADER:
        buildings = apps.get_model("grids", "Building").objects.filter(party_group=grant.org_id)
        return Q(**{f"{building}__in": buildings.values("pk")}) if building else nothing
    return Q(**{f"{grid}__in": grids_of_branch(user, grant)})


def counts_homes(user: Any) -> bool:
    """Say whether a grid's number of households is for the user: those with a territory."""
    grants = grants_with(user, Noun.RESIDENT, SEES + STATS)
    return any(grant.role not in PERSONAL_ROLES for grant in grants)


def grids_of_team(user: Any, role: str) -> list[int]:
    """Return the ids of the grids whose team has the user's person in a slot of this role."""
    today = timezone.localdate()
    members = apps.get_model("grids", "GridTeamMember").objects
    serving = members.filter(person_id=user.person_id, slot__role=role, start__lte=today)
    return _ids_once(user, f"team {role}", serving.exclude(end__lt=today), "grid_id")


def grids_of_branch(user: Any, grant: Grant) -> list[int]:
    """Return the ids of the grids led by the branch (or a branch below the grant's node)."""
    led = apps.get_model("grids", "Grid").objects.filter(
        party_branch__tree_id=grant.tree_id or 0,
        party_branch__lft__gte=grant.lft or 0,
        party_branch__rght__lte=grant.rght or 0,
    )
    return _ids_once(user, f"branch {grant.org_id}", led, "pk")


def _ids_once(user: Any, key: str, rows: QuerySet[Any], column: str) -> list[int]:
    """Return the few ids, read once per user object, that is once per request.

    Named ids, not a sub-query: behind one, PostgreSQL walks a whole table of a million cases for
    the newest 50 of a grid; with the ids it uses the index.
    """
    known: dict[str, list[int]] = user.__dict__.setdefault("_grids_in_reach", {})
    if key not in known:
        known[key] = sorted(set(rows.values_list(column, flat=True)))
    return known[key]
