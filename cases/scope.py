"""Which cases a user sees, and which wait for the user."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cases.catalog import Level, Pending
from cases.workflow import Status
from grids.scope import grids_of_team, territory_q
from orgs.levels import Tier
from orgs.roles import EDIT, SEES, Noun, Role
from orgs.scope import Grant, any_of, grants_with

COMMUNITY_ROLES = frozenset({Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY})
STREET_ROLES = frozenset({Role.STREET_ADMIN, Role.DISPATCHER})
# A hung case comes back to the street's list this long before its review.
REVIEW_NOTICE = timedelta(days=7)
# Roles that report beyond the ground they otherwise see cases of.
OWN_REPORT_ROLES = frozenset({Role.CORRIDOR_HEAD, Role.VOLUNTEER, Role.GROUP_LEADER})


def visible_q(user: Any, letters: str = SEES) -> Q:
    """Return the Q of cases the user may see: own territory, own tasks, own revisits, own reports.

    Whoever has a territory can report only there (`report_case` sees to it), so own reports are
    named only for the others: an OR here costs the lists of everybody their index.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Q(pk__in=[])
    territory = territory_q(user, Noun.CASE, letters, personal=_by_role)
    grants = grants_with(user, Noun.CASE, letters)
    if grants and not any(grant.role in OWN_REPORT_ROLES for grant in grants):
        return territory
    return territory | Q(reporter_user=user)


def _by_role(grant: Grant, user: Any) -> Q:
    if grant.role == Role.DEPT_HANDLER and grant.unit_id is not None:
        return Q(pk__in=cases_of_unit(grant.unit_id))
    if grant.role == Role.REVISITOR:
        revisits = apps.get_model("cases", "Revisit").objects.filter(assignee=user)
        joined = revisits.exclude(merged=None)
        return Q(pk__in=revisits.values("case_id")) | Q(pk__in=joined.values("merged_id"))
    return Q(pk__in=[])


def cases_of_unit(unit_id: int) -> QuerySet[Any]:
    """Return the ids of the cases in which the unit has a part that has not ended."""
    tasks = apps.get_model("cases", "CaseTask").objects
    return tasks.filter(unit_id=unit_id, ended_at=None).values("case_id")


def _helping(unit_id: int) -> QuerySet[Any]:
    """Return the ids of the cases in which the unit helps (协办) and has not fed back yet."""
    tasks = apps.get_model("cases", "CaseTask").objects
    return tasks.filter(unit_id=unit_id, is_lead=False, ended_at=None, fed_back_at=None).values(
        "case_id"
    )


def waiting_q(user: Any) -> Q:
    """Return the Q of open cases whose next step is the user's (what "待我办理" counts)."""
    duties = any_of(_duty(grant, user) for grant in grants_with(user, Noun.CASE, EDIT))
    return Q(ended_at=None) & duties


def _duty(grant: Grant, user: Any) -> Q:
    """Return what waits for one role: the table's usual actor of each status."""
    if grant.unit_id is not None:
        mine = Q(lead_unit_id=grant.unit_id) | Q(pk__in=_helping(grant.unit_id))
        steps = Q(status__in=[Status.ASSIGNED, Status.WHISTLED, Status.CHECKED_IN, Status.HANDLING])
        return (mine & steps) | Q(lead_unit_id=grant.unit_id, reply_due_at__isnull=False)
    if grant.role in (Role.GRID_HEAD, Role.GRID_WORKER_FT):
        return Q(grid_id__in=grids_of_team(user, grant.role)) & _grid_duty(user, grant.role)
    if grant.role in COMMUNITY_ROLES:
        duty = _community_duty()
        if grant.tier == Tier.COMMUNITY:
            is_root = Q(street_id=F("community_id"))  # a three-level tree has no street above
            return Q(community_id=grant.org_id) & (duty | (is_root & _street_duty()))
        return Q(street_id=grant.org_id) & duty
    if grant.role in STREET_ROLES:
        return Q(street_id=grant.org_id) & _street_duty()
    return Q(pk__in=[])


def _grid_duty(user: Any, role: str) -> Q:
    fresh = Q(status=Status.REPORTED) | Q(
        status__in=[Status.ACCEPTED, Status.REOPENED], level=Level.GRID
    )
    own = Q(status=Status.HANDLING, lead_unit=None) | Q(lead_unit=None, reply_due_at__isnull=False)
    if role == Role.GRID_HEAD:
        return fresh | own | (Q(status=Status.FEEDBACK) & ~Q(lead_unit=None))
    return fresh | own


def _to_gather() -> Q:
    """A split case whose parts are all over: its centre puts the answer together."""
    waiting = apps.get_model("cases", "Case").objects.filter(ended_at=None, parent__isnull=False)
    return Q(status=Status.SPLIT) & ~Q(pk__in=waiting.values("parent_id"))


def _community_duty() -> Q:
    to_dispatch = [Status.CALLED, Status.ACCEPTED, Status.REOPENED, Status.RETURNED]
    return (
        Q(status__in=to_dispatch, level=Level.COMMUNITY)
        | Q(status=Status.FEEDBACK, lead_unit=None)
        | Q(status=Status.VERIFIED)
        | (Q(level=Level.COMMUNITY) & _to_gather())
        | Q(pending=Pending.EXTENSION)
    )


def _street_duty() -> Q:
    to_dispatch = [Status.CALLED, Status.ACCEPTED, Status.REOPENED, Status.RETURNED]
    review = Q(status=Status.HUNG, step_due_at__lt=timezone.now() + REVIEW_NOTICE)
    answers = Q(pending__in=[Pending.EXTENSION_STREET, Pending.HANG])
    gather = Q(level=Level.STREET) & _to_gather()
    return Q(status__in=to_dispatch, level=Level.STREET) | gather | answers | review


def streets_served(user: Any) -> list[int]:
    """Return the roots whose centre (街道指挥中心) the user is: there orders of other systems arrive."""
    return [
        grant.org_id
        for grant in grants_with(user, Noun.CASE, EDIT)
        if grant.org_id is not None
        and grant.role in STREET_ROLES | COMMUNITY_ROLES
        and grant.lft == 1  # in a three-level tree the community is the root
    ]
