"""The care library: who belongs to a key population (重点人群), since when, and why no longer."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.models import CareKind, CareTag, Residency

describe_actions(care__add="登记重点人群", care__end="移出重点人群")


@transaction.atomic
def add_care_tag(
    *,
    residency: Residency,
    kind: CareKind,
    level: str,
    start: date,
    by: User | None,
    basis: str = "",
) -> CareTag:
    """Register a resident in a kind that is in use; once at a time."""
    if not kind.is_active:
        raise ValidationError(f"类别“{kind}”没有启用。", code="inactive")
    if CareTag.objects.filter(person=residency.person, kind=kind, end=None).exists():
        raise ValidationError(f"此人已登记为“{kind}”。", code="twice")
    tag = CareTag.objects.create(
        person=residency.person, kind=kind, level=level, start=start, added_by=by,
        basis=one_line(basis, label="依据", longest=120, required=False),
    )  # fmt: skip
    _tell(tag, "care.add", residency.household.street_id, by)
    return tag


@transaction.atomic
def end_care_tag(
    *, tag: CareTag, end: date, reason: str, by: User | None, street: int | None = None
) -> CareTag:
    """Take somebody out of a kind; the reason is kept (domain brief §3H)."""
    tag = CareTag.objects.select_for_update().get(pk=tag.pk)
    if tag.end is not None:
        raise ValidationError(f"已于 {tag.end:%Y-%m-%d} 移出。", code="ended")
    if end < tag.start:
        raise ValidationError("移出日期不能早于开始日期。", code="date")
    tag.end = end
    tag.end_reason = one_line(reason, label="移出原因", longest=120)
    tag.save(update_fields=["end", "end_reason"])
    _tell(tag, "care.end", street, by)
    return tag


def _tell(tag: CareTag, action: str, street: int | None, by: User | None) -> None:
    record(
        by=by, action=action, target=tag, street=street,
        detail={"person": tag.person_id, "kind": tag.kind.code},
    )  # fmt: skip
