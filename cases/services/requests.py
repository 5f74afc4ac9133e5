"""延期, 挂账 and 等反映人补充: what these moves change, and the guards they name."""

from datetime import timedelta
from typing import Any

from cases.catalog import LimitUnit, Pending, RequestKind
from cases.clocks import (
    DECIDE_WORKDAYS,
    EXTENSION_WORKDAYS,
    EXTENSIONS_PER_CYCLE,
    RESUME_WORKDAYS,
    REVIEW_DAYS,
    WAIT_WORKDAYS,
    shifted,
)
from cases.models import CaseRequest
from cases.services.actors import Act, waiting_request
from cases.services.refusals import MoveRefused, invalid, not_allowed, wrong_state
from cases.workflow import Who
from gridparty.lib.china_time import local_date

Columns = dict[str, Any]
State = CaseRequest.State


# --- guards ---


def leads_the_handling(act: Act) -> MoveRefused | None:
    """The lead unit asks, or the grid (its community) for what it handles itself."""
    if act.side == Who.UNIT:
        lead = act.task is not None and act.task.is_lead
        return None if lead else not_allowed("由牵头单位提出申请。")
    return not_allowed("本事项由承办单位办理，由承办单位提出。") if act.case.lead_unit_id else None


def no_request_waits(act: Act) -> MoveRefused | None:
    if not act.case.pending:
        return None
    return wrong_state(f"已有{act.case.get_pending_display()}在等待答复。")


def before_due(act: Act) -> MoveRefused | None:
    due = act.case.due_at
    return wrong_state("已经超过办理期限，不能再申请。") if due and act.now > due else None


def extension_within_limits(act: Act) -> MoveRefused | None:
    """At most ten working days beyond the present limit, twice in a cycle (the second by the street)."""
    if _granted_extensions(act) >= EXTENSIONS_PER_CYCLE:
        return wrong_state(
            f"本轮已延期 {EXTENSIONS_PER_CYCLE} 次，不能再延。确无条件办理的，可申请挂账。"
        )
    until = act.given("until")
    if act.inputs is None or until is None or act.case.due_at is None:
        return None
    if until <= act.case.due_at:
        return invalid({"until": "延期至的时间应晚于现在的办理期限。"})
    last = act.calendar.deadline(act.case.due_at, workdays=EXTENSION_WORKDAYS)
    if until > last:
        text = f"最多延长 {EXTENSION_WORKDAYS} 个工作日，即不晚于{last:%m月%d日 %H:%M}。"
        return invalid({"until": text})
    return None


def _granted_extensions(act: Act) -> int:
    return CaseRequest.objects.filter(
        case=act.case, cycle=act.case.cycle, kind=RequestKind.EXTENSION, state=State.GRANTED
    ).count()


def extension_waits(act: Act) -> MoveRefused | None:
    waits = act.case.pending in (Pending.EXTENSION, Pending.EXTENSION_STREET)
    return None if waits else wrong_state("没有待答复的延期申请。")


def hang_waits(act: Act) -> MoveRefused | None:
    return None if act.case.pending == Pending.HANG else wrong_state("没有待答复的挂账申请。")


def second_extension_is_for_the_street(act: Act) -> MoveRefused | None:
    """Who assigned decides: the street for what it whistled, and for every second extension."""
    if act.case.pending == Pending.EXTENSION_STREET and Who.STREET not in act.sides:
        return not_allowed("街道吹哨的事项和第二次延期由街道答复。")
    return None


def asker_does_not_decide(act: Act) -> MoveRefused | None:
    asked = waiting_request(act.case)
    if act.user is not None and asked is not None and asked.asked_by_id == act.user.pk:
        return not_allowed("申请是您提出的，须由其他人答复。")
    return None


def review_within_limits(act: Act) -> MoveRefused | None:
    until = act.given("until")
    if until is not None and until > act.now + timedelta(days=REVIEW_DAYS):
        return invalid({"until": f"下次复核不得超过 {REVIEW_DAYS} 天。"})
    return None


def waits_once(act: Act) -> MoveRefused | None:
    if act.case.waiting_until is None:
        return None
    return wrong_state("本轮已等待过反映人一次，不能再次停表。")


def is_waiting(act: Act) -> MoveRefused | None:
    until = act.case.waiting_until
    return None if until and act.now < until else wrong_state("现在没有在等待反映人补充。")


def is_not_waiting(act: Act) -> MoveRefused | None:
    if is_waiting(act) is None:
        return wrong_state("办理人员正在等您补充，请直接回复。")
    return None


GUARDS = (
    leads_the_handling, no_request_waits, before_due, extension_within_limits, extension_waits,
    hang_waits, second_extension_is_for_the_street, asker_does_not_decide, review_within_limits,
    waits_once, is_waiting, is_not_waiting,
)  # fmt: skip


# --- columns ---


def ask_extension(act: Act) -> Columns:
    by_street = act.case.whistled_at is not None or _granted_extensions(act) > 0
    return {"pending": Pending.EXTENSION_STREET if by_street else Pending.EXTENSION}


def ask_hang(act: Act) -> Columns:
    return {"pending": Pending.HANG}


def grant_extension(act: Act) -> Columns:
    """The limit moves; the original one stays for the statistics, the warnings start anew."""
    return {"pending": "", "due_at": _waiting(act).until, "overdue_stage": 0}


def refuse(act: Act) -> Columns:
    return {"pending": ""}


def grant_hang(act: Act) -> Columns:
    """No handling limit while it hangs, so it is not overdue; the next review is its only date."""
    return {
        "left_workdays": left_workdays(act), "due_at": None, "step_due_at": _waiting(act).until,
    }  # fmt: skip


def left_workdays(act: Act) -> int:
    due = act.case.due_at
    if due is None:
        return 0
    return max(0, act.calendar.workdays_between(local_date(act.now), local_date(due)))


def review_hang(act: Act) -> Columns:
    return {"step_due_at": act.given("until"), "step_urged": False}


def resume(act: Act) -> Columns:
    left = max(RESUME_WORKDAYS, act.case.left_workdays or 0)
    return {
        "due_at": act.calendar.deadline(act.now, workdays=left), "left_workdays": None,
        "overdue_stage": 0,
    }  # fmt: skip


def wait(act: Act) -> Columns:
    until = act.calendar.deadline(act.now, workdays=WAIT_WORKDAYS)
    return {"waiting_until": until, "due_at": _stopped(act, act.now, until)}


def answer(act: Act) -> Columns:
    """The clock runs again now instead of at the end of the pause."""
    until = act.case.waiting_until or act.now
    return {"waiting_until": act.now, "due_at": _stopped(act, until, act.now)}


def _stopped(act: Act, start: Any, until: Any) -> Any:
    if act.case.due_at is None:
        return None
    by_workdays = act.case.sla_class.handle_unit == LimitUnit.WORKDAYS
    return shifted(
        act.case.due_at, start=start, until=until, by_workdays=by_workdays, calendar=act.calendar
    )


# --- rows ---


def _waiting(act: Act) -> CaseRequest:
    asked = waiting_request(act.case)
    assert asked is not None, "the guard has seen it"
    return asked


def write_request(act: Act) -> None:
    """Keep what is asked, by whom and until when it must be answered."""
    kind = RequestKind.EXTENSION if act.move.name == "ask_extension" else RequestKind.HANG
    CaseRequest.objects.create(
        case=act.case, cycle=act.case.cycle, kind=kind, reason=act.given("reason") or "",
        measure=act.given("measure") or "", note=act.given("note"), until=act.given("until"),
        asked_by=act.user, asked_as=act.label,
        asked_at=act.now, decide_by=act.calendar.deadline(act.now, workdays=DECIDE_WORKDAYS),
    )  # fmt: skip


def settle_request(act: Act) -> None:
    """Write the answer; a request the case has gone past lapses without one."""
    answered = act.move.name.split("_")[0]
    state = {"grant": State.GRANTED, "refuse": State.REFUSED}.get(answered, State.LAPSED)
    CaseRequest.objects.filter(case=act.case, state=State.WAITING).update(
        state=state, decided_by=act.user, decided_at=act.now, answer=act.given("note") or ""
    )
