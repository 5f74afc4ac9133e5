"""What each move changes: columns of the case (one UPDATE), then task rows. Called by `move`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cases.catalog import Level, LimitUnit
from cases.clocks import (
    DECIDE_WORKDAYS,
    FINISH_WORKDAYS,
    RESULT_CHECK_WORKDAYS,
    SUPERVISED_FROM_CYCLE,
    due_after,
    return_until,
    rework_due,
)
from cases.models import Case, CaseTask
from cases.services import requests, supervising
from cases.services.actors import Act, open_tasks
from cases.services.splitting import open_part
from cases.workflow import Clock, Status, Who
from orgs.models import Unit

Columns = dict[str, Any]
_RANK = [Level.GRID, Level.COMMUNITY, Level.STREET]


def columns_of(act: Act) -> Columns:
    """Return every column the move writes, the status and the clocks included."""
    if act.is_helper:
        return {}
    columns: Columns = {}
    target = act.move.leads_to(Status(act.case.status))
    if act.move.target is not None:
        columns |= {"status": target, "status_since": act.now, "step_urged": False}
    specific = _COLUMNS.get(act.move.name)
    if specific:
        columns |= specific(act)
    if act.case.pending and act.move.target is not None:
        columns["pending"] = ""  # the case went on: the request lapses
    sla = columns.get("sla_class", act.case.sla_class)
    return columns | _clock_columns(act, sla, columns)


def _clock_columns(act: Act, sla: Any, columns: Columns) -> Columns:
    clock, now, calendar = act.move.clock, act.now, act.calendar
    if clock == Clock.KEEP:
        return {}
    if clock == Clock.STOP:
        return {"step_due_at": None, "ended_at": now, "reply_due_at": None}
    if clock == Clock.DECIDE:
        return {"step_due_at": calendar.deadline(now, workdays=DECIDE_WORKDAYS)}
    if clock in (Clock.ANSWERED, Clock.RESUME):
        return {"step_due_at": None}
    if clock == Clock.HANG:
        return {}  # the move names the day of the next review itself
    if clock in (Clock.CHECK, Clock.DISPATCH):
        return {"step_due_at": due_after(now, sla.check_limit, calendar)}
    if clock == Clock.VERIFY:
        by_hours = sla.check_unit != LimitUnit.WORKDAYS
        limit = due_after(now, sla.check_limit, calendar) if by_hours else None
        return {"step_due_at": limit or calendar.deadline(now, workdays=RESULT_CHECK_WORKDAYS)}
    if clock == Clock.FINISH:
        return {"step_due_at": calendar.deadline(now, workdays=FINISH_WORKDAYS)}
    if clock == Clock.REWORK:
        return {"step_due_at": None, "due_at": rework_due(act.case.due_at, now, calendar)}
    started = _start_handling(act.case, sla, act)
    if clock == Clock.HANDLE:
        return {"step_due_at": None, **started}
    step = columns.get("sign_due_at") or due_after(now, sla.sign_limit, calendar)
    return {"step_due_at": step, **started}


def _start_handling(case: Case, sla: Any, act: Act) -> Columns:
    """Start the handling clock once per cycle; a new holder keeps the old due date."""
    if case.due_at is not None:
        return {}
    due = due_after(act.now, sla.handle_limit, act.calendar)
    return {
        "clock_started_at": act.now,
        "due_at": due,
        "original_due_at": due,
        "contact_due_at": due_after(act.now, sla.contact_limit, act.calendar),
    }


def _accept(act: Act) -> Columns:
    category = act.given("category") or act.case.category
    chosen = act.given("sla_class")
    sla = chosen or (act.limits[0] if act.given("category") else act.case.sla_class)
    confidential = act.case.confidential or category.confidential
    return {
        "accepted_at": act.now,
        "category": category,
        "sla_class": sla,
        "confidential": confidential,
    }


def _self_handle(act: Act) -> Columns:
    return {"holder_user": act.user, "lead_unit": None, "signed_at": act.now, "sign_due_at": None}


def _call_up(act: Act) -> Columns:
    """One level up, or straight to the level the category belongs to."""
    following = _RANK[_RANK.index(Level(act.case.level)) + 1]
    highest = max(following, Level(act.case.category.level), key=_RANK.index)
    if act.case.street_id == act.case.community_id:
        highest = Level.COMMUNITY
    return {"level": highest, "in_grid": False}


def _dispatch(act: Act) -> Columns:
    """Give the case to a lead unit: assign, transfer and whistle alike."""
    own = Level.STREET if Who.STREET in act.sides else Level.COMMUNITY
    if act.case.street_id == act.case.community_id:
        own = Level.COMMUNITY
    sign_due = act.given("arrive_by") or due_after(
        act.now, act.case.sla_class.sign_limit, act.calendar
    )
    return {
        "lead_unit": act.given("unit"),
        "holder_user": None,
        "in_grid": False,
        "level": max(Level(act.case.level), own, key=_RANK.index),
        "signed_at": None,
        "sign_due_at": sign_due,
    }


def _whistle(act: Act) -> Columns:
    return {
        **_dispatch(act),
        "whistled_at": act.now,
        "accepted_at": act.case.accepted_at or act.now,
    }


def _check_in(act: Act) -> Columns:
    """Arrived: now the time to sign runs."""
    return {"sign_due_at": due_after(act.now, act.case.sla_class.sign_limit, act.calendar)}


def _split(act: Act) -> Columns:
    """The whole has no holder of its own; its centre gathers what the parts bring."""
    own = Level.STREET if Who.STREET in act.sides else Level.COMMUNITY
    if act.case.street_id == act.case.community_id:
        own = Level.COMMUNITY
    level = max(Level(act.case.level), own, key=_RANK.index)
    return {"lead_unit": None, "holder_user": None, "was_split": True, "level": level}


def _take(act: Act) -> Columns:
    return {"signed_at": act.now}


def _return_back(act: Act) -> Columns:
    return {"lead_unit": None}


def _contact(act: Act) -> Columns:
    return {"first_contact_at": act.case.first_contact_at or act.now}


def _feedback(act: Act) -> Columns:
    return {"fed_back_at": act.now, "outcome": act.given("outcome")}


def _verify_pass(act: Act) -> Columns:
    return {"verified_at": act.now}


def _verify_fail(act: Act) -> Columns:
    return {"rework_count": act.case.rework_count + 1, "fed_back_at": None, "outcome": ""}


def _close(act: Act) -> Columns:
    return {"closed_at": act.now}


def _unclose(act: Act) -> Columns:
    """回退销号: the closing is taken back, the result checked before it stands."""
    return {"closed_at": None, "ended_at": None}


def _reopen(act: Act) -> Columns:
    """A new cycle: the same number, fresh clocks; events keep what was."""
    cycle = act.case.cycle + 1
    cleared = dict.fromkeys(
        (
            "clock_started_at", "due_at", "original_due_at", "contact_due_at", "first_contact_at",
            "sign_due_at", "signed_at", "whistled_at", "fed_back_at", "verified_at", "closed_at",
            "ended_at", "waiting_until", "left_workdays",
        )
    )  # fmt: skip
    columns = {**cleared, "cycle": cycle, "overdue_stage": 0, "outcome": ""}
    return columns | supervising.supervise(act) if cycle >= SUPERVISED_FROM_CYCLE else columns


def _supervise_again(act: Act) -> None:
    cycle = act.case.cycle + 1
    if cycle >= SUPERVISED_FROM_CYCLE:
        supervising.demand_after_reopening(act, cycle)


def _urge(act: Act) -> Columns:
    return {"urged_at": act.now}


def _appeal(act: Act) -> Columns:
    return {"appealed_at": act.now, "ended_at": None}


def _merge(act: Act) -> Columns:
    return {"merged_into": act.given("main")}


_COLUMNS: dict[str, Callable[[Act], Columns]] = {
    "accept": _accept, "self_handle": _self_handle, "call_up": _call_up, "assign": _dispatch,
    "transfer": _dispatch, "whistle": _whistle, "check_in": _check_in, "take": _take, "return_back": _return_back,
    "contact": _contact, "feedback": _feedback, "verify_pass": _verify_pass,
    "verify_fail": _verify_fail, "close": _close, "reopen": _reopen, "unclose": _unclose, "urge": _urge,
    "appeal": _appeal, "merge": _merge, "split": _split, "gather": _feedback,
    "split_on": _verify_fail,
    "ask_extension": requests.ask_extension, "grant_extension": requests.grant_extension,
    "refuse_extension": requests.refuse, "ask_hang": requests.ask_hang,
    "grant_hang": requests.grant_hang, "refuse_hang": requests.refuse,
    "review_hang": requests.review_hang, "resume": requests.resume, "wait": requests.wait,
    "answer": requests.answer, "supervise": supervising.supervise, "reply": supervising.reply,
    "lift": supervising.lift,
}  # fmt: skip


def write_rows(act: Act) -> None:
    """Write the move's rows (tasks, requests, supervisions), after the case's row has been won."""
    if (
        act.case.pending
        and not act.is_helper
        and (act.move.target is not None or act.move.clock == Clock.ANSWERED)
    ):
        requests.settle_request(act)
    writer = _ROWS.get(act.move.name)
    if writer:
        writer(act)


def _end_tasks(act: Act) -> None:
    CaseTask.objects.filter(case=act.case, ended_at=None).update(ended_at=act.now)


def _new_tasks(act: Act) -> None:
    _end_tasks(act)
    lead: Unit = act.given("unit")
    whistled = act.move.name == "whistle"
    sign_due = due_after(act.now, act.case.sla_class.sign_limit, act.calendar)
    arrive_by: datetime | None = act.given("arrive_by") or sign_due
    CaseTask.objects.bulk_create(
        CaseTask(
            case=act.case, unit=unit, cycle=act.case.cycle, is_lead=unit == lead, whistled=whistled,
            final=bool(act.given("final")) or _must_be_final(act), created_at=act.now,
            return_until=return_until(act.now, act.calendar),
            arrive_due_at=arrive_by if whistled else None, sign_due_at=sign_due,
        )
        for unit in [lead, *(act.given("co_units") or [])]
    )  # fmt: skip


def _must_be_final(act: Act) -> bool:
    """Whether two units have already returned the case: then the street's ruling binds."""
    if act.case.status != Status.RETURNED:
        return False
    returned = CaseTask.objects.filter(case=act.case, cycle=act.case.cycle, is_lead=True)
    return returned.exclude(returned_at=None).count() >= 2


def _arrive(act: Act) -> None:
    _own_task(act).update(
        arrived_at=act.now, arrived_by=act.user, place=act.given("place"),
        longitude=act.given("longitude"), latitude=act.given("latitude"),
        sign_due_at=due_after(act.now, act.case.sla_class.sign_limit, act.calendar),
    )  # fmt: skip


def _sign(act: Act) -> None:
    _own_task(act).update(signed_at=act.now, signed_by=act.user)


def _give_back(act: Act) -> None:
    _own_task(act).update(returned_at=act.now, return_reason=act.given("reason"), ended_at=act.now)
    if not act.is_helper:
        _end_tasks(act)


def _answer(act: Act) -> None:
    if act.task is None:
        return
    _own_task(act).update(fed_back_at=act.now)
    if act.given("waive") and not act.is_helper:
        waiting = CaseTask.objects.filter(case=act.case, ended_at=None, fed_back_at=None)
        waiting.filter(is_lead=False).update(waived_at=act.now)


def _ask_again(act: Act) -> None:
    """After a failed check the lead has to feed back anew."""
    CaseTask.objects.filter(case=act.case, ended_at=None, is_lead=True).update(fed_back_at=None)


def _own_task(act: Act) -> Any:
    return CaseTask.objects.filter(
        pk__in=[task.pk for task in open_tasks(act.case) if task == act.task]
    )


def _split_off(act: Act) -> None:
    _end_tasks(act)
    open_part(act)


_ROWS: dict[str, Callable[[Act], None]] = {
    "split": _split_off,
    "self_handle": _end_tasks, "assign": _new_tasks, "transfer": _new_tasks, "whistle": _new_tasks,
    "check_in": _arrive, "take": _sign, "return_back": _give_back, "feedback": _answer,
    "reopen": _supervise_again,
    "verify_fail": _ask_again, "ask_extension": requests.write_request,
    "ask_hang": requests.write_request, "supervise": supervising.write_supervision,
    "reply": supervising.write_reply, "lift": supervising.write_lift,
}  # fmt: skip
