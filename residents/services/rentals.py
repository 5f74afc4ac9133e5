"""A household is let out, and given back."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.models import User
from residents.models import Household, LifeEvent, Rental
from residents.services.events import check_day, tell_event
from residents.services.households import touch

describe_actions(household__rent="登记出租", household__rent_end="登记退租")


@transaction.atomic
def start_rental(
    *,
    household: Household,
    landlord: str,
    start: date,
    by: User | None,
    until: date | None = None,
    phone: str = "",
) -> Rental:
    """Register that the home is let since `start`; `phone` (the landlord's) from `read_phone`."""
    check_day(start)
    landlord = one_line(landlord, label="房东", longest=60)
    if until is not None and until < start:
        raise ValidationError({"until": "到期日期不能早于起租日期。"})
    touch(household, None, occupancy=Household.Occupancy.RENTED)
    if household.rentals.running().exists():
        raise ValidationError("这一户已登记出租，请先登记退租。", code="rented")
    rental = Rental(household=household, landlord=landlord, start=start, until=until)
    rental.landlord_phone = Sealed.of(phone)
    rental.save()
    record(by=by, action="household.rent", target=household, street=household.street_id)
    tell_event(LifeEvent.Kind.RENTED, household=household, on=start, by=by)
    return rental


@transaction.atomic
def end_rental(*, rental: Rental, on: date, occupancy: str, by: User | None) -> Rental:
    """Register that the tenancy ended; `occupancy` says what the home is now."""
    check_day(on)
    if occupancy not in (Household.Occupancy.OWNED, Household.Occupancy.VACANT):
        raise ValidationError({"occupancy": "请选择退租后是自住还是空置。"})
    household = rental.household
    touch(household, None, occupancy=occupancy)
    rental = Rental.objects.select_for_update().get(pk=rental.pk)
    if rental.ended_on is not None:
        raise ValidationError(f"已于 {rental.ended_on:%Y-%m-%d} 退租。", code="ended")
    if on < rental.start:
        raise ValidationError({"on": "退租日期不能早于起租日期。"})
    rental.ended_on = on
    rental.save(update_fields=["ended_on"])
    record(by=by, action="household.rent_end", target=household, street=household.street_id)
    tell_event(LifeEvent.Kind.RENT_ENDED, household=household, on=on, by=by)
    return rental
