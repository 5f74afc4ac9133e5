"""Needs: register, publish without naming anybody, meet, withdraw; old ones lapse by themselves."""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.masking import mask_in_text
from gridparty.lib.text import clean_prose, has_nul, squash
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.models import CareTag, Household, Need, Residency, Visit
from residents.needflow import BY_NAME, EXPIRE, LINKED_BY_NAME, OPEN, NeedMove, NeedStatus
from residents.signals import NEED, register_changed

describe_actions(
    need__create="登记需求", need__edit="修改需求", need__publish="发布需求", need__meet="满足需求",
    need__withdraw="撤回需求", need__export="导出需求", need__match="对接需求", need__release="需求重新开放",
    need__start="需求进入项目", need__fulfil="需求对接完成", need__evaluate="评价需求",
)  # fmt: skip
_DOOR = re.compile(
    r"[0-9A-Za-z一二三四五六七八九十]+\s*(?:栋|幢|号楼|单元|室|号房)|\d+-\d+(?:-\d+)?"
)


@transaction.atomic
def create_need(
    *,
    household: Household,
    by: User | None,
    kind: str,
    text: str,
    source: str,
    residency: Residency | None = None,
    visit: Visit | None = None,
    tag: CareTag | None = None,
    **facts: Any,
) -> Need:
    """Register a need of a household or one of its people; `facts` as in `edit_need`."""
    if residency is not None and residency.household_id != household.pk:
        raise ValidationError({"residency": "此人不住在这一户。"})
    need = Need(
        household=household, person=residency.person if residency else None, visit=visit,
        source=source, tag=tag, created_by=by,
    )  # fmt: skip
    _fill(need, kind=kind, text=text, **facts)
    need.save()
    _tell("need.create", need, by)
    return need


@transaction.atomic
def edit_need(*, need: Need, by: User, kind: str, text: str, **facts: Any) -> Need:
    """Change an open need; what is published already is checked again for names and doors."""
    need = _locked(need)
    if need.status not in OPEN:
        raise ValidationError(f"这条需求{need.get_status_display()}，不能再改。", code="closed")
    _fill(need, kind=kind, text=text, **facts)
    need.reviewed_on = timezone.localdate()
    if need.status != NeedStatus.DRAFT:
        _require_public(need)
    need.save()
    _tell("need.edit", need, by)
    return need


@transaction.atomic
def move_need(*, need: Need, move: str, by: User, note: str = "") -> Need:
    """Take a need along one line of the table in `residents.needflow`; exactly one row decides."""
    step = BY_NAME.get(move)
    if step is None:
        raise ValidationError("没有这个操作。", code="move")
    note = one_line(note, label=step.asks or "说明", longest=200, required=bool(step.asks))
    if step.target == NeedStatus.PUBLISHED:
        _require_public(need)
    _take(need, step, note)
    _tell(f"need.{step.name}", need, by)
    register_changed.send(sender=Need, kind=NEED, need=need, move=step, by=by)
    return need


@transaction.atomic
def advance_need(*, need: Need, move: str, by: User | None, note: str = "") -> Need:
    """Take a need along a line of `LINKED`, as a match or a project asks; the caller told why."""
    step = LINKED_BY_NAME[move]
    _take(need, step, note)
    _tell(f"need.{step.name}", need, by)
    return need


def _take(need: Need, step: NeedMove, note: str) -> None:
    rows = Need.objects.filter(pk=need.pk, status__in=step.sources)
    if rows.update(status=step.target, status_note=note, reviewed_on=timezone.localdate()) != 1:
        need.refresh_from_db()
        raise ValidationError(
            f"这条需求{need.get_status_display()}，不能{step.label}。", code="moved"
        )
    need.refresh_from_db()


def expire_needs(*, today: date) -> int:
    """Let published needs lapse whose day has passed; return how many."""
    return Need.objects.gone_by(today).update(
        status=EXPIRE.target, status_note="过了期望时间", reviewed_on=today
    )


def public_text_problems(text: str, household: Household) -> list[str]:
    """Return sentences on what in `text` would tell people who it is; [] when nothing does."""
    found = []
    if mask_in_text(text) != text:
        found.append("公开内容里有电话或证件号码，请删去。")
    living = Residency.objects.filter(household=household, end=None).select_related("person")
    if any(_names(text, residency.person.name) for residency in living):
        found.append("公开内容里有住户的姓名，请改成“王奶奶”这样的称呼。")
    room = household.room
    if _DOOR.search(text) or (len(room) >= 3 and room in text):
        found.append("公开内容里有门牌，请只写到网格或小区。")
    return found


def _names(text: str, name: str) -> bool:
    """The full name, or a given name of two characters or more; the family name alone may stand."""
    plain, full = squash(text), squash(name)
    return len(full) >= 2 and (full in plain or (len(full) >= 3 and full[1:] in plain))


def _require_public(need: Need) -> None:
    if need.privacy != Need.Privacy.OPEN:
        raise ValidationError(
            "这条需求设为“仅工作人员”，要发布请先改为“可匿名发布”。", code="privacy"
        )
    if not need.public_text:
        raise ValidationError("请先填写公开内容，不写姓名、电话和门牌。", code="public_text")
    problems = public_text_problems(need.public_text, need.household)
    if problems:
        raise ValidationError(problems, code="public_text")


def _fill(
    need: Need,
    *,
    kind: str,
    text: str,
    urgency: str = Need.Urgency.ORDINARY,
    privacy: str = Need.Privacy.STAFF,
    public_text: str = "",
    quantity: int = 1,
    wanted_by: date | None = None,
) -> None:
    if kind not in Need.Kind.values:
        raise ValidationError({"kind": "请选择需求类别。"})
    need.kind, need.urgency, need.privacy = kind, urgency, privacy
    need.quantity, need.wanted_by = quantity, wanted_by
    need.text = _prose(text, "text", "需要什么", 500)
    if not need.text:
        raise ValidationError({"text": "请写清楚需要什么。"})
    need.public_text = _prose(public_text, "public_text", "公开内容", 200)
    problems = public_text_problems(need.public_text, need.household)
    if problems:
        raise ValidationError({"public_text": problems})


def _prose(text: str, name: str, label: str, longest: int) -> str:
    if has_nul(text):
        raise ValidationError({name: f"{label}里有不可见的空字符，请删除后重新填写。"})
    text = clean_prose(text)
    if len(text) > longest:
        raise ValidationError({name: f"{label}最多 {longest} 个字，现在是 {len(text)} 个。"})
    return text


def _locked(need: Need) -> Need:
    rows = Need.objects.select_for_update(of=("self",)).select_related("household")
    return rows.get(pk=need.pk)


def _tell(action: str, need: Need, by: User | None) -> None:
    record(
        by=by, action=action, target=need, street=need.household.street_id,
        detail={"household": need.household_id, "kind": need.kind},
    )  # fmt: skip
