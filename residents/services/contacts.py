"""What a head does for his households: 已联系 with one tap, and 办实事 on record."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.models import CorridorHead, GoodDeed, HeadContact, Household, LinkedHousehold

describe_actions(
    head__contact="登记楼道长联系", head__uncontact="撤销楼道长联系", head__deed="登记办实事"
)


@transaction.atomic
def note_contact(
    *,
    head: CorridorHead,
    household: Household,
    on: date,
    today: date,
    by: User | None,
    how: str = HeadContact.How.VISIT,
    note: str = "",
) -> HeadContact:
    """Record a contact; a second tap on the same day changes how and what, and adds nothing."""
    _require_linked(head, [household], on)
    if on > today:
        raise ValidationError({"on": "日期不能晚于今天。"})
    if how not in HeadContact.How.values:
        raise ValidationError({"how": "请选择联系方式。"})
    contact, made = HeadContact.objects.update_or_create(
        head=head, household=household, on=on,
        defaults={"how": how, "note": one_line(note, label="情况", longest=200, required=False)},
        create_defaults={
            "how": how, "note": one_line(note, label="情况", longest=200, required=False), "by": by,
        },
    )  # fmt: skip
    if made:
        _tell("head.contact", head, by, household=household.pk)
    return contact


@transaction.atomic
def take_back_contact(*, contact: HeadContact, today: date, by: User | None) -> None:
    """Undo a contact ticked by mistake, on the day it was ticked."""
    if contact.on != today:
        raise ValidationError("只能撤销今天登记的联系。", code="old")
    head, household = contact.head, contact.household_id
    contact.delete()
    _tell("head.uncontact", head, by, household=household)


@transaction.atomic
def record_deed(
    *,
    head: CorridorHead,
    on: date,
    today: date,
    what: str,
    by: User | None,
    households: Sequence[Household] = (),
) -> GoodDeed:
    """Record something practical done; `households` empty means for all of them."""
    if on > today:
        raise ValidationError({"on": "日期不能晚于今天。"})
    _require_linked(head, households, on)
    deed = GoodDeed.objects.create(
        head=head, on=on, by=by, what=one_line(what, label="办了什么事", longest=200)
    )
    deed.households.set(households)
    _tell("head.deed", head, by, deed=deed.pk)
    return deed


def _require_linked(head: CorridorHead, households: Sequence[Household], on: date) -> None:
    ids = {household.pk for household in households}
    mine = LinkedHousehold.objects.current(on).filter(head=head.person_id, household__in=ids)
    if ids - set(mine.values_list("household_id", flat=True)):
        raise ValidationError("这一户在那一天不是这位楼道长的联系户。", code="link")


def _tell(action: str, head: CorridorHead, by: User | None, **detail: int) -> None:
    record(by=by, action=action, target=head, street=head.street_id, detail=dict(detail))
