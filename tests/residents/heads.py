"""A street of doors for the tests of corridor heads: twelve to an entrance, people who live there."""

from datetime import date

from gridparty.lib.text import natural_key
from grids.models import Building
from orgs.models import Person
from residents.headship import HeadState
from residents.models import CorridorHead, Household, Residency, door_key
from tests.town import make_person

DAY = date(2026, 3, 2)
BEGAN = date(2025, 1, 1)


def fill(building: Building, rooms: int = 12) -> list[Household]:
    """Give both entrances of a building so many homes each (two a floor); return them in order."""
    made = []
    for entrance in building.entrances.order_by("sort_key"):
        for number in range(rooms):
            room = f"{number // 2 + 1}{number % 2 + 11}"
            key = door_key(
                compound=building.compound.name, building=building.name, unit=entrance.name, room=""
            )
            made.append(
                Household.objects.create(
                    district=building.district, street=building.street, grid=building.grid,
                    community=building.community, building=building, entrance=entrance, room=room,
                    room_raw=room, sort_key=key + natural_key(room),
                )
            )  # fmt: skip
    return made


def live_in(household: Household, name: str) -> Person:
    person = make_person(name)
    Residency.objects.create(person=person, household=household, is_head=True, start=BEGAN)
    return person


def serve(household: Household, name: str, person: Person | None = None) -> CorridorHead:
    """Make somebody who lives in `household` a head in duty."""
    person = person or live_in(household, name)
    return CorridorHead.objects.create(
        person=person, grid=household.grid, community=household.community,
        street=household.street, district=household.district, building=household.building,
        state=HeadState.SERVING, nominated_on=BEGAN, start=BEGAN, term_end=date(2027, 12, 31),
    )  # fmt: skip
