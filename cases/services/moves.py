"""`move` is the only writer of a status: check, do, tell. Which moves there are: `cases/workflow.py`."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cases.models import Case, CaseEvent
from cases.services.actors import Act, forget_rows, sides_of
from cases.services.chaining import chained
from cases.services.effects import columns_of, write_rows
from cases.services.guards import first_refusal
from cases.services.inputs import clean_inputs
from cases.services.photos import clean_photos, keep_photos
from cases.services.refusals import MoveRefused, invalid
from cases.signals import case_moved
from cases.workflow import BY_NAME, Move, Status, moves_from
from gridparty.lib.china_time import local
from gridparty.lib.images import CleanImage
from orgs import audit
from orgs.models import User


def move(
    *,
    case: Case,
    name: str,
    by: User | None,
    version: int | None = None,
    photos: Sequence[IO[bytes]] = (),
    as_reporter: bool = False,
    now: datetime | None = None,
    **inputs: Any,
) -> Case:
    """Make the move `name` on a case and return the case as it is afterwards.

    `inputs` are the table's needs (note, unit, co_units, reason …), as instances, ids or texts.
    `version`: the version the person looked at; another one by now is refused. `as_reporter`: the
    caller has proven the reporter (tracking code), `by` may be None then. `now` is for the demo and
    imports. Raises MoveRefused: not_allowed (403), wrong_state or stale (409), invalid (400).
    """
    known = BY_NAME.get(name)
    if known is None or not known.sources:
        raise MoveRefused("invalid", "没有这个动作。", {"name": "没有这个动作。"})
    clean = clean_photos(photos)  # decoding is slow: before the transaction takes any lock
    with transaction.atomic():
        fresh = _locked(case)
        act = Act(
            case=fresh, move=known, user=by, now=now or timezone.now(), photo_count=len(clean),
            sides=sides_of(fresh, by, as_reporter=as_reporter),
        )  # fmt: skip
        _check(act, version, inputs, clean)
        return _do(act, clean)


def _locked(case: Case) -> Case:
    """Read the case with its row locked: two moves, or a move and the sweep, chain one by one.

    A part locks its whole first: nobody closes the whole while a part is reopened.
    """
    if case.parent_id is not None:
        whole = Case.objects.select_for_update(of=("self",)).filter(pk=case.parent_id)
        list(whole.values_list("pk"))
    rows = Case.objects.for_detail().select_related("category__sla_class", "sla_class")
    return rows.select_for_update(of=("self",)).get(pk=case.pk)


def transitions_for(
    case: Case, user: User | None, *, as_reporter: bool = False, now: datetime | None = None
) -> list[Move]:
    """Return the moves the user may make now, in the table's order (buttons, API `transitions`)."""
    sides = sides_of(case, user, as_reporter=as_reporter)
    moment = now or timezone.now()
    moves = [entry for entry in moves_from(case.status) if any(who in sides for who in entry.who)]
    if not moves:
        return []
    first = Act(case=case, move=moves[0], user=user, sides=sides, now=moment)
    acts = [
        Act(case=case, move=entry, user=user, sides=sides, now=moment, calendar=first.calendar)
        for entry in moves
    ]
    return [act.move for act in acts if first_refusal(act) is None]


def refusal_of(
    case: Case, name: str, user: User | None, *, as_reporter: bool = False
) -> MoveRefused | None:
    """Return why the user cannot make the move now, None when only the inputs are missing."""
    known = BY_NAME.get(name)
    if known is None or not known.sources:
        return MoveRefused("invalid", "没有这个动作。", {"name": "没有这个动作。"})
    sides = sides_of(case, user, as_reporter=as_reporter)
    return _standing(Act(case=case, move=known, user=user, sides=sides, now=timezone.now()))


def _standing(act: Act, version: int | None = None) -> MoveRefused | None:
    """Judge who and when: the side, the version looked at, the status, the guards."""
    case, entry = act.case, act.move
    if act.side is None:
        who = "、".join(side.label for side in entry.who) or "系统"
        return MoveRefused("not_allowed", f"您不能对这件事项“{entry.label}”，须由{who}操作。")
    if version is not None and version != case.version:
        return MoveRefused("stale", overtaken(case, act.user, unseen=case.version - version))
    if case.status not in entry.sources:
        return MoveRefused("wrong_state", overtaken(case, act.user))
    return first_refusal(act)


def _check(
    act: Act, version: int | None, raw: dict[str, Any], photos: Sequence[CleanImage]
) -> None:
    """Judge the whole act and read its inputs; raises the refusal."""
    refusal = _standing(act, version)
    if refusal is None and photos and act.move.photos is None:
        refusal = invalid({"photos": f"“{act.move.label}”不收照片。"})
    if refusal is None:
        act.inputs = clean_inputs(act.move, act.case, raw, act.now)
        refusal = first_refusal(act)
    if refusal is not None:
        raise refusal


def _do(act: Act, photos: Sequence[CleanImage]) -> Case:
    case = act.case
    source = case.status
    columns = columns_of(act)
    event = _event(act, columns)
    won = Case.objects.filter(pk=case.pk, status=source, version=case.version).update(
        **columns, trail_head=event.digest, version=F("version") + 1, updated_at=act.now
    )
    if won != 1:  # somebody else's move came first
        raise MoveRefused("stale", overtaken(Case.objects.get(pk=case.pk), act.user))
    write_rows(act)
    after = _written(case, columns, event, act.now)
    event.save()
    keep_photos(photos, event=event, by=act.user, now=act.now)
    audit.record(
        by=act.user, action=f"case.{act.move.name}", target=after, street=after.street_id,
        detail={"from": source, "to": after.status, "event": event.pk},
    )  # fmt: skip
    case_moved.send(sender=Case, case=after, move=act.move, event=event, by=act.user)
    return after


def _written(case: Case, columns: dict[str, Any], event: CaseEvent, now: datetime) -> Case:
    """Return the case as its row is now: it was locked when read, so nobody else has written."""
    computed = [name for name, value in columns.items() if hasattr(value, "resolve_expression")]
    for name, value in columns.items():
        setattr(case, name, value)
    if computed:
        case.refresh_from_db(fields=computed)
    case.version += 1
    case.trail_head, case.updated_at = event.digest, now
    forget_rows(case)
    return case


def _event(act: Act, columns: dict[str, Any]) -> CaseEvent:
    """Return the unsaved event of the act, chained to the case's last one."""
    case = act.case
    before = _before(act, columns) if act.move.undo_minutes else {}
    event = CaseEvent(
        case=case, cycle=columns.get("cycle", case.cycle), move=act.move.name,
        from_status=case.status, to_status=columns.get("status", case.status), at=act.now,
        actor=act.user, role=act.side or "",
        org_label=act.label, note=act.given("note") or "",
        data=_event_data(act) | before,
    )  # fmt: skip
    return chained(event, case_no=case.case_no, previous=case.trail_head)


def _before(act: Act, columns: dict[str, Any]) -> dict[str, Any]:
    """Return what `undo` needs: the columns as they were, and the version the move made."""
    written = [field for field in Case._meta.concrete_fields if field.name in columns]
    was = {field.attname: getattr(act.case, field.attname) for field in written}
    texts = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in was.items()
    }
    return {"before": texts, "version": act.case.version + 1}


def _event_data(act: Act) -> dict[str, Any]:
    """Return the inputs as codes and ids, for the timeline and for statistics."""
    data: dict[str, Any] = {}
    for name, value in (act.inputs or {}).items():
        if name == "note" or value in (None, "", [], False):
            continue
        if isinstance(value, list):
            data[name] = [item.pk for item in value]
        elif isinstance(value, datetime):
            data[name] = value.isoformat()
        else:
            data[name] = getattr(value, "pk", value)
    if act.move.name == "accept" and act.given("category") and not act.given("sla_class"):
        data |= act.limits[1]
    if act.task is not None:
        data["task_unit"] = act.task.unit_id
        data["lead"] = act.task.is_lead
    return data


def overtaken(case: Case, by: User | None, *, unseen: int = 0) -> str:
    """Say that the case has moved on, through whom and when; `by` is who came too late.

    `unseen`: how many moves came since the page was opened. When all of them were words only
    (催办 …), the last of these is named, else the last one that changed the case.
    """
    words_only = ("contact", "relay", "urge", "supervise", "reply", "lift")
    newest = case.events.order_by("-id")
    event = newest.exclude(move__in=words_only).first()
    latest = list(newest[: min(max(unseen, 0), 20)])  # the number came from outside
    if latest and all(one.move in words_only for one in latest):
        event = latest[0]
    state = Status(case.status).label
    if event is None:
        return f"这件事项现在是“{state}”，请刷新后再操作。"
    when = f"{local(event.at):%m月%d日 %H:%M}"
    if by is not None and event.actor_id == by.pk:
        return f"您已经在{when}“{event.label}”，现在是“{state}”。"
    who = event.org_label or "他人"
    return f"已被他人处理：{who}于{when}“{event.label}”，现在是“{state}”。请刷新后再操作。"
