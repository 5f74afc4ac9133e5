"""Units (departments, partners): register, revise, merge and close."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from gridparty.lib.text import clean_text, has_nul
from orgs.audit import describe_actions, record
from orgs.levels import UnitKind
from orgs.models import OrgUnit, Region, RoleAssignment, Unit, User
from orgs.roles import EDIT, Noun
from orgs.scope import refusal
from orgs.services.rules import day_or_today
from orgs.signals import unit_ended

describe_actions(
    unit__create="登记单位", unit__revise="修改单位", unit__merge="合并单位", unit__close="撤销单位",
)  # fmt: skip
_TEXTS = ("name", "duties", "contact_name", "office_phone")


@transaction.atomic
def save_unit(
    *,
    unit: Unit | None,
    name: str,
    kind: str,
    street: OrgUnit | None,
    district: Region | None,
    by: User | None,
    duties: str = "",
    contact_name: str = "",
    office_phone: str = "",
    is_active: bool = True,
) -> Unit:
    """Register a unit, or revise `unit`. A street's own unit lies in the street's district.

    ValidationError by field; PermissionDenied when it does not serve the area of `by` afterwards.
    """
    if kind not in UnitKind.values:
        raise ValidationError({"kind": "没有这种单位类型。"})
    found = unit or Unit()
    was_active = unit is not None and Unit.objects.filter(pk=unit.pk, is_active=True).exists()
    facts = {"name": name, "duties": duties, "contact_name": contact_name, "office_phone": office_phone}  # fmt: skip
    for field in _TEXTS:
        setattr(found, field, _text(field, facts[field]))
    if not found.name:
        raise ValidationError({"name": "请填写单位名称。"})
    found.kind, found.is_active = kind, is_active
    if street is not None:
        street = street.get_root()
        code = (street.division_code or "")[:6]
        district = Region.objects.filter(code=code).first() or district
    found.street, found.district = street, district
    if is_active:  # in use again
        found.successor, found.closed_on, found.closed_reason = None, None, ""
    found.validate_constraints()
    found.save()
    if by is not None and not Unit.objects.visible_to(by, EDIT).filter(pk=found.pk).exists():
        raise PermissionDenied(refusal(by, Noun.ORG, EDIT))
    record(
        by=by, action="unit.revise" if unit else "unit.create", target=found, street=found.street_id
    )
    if was_active and not is_active:
        _end(found, None, by=by, reason="")
    return found


@transaction.atomic
def merge_units(*, unit: Unit, into: Unit, by: User | None, reason: str = "") -> Unit:
    """Let `into` take over the log-ins and the work of `unit`, which ends; return `into`.

    ValidationError by field when one of them has ended, or `into` does not serve all of the area.
    """
    if unit.pk == into.pk:
        raise ValidationError({"into": "不能并入它自己，请选择另一个单位。"})
    unit, into = _locked(unit, by), _locked(into, by)
    if not into.is_active:
        raise ValidationError({"into": f"“{into.name}”已停用，请选择在用的单位。"})
    same_street = into.street_id is not None and into.street_id == unit.street_id
    if not same_street and (into.street_id or into.district_id != unit.district_id):
        raise ValidationError({"into": f"“{into.name}”不服务“{unit.name}”的全部区域，不能承接。"})
    _end(unit, into, by=by, reason=_text("closed_reason", reason))
    return into


@transaction.atomic
def close_unit(*, unit: Unit, by: User | None, reason: str = "") -> Unit:
    """End a unit nobody succeeds: its log-ins lose their role, its work goes back to the dispatchers."""
    unit = _locked(unit, by)
    _end(unit, None, by=by, reason=_text("closed_reason", reason))
    return unit


def _locked(unit: Unit, by: User | None) -> Unit:
    """Return the unit with its row locked; only who may change it, and only while it is in use."""
    if by is not None and not Unit.objects.visible_to(by, EDIT).filter(pk=unit.pk).exists():
        raise PermissionDenied(refusal(by, Noun.ORG, EDIT))
    return Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def _end(unit: Unit, into: Unit | None, *, by: User | None, reason: str) -> None:
    """Close the unit, pass the roles on (or end them), tell the floors above."""
    if unit.closed_on is not None:
        raise ValidationError(f"“{unit.name}”已经撤销。")
    today = day_or_today(None)
    roles = RoleAssignment.objects.filter(unit=unit).in_force(today)
    for role in roles:
        if into is not None and not _holds(role, into):
            RoleAssignment.objects.create(
                user_id=role.user_id, role=role.role, unit=into, start=today, end=role.end
            )
        role.end = today - timedelta(days=1)
        role.start = min(role.start, role.end)
        role.save(update_fields=["start", "end"])
    unit.is_active, unit.successor, unit.closed_on, unit.closed_reason = False, into, today, reason
    unit.save()
    record(
        by=by, action="unit.merge" if into else "unit.close", target=unit, street=unit.street_id,
        detail={"into": into.pk, "roles": len(roles)} if into else {"roles": len(roles)},
    )  # fmt: skip
    unit_ended.send(sender=Unit, unit=unit, moved_to=into, by=by)


def _holds(role: RoleAssignment, into: Unit) -> bool:
    held = RoleAssignment.objects.filter(user=role.user_id, role=role.role, unit=into)
    return held.in_force().exists()


def _text(field: str, value: Any) -> str:
    column: Any = Unit._meta.get_field(field)
    if has_nul(str(value)):
        raise ValidationError({field: "有不可见的空字符，请删除后重填。"})
    text = clean_text(value)
    if len(text) > column.max_length:
        raise ValidationError({field: f"{column.verbose_name}最多 {column.max_length} 个字。"})
    return text
