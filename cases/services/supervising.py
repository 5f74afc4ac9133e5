"""督办 and its written reply: what these moves change, and the guards they name."""

from typing import Any

from django.db.models import Q

from cases.catalog import SupervisionLevel
from cases.clocks import REPLY_WORKDAYS
from cases.models import Supervision
from cases.services.actors import Act
from cases.services.refusals import MoveRefused, not_allowed, wrong_state
from cases.workflow import Who

Columns = dict[str, Any]


def owes_a_reply(act: Act) -> MoveRefused | None:
    """Whoever holds the case replies: the lead unit, else the grid or its community.

    What is aimed at one department (absent at a whistle) is answered by it.
    """
    if act.case.reply_due_at is None:
        return wrong_state("没有等待回复的督办。")
    if act.side == Who.UNIT:
        leads = act.task is not None and act.task.is_lead
        if leads or _to_answer(act).exists():
            return None
        return not_allowed("由牵头单位回复督办。")
    if act.case.lead_unit_id and act.side != Who.COMMUNITY:
        return not_allowed("由牵头单位或社区回复督办。")
    return None


def lifts_own_supervision(act: Act) -> MoveRefused | None:
    """Only the issuer lifts; what the clock issued is the street's."""
    if not act.case.is_supervised:
        return wrong_state("没有未解除的督办。")
    if _liftable(act).exists():
        return None
    return not_allowed("督办由发出的一方解除。")


GUARDS = (owes_a_reply, lifts_own_supervision)


def _liftable(act: Act) -> Any:
    sides = [side for side in (Who.STREET, Who.DISTRICT) if side in act.sides]
    issued = [*sides, *([""] if Who.STREET in sides else [])]
    return Supervision.objects.filter(case=act.case, lifted_at=None, issued_as__in=issued)


def _reply_by(act: Act) -> Any:
    return act.given("reply_by") or act.calendar.deadline(act.now, workdays=REPLY_WORKDAYS)


def supervise(act: Act) -> Columns:
    return {"supervised_at": act.now, "lifted_at": None, "reply_due_at": _reply_by(act)}


def reply(act: Act) -> Columns:
    """Nothing is owed any more when no supervision of another department waits."""
    rest = _unanswered(act).exclude(pk__in=_to_answer(act).values("pk"))
    latest = rest.order_by("reply_by").values_list("reply_by", flat=True).first()
    return {"reply_due_at": latest}


def _unanswered(act: Act) -> Any:
    return Supervision.objects.filter(case=act.case, lifted_at=None, replied_at=None)


def _to_answer(act: Act) -> Any:
    """Return the supervisions this side answers: its own, and the holder's when it holds the case."""
    if act.side != Who.UNIT or act.task is None:
        return _unanswered(act).filter(unit=None)
    own = Q(unit=act.task.unit_id)
    return _unanswered(act).filter(own | Q(unit=None) if act.task.is_lead else own)


def lift(act: Act) -> Columns:
    """The flag goes when no other side's supervision stands, the reply when none waits for one."""
    others = Supervision.objects.filter(case=act.case, lifted_at=None)
    others = others.exclude(pk__in=_liftable(act).values("pk"))
    if not others.exists():
        return {"lifted_at": act.now, "reply_due_at": None}
    return {} if others.filter(replied_at=None).exists() else {"reply_due_at": None}


def write_supervision(act: Act) -> None:
    Supervision.objects.create(
        case=act.case, cycle=act.case.cycle,
        level=act.given("card") or SupervisionLevel.YELLOW, demand=act.given("note"),
        issued_by=act.user, issued_as=act.side or "",
        issued_label=act.label, issued_at=act.now,
        reply_by=_reply_by(act),
    )  # fmt: skip


def demand_after_reopening(act: Act, cycle: int) -> None:
    """Reopened too often: supervised without anybody asking, so the street lifts it."""
    Supervision.objects.create(
        case=act.case, cycle=cycle, level=SupervisionLevel.YELLOW, issued_at=act.now,
        reply_by=_reply_by(act),
        demand=f"已重开 {cycle - 1} 次，请说明为什么没有解决、怎样解决和完成时间。",
    )  # fmt: skip


def write_reply(act: Act) -> None:
    """One reply answers every supervision that waits for this side."""
    _to_answer(act).update(
        reply=act.given("note"), replied_by=act.user, replied_at=act.now,
        replied_label=act.label,
    )  # fmt: skip


def write_lift(act: Act) -> None:
    _liftable(act).update(lifted_at=act.now, lifted_by=act.user, lift_note=act.given("note"))
