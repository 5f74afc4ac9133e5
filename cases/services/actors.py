"""On which sides of a case a user stands, and what the guards need to know about an act."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from cases.models import Case, CaseEvent, CaseRequest, CaseTask, Revisit, SlaClass
from cases.scope import COMMUNITY_ROLES, STREET_ROLES
from cases.workflow import HANDLING_MOVES, JUDGING_MOVES, Move, Who
from cases.zoning import limits_of
from gridparty.lib.workdays import WorkCalendar
from grids.scope import grids_of_team
from orgs.models import User
from orgs.roles import EDIT, Noun, Role
from orgs.scope import Grant, grants_with
from orgs.workdays import work_calendar

_GRID_SIDES = {Role.GRID_HEAD: Who.GRID_HEAD, Role.GRID_WORKER_FT: Who.GRID_WORKER}


def sides_of(case: Case, user: User | None, *, as_reporter: bool = False) -> dict[Who, str]:
    """Return the sides the user may act for on this case, each with its organisation's label.

    `as_reporter` is set by callers who have proven the reporter (tracking code); user is None then.
    """
    sides: dict[Who, str] = {}
    if as_reporter:
        sides[Who.REPORTER] = ""
    if user is None or not user.is_active:
        return sides
    if case.reporter_user_id == user.pk:
        sides[Who.REPORTER] = ""
    for grant in grants_with(user, Noun.CASE):
        for side in _sides_of_grant(case, user, grant):
            sides.setdefault(side, grant.label)
    return sides


def _sides_of_grant(case: Case, user: User, grant: Grant) -> list[Who]:
    if grant.role == Role.DISTRICT_OFFICIAL:
        inside = grant.region_code and case.district_id.startswith(grant.region_code)
        return [Who.DISTRICT] if inside else []
    if grant.role == Role.REVISITOR:
        mine = Revisit.objects.filter(Q(case=case) | Q(merged=case), assignee=user).exists()
        return [Who.REVISITOR] if mine else []
    if not grant.holds(Noun.CASE, EDIT):
        return []
    if grant.role in _GRID_SIDES:
        mine = case.grid_id in grids_of_team(user, grant.role)
        return [_GRID_SIDES[Role(grant.role)]] if mine else []
    if grant.role == Role.DEPT_HANDLER:
        mine = any(task.unit_id == grant.unit_id for task in open_tasks(case))
        return [Who.UNIT] if mine else []
    if grant.role in COMMUNITY_ROLES:
        # In a three-level tree the community is the root and does the street's part, too.
        root = [Who.STREET] if case.street_id == case.community_id else []
        return [Who.COMMUNITY, *root] if grant.org_id == case.community_id else []
    if grant.role in STREET_ROLES and grant.org_id == case.street_id:
        chief = [Who.STREET_ADMIN] if grant.role == Role.STREET_ADMIN else []
        return [Who.STREET, *chief]
    return []


def open_tasks(case: Case) -> list[CaseTask]:
    """Return the tasks that have not ended, lead first (read once per case instance)."""
    if not hasattr(case, "_open_tasks"):
        case._open_tasks = list(  # type: ignore[attr-defined]
            case.tasks.filter(ended_at=None).select_related("unit").order_by("-is_lead", "id")
        )
    tasks: list[CaseTask] = case._open_tasks  # type: ignore[attr-defined]
    return tasks


def waiting_request(case: Case) -> CaseRequest | None:
    """Return the 延期 or 挂账 that waits for an answer (asked once per case instance, if at all)."""
    if not case.pending:
        return None
    if not hasattr(case, "_waiting_request"):
        rows = case.requests.select_related("asked_by__person")
        case._waiting_request = rows.filter(state=CaseRequest.State.WAITING).first()  # type: ignore[attr-defined]
    found: CaseRequest | None = case._waiting_request  # type: ignore[attr-defined]
    return found


def forget_rows(case: Case) -> None:
    """Read tasks and request anew the next time: a move has written some."""
    for name in ("_open_tasks", "_waiting_request"):
        case.__dict__.pop(name, None)


@dataclass
class Act:
    """One attempted move: what guards and effects read. `inputs` is None while only asking."""

    case: Case
    move: Move
    user: User | None
    sides: dict[Who, str]
    now: datetime
    inputs: dict[str, Any] | None = None
    photo_count: int = 0
    calendar: WorkCalendar = field(default_factory=work_calendar)

    @cached_property
    def side(self) -> Who | None:
        """Return the side acted for: the table's first that the user stands on."""
        return next((who for who in self.move.who if who in self.sides), None)

    @property
    def label(self) -> str:
        """Return the organisation acted for, "" for the system and the public."""
        return self.sides.get(self.side, "") if self.side else ""

    @cached_property
    def task(self) -> CaseTask | None:
        """Return the open task of the user's unit when acting for a unit."""
        if self.side != Who.UNIT or self.user is None:
            return None
        units = {grant.unit_id for grant in self.user.grants}
        return next((task for task in open_tasks(self.case) if task.unit_id in units), None)

    @property
    def is_helper(self) -> bool:
        """Whether a helping unit acts, whose move leaves the status as it is."""
        return self.move.helpers_stay and self.task is not None and not self.task.is_lead

    @cached_property
    def handlers(self) -> set[int]:
        """Return the ids of the users who handled the case in this cycle."""
        events = CaseEvent.objects.filter(
            case=self.case, cycle=self.case.cycle, move__in=HANDLING_MOVES
        )
        actors = events.exclude(actor=None).values_list("actor_id", flat=True)
        return {actor for actor in actors if actor is not None}

    @cached_property
    def limits(self) -> tuple[SlaClass, dict[str, int]]:
        """Return the limit class of the category given, where the case is, and why."""
        return limits_of(self.given("category"), self.case.grid)

    def given(self, name: str) -> Any:
        return (self.inputs or {}).get(name)


def took_part(case_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return who handled, checked or closed each case, in any cycle."""
    actors: dict[int, set[int]] = defaultdict(set)
    moves = (*HANDLING_MOVES, *JUDGING_MOVES)
    for start in range(0, len(case_ids), 500):  # SQLite's limit on parameters
        rows = CaseEvent.objects.filter(
            case_id__in=case_ids[start : start + 500], move__in=moves
        ).exclude(actor=None)
        for case_id, actor_id in rows.values_list("case_id", "actor_id"):
            if actor_id is not None:
                actors[case_id].add(actor_id)
    return actors
