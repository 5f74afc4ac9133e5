"""Which households a campaign goes to, and which grids and buildings it may be narrowed to."""

from typing import Any

from django.db.models import Q

from grids.models import Building, Grid
from orgs.levels import Tier
from orgs.models import OrgUnit
from residents.models import Campaign, Household
from residents.querysets import HouseholdQuerySet


def area_q(under: OrgUnit, *, grid: str, building: str) -> Q:
    """Match rows in the node's area; `grid` and `building` name the paths to those tables."""
    if under.tier == Tier.STREET:
        return Q(street=under)
    if under.tier == Tier.COMMUNITY:
        return Q(community=under)
    if under.tier == Tier.GROUP:
        return Q(**{f"{building}party_group": under})
    return Q(
        **{
            f"{grid}party_branch__tree_id": under.tree_id,
            f"{grid}party_branch__lft__gte": under.lft,
            f"{grid}party_branch__rght__lte": under.rght,
        }
    )


def grids_under(under: OrgUnit) -> Any:
    """Return the live grids a round under this node may be narrowed to."""
    area = area_q(under, grid="", building="buildings__")
    rows = Grid.objects.filter(pk__in=Grid.objects.filter(area).values("pk"))
    return rows.live().order_by("code")


def buildings_under(under: OrgUnit) -> Any:
    area = area_q(under, grid="grid__", building="")
    return Building.objects.filter(area).select_related("compound", "grid")


def households_of(campaign: Campaign) -> HouseholdQuerySet:
    """Return the open households of the round: of its area, or of the parts it is narrowed to."""
    area = area_q(campaign.under, grid="grid__", building="building__")
    rows = Household.objects.open().filter(area)
    grids = list(campaign.grids.values_list("pk", flat=True))
    buildings = list(campaign.buildings.values_list("pk", flat=True))
    if grids or buildings:
        rows = rows.filter(Q(grid__in=grids) | Q(building__in=buildings))
    return rows
