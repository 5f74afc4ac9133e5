"""What ends an ask without an answer: the shift is full, moved or cancelled."""

from django.db import transaction

from orgs.models import User
from volunteers.models import Ask, Shift, Volunteer
from volunteers.services.lives import take_step


@transaction.atomic
def lapse_asks(*, shift: Shift, note: str) -> int:
    """End the open asks of a shift; return how many."""
    rows = list(shift.asks.open().for_list())
    for ask in rows:
        take_step(row=ask, name="lapse", by=None, note=note)
    return len(rows)


def stop_when_full(shift: Shift) -> None:
    """Nobody is kept waiting for a place that is gone; call with the shift locked."""
    if shift.signups.taking_part().count() >= shift.capacity:
        lapse_asks(shift=shift, note="名额已满")


def take_as_answer(*, shift: Shift, volunteer: Volunteer, by: User | None) -> None:
    """Who signs up by the way has said yes to the ask as well."""
    ask = Ask.objects.open().for_list().filter(shift=shift, volunteer=volunteer).first()
    if ask is not None:
        take_step(row=ask, name="accept", by=by)
