"""Proposed changes of the register: made by visitors, judged by community staff as a diff."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.masking import mask_phone
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.catalog import RELATIONS
from residents.models import CareKind, CareTag, ChangeRequest, Household, Residency, Visit
from residents.services.care import add_care_tag
from residents.services.households import set_occupancy, touch
from residents.services.residency import (
    PLAIN_FIELDS,
    add_resident,
    edit_resident,
    end_residency,
    read_phone,
)

describe_actions(
    change__propose="提出变更申请",
    change__approve="通过变更申请",
    change__reject="退回变更申请",
    change__export="导出变更申请",
)
Kind = ChangeRequest.Kind
State = ChangeRequest.State


@dataclass(frozen=True)
class Proposal:
    """A change as the visitor says it; which `values` belong to which kind says `_CHECKS`."""

    kind: str
    residency: Residency | None = None
    values: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def propose_change(
    *, household: Household, proposal: Proposal, by: User, visit: Visit | None = None
) -> ChangeRequest:
    """Store a proposal; ValidationError at the field of the visit form when it makes no sense."""
    if proposal.kind not in Kind.values:
        raise ValidationError("没有这一类变更。", code="kind")
    residency = proposal.residency
    if residency is not None and residency.household_id != household.pk:
        raise ValidationError("此人不住在这一户。", code="elsewhere")
    if residency is None and proposal.kind in (Kind.PHONE, Kind.PERSON_OUT, Kind.CARE):
        raise ValidationError("请选择是哪位居民。", code="person")
    request = ChangeRequest(
        household=household, residency=residency, visit=visit, kind=proposal.kind,
        version=household.version, proposed_by=by,
    )  # fmt: skip
    request.seal_values(_CHECKS[proposal.kind](proposal))
    if proposal.kind == Kind.OCCUPANCY and request.values["occupancy"] == household.occupancy:
        raise ValidationError({"occupancy": "登记的就是这个状态，不用改。"})
    request.save()
    _tell("change.propose", request, by)
    return request


@transaction.atomic
def approve_change(*, request: ChangeRequest, version: int, by: User) -> ChangeRequest:
    """Write the change into the register, if the household still is at `version`.

    ValidationError: decided already, one's own, "stale" when the register moved on meanwhile,
    or whatever the register's own verb refuses.
    """
    request = _pending(request, by)
    _WRITES[request.kind](request, version, by)
    _decide(request, State.APPROVED, by)
    _tell("change.approve", request, by)
    return request


@transaction.atomic
def reject_change(*, request: ChangeRequest, reason: str, by: User) -> ChangeRequest:
    """Send it back with a reason; the register stays as it is."""
    request = _pending(request, by)
    request.reason = one_line(reason, label="退回原因", longest=200)
    _decide(request, State.REJECTED, by)
    _tell("change.reject", request, by)
    return request


@dataclass(frozen=True)
class DiffRow:
    """One line of a diff: what the register says now, and what it would say."""

    label: str
    before: str
    after: str


def diff_of(request: ChangeRequest) -> list[DiffRow]:
    """Return the change as lines before/after; numbers are masked."""
    values, residency = request.values, request.residency
    name = residency.person.name if residency else ""
    if request.kind == Kind.PHONE and residency is not None:
        now = residency.person.masked_phone or "未登记"
        return [DiffRow(f"{name} 电话", now, _masked(values["phone"]))]
    if request.kind == Kind.PERSON_OUT and residency is not None:
        word = Residency.EndReason(values["reason"]).label
        return [DiffRow(name, "住在这一户", f"{values['on']} {word}")]
    if request.kind == Kind.OCCUPANCY:
        now = request.household.get_occupancy_display() or "未填"
        return [DiffRow("房屋状态", now, str(Household.Occupancy(values["occupancy"]).label))]
    if request.kind == Kind.CARE:
        level = CareTag.Level(values["level"]).label
        return [DiffRow(f"{name} 重点人群", "—", f"{values['kind_name']}（{level}色）")]
    rows = [DiffRow("姓名", "—", values["name"]), DiffRow("与户主关系", "—", values["relation"])]
    return [*rows, DiffRow("电话", "—", _masked(values["phone"]))] if values["phone"] else rows


def _masked(phone: str) -> str:
    return "、".join(mask_phone(one) for one in phone.split(";"))


# ---- what a proposal of each kind must say ----


def _check_person_in(proposal: Proposal) -> dict[str, str]:
    name = one_line(proposal.values.get("name", ""), label="新增人员姓名", longest=60)
    relation = RELATIONS.label_for(proposal.values.get("relation", ""))
    if relation is None:
        raise ValidationError({"in_relation": "请选择与户主的关系。"})
    return {"name": name, "relation": relation, "phone": _phone(proposal, "in_phone")}


def _check_person_out(proposal: Proposal) -> dict[str, str]:
    reason = proposal.values.get("reason", "")
    if reason not in (Residency.EndReason.MOVED_OUT, Residency.EndReason.DIED):
        raise ValidationError({"out_reason": "请选择迁出还是去世。"})
    return {"reason": reason, "on": date.fromisoformat(proposal.values["on"]).isoformat()}


def _check_phone(proposal: Proposal) -> dict[str, str]:
    phone = _phone(proposal, "new_phone")
    if not phone:
        raise ValidationError({"new_phone": "请填写新号码。"})
    return {"phone": phone}


def _check_occupancy(proposal: Proposal) -> dict[str, str]:
    wanted = proposal.values.get("occupancy", "")
    if wanted not in Household.Occupancy.values:
        raise ValidationError({"occupancy": "请选择房屋状态。"})
    return {"occupancy": wanted}


def _check_care(proposal: Proposal) -> dict[str, str]:
    wanted = proposal.values.get("kind", "")
    kinds = CareKind.objects.filter(is_active=True)
    kind = kinds.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if kind is None:
        raise ValidationError({"care_kind": "请选择重点人群类别。"})
    level = proposal.values.get("level") or CareTag.Level.BLUE
    return {"kind": str(kind.pk), "kind_name": kind.name, "level": level}


def _phone(proposal: Proposal, field: str) -> str:
    try:
        return read_phone(proposal.values.get("phone", ""))
    except ValidationError as refusal:
        raise ValidationError({field: refusal.messages}) from None


_CHECKS: dict[str, Callable[[Proposal], dict[str, str]]] = {
    Kind.PERSON_IN: _check_person_in, Kind.PERSON_OUT: _check_person_out,
    Kind.PHONE: _check_phone, Kind.OCCUPANCY: _check_occupancy, Kind.CARE: _check_care,
}  # fmt: skip


# ---- how an approved one is written ----


def _write_person_in(request: ChangeRequest, version: int, by: User) -> None:
    add_resident(household=request.household, version=version, by=by, **request.values)


def _write_person_out(request: ChangeRequest, version: int, by: User) -> None:
    values = request.values
    end_residency(
        residency=_resident(request), on=date.fromisoformat(values["on"]),
        reason=values["reason"], by=by, version=version,
    )  # fmt: skip


def _write_phone(request: ChangeRequest, version: int, by: User) -> None:
    residency = _resident(request)
    person = residency.person
    plain = {name: getattr(person, name) for name in PLAIN_FIELDS}
    edit_resident(
        residency=residency, version=version, by=by, name=person.name, gender=person.gender,
        relation=residency.relation, status=residency.status, identity=None,
        phone=request.values["phone"], **plain,
    )  # fmt: skip


def _write_occupancy(request: ChangeRequest, version: int, by: User) -> None:
    set_occupancy(
        household=request.household, version=version, occupancy=request.values["occupancy"], by=by
    )


def _write_care(request: ChangeRequest, version: int, by: User) -> None:
    touch(request.household, version)
    kind = CareKind.objects.get(pk=request.values["kind"])
    add_care_tag(
        residency=_resident(request), kind=kind, level=request.values["level"],
        start=timezone.localdate(), by=request.proposed_by, basis="走访发现",
    )  # fmt: skip


_WRITES: dict[str, Callable[[ChangeRequest, int, User], None]] = {
    Kind.PERSON_IN: _write_person_in, Kind.PERSON_OUT: _write_person_out,
    Kind.PHONE: _write_phone, Kind.OCCUPANCY: _write_occupancy, Kind.CARE: _write_care,
}  # fmt: skip


def _resident(request: ChangeRequest) -> Residency:
    residency = request.residency
    if residency is None or residency.end is not None:
        raise ValidationError("此人已不住在这一户，请退回这条申请。", code="ended")
    return residency


def _pending(request: ChangeRequest, by: User) -> ChangeRequest:
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related(
        "household__building__compound", "household__entrance", "residency__person",
        "residency__household", "proposed_by",
    )  # fmt: skip
    request = rows.get(pk=request.pk)
    if request.state != State.PENDING:
        raise ValidationError(f"这条申请{request.get_state_display()}，不用再审。", code="decided")
    if request.proposed_by_id == by.pk:
        raise ValidationError("不能审核自己提出的变更，请由别的同事审核。", code="own")
    return request


def _decide(request: ChangeRequest, state: str, by: User) -> None:
    request.state, request.decided_by, request.decided_at = state, by, timezone.now()
    request.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _tell(action: str, request: ChangeRequest, by: User) -> None:
    record(
        by=by, action=action, target=request, street=request.household.street_id,
        detail={"household": request.household_id, "kind": request.kind},
    )  # fmt: skip
