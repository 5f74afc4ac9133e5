"""What the register already holds about the people and doors of one batch, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orgs.lookups  # noqa: F401  __among
from orgs.keys import fingerprint, keyring
from orgs.models import Person
from residents.models import CareTag, Household, Residency
from residents.roster.keys import read_person_key
from residents.roster.records import RosterHousehold, RosterRow

# Rows fetched at a time.
CHUNK = 5000
Door = tuple[int, int | None, str]
PLAIN = (
    "gender", "id_kind", "ethnicity", "political_status", "education", "marriage", "workplace",
    "registered_address", "remark", "is_volunteer",
)  # fmt: skip
_PERSON = (
    "pk", "name", "id_fingerprint", "phone_fingerprint", "birth_year", "died_on", "phone", "birth",
    *PLAIN,
)  # fmt: skip


@dataclass(slots=True, eq=False)
class KnownResidency:
    """One residency of the register, open or ended."""

    pk: int
    person_id: int
    household_id: int
    relation: str
    is_head: bool
    status: str
    start: date | None
    end: date | None


@dataclass(slots=True, eq=False)
class KnownPerson:
    """One person of the register; `phone` and `birth` are sealed tokens."""

    pk: int
    name: str
    id_fingerprint: str | None
    phone_fingerprint: str
    birth_year: int | None
    died_on: date | None
    phone: str
    birth: str
    plain: dict[str, Any]
    homes: list[KnownResidency] = field(default_factory=list)

    def born(self) -> str:
        """The birth date in ISO form, "" when unknown (this decrypts)."""
        return keyring().open(self.birth) if self.birth else ""


@dataclass(slots=True, eq=False)
class KnownHousehold:
    """One open household of the register with its present members."""

    pk: int
    building_id: int
    entrance_id: int | None
    room: str
    number: str
    version: int
    room_raw: str
    members: list[KnownResidency] = field(default_factory=list)

    @property
    def door(self) -> Door:
        return self.building_id, self.entrance_id, self.room


@dataclass(slots=True)
class Known:
    """The register's side of one batch."""

    by_fingerprint: dict[str, KnownPerson]
    persons: dict[int, KnownPerson]
    households: dict[int, KnownHousehold]
    by_door: dict[Door, list[KnownHousehold]]
    # (person, care kind) → whether the tag is still open.
    tags: dict[tuple[int, int], bool]
    # Rows of the system's own export → the person they were made from.
    by_key: dict[RosterRow, int] = field(default_factory=dict)


def door_of(household: RosterHousehold) -> Door:
    """Where a household of the file lives: building, entrance (None unknown), room."""
    assert household.place is not None
    return household.place.key, household.place.units.get(household.unit), household.room


def load_known(batch: Sequence[RosterHousehold], prints: dict[RosterRow, str]) -> Known:
    """Read everything one batch may meet. `prints` holds the fingerprint of every row with an id."""
    known = Known({}, {}, {}, defaultdict(list), {})
    for person in _persons(id_fingerprint__among=frozenset(prints.values())):
        known.persons[person.pk] = known.by_fingerprint[person.id_fingerprint or ""] = person
    known.by_key = keyed_people(batch)
    for person in _persons(pk__among=frozenset(known.by_key.values()) - known.persons.keys()):
        known.persons[person.pk] = person
        if person.id_fingerprint:
            known.by_fingerprint[person.id_fingerprint] = person
    homes = _residencies(person__pk__among=frozenset(known.persons))
    doors = {door_of(household) for household in batch}
    elsewhere = {one.household_id for one in homes if one.end is None}
    _load_households(known, frozenset(door[0] for door in doors), frozenset(elsewhere))
    at_doors = {one.pk for one in known.households.values() if one.door in doors}
    seen = {one.pk for one in homes}
    living = _residencies(household__pk__among=frozenset(at_doors | elsewhere), end=None)
    homes += [one for one in living if one.pk not in seen]
    strangers = {one.person_id for one in homes} - known.persons.keys()
    for person in _persons(pk__among=frozenset(strangers)):
        known.persons[person.pk] = person
    for one in homes:
        known.persons[one.person_id].homes.append(one)
        if one.end is None and one.household_id in known.households:
            known.households[one.household_id].members.append(one)
    _load_tags(known, batch)
    return known


def _load_households(known: Known, buildings: frozenset[int], elsewhere: frozenset[int]) -> None:
    columns = ("pk", "building_id", "entrance_id", "room", "number", "version", "room_raw")
    opened = Household.objects.open()
    for query in (
        opened.filter(building__pk__among=buildings),
        opened.filter(pk__among=elsewhere),
    ):
        for row in query.order_by("pk").values_list(*columns):
            if row[0] not in known.households:
                household = known.households[row[0]] = KnownHousehold(*row)
                known.by_door[household.door].append(household)


def _load_tags(known: Known, batch: Sequence[RosterHousehold]) -> None:
    """Tags of the people met; only when the batch names key populations at all."""
    if not any(row.care for household in batch for row in household.members):
        return
    tags = CareTag.objects.filter(person__pk__among=frozenset(known.persons)).order_by("pk")
    for person_id, kind_id, end in tags.values_list("person_id", "kind_id", "end"):
        was_open = known.tags.get((person_id, kind_id), False)
        known.tags[person_id, kind_id] = was_open or end is None


def _persons(**wanted: Any) -> Iterator[KnownPerson]:
    for row in Person.objects.filter(**wanted).values_list(*_PERSON).iterator(chunk_size=CHUNK):
        pk, name, id_print, phone_print, year, died, phone, birth, *rest = row
        plain = dict(zip(PLAIN, rest, strict=True))
        yield KnownPerson(
            pk, name, id_print, phone_print, year, died, phone.token, birth.token, plain
        )


def _residencies(**wanted: Any) -> list[KnownResidency]:
    columns = (
        "pk", "person_id", "household_id", "relation", "is_head", "status", "start", "end",
    )  # fmt: skip
    rows = Residency.objects.filter(**wanted).order_by("pk").values_list(*columns)
    return [KnownResidency(*row) for row in rows.iterator(chunk_size=CHUNK)]


def fingerprints(batch: Iterable[RosterHousehold]) -> dict[RosterRow, str]:
    """The look-up fingerprint of every row of the batch that has an identity number."""
    return {
        row: fingerprint(row.id_number)
        for household in batch
        for row in household.members
        if row.id_number
    }


def keyed_people(batch: Iterable[RosterHousehold]) -> dict[RosterRow, int]:
    """Row → person, where the row bears a key of the system's own export."""
    found: dict[RosterRow, int] = {}
    for household in batch:
        for row in household.members:
            if row.person_key:
                pk = read_person_key(row.person_key)
                if pk is not None:
                    found[row] = pk
    return found
