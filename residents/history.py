"""The past of a household and of a person, as pages show it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gridparty.lib.masking import mask_name, mask_phone
from orgs.models import Person
from residents.display import shown_door, shown_name
from residents.models import Household, LifeEvent, Rental, Residency

MOST_SHOWN = 50
TONES = {LifeEvent.Kind.DEATH: "danger", LifeEvent.Kind.MOVED_OUT: "warning"}
_OTHER_WORDS = {
    LifeEvent.Kind.MOVED_IN: "来自",
    LifeEvent.Kind.MOVED_OUT: "迁往",
    LifeEvent.Kind.SPLIT: "另一户",
    LifeEvent.Kind.MERGE: "另一户",
}


@dataclass(frozen=True)
class EventLine:
    """One event in words; names and rooms are masked unless the page shows them in full."""

    title: str
    tone: str
    on: date
    entered_at: datetime
    by: str
    person: Person | None
    name: str
    where: str
    note: str


@dataclass(frozen=True)
class Stay:
    """One residency of the past (or of a person, any) in words."""

    residency: Residency
    name: str
    door: str


def event_lines(events: Any, *, full: bool) -> list[EventLine]:
    """Return the newest events (at most MOST_SHOWN) in words."""
    rows = events.select_related(
        "person", "by__person", "other_household__building__compound", "other_household__entrance"
    )[:MOST_SHOWN]
    return [_line(event, full) for event in rows]


def _line(event: LifeEvent, full: bool) -> EventLine:
    other, word = event.other_household, _OTHER_WORDS.get(LifeEvent.Kind(event.kind), "")
    return EventLine(
        title=event.get_kind_display(),
        tone=TONES.get(LifeEvent.Kind(event.kind), ""),
        on=event.occurred_on,
        entered_at=event.entered_at,
        by=event.by.display_name if event.by else "",
        person=event.person,
        name=shown_name(event.person, full=full) if event.person else "",
        # The other home may lie outside the reader's area: its room stays masked.
        where=f"{word}{shown_door(other, full=False)}" if other and word else "",
        note=event.note if full else "",
    )


def former_residents(household: Household, *, full: bool) -> list[Stay]:
    """Return who lived there before, the last to leave first."""
    rows = household.residencies.exclude(end=None).select_related("person").order_by("-end", "-id")
    return [Stay(row, shown_name(row.person, full=full), "") for row in rows[:MOST_SHOWN]]


def homes_of(person: Person, user: Any) -> list[Stay]:
    """Return the person's homes the user may see, those of today first."""
    rows = Residency.objects.visible_to(user).filter(person=person).with_home().with_fullness(user)
    newest = sorted(
        rows, key=lambda row: (row.end is None, row.start or date.min, row.pk), reverse=True
    )
    return [
        Stay(row, "", shown_door(row.household, full=row.shown_in_full))  # type: ignore[attr-defined]
        for row in newest
    ]


def rental_facts(household: Household, *, full: bool) -> list[dict[str, Any]]:
    """Return the tenancies of a household, the running one first; the phone always masked."""
    rows = household.rentals.order_by("-start", "-id")[:MOST_SHOWN]
    return [_rental(row, full) for row in rows]


def _rental(row: Rental, full: bool) -> dict[str, Any]:
    return {
        "rental": row,
        "landlord": row.landlord if full else mask_name(row.landlord),
        "phone": row.landlord_phone.masked(_mask_phones),
    }


def _mask_phones(text: str) -> str:
    return "、".join(mask_phone(one) for one in text.split(";"))
