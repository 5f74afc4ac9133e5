"""The answers of the monthly revisit, and what follows from them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cases.catalog import (
    MAX_NOTE,
    ReopenReason,
    RevisitMethod,
    Satisfaction,
    Solved,
    UnsatisfiedReason,
)
from cases.clocks import DECISION_WORKDAYS
from cases.models import Case, Revisit, RevisitAttempt
from cases.services.actors import sides_of, took_part
from cases.services.inputs import BadInput, clean_text
from cases.services.moves import move
from cases.services.refusals import MoveRefused, invalid
from cases.workflow import Status, Who
from gridparty.lib.china_time import local_date
from orgs import audit
from orgs.models import RoleAssignment, User
from orgs.roles import EDIT, Role
from orgs.workdays import work_calendar

ATTEMPTS = 3
ATTEMPT_DAYS = 2


def record_revisit(
    *,
    revisit: Revisit,
    by: User,
    method: str,
    reached: bool,
    solved: str = "",
    satisfaction: str = "",
    reason: str = "",
    note: str = "",
    reopen: bool = True,
    now: datetime | None = None,
) -> Revisit:
    """Record one attempt; reached, it is the answer. Returns the revisit as it is afterwards.

    未解决 or 不满意 reopens the case at once, unless `reopen` is False or the reason is 诉求不合理:
    then the community has three working days to decide. Where another reporter of the same problem
    has reopened it already, the answer counts as 重新办理. An anonymous report has nobody to ask:
    its method is 现场查看, which says whether it is solved and nothing about 满意. Raises MoveRefused.
    """
    answers = _clean(method, reached, solved, satisfaction, reason, note, revisit.asked)
    moment = now or timezone.now()
    with transaction.atomic():
        fresh = Revisit.objects.select_for_update().get(pk=revisit.pk)
        _may_record(fresh, by, moment)
        RevisitAttempt.objects.create(
            revisit=fresh, by=by, at=moment, method=method, reached=reached, note=answers["note"]
        )
        changes = _answer(fresh, answers, moment) if reached else _try_again(fresh, moment)
        bad = reached and _is_bad(answers)
        redo = bad and reopen and answers["reason"] != UnsatisfiedReason.UNREASONABLE
        reopens = redo and fresh.case.status == Status.CLOSED
        in_hand = redo and fresh.case.is_open
        if bad and not (reopens or in_hand):
            changes["decision_due_at"] = work_calendar().deadline(
                moment, workdays=DECISION_WORKDAYS
            )
        if reopens or in_hand:
            changes["decision"] = "reopen"
        _write(fresh, changes, state=Revisit.State.PENDING)
        if reopens:
            _reopen(fresh, by, answers, moment)
        audit.record(
            by=by, action="revisit.record", target=fresh, street=fresh.case.street_id,
            detail={"reached": reached, "reopened": reopens},
        )  # fmt: skip
    return Revisit.objects.get(pk=fresh.pk)


@transaction.atomic
def decide_revisit(
    *, revisit: Revisit, by: User, outcome: str, note: str, now: datetime | None = None
) -> Revisit:
    """Settle an unsatisfied answer: outcome "reopen", or "explain" (the note says what was said)."""
    fresh = Revisit.objects.select_related("case").get(pk=revisit.pk)
    if not may_decide(fresh, by):
        raise MoveRefused("not_allowed", "由社区、街道或回访员处置，您不能操作。")
    if fresh.decision_due_at is None or fresh.decision:
        raise MoveRefused("wrong_state", "这条回访没有待处置的问题，或已由他人处置。")
    errors = {}
    if outcome not in ("reopen", "explain"):
        errors["outcome"] = "请选择重新办理或解释说明。"
    try:
        text = clean_text(note, "说明", MAX_NOTE)
    except BadInput as error:
        errors["note"] = str(error)
    else:
        if not text:
            errors["note"] = "请填写说明。"
    if errors:
        raise invalid(errors)
    if Revisit.objects.filter(pk=fresh.pk, decision="").update(decision=outcome) != 1:
        raise MoveRefused("stale", "已由他人处置，请刷新。")
    if outcome == "reopen":
        move(case=fresh.case, name="reopen", by=by, reason=ReopenReason.REVISIT, note=text, now=now)
    audit.record(
        by=by, action="revisit.decide", target=fresh, street=fresh.case.street_id,
        detail={"outcome": outcome},
    )  # fmt: skip
    return Revisit.objects.get(pk=fresh.pk)


def may_decide(revisit: Revisit, user: User) -> bool:
    """Say whether the user stands where a bad answer is settled: community, street or revisitor."""
    sides = sides_of(revisit.case, user)
    return bool({Who.COMMUNITY, Who.STREET, Who.REVISITOR} & set(sides))


@transaction.atomic
def assign_revisit(*, revisit: Revisit, to: User, by: User) -> Revisit:
    """Give a pending revisit to somebody who took no part in the case."""
    fresh = Revisit.objects.get(pk=revisit.pk)
    if not Revisit.objects.visible_to(by, EDIT).filter(pk=fresh.pk).exists():
        raise MoveRefused("not_allowed", "您不能指派这条回访。")
    if fresh.state != Revisit.State.PENDING:
        raise MoveRefused("wrong_state", "这条回访已经完成。")
    if not eligible_revisitors(fresh).filter(pk=to.pk).exists():
        raise invalid({"to": "此人不是本街道的回访员，或办理、核查过这件事项。"})
    _write(fresh, {"assignee": to}, state=Revisit.State.PENDING)
    audit.record(
        by=by, action="revisit.assign", target=fresh, street=fresh.case.street_id,
        detail={"to": to.pk},
    )  # fmt: skip
    return Revisit.objects.get(pk=fresh.pk)


def eligible_revisitors(revisit: Revisit) -> QuerySet[User]:
    """Return the active revisitors of the case's street who took no part in the case."""
    today = timezone.localdate()
    roles = RoleAssignment.objects.filter(
        role=Role.REVISITOR, org_unit=revisit.case.street_id, start__lte=today
    ).exclude(end__lt=today)
    others = took_part([revisit.case_id])[revisit.case_id]
    people = User.objects.filter(is_active=True, pk__in=roles.values("user_id"))
    return people.exclude(pk__in=others).order_by("pk")


def _in_hand(revisit: Revisit, by: User) -> None:
    if not Revisit.objects.visible_to(by, EDIT).filter(pk=revisit.pk).exists():
        raise MoveRefused("not_allowed", "这条回访不由您负责。")
    if by.pk in took_part([revisit.case_id])[revisit.case_id]:
        raise MoveRefused("not_allowed", "您办理或核查过这件事项，须由其他人回访。")


def _may_record(revisit: Revisit, by: User, now: datetime) -> None:
    _in_hand(revisit, by)
    if revisit.state != Revisit.State.PENDING:
        raise MoveRefused("wrong_state", f"这条回访已登记为“{revisit.get_state_display()}”。")
    if revisit.is_locked(now):
        raise MoveRefused("wrong_state", "本月回访结果已锁定，不能再登记。")


def _clean(
    method: str, reached: bool, solved: str, satisfaction: str, reason: str, note: str, asked: Case
) -> dict[str, str]:
    errors: dict[str, str] = {}
    answers = {"solved": solved, "satisfaction": satisfaction, "reason": reason, "note": ""}
    try:
        answers["note"] = clean_text(note, "备注", MAX_NOTE)
    except BadInput as error:
        errors["note"] = str(error)
    on_site = method == RevisitMethod.SITE
    if method not in RevisitMethod.values:
        errors["method"] = "请选择回访方式。"
    elif asked.anonymous and not on_site:
        errors["method"] = "匿名反映没有人可问，请到现场查看，方式选“现场查看”。"
    elif on_site and (asked.reporter_name or asked.reporter_phone) and not asked.anonymous:
        errors["method"] = "反映人留了姓名或电话，请问本人；现场查看只用于没有联系方式的反映。"
    if reached and solved not in Solved.values:
        errors["solved"] = "请选择是否解决。"
    if on_site:
        answers["satisfaction"] = answers["reason"] = ""
    elif reached:
        if satisfaction not in Satisfaction.values:
            errors["satisfaction"] = "请选择满意度。"
        unsatisfied = satisfaction == Satisfaction.UNSATISFIED
        if unsatisfied and reason not in UnsatisfiedReason.values:
            errors["reason"] = "请选择不满意的原因。"
        elif not unsatisfied:
            answers["reason"] = ""
    if errors:
        raise invalid(errors)
    return answers


def _is_bad(answers: dict[str, str]) -> bool:
    return answers["solved"] == Solved.NO or answers["satisfaction"] == Satisfaction.UNSATISFIED


def _answer(revisit: Revisit, answers: dict[str, str], now: datetime) -> dict[str, Any]:
    return {**answers, "state": Revisit.State.DONE, "done_at": now}


def _try_again(revisit: Revisit, now: datetime) -> dict[str, Any]:
    """After three attempts on at least two days the person counts as 未联系上."""
    times = list(revisit.attempts.values_list("at", flat=True))
    if len(times) >= ATTEMPTS and len({local_date(at) for at in times}) >= ATTEMPT_DAYS:
        return {"state": Revisit.State.UNREACHED, "done_at": now}
    return {}


def _write(revisit: Revisit, changes: dict[str, Any], *, state: str) -> None:
    """Write compare-and-set: exactly one row, still in the state that was judged."""
    if not changes:
        return
    if Revisit.objects.filter(pk=revisit.pk, state=state).update(**changes) != 1:
        raise MoveRefused("stale", "这条回访已由他人登记，请刷新后查看。")


def _reopen(revisit: Revisit, by: User, answers: dict[str, str], now: datetime) -> None:
    content = answers["satisfaction"]
    heard = Satisfaction(content).label if content else RevisitMethod.SITE.label
    said = f"{Solved(answers['solved']).label}，{heard}"
    more = f"。{answers['note']}" if answers["note"] else "。"
    note = f"回访：{said}{more}"[:MAX_NOTE]
    move(case=revisit.case, name="reopen", by=by, reason=ReopenReason.REVISIT, note=note, now=now)
