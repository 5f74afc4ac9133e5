"""疑似迁出/疑似死亡: residents whom a list declared complete does not name, or whom any list says
have moved out or died. Never deleted.

Somebody is named by the identity number, or by the name behind the same door; a row that was
refused names its person, too, unless it says that the person has left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from gridparty.lib.text import squash
from orgs.keys import fingerprint
from residents.models import Residency, RosterAbsence
from residents.roster.extras import DIED
from residents.roster.records import ParsedRoster, RosterRow
from residents.roster.register import Register

State, Kind = RosterAbsence.State, RosterAbsence.Kind
# Somebody found at home is not asked about again so soon.
REST = timedelta(days=30)
_CHUNK = 2000
_ROOMS = 300
_COLUMNS = (
    "pk", "household__building_id", "household__grid_id", "household__room", "person__name",
    "person__id_fingerprint",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Absent:
    """An open residency whose person the list does not name."""

    residency_id: int
    building_id: int
    grid_id: int
    kind: str = Kind.MISSING
    said_on: date | None = None


def find_gone(parsed: ParsedRoster, register: Register) -> list[Absent]:
    """Residents of the open buildings whom a row of the file says have moved out or died."""
    prints: dict[str, RosterRow] = {}
    doors: dict[tuple[int, str, str], RosterRow] = {}
    for row in parsed.rows:
        if row.left and row.id_number:
            prints[fingerprint(row.id_number)] = row
        elif row.left and row.place is not None and row.name:
            doors[row.place.key, row.door.room, squash(row.name)] = row
    found: dict[int, Absent] = {}
    living = Residency.objects.filter(
        household__building__in=register.open_buildings, household__closed_on=None, end=None
    )
    keys, rooms = list(prints), list(doors)
    queries = [
        living.filter(person__id_fingerprint__in=keys[start : start + _CHUNK])
        for start in range(0, len(keys), _CHUNK)
    ] + [
        living.filter(
            household__building__in={building for building, _room, _name in chunk},
            household__room__in={room for _building, room, _name in chunk},
        )
        for chunk in (rooms[start : start + _ROOMS] for start in range(0, len(rooms), _ROOMS))
    ]
    for query in queries:
        for pk, building, grid, room, name, print_ in query.values_list(*_COLUMNS):
            said = prints.get(print_ or "") or doors.get((building, room, squash(name)))
            if said is not None:
                kind = Kind.DIED if said.left == DIED else Kind.MOVED
                found[pk] = Absent(pk, building, grid, kind, said.left_on)
    return list(found.values())


def find_absent(parsed: ParsedRoster, register: Register) -> tuple[list[Absent], list[int]]:
    """(who is missing, ids of the residencies of those who are named), in the open buildings."""
    prints, doors = _named(parsed)
    rows = Residency.objects.filter(
        household__building__in=register.open_buildings, household__closed_on=None, end=None
    ).values_list(*_COLUMNS)
    absent: list[Absent] = []
    present: list[int] = []
    for pk, building, grid, room, name, print_ in rows.iterator(chunk_size=5000):
        if (print_ and print_ in prints) or (building, room, squash(name)) in doors:
            present.append(pk)
        else:
            absent.append(Absent(pk, building, grid))
    return absent, present


def _named(parsed: ParsedRoster) -> tuple[set[str], set[tuple[int, str, str]]]:
    prints: set[str] = set()
    doors: set[tuple[int, str, str]] = set()
    for row in parsed.rows:
        if row.left:
            continue
        if row.id_number:
            prints.add(fingerprint(row.id_number))
        if row.place is not None and row.name:
            doors.add((row.place.key, row.door.room, squash(row.name)))
    return prints, doors


def queue_absent(
    absent: Sequence[Absent],
    present: Sequence[int],
    register: Register,
    *,
    buildings: Collection[int],
    job_id: int | None,
) -> int:
    """Store who is missing in these buildings, once each; those who are named are missing no more."""
    now = timezone.now()
    asked = [one for one in absent if one.building_id in buildings]
    known: set[int] = set()
    for start in range(0, len(asked), _CHUNK):
        chunk = [one.residency_id for one in asked[start : start + _CHUNK]]
        rows = RosterAbsence.objects.filter(residency__in=chunk)
        known.update(rows.undecided().values_list("residency_id", flat=True))
        rested = rows.filter(state=State.STAYS, decided_at__gt=now - REST)
        known.update(rested.values_list("residency_id", flat=True))
    new = [_row(one, register, job_id) for one in asked if one.residency_id not in known]
    RosterAbsence.objects.bulk_create(new, batch_size=500)
    for start in range(0, len(present), _CHUNK):
        chunk = list(present[start : start + _CHUNK])
        RosterAbsence.objects.filter(residency__in=chunk).undecided().update(
            state=State.EXPIRED, decided_at=now
        )
    return len(new)


def queue_gone(gone: Sequence[Absent], register: Register, *, job_id: int | None) -> None:
    """Store whom the list says are gone; one who waits already waits with what the list says."""
    rest = timezone.now() - REST
    new = []
    for one in gone:
        rows = RosterAbsence.objects.filter(residency=one.residency_id)
        waiting = rows.undecided().update(kind=one.kind, said_on=one.said_on)
        if not waiting and not rows.filter(state=State.STAYS, decided_at__gt=rest).exists():
            new.append(_row(one, register, job_id))
    RosterAbsence.objects.bulk_create(new, batch_size=500)


def _row(absent: Absent, register: Register, job_id: int | None) -> RosterAbsence:
    home = register.homes[absent.building_id]
    return RosterAbsence(
        job_id=job_id, residency_id=absent.residency_id, district_id=home.district_id,
        street_id=home.street_id, community_id=home.community_id, grid_id=absent.grid_id,
        building_id=absent.building_id, kind=absent.kind, said_on=absent.said_on,
    )  # fmt: skip
