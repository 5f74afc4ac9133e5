"""The care library: who belongs to a key population (重点人群), since when, and why no longer."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.models import Person, User
from residents.models import CareKind, CareTag, Residency
from residents.services.due import date_tag
from residents.services.residency import read_phone
from residents.services.reveal import count_reveal

describe_actions(
    care__add="登记重点人群", care__edit="修改重点人群登记", care__review="复核重点人群",
    care__end="移出重点人群", care__view="查看重点人群", care__export="导出重点人群",
)  # fmt: skip
REVIEW_EVERY = timedelta(days=365)


@dataclass(frozen=True)
class CareTerms:
    """What a tag says besides who and which kind: all of it may be changed later."""

    level: str
    basis: str = ""
    responsible: Person | None = None
    visit_days: int | None = None
    review_on: date | None = None
    # None leaves the contact as it is; "" clears it.
    contact_name: str | None = None
    contact_phone: str | None = None


@transaction.atomic
def add_care_tag(
    *,
    residency: Residency,
    kind: CareKind,
    start: date,
    by: User | None,
    level: str,
    **terms: Any,
) -> CareTag:
    """Register a resident in a kind that is in use; once at a time. `terms` as in CareTerms."""
    if not kind.is_active:
        raise ValidationError(f"类别“{kind}”没有启用。", code="inactive")
    if CareTag.objects.filter(person=residency.person, kind=kind, end=None).exists():
        raise ValidationError(f"此人已登记为“{kind}”。", code="twice")
    if start > timezone.localdate():
        raise ValidationError({"start": "开始日期不能晚于今天。"})
    tag = CareTag(person=residency.person, kind=kind, start=start, added_by=by)
    _set_terms(tag, CareTerms(level=level, **terms))
    tag.save()
    _tell(tag, "care.add", residency.household.street_id, by)
    return tag


@transaction.atomic
def edit_care_tag(
    *, tag: CareTag, by: User | None, street: int | None = None, level: str, **terms: Any
) -> CareTag:
    """Change level, people and dates of an open tag; `terms` as in CareTerms."""
    tag = _open(tag)
    _set_terms(tag, CareTerms(level=level, **terms))
    tag.save()
    _tell(tag, "care.edit", street, by)
    return tag


@transaction.atomic
def review_care_tag(*, tag: CareTag, by: User, on: date, street: int | None = None) -> CareTag:
    """Say that the tag still holds; never by the one who registered it. Due again in a year."""
    tag = _open(tag)
    if tag.added_by_id == by.pk:
        raise ValidationError("登记人不能复核自己的登记，请由别人复核。", code="own")
    tag.reviewer, tag.reviewed_on, tag.review_on = by, on, on + REVIEW_EVERY
    tag.save(update_fields=["reviewer", "reviewed_on", "review_on"])
    _tell(tag, "care.review", street, by)
    return tag


@transaction.atomic
def end_care_tag(
    *, tag: CareTag, end: date, reason: str, by: User | None, street: int | None = None
) -> CareTag:
    """Take somebody out of a kind; the reason is kept (domain brief §3H)."""
    tag = _open(tag)
    if end < tag.start:
        raise ValidationError("移出日期不能早于开始日期。", code="date")
    tag.end = end
    tag.end_reason = one_line(reason, label="移出原因", longest=120)
    tag.save(update_fields=["end", "end_reason"])
    _tell(tag, "care.end", street, by)
    return tag


@transaction.atomic
def reveal_contact(*, tag: CareTag, purpose: str, by: User, street: int | None) -> str:
    """Return the emergency contact in full; counts among the day's reveals, on the record."""
    count_reveal(
        by=by, target=tag, street=street, purpose=purpose, detail={"field": "emergency_contact"}
    )
    return f"{tag.contact_name.reveal()} {tag.contact_phone.reveal()}".strip()


def _open(tag: CareTag) -> CareTag:
    """Lock the row; ValidationError when it has ended."""
    tag = CareTag.objects.select_for_update(of=("self",)).select_related("kind").get(pk=tag.pk)
    if tag.end is not None:
        raise ValidationError(f"已于 {tag.end:%Y-%m-%d} 移出。", code="ended")
    return tag


def _set_terms(tag: CareTag, terms: CareTerms) -> None:
    if terms.level not in CareTag.Level.values:
        raise ValidationError({"level": "请选择等级。"})
    if terms.visit_days is not None and not 1 <= terms.visit_days <= 366:
        raise ValidationError({"visit_days": "走访间隔请填 1 到 366 天。"})
    tag.level, tag.responsible, tag.visit_days = terms.level, terms.responsible, terms.visit_days
    tag.basis = one_line(terms.basis, label="依据", longest=120, required=False)
    if terms.review_on is not None:
        tag.review_on = terms.review_on
    if terms.contact_name is not None:
        name = one_line(terms.contact_name, label="紧急联系人", longest=60, required=False)
        tag.contact_name = Sealed.of(name)
    if terms.contact_phone is not None:
        tag.contact_phone = Sealed.of(read_contact_phone(terms.contact_phone))
    date_tag(tag)


def read_contact_phone(text: str) -> str:
    """Return the emergency number as stored; ValidationError at "contact_phone"."""
    try:
        return read_phone(text)
    except ValidationError as refusal:
        raise ValidationError({"contact_phone": refusal.messages}) from None


def _tell(tag: CareTag, action: str, street: int | None, by: User | None) -> None:
    record(
        by=by, action=action, target=tag, street=street,
        detail={"person": tag.person_id, "kind": tag.kind.code},
    )  # fmt: skip
