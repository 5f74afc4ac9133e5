"""What a grid's score rests on: things somebody outside the grid can vouch for.

A grid that writes down a problem itself and settles it itself shows diligence, but nobody can tell it
from one that was made up. Such rows are shown and counted in volumes; in a score they count neither
for nor against, so inventing them gains nothing and honest ones cost nothing. No quota of own finds
follows from it: that is the point (field notes §0.10, §3D).

A case is vouched for when it left the grid (somebody else worked on it), when a resident can be
called about it, when somebody not of the grids registered it (street, community, department,
another system), or when another report was merged into it.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case
from orgs.models import RoleAssignment
from orgs.roles import GRID_ROLES, Role

# Posts of the grid itself, whoever else the person is besides: a member of the 两委 who heads a grid
# stands on the grid's side.
GRID_SIDE = (*sorted(GRID_ROLES), Role.CORRIDOR_HEAD, Role.GROUP_LEADER, Role.BRANCH_SECRETARY)


def grid_people() -> QuerySet[Any]:
    """Return the ids of users who hold, or held, a post of a grid."""
    return RoleAssignment.objects.filter(role__in=GRID_SIDE).order_by().values("user_id")


def of_grid_q(user: str) -> Q:
    """Return the Q of rows whose `user` column names one of the grid's people."""
    return Q(**{f"{user}__in": grid_people()})


def vouched_q(case: str = "", *, by_leaving: bool = True) -> Q:
    """Return the Q of rows whose case (at the path `case`, "" the row itself) somebody vouches for.

    `by_leaving` False: having left the grid vouches for nothing, where just that is what is measured.
    """
    path = f"{case}__" if case else ""
    joined = Case.objects.filter(merged_into=OuterRef(case or "pk")).order_by()
    registered = Q(**{f"{path}reporter_user__isnull": False}) & ~of_grid_q(f"{path}reporter_user")
    left = Q(**{f"{path}in_grid": False}) if by_leaving else Q(pk__in=[])
    return (
        left
        | ~Q(**{f"{path}reporter_phone": ""})
        | Q(**{f"{path}reporter_person__isnull": False})
        | registered
        | Q(Exists(joined))
    )
