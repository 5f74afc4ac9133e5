"""撤销刚才的操作: for some minutes, by whoever made the move, while nobody has built on it.

The table's column `undo_minutes` says which moves. History stays: the undoing is an event, too.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cases.models import Case, CaseEvent, CaseRequest, CaseTask
from cases.services.chaining import chained
from cases.services.refusals import MoveRefused
from cases.signals import case_moved
from cases.workflow import BY_NAME, Move
from orgs import audit
from orgs.models import User

UNDONE = "undo"


def undoable(
    case: Case, user: User | None, *, now: datetime | None = None, last: CaseEvent | None = None
) -> Move | None:
    """Return the move the user may take back now, None when there is none.

    `last` is the case's newest event, for callers who have read it.
    """
    event = last or case.events.order_by("-id").first()
    return None if event is None or _refusal(case, event, user, now) else BY_NAME[event.move]


def _refusal(case: Case, event: CaseEvent, user: User | None, now: datetime | None) -> str:
    """Return why the event cannot be taken back, "" when it can."""
    entry = BY_NAME.get(event.move)
    if entry is None or not entry.undo_minutes:
        return "最近一步不能撤销。"
    if user is None or event.actor_id != user.pk:
        return "只能撤销您自己刚才的操作。"
    if event.data.get("version") != case.version:
        return "事项已有新的进展，不能撤销。"
    if (now or timezone.now()) > event.at + timedelta(minutes=entry.undo_minutes):
        return f"已超过 {entry.undo_minutes} 分钟，不能撤销。"
    return ""


def undo(*, case: Case, by: User, now: datetime | None = None) -> Case:
    """Take back the last move and return the case; raises MoveRefused("wrong_state")."""
    moment = now or timezone.now()
    with transaction.atomic():
        fresh = Case.objects.select_for_update().get(pk=case.pk)
        event = fresh.events.order_by("-id").first()
        why = "没有可撤销的操作。" if event is None else _refusal(fresh, event, by, moment)
        if event is None or why:
            raise MoveRefused("wrong_state", why)
        columns = _columns(event)
        undone = CaseEvent(
            case=fresh, cycle=fresh.cycle, move=UNDONE, from_status=fresh.status,
            to_status=columns.get("status", fresh.status), at=moment, actor=by, role=event.role,
            org_label=event.org_label, data={"of": event.pk, "move": event.move},
        )  # fmt: skip
        chained(undone, case_no=fresh.case_no, previous=fresh.trail_head)
        won = Case.objects.filter(pk=fresh.pk, version=fresh.version).update(
            **columns, trail_head=undone.digest, version=F("version") + 1, updated_at=moment
        )
        if won != 1:
            raise MoveRefused("stale", "事项已有新的进展，不能撤销。")
        _restore_rows(event, moment)
        after = Case.objects.for_detail().get(pk=fresh.pk)
        undone.save()
        audit.record(
            by=by, action="case.undo", target=after, street=after.street_id,
            detail={"move": event.move, "event": undone.pk},
        )  # fmt: skip
        case_moved.send(sender=Case, case=after, move=BY_NAME[event.move], event=undone, by=by)
        return after


def _columns(event: CaseEvent) -> dict[str, Any]:
    """Return the columns as they were before the event, each in its Python form."""
    fields = {field.attname: field for field in Case._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in event.data["before"].items()}


def _restore_rows(event: CaseEvent, moment: datetime) -> None:
    """End the tasks the move made; give back those (and the request) it ended."""
    tasks = CaseTask.objects.filter(case_id=event.case_id)
    tasks.filter(created_at=event.at, ended_at=None).update(ended_at=moment)
    tasks.filter(ended_at=event.at).exclude(created_at=event.at).update(ended_at=None)
    CaseRequest.objects.filter(
        case_id=event.case_id, state=CaseRequest.State.LAPSED, decided_at=event.at
    ).update(state=CaseRequest.State.WAITING, decided_by=None, decided_at=None, answer="")
