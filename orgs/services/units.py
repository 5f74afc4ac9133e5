"""Units (departments, partners): register and revise."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from gridparty.lib.text import clean_text, has_nul
from orgs.audit import describe_actions, record
from orgs.levels import UnitKind
from orgs.models import OrgUnit, Region, Unit, User
from orgs.roles import EDIT, Noun
from orgs.scope import refusal

describe_actions(unit__create="登记单位", unit__revise="修改单位")
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
    found.validate_constraints()
    found.save()
    if by is not None and not Unit.objects.visible_to(by, EDIT).filter(pk=found.pk).exists():
        raise PermissionDenied(refusal(by, Noun.ORG, EDIT))
    record(
        by=by, action="unit.revise" if unit else "unit.create", target=found, street=found.street_id
    )
    return found


def _text(field: str, value: Any) -> str:
    column: Any = Unit._meta.get_field(field)
    if has_nul(str(value)):
        raise ValidationError({field: "有不可见的空字符，请删除后重填。"})
    text = clean_text(value)
    if len(text) > column.max_length:
        raise ValidationError({field: f"{column.verbose_name}最多 {column.max_length} 个字。"})
    return text
