"""The last step of every life event: its row in the household's history, and the signal."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from grids.texts import one_line
from orgs.models import Person, User
from residents.models import Household, LifeEvent
from residents.signals import LIFE, register_changed

EARLIEST = date(1900, 1, 1)


def check_day(on: date) -> None:
    """Refuse a day that has not come, or that nobody alive remembers."""
    if on > timezone.localdate():
        raise ValidationError("日期不能晚于今天。", code="date")
    if on < EARLIEST:
        raise ValidationError("日期早于 1900 年，请核对。", code="date")


def tell_event(
    kind: str,
    *,
    household: Household,
    on: date,
    by: User | None,
    person: Person | None = None,
    other: Household | None = None,
    note: str = "",
) -> LifeEvent:
    """Write what happened on `on` into the history of the household (and the other one)."""
    event = LifeEvent.objects.create(
        kind=kind, household=household, other_household=other, person=person, occurred_on=on,
        delay_days=max(0, (timezone.localdate() - on).days), by=by,
        note=one_line(note, label="说明", longest=200, required=False),
    )  # fmt: skip
    register_changed.send(LifeEvent, kind=LIFE, event=event, by=by)
    return event
