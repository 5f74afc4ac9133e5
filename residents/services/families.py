"""Households split and merge."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.models import Entrance
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.catalog import HEAD
from residents.models import Household, LifeEvent, LinkedHousehold, Residency
from residents.services.events import check_day, tell_event
from residents.services.households import create_household, touch

describe_actions(household__split="分户", household__merge="并户")


@transaction.atomic
def split_household(
    *,
    household: Household,
    leaving: Sequence[Residency],
    head: Residency,
    on: date,
    by: User | None,
    entrance: Entrance | None = None,
    room: str = "",
    number: str = "",
) -> Household:
    """Set up a household of its own for some residents; without `room` behind the same door.

    Everybody else stays. ValidationError: nobody leaves, everybody leaves, the head stays behind.
    """
    check_day(on)
    if not leaving:
        raise ValidationError({"leaving": "请选择要分出去的人。"})
    if head.pk not in {one.pk for one in leaving}:
        raise ValidationError({"head": "新户的户主要在分出去的人里。"})
    if household.residencies.filter(end=None).count() <= len(leaving):
        raise ValidationError({"leaving": "不能把全部的人都分出去；整户搬走请办理迁出。"})
    touch(household, None)
    new = create_household(
        building=household.building, entrance=entrance if room else household.entrance,
        room=room or household.room, number=number, by=by, occupancy=household.occupancy,
        second_in_room=not room,
    )  # fmt: skip
    rows = _ended(leaving, on, Residency.EndReason.SPLIT, household)
    for row in rows:
        is_head = row.pk == head.pk
        Residency.objects.create(
            person_id=row.person_id, household=new, start=on, status=row.status, is_head=is_head,
            relation=HEAD if is_head else "",
        )  # fmt: skip
    record(
        by=by, action="household.split", target=household, street=household.street_id,
        detail={"new": new.pk, "people": len(rows)},
    )  # fmt: skip
    tell_event(
        LifeEvent.Kind.SPLIT, household=household, other=new, on=on, by=by, person=head.person
    )
    return new


@transaction.atomic
def merge_households(
    *, household: Household, into: Household, on: date, by: User | None
) -> Household:
    """Move everybody of `household` into another one and close it; that one's head stays."""
    check_day(on)
    if household.pk == into.pk:
        raise ValidationError({"into": "请选择另一户。"})
    touch(into, None)
    touch(household, None, closed_on=on)
    moving = list(household.residencies.filter(end=None))
    here = set(into.residencies.filter(end=None).values_list("person_id", flat=True))
    has_head = into.residencies.filter(end=None, is_head=True).exists()
    for row in _ended(moving, on, Residency.EndReason.MERGED, household):
        if row.person_id in here:  # the same person in both: that is why they are merged
            continue
        is_head = row.is_head and not has_head
        Residency.objects.create(
            person_id=row.person_id, household=into, start=on, status=row.status, is_head=is_head,
            relation=HEAD if is_head else "" if row.relation == HEAD else row.relation,
        )  # fmt: skip
    LinkedHousehold.objects.filter(household=household, end=None, start__lte=on).update(end=on)
    record(
        by=by, action="household.merge", target=into, street=into.street_id,
        detail={"closed": household.pk, "people": len(moving)},
    )  # fmt: skip
    tell_event(LifeEvent.Kind.MERGE, household=into, other=household, on=on, by=by)
    return into


def _ended(
    rows: Sequence[Residency], on: date, reason: str, household: Household
) -> list[Residency]:
    """End these residencies of the household; each must still be open and have begun by then."""
    wanted = Residency.objects.select_for_update().filter(
        pk__in=[row.pk for row in rows], household=household, end=None
    )
    found = list(wanted.order_by("pk"))
    if len(found) != len(rows):
        raise ValidationError("有人已不住在这一户，请刷新页面后再办。", code="gone")
    for row in found:
        if row.start is not None and on < row.start:
            raise ValidationError("日期不能早于入住日期。", code="date")
        row.end, row.end_reason = on, reason
        row.save(update_fields=["end", "end_reason"])
    return found
