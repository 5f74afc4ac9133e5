"""Which side of an assessment, or of a question about a grid, a user stands on."""

from typing import Any

from assessments.models import Doubt, QuarterAssessment
from assessments.workflow import Side
from grids.scope import grids_of_team
from orgs.models import OrgUnit
from orgs.roles import Role

# Who settles a street's assessments: in a tree rooted in a community its secretary.
SETTLERS = (Role.STREET_ADMIN, Role.COMMUNITY_SECRETARY)


def sides_of(assessment: QuarterAssessment | Doubt, user: Any) -> frozenset[str]:
    """Return the sides of what concerns a grid; in a tree rooted in a community its secretary is the street's, too."""
    found: set[str] = set()
    for grant in user.grants:
        if grant.role == Role.GRID_HEAD and assessment.grid_id in grids_of_team(user, grant.role):
            found.add(Side.GRID)
        if grant.role == Role.COMMUNITY_SECRETARY and grant.org_id == assessment.community_id:
            found.add(Side.COMMUNITY)
        if answers_for(grant, assessment.street_id):
            found.add(Side.STREET)
    return frozenset(found)


def answers_for(grant: Any, street_id: int) -> bool:
    """Say whether a grant makes its holder the one who settles a street's assessments."""
    return grant.org_id == street_id and grant.role in SETTLERS


def streets_of(user: Any) -> list[OrgUnit]:
    """Return the roots whose assessments the user settles: none, or nearly always one."""
    ids = {grant.org_id for grant in user.grants if grant.role in SETTLERS and grant.org_id}
    return list(OrgUnit.objects.filter(pk__in=ids, parent=None).order_by("pk")) if ids else []
