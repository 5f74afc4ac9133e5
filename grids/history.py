"""Who was responsible for this door on that day: grid, branch, its secretary, head and team."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from grids.ground import DoorAnswer, DoorQuestion, answers_for
from grids.models import BranchTerm, Building, BuildingTerm, Grid, GridTeamMember
from orgs.levels import PostKind
from orgs.models import OrgPost, OrgUnit
from orgs.roles import Role


@dataclass(frozen=True)
class Responsible:
    """The answer for one building (and door) on one day."""

    building: Building
    day: date
    grid: Grid
    since: date | None
    branch: OrgUnit | None
    secretaries: list[OrgPost]
    team: list[GridTeamMember]
    others: list[DoorAnswer]

    @property
    def heads(self) -> list[GridTeamMember]:
        return [member for member in self.team if member.slot.role == Role.GRID_HEAD]


def responsible_for(
    building: Building, day: date, user: Any, *, unit: str = "", room: str = ""
) -> Responsible:
    """Return who answered for the door on `day`; a few queries."""
    terms = list(BuildingTerm.objects.filter(building=building).select_related("grid__community"))
    ended = next((term for term in terms if term.end > day), None)
    since = ended.start if ended else (terms[-1].end if terms else None)
    grid = ended.grid if ended else building.grid
    branch = branch_on(grid, day)
    return Responsible(
        building=building,
        day=day,
        grid=grid,
        since=since,
        branch=branch,
        secretaries=_secretaries(branch, day),
        team=list(GridTeamMember.objects.serving_on(day).in_grids([grid.pk])),
        others=answers_for(DoorQuestion(building, unit, room, day, user)),
    )


def branch_on(grid: Grid, day: date) -> OrgUnit | None:
    """Return the branch that led the grid on `day`."""
    terms = BranchTerm.objects.filter(grid=grid, end__gt=day).select_related("branch")
    ended = terms.order_by("end", "id").first()
    return ended.branch if ended else grid.party_branch


def _secretaries(branch: OrgUnit | None, day: date) -> list[OrgPost]:
    if branch is None:
        return []
    posts = OrgPost.objects.filter(org_unit=branch, kind=PostKind.SECRETARY, start__lte=day)
    return list(posts.exclude(end__lt=day).select_related("person"))
