"""On whose side a user stands towards a row: what of its table is theirs to do."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.roles import APPROVE, CREATE, EDIT, Noun, Role
from orgs.scope import Grant, grants_with
from volunteers.models import Activity, Ask, Claim, Hours, Project, Resource, Team
from volunteers.scope import units_of
from volunteers.workflow import Move, Who, moves_from

Row = Resource | Claim | Project | Activity | Hours | Ask
SUBJECTS: dict[type[Row], str] = {
    Resource: "resource", Claim: "claim", Project: "project", Activity: "activity", Hours: "hours",
    Ask: "ask",
}  # fmt: skip


def subject_of(row: Row) -> str:
    """Return the name of the row's table in `volunteers.workflow`."""
    return SUBJECTS[type(row)]


def sides(row: Row, user: Any) -> set[Who]:
    """Return the sides on which the user stands here."""
    found: set[Who] = set()
    for grant in grants_with(user, Noun.VOLUNTEER, CREATE + EDIT + APPROVE):
        if _reaches(grant, row):
            found.add(Who.STAFF)
            if grant.holds(Noun.VOLUNTEER, APPROVE):
                found.add(Who.COMMUNITY)
            if grant.role == Role.COMMUNITY_SECRETARY:
                found.add(Who.SECRETARY)
    if _units(row) & set(units_of(user)):
        found.add(Who.UNIT)
    person = getattr(user, "person_id", None)
    if person is not None:
        if person in _leads(row):
            found.add(Who.LEAD)
        if isinstance(row, Hours) and row.volunteer.person_id == person:
            found = {Who.SELF}  # nobody judges their own hours
        if isinstance(row, Ask) and row.volunteer.person_id == person:
            found.add(Who.SELF)
        if isinstance(row, Project) and _is_volunteer(user, row):
            found.add(Who.SELF)
    return found


def moves_for(row: Row, user: Any) -> list[Move]:
    """Return the moves the user may make with the row now."""
    mine = sides(row, user)
    moves = [move for move in moves_from(subject_of(row), row.status) if mine & set(move.who)]
    if isinstance(row, Activity) and not row.is_over(timezone.now()):
        moves = [move for move in moves if move.name != "submit"]  # nothing to hand in yet
    return moves


def staff_communities(user: Any, letters: str = CREATE + EDIT) -> Any:
    """Return the communities in which the user may do so."""
    areas = Q(pk__in=[])
    for grant in grants_with(user, Noun.VOLUNTEER, letters):
        if grant.tree_id is None or grant.lft is None:
            continue
        below = Q(tree_id=grant.tree_id, lft__gte=grant.lft, rght__lte=grant.rght)
        above = Q(tree_id=grant.tree_id, lft__lt=grant.lft, rght__gt=grant.rght)
        areas |= below | above
    return OrgUnit.objects.active().filter(areas, tier=Tier.COMMUNITY).order_by("tree_id", "lft")


def _reaches(grant: Grant, row: Row) -> bool:
    if grant.tree_id is None or grant.lft is None:
        return False
    place = row.community
    if place is None:
        return bool(grant.tree_id == row.street.tree_id)
    if place.tree_id != grant.tree_id:
        return False
    around = grant.lft <= place.lft and place.rght <= (grant.rght or 0)
    return bool(around or (place.lft < grant.lft and (grant.rght or 0) < place.rght))


def _units(row: Row) -> set[int | None]:
    if isinstance(row, (Resource, Claim)):
        return {row.unit_id} - {None}
    return ({row.lead_unit_id} - {None}) if isinstance(row, Project) else set()


def _leads(row: Row) -> set[int | None]:
    found: set[int | None] = set()
    if isinstance(row, Project):
        found = {row.lead_person_id, _leader(row.lead_team)}
    elif isinstance(row, Activity):
        found = {row.lead_id, _leader(row.team)}
    elif isinstance(row, Ask):
        found = {row.shift.activity.lead_id, _leader(row.shift.activity.team)}
    elif isinstance(row, Claim):
        found = {_leader(row.team)}
    return found - {None}


def _leader(team: Team | None) -> int | None:
    return team.leader_id if team else None


def _is_volunteer(user: Any, row: Project) -> bool:
    hat = getattr(user.person, "volunteer", None)
    return hat is not None and hat.status == "active" and hat.community_id == row.community_id
