"""Reads of the orgs app. `visible_to(user)` is the one door to every list, count and file."""

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from mptt.managers import TreeManager as MPTTTreeManager
from mptt.querysets import TreeQuerySet

from orgs.levels import OrgStatus
from orgs.roles import PERSONAL_ROLES, SEES, Noun
from orgs.scope import Grant, any_of, grants_with

if TYPE_CHECKING:
    from orgs.models import OrgUnit, Unit  # noqa: F401


class TreeManager(MPTTTreeManager):
    """MPTT's manager; named here so that `from_queryset` gives it our verbs."""


def subtree_q(grant: Grant) -> Q:
    """Match the nodes at or below the grant's org unit, by its tree numbers."""
    return Q(tree_id=grant.tree_id, lft__gte=grant.lft, rght__lte=grant.rght)


class OrgUnitQuerySet(TreeQuerySet):
    def visible_to(self, user: Any, letters: str = SEES) -> "OrgUnitQuerySet":
        """Nodes in the user's areas; personal roles see the node they belong to."""
        areas = any_of(self._area(grant) for grant in grants_with(user, Noun.ORG, letters))
        return cast("OrgUnitQuerySet", self.filter(areas))

    def _area(self, grant: Grant) -> Q:
        if grant.is_everywhere:
            return Q(pk__isnull=False)
        if grant.region_code:
            roots = self.model._default_manager.filter(
                parent=None, division_code__startswith=grant.region_code
            )
            return Q(tree_id__in=roots.values("tree_id"))
        if grant.org_id is None:
            return Q(pk__in=[])
        if grant.role in PERSONAL_ROLES:
            return Q(pk=grant.org_id)
        return subtree_q(grant)

    def active(self) -> "OrgUnitQuerySet":
        return cast("OrgUnitQuerySet", self.filter(status=OrgStatus.ACTIVE))


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: Any) -> "UnitQuerySet":
        """Units that serve the user's streets, and the user's own unit."""
        return self.filter(any_of(self._area(grant) for grant in getattr(user, "grants", ())))

    def _area(self, grant: Grant) -> Q:
        if grant.is_everywhere:
            return Q(pk__isnull=False)
        if grant.unit_id is not None:
            return Q(pk=grant.unit_id)
        if grant.region_code:
            return Q(district__code__startswith=grant.region_code)
        if grant.tree_id is None:
            return Q(pk__in=[])
        streets = self.model._meta.get_field("street").related_model._default_manager
        district = (
            streets.filter(tree_id=grant.tree_id, parent=None)
            .annotate(district_code=Substr("division_code", 1, 6))
            .values("district_code")[:1]
        )
        return Q(street__tree_id=grant.tree_id) | Q(street=None, district_id=district)

    def serving(self, street: "OrgUnit") -> "UnitQuerySet":
        """Active units a street may assign to: its own, and those of its district."""
        district = (street.division_code or "")[:6]
        return self.filter(is_active=True).filter(
            Q(street=street) | Q(street=None, district_id=district)
        )
