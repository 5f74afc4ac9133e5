"""Nothing is lost when a unit ends or a person leaves: the work goes to the successor or the queue.

Set-based, under the locks of the cases. Every case touched gets its chained event; the act itself
has its audit line, with how many cases it moved.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from cases.clocks import DISPATCH_WORKDAYS
from cases.models import (
    Case,
    CaseEvent,
    CaseRequest,
    CaseTask,
    Category,
    Revisit,
    RoutingRule,
    Supervision,
    WhistleScore,
)
from cases.notices import tell_rerouted
from cases.services.actors import sides_of
from cases.services.chaining import chained
from cases.workflow import BY_NAME, Status, Who
from orgs import audit
from orgs.models import Unit, User
from orgs.roles import Role
from orgs.scope import has_role
from orgs.workdays import work_calendar

audit.describe_actions(
    case__hand_over="事项：改由承接单位办理（单位合并）",
    case__hand_back="事项：退回派单（单位撤销）",
    case__let_go="事项：承办人离岗，交回",
)
GRID_SIDES = {Who.GRID_HEAD, Who.GRID_WORKER}


def hand_over(*, unit: Unit, into: Unit, by: User | None, now: datetime | None = None) -> int:
    """Give the unit's open parts to `into`, with their clocks and what is owed; returns how many cases."""
    moment = now or timezone.now()
    cases = _locked(Q(lead_unit=unit) | Q(pk__in=_open_parts(unit).values("case_id")))
    ids = [case.pk for case in cases]
    mine = _open_parts(unit).filter(case__in=ids)
    both = set(_open_parts(into).filter(case__in=ids).values_list("case_id", flat=True))
    leading = set(mine.filter(is_lead=True, case__in=both).values_list("case_id", flat=True))
    mine.filter(case__in=both).update(ended_at=moment)
    _open_parts(into).filter(case__in=leading).update(is_lead=True)
    moved = list(mine.exclude(case__in=both).values_list("pk", flat=True))
    known = WhistleScore.objects.filter(unit=into, case__in=ids).values("case_id")
    WhistleScore.objects.filter(task__in=moved).exclude(case__in=known).update(unit=into)
    CaseTask.objects.filter(pk__in=moved).update(unit=into)
    Supervision.objects.filter(unit=unit, lifted_at=None, case__in=ids).update(unit=into)
    Category.objects.filter(lead_unit=unit).update(lead_unit=into)
    RoutingRule.objects.filter(unit=unit).update(unit=into)
    for case in cases:
        if case.lead_unit_id == unit.pk:
            case.lead_unit = into
    _write(cases, "hand_over", moment, by, columns=["lead_unit"],
           data={"unit": into.pk, "from_unit": unit.pk})  # fmt: skip
    tell_rerouted(cases, "over", moment)
    audit.record(
        by=by, action="case.hand_over", target=unit, street=unit.street_id,
        detail={"into": into.pk, "cases": len(cases)},
    )  # fmt: skip
    return len(cases)


def give_back(*, unit: Unit, by: User | None, now: datetime | None = None) -> int:
    """Send what the unit led back to the dispatchers, its due date kept; end its help elsewhere.

    What it has fed back already is checked and closed as it is. Returns how many cases went back.
    """
    moment = now or timezone.now()
    back = BY_NAME["hand_back"]
    cases = _locked(Q(lead_unit=unit, status__in=back.sources))
    ids = [case.pk for case in cases]
    was = {case.pk: case.status for case in cases}
    step = work_calendar().deadline(moment, workdays=DISPATCH_WORKDAYS)
    for case in cases:
        case.status, case.status_since, case.lead_unit = Status.RETURNED, moment, None
        case.step_due_at, case.step_urged, case.pending = step, False, ""
    CaseTask.objects.filter(case__in=ids, ended_at=None).update(ended_at=moment)
    _open_parts(unit).filter(is_lead=False).update(ended_at=moment)
    CaseRequest.objects.filter(case__in=ids, state=CaseRequest.State.WAITING).update(
        state=CaseRequest.State.LAPSED, decided_at=moment
    )
    Category.objects.filter(lead_unit=unit).update(lead_unit=None)
    columns = ["status", "status_since", "lead_unit", "step_due_at", "step_urged", "pending"]
    _write(cases, "hand_back", moment, by, columns=columns, data={"from_unit": unit.pk}, was=was)
    tell_rerouted(cases, "back", moment)
    audit.record(
        by=by, action="case.hand_back", target=unit, street=unit.street_id,
        detail={"cases": len(cases)},
    )  # fmt: skip
    return len(cases)


def release_held(*, users: Iterable[User], by: User | None, now: datetime | None = None) -> int:
    """Give back what these people hold and can no longer work on: cases to the grid, revisits to the street."""
    moment, released = now or timezone.now(), 0
    for user in users:
        user.__dict__.pop("grants", None)
        user.__dict__.pop("_grids_in_reach", None)
        held = [case for case in _locked(Q(holder_user=user)) if not _still(case, user)]
        for case in held:
            case.holder_user = None
        _write(held, "let_go", moment, by, columns=["holder_user"], data={"user": user.pk})
        tell_rerouted(held, "held", moment)
        revisits = 0
        if not user.is_active or not has_role(user, Role.REVISITOR):
            revisits = Revisit.objects.filter(
                assignee=user, state=Revisit.State.PENDING
            ).update(assignee=None)  # fmt: skip
        if held or revisits:
            audit.record(
                by=by, action="case.let_go", target=user,
                detail={"cases": len(held), "revisits": revisits},
            )  # fmt: skip
        released += len(held) + revisits
    return released


def release_all_left(now: datetime) -> int:
    """Sweep: also roles and posts that ended by their date, whom nobody took back."""
    holders = Q(pk__in=Case.objects.open().exclude(holder_user=None).values("holder_user_id"))
    asked = Revisit.objects.filter(state=Revisit.State.PENDING).exclude(assignee=None)
    people = User.objects.filter(holders | Q(pk__in=asked.values("assignee_id")))
    return release_held(users=list(people.order_by("pk")), by=None, now=now)


def _still(case: Case, user: User) -> bool:
    return bool(GRID_SIDES & set(sides_of(case, user)))


def _open_parts(unit: Unit) -> Any:
    return CaseTask.objects.filter(unit=unit, ended_at=None, case__ended_at=None)


def _locked(which: Q) -> list[Case]:
    """Return the open cases with their rows locked, in one order everywhere."""
    return list(Case.objects.select_for_update().filter(which, ended_at=None).order_by("pk"))


def _write(
    cases: list[Case],
    name: str,
    moment: datetime,
    by: User | None,
    *,
    columns: list[str],
    data: dict[str, Any],
    was: dict[int, str] | None = None,
) -> None:
    """Write the events and the columns; the version grows, so an open page learns of it."""
    events = []
    for case in cases:
        event = CaseEvent(
            case=case, cycle=case.cycle, move=name, at=moment, actor=by, data=data,
            from_status=(was or {}).get(case.pk, case.status), to_status=case.status,
        )  # fmt: skip
        events.append(chained(event, case_no=case.case_no, previous=case.trail_head))
        case.trail_head, case.version, case.updated_at = event.digest, case.version + 1, moment
    CaseEvent.objects.bulk_create(events, batch_size=500)
    fields = [*columns, "trail_head", "version", "updated_at"]
    Case.objects.bulk_update(cases, fields, batch_size=100)
