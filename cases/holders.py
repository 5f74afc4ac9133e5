"""Whose step it is, asked from the case's side: the mirror of `cases.scope.waiting_q`.

A post is ("unit" | "grid" | "head" | "community" | "street", id). A test walks every status and
compares with what "待我办理" counts for each user.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, Prefetch, Q, prefetch_related_objects
from django.utils import timezone

from cases.catalog import Level, Pending
from cases.models import Case, CaseTask
from cases.scope import COMMUNITY_ROLES, STREET_ROLES
from cases.statuses import Status
from grids.models import GridTeamMember
from orgs.models import RoleAssignment
from orgs.roles import Role

Post = tuple[str, int]
COLUMNS = (
    "pk", "status", "level", "pending", "reply_due_at", "lead_unit_id", "grid_id", "community_id",
    "street_id",
)  # fmt: skip
_WITH_UNIT = (Status.ASSIGNED, Status.WHISTLED, Status.CHECKED_IN, Status.HANDLING)
_TO_DISPATCH = (Status.CALLED, Status.ACCEPTED, Status.REOPENED, Status.RETURNED)
CHUNK = 500
TASKS = Prefetch("tasks", CaseTask.objects.select_related("unit"))


def posts_of(case: Any, helpers: Iterable[int] = ()) -> set[Post]:
    """Return the posts the case waits for; `case` has COLUMNS, `helpers` are helping units' ids."""
    grid, status, lead = ("grid", case.grid_id), case.status, case.lead_unit_id
    found: set[Post] = set()
    if lead and (status in _WITH_UNIT or case.reply_due_at):
        found.add(("unit", lead))
    if status in _WITH_UNIT:
        found |= {("unit", unit) for unit in helpers}
    if not lead and (status == Status.HANDLING or case.reply_due_at):
        found.add(grid)
    if status == Status.REPORTED:
        found.add(grid)
    if status in (Status.ACCEPTED, Status.REOPENED) and case.level == Level.GRID:
        found.add(grid)
    if status in _TO_DISPATCH and case.level != Level.GRID:
        found.add(_above(case, case.level))
    if status == Status.FEEDBACK:
        found.add(("head", case.grid_id) if lead else ("community", case.community_id))
    if status == Status.VERIFIED:
        found.add(("community", case.community_id))
    return found | deciders_of(case)


def owing_posts(case: Any) -> set[Post]:
    """Return who owes the written reply to a supervision of the case as a whole."""
    return {("unit", case.lead_unit_id) if case.lead_unit_id else ("grid", case.grid_id)}


def street_posts(case: Any) -> set[Post]:
    """Return who serves the street, which lifts what the clock demanded."""
    return {_above(case, Level.STREET)}


def deciders_of(case: Any) -> set[Post]:
    """Return who answers the request that waits, if one does."""
    if not case.pending:
        return set()
    level = Level.COMMUNITY if case.pending == Pending.EXTENSION else Level.STREET
    return {_above(case, level)}


def _above(case: Any, level: str) -> Post:
    """In a three-level tree the community does the street's part, too."""
    if level == Level.STREET and case.street_id != case.community_id:
        return ("street", case.street_id)
    return ("community", case.community_id)


def helpers_of(cases: Collection[int]) -> dict[int, set[int]]:
    """Return the units of each case that help and have not fed back yet."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = CaseTask.objects.filter(
        case__in=cases, is_lead=False, ended_at=None, fed_back_at=None
    ).values_list("case_id", "unit_id")  # fmt: skip
    for case, unit in rows:
        found[case].add(unit)
    return found


def helpers_in(case: Case) -> set[int]:
    """Return the same of one case; its tasks stay on it, for the answer that shows them."""
    prefetch_related_objects([case], TASKS)
    return {
        task.unit_id
        for task in case.tasks.all()
        if not task.is_lead and task.ended_at is None and task.fed_back_at is None
    }


def users_of(posts: Collection[Post]) -> dict[Post, set[int]]:
    """Return the ids of the users who serve in each post today (at most two queries)."""
    found: dict[Post, set[int]] = defaultdict(set)
    ids: dict[str, set[int]] = defaultdict(set)
    for name, key in posts:
        ids[name].add(key)
    if ids["unit"] or ids["community"] or ids["street"]:
        _office_holders(ids, found)
    if ids["grid"] or ids["head"]:
        _team_members(ids, found)
    return {post: found[post] for post in posts}


def _office_holders(ids: dict[str, set[int]], found: dict[Post, set[int]]) -> None:
    at = (
        Q(role=Role.DEPT_HANDLER, unit__in=ids["unit"])
        | Q(role__in=COMMUNITY_ROLES, org_unit__in=ids["community"])
        | Q(role__in=STREET_ROLES, org_unit__in=ids["street"] | ids["community"])
    )
    rows = RoleAssignment.objects.in_force().filter(at, user__is_active=True)
    for user, unit, org, role in rows.values_list("user_id", "unit_id", "org_unit_id", "role"):
        if unit is not None:
            found["unit", unit].add(user)
        elif org is not None:
            if role in STREET_ROLES:
                found["street", org].add(user)
            else:
                found["community", org].add(user)


def _team_members(ids: dict[str, set[int]], found: dict[Post, set[int]]) -> None:
    """Members of grid teams whose log-in holds the role of their slot."""
    today = timezone.localdate()
    serving = GridTeamMember.objects.filter(
        Q(end=None) | Q(end__gte=today), start__lte=today, grid__in=ids["grid"] | ids["head"],
        slot__role__in=(Role.GRID_HEAD, Role.GRID_WORKER_FT),
    )  # fmt: skip
    holding = serving.filter(
        Q(person__user__roles__end=None) | Q(person__user__roles__end__gte=today),
        person__user__is_active=True, person__user__roles__role=F("slot__role"),
        person__user__roles__start__lte=today,
    )  # fmt: skip
    for user, grid, role in holding.values_list("person__user", "grid_id", "slot__role"):
        found["grid", grid].add(user)
        if role == Role.GRID_HEAD:
            found["head", grid].add(user)
