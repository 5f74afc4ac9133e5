"""人户分离: registered here and living elsewhere, or living here and registered elsewhere."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import Person, User
from residents.models import LifeEvent, Residency, Separation
from residents.services.events import check_day, tell_event
from residents.services.households import touch

describe_actions(resident__apart="登记人户分离", resident__together="人户分离结束")
APART, TOGETHER = "人户分离", "常住"


@transaction.atomic
def live_apart(
    *, residency: Residency, kind: str, elsewhere: str, on: date, by: User | None
) -> Separation:
    """Register that home and registration of this resident are in two places since `on`."""
    check_day(on)
    if kind not in Separation.Kind.values:
        raise ValidationError({"kind": "请选择户在人不在，还是人在户不在。"})
    elsewhere = one_line(elsewhere, label="另一处地址", longest=200)
    residency = _lock(residency)
    _end(residency, on)
    row = Separation.objects.create(residency=residency, kind=kind, elsewhere=elsewhere, start=on)
    if kind == Separation.Kind.GUEST:
        Person.objects.filter(pk=residency.person_id).update(registered_address=elsewhere)
    _set(residency, APART)
    _tell("resident.apart", residency, by)
    tell_event(
        kind, household=residency.household, on=on, by=by, person=residency.person, note=elsewhere
    )
    return row


@transaction.atomic
def live_together(*, residency: Residency, on: date, by: User | None) -> Residency:
    """Register that this resident now lives where he is registered: here."""
    check_day(on)
    residency = _lock(residency)
    if not _end(residency, on) and residency.status != APART:
        raise ValidationError("此人没有登记人户分离。", code="together")
    _set(residency, TOGETHER)
    _tell("resident.together", residency, by)
    tell_event(
        LifeEvent.Kind.TOGETHER, household=residency.household, on=on, by=by,
        person=residency.person,
    )  # fmt: skip
    return residency


def _lock(residency: Residency) -> Residency:
    touch(residency.household, None)
    row = Residency.objects.select_for_update().select_related("household", "person")
    residency = row.get(pk=residency.pk)
    if residency.end is not None:
        raise ValidationError("此人已不住在这一户。", code="ended")
    return residency


def _end(residency: Residency, on: date) -> bool:
    """End an open separation on `on`; say whether there was one."""
    row = residency.separations.filter(end=None).first()
    if row is None:
        return False
    if on < row.start:
        raise ValidationError(f"日期不能早于上次登记的 {row.start:%Y-%m-%d}。", code="date")
    row.end = on
    row.save(update_fields=["end"])
    return True


def _set(residency: Residency, status: str) -> None:
    residency.status = status
    residency.save(update_fields=["status"])


def _tell(action: str, residency: Residency, by: User | None) -> None:
    record(
        by=by, action=action, target=residency.person, street=residency.household.street_id,
        detail={"household": residency.household_id},
    )  # fmt: skip
