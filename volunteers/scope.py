"""How far a user's roles reach into voluntary work: the communities of each role.

Teams, projects and activities are a community's open business: everybody placed in it reads them,
also volunteers and corridor heads, who have no territory elsewhere. Who the volunteers are is
personal data; `VolunteerQuerySet` narrows further.
"""

from typing import Any

from django.apps import apps
from django.db.models import Q

from orgs.levels import Tier
from orgs.roles import PERSONAL_ROLES, SEES, Noun
from orgs.scope import Grant, any_of, grants_with


def area_q(user: Any, letters: str = SEES, *, path: str = "", shared: bool = False) -> Q:
    """Return the Q of rows (columns district, street, community) in the user's communities.

    `path` leads from the row to the columns; `shared` also shows what the whole street has
    (community null).
    """
    return any_of(
        area_of(grant, path, shared) for grant in grants_with(user, Noun.VOLUNTEER, letters)
    )


def area_of(grant: Grant, path: str = "", shared: bool = False) -> Q:
    """Return the Q of one role."""
    prefix = f"{path}__" if path else ""
    if grant.is_everywhere:
        return Q(pk__isnull=False)
    if grant.unit_id is not None:
        if grant.unit_street_id:
            return Q(**{f"{prefix}street_id": grant.unit_street_id})
        return Q(**{f"{prefix}district_id": grant.unit_district})
    if grant.region_code:
        return Q(**{f"{prefix}district__code__startswith": grant.region_code})
    if grant.org_id is None:
        return Q(pk__in=[])
    if grant.tier == Tier.STREET:
        return Q(**{f"{prefix}street_id": grant.org_id})
    here = Q(**{f"{prefix}community_id": grant.org_id})
    if grant.tier != Tier.COMMUNITY:
        here = Q(**{f"{prefix}community__in": _community_above(grant)})
    if shared:
        whole = {f"{prefix}community": None, f"{prefix}street__tree_id": grant.tree_id}
        here |= Q(**whole)
    return here


def _community_above(grant: Grant) -> Any:
    return (
        apps.get_model("orgs", "OrgUnit")
        .objects.filter(
            tree_id=grant.tree_id, lft__lt=grant.lft, rght__gt=grant.rght, tier=Tier.COMMUNITY
        )
        .values("pk")
    )


def is_staff_grant(grant: Grant) -> bool:
    """A role with a territory, as against volunteers, corridor heads and units."""
    return grant.role not in PERSONAL_ROLES and grant.unit_id is None


def units_of(user: Any) -> list[int]:
    """Return the units the user speaks for."""
    return [grant.unit_id for grant in getattr(user, "grants", ()) if grant.unit_id is not None]
