"""问责: the clock proposes, the upper level decides or raises by itself. The case's own trail says nothing.

Who is meant does not read these records; that something was written stands in the audit trail only.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from cases.accountability import AccountGround, AccountKind, AccountState, harder_than
from cases.models import Accountability, AccountPhoto, Case
from cases.services.actors import sides_of
from cases.services.inputs import BadInput, clean_text
from cases.services.photos import clean_photos, store
from cases.services.refusals import MoveRefused, invalid, not_allowed, wrong_state
from cases.workflow import Who
from gridparty.lib.china_time import local
from gridparty.lib.images import CleanImage
from orgs import audit
from orgs.models import User

audit.describe_actions(
    account__propose="问责：系统提出",
    account__raise="问责：上级提出",
    account__issue="问责：决定",
    account__drop="问责：不予问责",
    account__export="导出问责记录",
)
UPPER = (Who.STREET, Who.DISTRICT)
MAX_FACTS = 500


def may_account(case: Case, user: User) -> str:
    """Return the label of the upper level the user acts for, None-like "" when there is none."""
    sides = sides_of(case, user)
    return next((sides[who] for who in UPPER if who in sides), "")


def subject_of(case: Case) -> str:
    """Return who holds the case: the lead unit, else the grid that handles it itself."""
    return case.lead_unit.name if case.lead_unit else f"{case.grid.name}（网格自办）"


def kinds_left(case: Case) -> tuple[AccountKind, ...]:
    """Return the kinds that may still be used in this round: harder than the hardest so far."""
    used = Accountability.objects.filter(
        case=case, cycle=case.cycle, state=AccountState.ISSUED
    ).values_list("kind", flat=True)
    order = list(AccountKind)
    hardest = max((AccountKind(kind) for kind in used), key=order.index, default=None)
    return harder_than(hardest or "")


def _checked(case: Case, kind: str, text: str, label: str) -> str:
    """Return the cleaned text; raise for a kind that is used up or a text that is missing."""
    errors: dict[str, str] = {}
    if kind not in AccountKind.values:
        errors["kind"] = "请选择问责方式。"
    elif AccountKind(kind) not in kinds_left(case):
        left = "、".join(str(one.label) for one in kinds_left(case))
        errors["kind"] = (
            f"这一轮已经用过同样或更重的方式，还可以用：{left}。" if left
            else "这一轮已经通报过，不再重复问责。"
        )  # fmt: skip
    try:
        cleaned = clean_text(text, label, MAX_FACTS)
    except BadInput as error:
        cleaned, errors["text"] = "", str(error)
    if not cleaned and "text" not in errors:
        errors["text"] = f"请填写{label}。"
    if errors:
        raise invalid(errors)
    return cleaned


def raise_account(
    *, case: Case, by: User, kind: str, ground: str, text: str, photos: Sequence[IO[bytes]] = (),
    now: datetime | None = None,
) -> Accountability:  # fmt: skip
    """Record what the upper level decides by itself about the case's holder; raises MoveRefused."""
    moment, images = now or timezone.now(), clean_photos(photos)
    with transaction.atomic():
        fresh = Case.objects.select_for_update(of=("self",)).select_related("grid").get(pk=case.pk)
        label = _label(fresh, by)
        if ground not in AccountGround.values:
            raise invalid({"ground": "请选择事由。"})
        facts = _checked(fresh, kind, text, "事实")
        made = Accountability.objects.create(
            case=fresh, cycle=fresh.cycle, unit=fresh.lead_unit, subject=subject_of(fresh),
            ground=ground, facts=facts, state=AccountState.ISSUED, kind=kind, raised_by=by,
            raised_at=moment, decision="", decided_by=by, decided_label=label, decided_at=moment,
        )  # fmt: skip
        _keep(images, made, by, moment)
        _audit(made, "account.raise", by, kind=kind, photos=len(images))
    return made


def decide_account(
    *, record: Accountability, by: User, kind: str = "", text: str,
    photos: Sequence[IO[bytes]] = (), now: datetime | None = None,
) -> Accountability:  # fmt: skip
    """Issue a proposed record as `kind`, or drop it with a reason (kind ""); raises MoveRefused."""
    images = clean_photos(photos)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=record.case_id)
        fresh = Accountability.objects.select_for_update().get(pk=record.pk)
        label = _label(case, by)
        if fresh.state != AccountState.PROPOSED:
            who = fresh.decided_by.display_name if fresh.decided_by else "他人"
            raise wrong_state(f"{who}已决定“{fresh.get_state_display()}”，请刷新后查看。")
        if kind:
            case.cycle = fresh.cycle  # the record speaks of the round it was proposed in
            fresh.decision = _checked(case, kind, text, "处理意见")
            fresh.state, fresh.kind = AccountState.ISSUED, kind
        else:
            fresh.decision, fresh.state = _reason(text), AccountState.DROPPED
        fresh.decided_by, fresh.decided_label = by, label
        fresh.decided_at = now or timezone.now()
        fresh.save()
        _keep(images, fresh, by, fresh.decided_at)
        _audit(
            fresh, "account.issue" if kind else "account.drop", by, kind=kind, photos=len(images)
        )
    return fresh


def _keep(images: Sequence[CleanImage], record: Accountability, by: User, now: datetime) -> None:
    for image in images:
        store(AccountPhoto(record=record), image, by=by, now=now)


def _reason(text: str) -> str:
    try:
        cleaned = clean_text(text, "不予问责的理由", MAX_FACTS)
    except BadInput as error:
        raise invalid({"text": str(error)}) from None
    if not cleaned:
        raise invalid({"text": "请填写不予问责的理由。"})
    return cleaned


def _label(case: Case, by: User) -> str:
    label = may_account(case, by)
    if not label:
        raise not_allowed("问责由街道或区县决定。")
    return label


def _audit(record: Accountability, action: str, by: User | None, **detail: Any) -> None:
    audit.record(
        by=by, action=action, target=record, street=record.case.street_id,
        detail={"case": record.case_id, **{key: value for key, value in detail.items() if value}},
    )  # fmt: skip


def propose(cases: Sequence[Case], now: datetime) -> list[Accountability]:
    """Propose one record for each late case, once in a round; call it under the cases' locks.

    `cases` carry `grid` and `lead_unit`. Returns what was new.
    """
    known = set(
        Accountability.objects.filter(case__in=[case.pk for case in cases], raised_by=None)
        .values_list("case_id", "cycle")
    )  # fmt: skip
    rows = [
        Accountability(
            case=case, cycle=case.cycle, unit_id=case.lead_unit_id, subject=subject_of(case),
            ground=AccountGround.NO_REPLY if case.reply_due_at else AccountGround.OVERDUE,
            facts=_facts(case), raised_at=now,
        )
        for case in cases
        if (case.pk, case.cycle) not in known
    ]  # fmt: skip
    made = Accountability.objects.bulk_create(rows)
    for street in sorted({case.street_id for case in cases}):
        count = sum(row.case.street_id == street for row in made)
        if count:
            audit.record(
                by=None, action="account.propose", target=Accountability, street=street,
                detail={"records": count},
            )  # fmt: skip
    return made


def _facts(case: Case) -> str:
    due = f"{local(case.due_at):%Y年%-m月%-d日 %H:%M}" if case.due_at else "期限"
    told = f"{local(case.supervised_at):%-m月%-d日}" if case.supervised_at else ""
    reply = "至今没有书面回复" if case.reply_due_at else "已书面回复"
    return f"办理期限 {due}，{told}督办后{reply}，仍未反馈办结。"


__all__ = ["MoveRefused", "decide_account", "kinds_left", "may_account", "propose", "raise_account"]
