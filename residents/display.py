"""What of a person or a door is shown to whom: lists mask, detail pages of keepers do not.

Field classes of the domain brief §5.3: names and rooms are P2, numbers and birth dates are P3.
P3 is always masked here; `services.reveal` shows it once, with a purpose, on the record.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gridparty.lib.masking import mask_birth_date, mask_room
from grids.doors import NO_UNIT
from orgs.models import Person
from residents.models import CareTag, Household, Residency, Separation


def shown_door(household: Household, *, full: bool) -> str:
    """Return 润河公馆3栋2单元501, or with the room masked: …2单元5**."""
    if full:
        return household.door
    unit = household.entrance.name if household.entrance else ""
    unit = "" if unit == NO_UNIT else unit
    return f"{household.building}{unit}{mask_room(household.room)}"


def shown_name(person: Person, *, full: bool) -> str:
    return person.name if full else person.masked_name


@dataclass(frozen=True)
class HouseholdRow:
    """One line of the list: people's names are masked for everybody."""

    household: Household
    door: str
    head: str
    phone: str
    people: int


@dataclass
class Resident:
    """One person of a household as the detail page shows them."""

    residency: Residency
    name: str
    phone: str
    id_number: str
    birth: str
    tags: list[CareTag] = field(default_factory=list)
    apart: Separation | None = None

    @property
    def person(self) -> Person:
        return self.residency.person


def household_rows(
    households: list[Household], *, in_full: set[int], day: date, names: bool = False
) -> list[HouseholdRow]:
    """Return the lines of a list; `in_full` holds the ids whose door is shown unmasked.

    `names` shows the householders' names in full, to a corridor head in his own list.
    """
    heads = {
        residency.household_id: residency.person
        for residency in Residency.objects.current(day)
        .heads()
        .filter(household__in=[household.pk for household in households])
        .select_related("person")
    }
    rows = []
    for household in households:
        head = heads.get(household.pk)
        rows.append(
            HouseholdRow(
                household=household,
                door=shown_door(household, full=household.pk in in_full),
                head=shown_name(head, full=names) if head else "",
                phone=head.masked_phone if head else "",
                people=int(getattr(household, "people_count", 0)),
            )
        )
    return rows


def residents_of(household: Household, user: Any, *, full: bool, day: date) -> list[Resident]:
    """Return who lives there on `day`, head first; care tags only where the user may see them."""
    living = household.residencies.current(day).select_related("person").order_by("-is_head", "id")
    found = [resident(residency, full=full) for residency in living]
    tags = CareTag.objects.visible_to(user).current(day).select_related("kind")
    by_person = {one.person.pk: one for one in found}
    by_residency = {one.residency.pk: one for one in found}
    for row in Separation.objects.filter(end=None, residency__in=list(by_residency)):
        by_residency[row.residency_id].apart = row
    for tag in tags.filter(person__in=list(by_person)).order_by("kind__order"):
        by_person[tag.person_id].tags.append(tag)
    return found


def resident(residency: Residency, *, full: bool) -> Resident:
    """Return one person as shown; without `full` the name is masked, too."""
    person = residency.person
    return Resident(
        residency=residency,
        name=shown_name(person, full=full),
        # Nobody is called any more about the dead.
        phone="" if person.died_on else person.masked_phone,
        id_number=person.masked_id_number,
        birth=mask_birth_date(date(person.birth_year, 1, 1) if person.birth_year else None),
    )
