"""疑似迁出: residents of an area whom a list declared complete does not name. Never deleted.

Somebody is named by the identity number, or by the name behind the same door; a row that was
refused names its person, too, unless it says that the person has left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from gridparty.lib.text import squash
from orgs.keys import fingerprint
from residents.models import Residency, RosterAbsence
from residents.roster.records import ParsedRoster
from residents.roster.register import Register

State = RosterAbsence.State
# Somebody found at home is not asked about again so soon.
REST = timedelta(days=30)
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Absent:
    """An open residency whose person the list does not name."""

    residency_id: int
    building_id: int
    grid_id: int


def find_absent(parsed: ParsedRoster, register: Register) -> tuple[list[Absent], list[int]]:
    """(who is missing, ids of the residencies of those who are named), in the open buildings."""
    prints, doors = _named(parsed)
    rows = Residency.objects.filter(
        household__building__in=register.open_buildings, household__closed_on=None, end=None
    ).values_list(
        "pk", "household__building_id", "household__grid_id", "household__room", "person__name",
        "person__id_fingerprint",
    )  # fmt: skip
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
    grids: Collection[int],
    job_id: int | None,
) -> int:
    """Store who is missing in these grids, once each; those who are named are missing no more."""
    now = timezone.now()
    asked = [one for one in absent if one.grid_id in grids]
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


def _row(absent: Absent, register: Register, job_id: int | None) -> RosterAbsence:
    home = register.homes[absent.building_id]
    return RosterAbsence(
        job_id=job_id, residency_id=absent.residency_id, district_id=home.district_id,
        street_id=home.street_id, community_id=home.community_id, grid_id=absent.grid_id,
        building_id=absent.building_id,
    )  # fmt: skip
