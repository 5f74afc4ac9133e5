"""Reads of the grids app."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from grids.catalog import GridStatus
from grids.scope import territory_q
from orgs.roles import SEES, Noun
from orgs.scope import Grant

if TYPE_CHECKING:
    from grids.models import Building, Compound, Grid, GridTeamMember  # noqa: F401


def grids_of_persons_node(grant: Grant, user: Any) -> Q:
    """Public facts of a grid (name, team): personal and unit roles see those of their street."""
    if grant.unit_id is not None:
        if grant.unit_street_id is not None:
            return Q(street_id=grant.unit_street_id)
        return Q(district_id=grant.unit_district) if grant.unit_district else Q(pk__in=[])
    return Q(community_id=grant.org_id) | Q(street_id=grant.org_id)


class GridQuerySet(models.QuerySet["Grid"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "GridQuerySet":
        return self.filter(
            territory_q(
                user, Noun.GRID, letters, grid="pk", building="buildings",
                personal=grids_of_persons_node,
            )
        ).distinct()  # fmt: skip

    def assessed(self) -> "GridQuerySet":
        """Active grids: reserved and closed ones stay out of rates and assessments."""
        return self.filter(status=GridStatus.ACTIVE)


class CompoundQuerySet(models.QuerySet["Compound"]):
    def visible_to(self, user: Any) -> "CompoundQuerySet":
        buildings = self.model._meta.get_field("buildings").related_model
        assert buildings is not None
        return self.filter(
            Q(buildings__in=buildings.objects.visible_to(user).values("pk"))
        ).distinct()


class BuildingQuerySet(models.QuerySet["Building"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "BuildingQuerySet":
        return self.filter(
            territory_q(user, Noun.GRID, letters, building="pk", personal=grids_of_persons_node)
        )


class TeamMemberQuerySet(models.QuerySet["GridTeamMember"]):
    def serving_on(self, day: date) -> "TeamMemberQuerySet":
        return self.filter(start__lte=day).exclude(end__lt=day)
