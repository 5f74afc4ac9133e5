"""The register rows of one grid: households, persons, residencies, tags, members. Written in bulk."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from gridparty.demo.bulk import insert
from gridparty.demo.families import Family, Member, education_of
from gridparty.lib.text import initials
from grids.models import Building, Entrance, Grid
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.models import PartyMember, Person
from residents.catalog import CARE_KINDS, CARE_LEVELS, CITIZEN_ID, HEAD
from residents.models import CareTag, Household, Residency

FULL_MEMBER, PROBATIONARY_MEMBER = "中共党员", "中共预备党员"
_LEVELS = {kind.code: kind.level for kind in CARE_KINDS}
_CADENCES = {level.code: level.visit_days for level in CARE_LEVELS}


@dataclass(slots=True)
class Home:
    """A household to be written, and the family in it."""

    pk: int
    building: Building
    entrance: Entrance
    room: str
    sort_key: str
    family: Family


@dataclass(slots=True)
class Living:
    """A person to be written, where they live, and the political status of Party members."""

    pk: int
    member: Member
    home: Home
    party: str = ""

    @property
    def is_settled(self) -> bool:
        return self.member.residence == "常住"


def write_homes(grid: Grid, homes: list[Home]) -> None:
    scope = (grid.district_id, grid.street_id, grid.community_id, grid.pk)
    insert(
        Household,
        (
            "id", "district_id", "street_id", "community_id", "grid_id", "building_id",
            "entrance_id", "room", "room_raw", "sort_key", "occupancy",
        ),
        (
            (
                home.pk, *scope, home.building.pk, home.entrance.pk, home.room, home.room,
                home.sort_key, home.family.occupancy,
            )
            for home in homes
        ),
    )  # fmt: skip


def write_people(living: list[Living], rng: Random) -> None:
    """Write the persons with sealed id number, phone and birth date."""
    insert(
        Person,
        (
            "id", "name", "name_initials", "gender", "id_kind", "id_number", "id_fingerprint",
            "phone", "phone_fingerprint", "birth", "birth_year", "ethnicity", "political_status",
            "education", "marriage", "is_volunteer",
        ),
        (_person_row(one, rng) for one in living),
    )  # fmt: skip


def _person_row(one: Living, rng: Random) -> tuple[Any, ...]:
    human, member = one.member.human, one.member
    return (
        one.pk, human.name, initials(human.name), human.gender, CITIZEN_ID,
        Sealed.of(human.id_number).token, fingerprint(human.id_number),
        Sealed.of(human.phone).token, fingerprint(human.phone),
        Sealed.of(human.born.isoformat()).token, human.born.year,
        "汉族" if rng.random() < 0.97 else rng.choice(("回族", "满族", "苗族", "土家族")),
        one.party or ("群众" if member.age >= 18 else ""), education_of(member.age, rng),
        member.marriage, 18 <= member.age <= 70 and rng.random() < 0.03,
    )  # fmt: skip


def write_residencies(living: list[Living], today: date, rng: Random) -> None:
    insert(
        Residency,
        ("person_id", "household_id", "relation", "is_head", "status", "start"),
        (
            (
                one.pk, one.home.pk, one.member.relation, one.member.relation == HEAD,
                one.member.residence, _ago(today, rng.randrange(200, 2600)),
            )
            for one in living
        ),
    )  # fmt: skip


def write_care_tags(living: list[Living], kinds: dict[str, int], today: date, rng: Random) -> None:
    insert(
        CareTag,
        ("person_id", "kind_id", "level", "basis", "start", "visited_on", "due_on"),
        (
            (
                one.pk, kinds[code], _LEVELS[code], "入户摸排",
                _ago(today, rng.randrange(30, 400)), *_visited(one.pk, _LEVELS[code], today),
            )
            for one in living
            for code in one.member.care
        ),
    )  # fmt: skip


def _visited(person: int, level: str, today: date) -> tuple[str, str]:
    """Return (last visit, next due): most are looked after in time, one in a dozen is late."""
    days = _CADENCES[level]
    ago = person * 7919 % (days + days // 12 + 1)
    return _ago(today, ago), _ago(today, ago - days)


def write_members(joined: list[Living], today: date, rng: Random) -> None:
    """Register Party members at the group of their building: 在地, mostly 在册, some 在岗."""
    rows = []
    for one in joined:
        probationary = one.party == PROBATIONARY_MEMBER
        years = 0 if probationary else rng.randint(1, max(1, one.member.age - 21))
        kind = PartyMember.Kind.PROBATIONARY if probationary else PartyMember.Kind.FULL
        joined_on = _ago(today, years * 365 + rng.randrange(30, 330))
        rows.append(
            (
                one.pk, one.home.building.party_group_id, kind.value, joined_on, True,
                rng.random() < 0.7, rng.random() < 0.2,
            )
        )  # fmt: skip
    columns = ("person_id", "org_unit_id", "kind", "joined_on", "residing", "registered", "working")
    insert(PartyMember, columns, rows)


def _ago(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()
