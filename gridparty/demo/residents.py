"""Households and the people in them, written grid by grid in bulk."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gridparty.demo.bulk import insert
from gridparty.demo.families import VACANT, Families, Family, Member, education_of
from gridparty.demo.people import People
from gridparty.demo.shapes import DEMO_COMMUNITY, XUANCHENG
from gridparty.demo.world import GridFacts, World
from gridparty.lib.text import initials, natural_key
from grids.doors import Door
from grids.models import Building, Entrance
from orgs.divisions.bulk import new_ids
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.models import PartyMember, Person
from residents.catalog import CARE_KINDS, CITIZEN_ID
from residents.models import CareKind, CareTag, Household, LinkedHousehold, Residency

HOMES_PER_HEAD = 10
_LEVELS = {kind.code: kind.level for kind in CARE_KINDS}
_HOME_COLUMNS = (
    "id", "district_id", "street_id", "community_id", "grid_id", "building_id", "entrance_id",
    "room", "room_raw", "sort_key", "occupancy",
)  # fmt: skip
_PERSON_COLUMNS = (
    "id", "name", "name_initials", "gender", "id_kind", "id_number", "id_fingerprint", "phone",
    "phone_fingerprint", "birth", "birth_year", "ethnicity", "political_status", "education",
    "marriage", "is_volunteer",
)  # fmt: skip


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
    """A person to be written, where they live, and whether they are in the Party."""

    pk: int
    member: Member
    home: Home
    party: str = ""


def build_residents(world: World, people: People) -> None:
    """Fill every residential grid with households, members and corridor heads."""
    kinds = dict(CareKind.objects.values_list("code", "pk"))
    families = Families(people)
    for tree in world.trees:
        for facts in tree.grids():
            if facts.buildings:
                _fill_grid(world, facts, families, kinds)


def _fill_grid(world: World, facts: GridFacts, families: Families, kinds: dict[str, int]) -> None:
    today, rng = world.setting.today, families.rng
    homes = list(_homes(facts, families))
    members = [(member, home) for home in homes for member in home.family.members]
    ids = new_ids(Person, len(members))
    living = [Living(pk, member, home) for pk, (member, home) in zip(ids, members, strict=True)]
    joined = _join_party(living, world.setting.scale.members_in(facts.plan), rng)
    grid = facts.grid
    scope = (grid.district_id, grid.street_id, grid.community_id, grid.pk)
    insert(
        Household,
        _HOME_COLUMNS,
        (
            (
                home.pk, *scope, home.building.pk, home.entrance.pk, home.room, home.room,
                home.sort_key, home.family.occupancy,
            )
            for home in homes
        ),
    )  # fmt: skip
    insert(Person, _PERSON_COLUMNS, (_person_row(one, rng) for one in living))
    insert(
        Residency,
        ("person_id", "household_id", "relation", "is_head", "status", "start"),
        (
            (
                one.pk, one.home.pk, one.member.relation, one.member.relation == "户主",
                one.member.residence, _ago(today, rng.randrange(200, 2600)),
            )
            for one in living
        ),
    )  # fmt: skip
    insert(
        CareTag,
        ("person_id", "kind_id", "level", "basis", "start"),
        (
            (one.pk, kinds[code], _LEVELS[code], "入户摸排", _ago(today, rng.randrange(30, 400)))
            for one in living
            for code in one.member.care
        ),
    )
    insert(
        PartyMember,
        ("person_id", "org_unit_id", "kind", "joined_on", "residing", "registered", "working"),
        (_membership_row(one, today, rng) for one in joined),
    )
    _remember(facts, living, joined)
    if facts.community.plan.code == DEMO_COMMUNITY or facts.plan is XUANCHENG:
        _link_to_heads(homes, living, today)


def _homes(facts: GridFacts, families: Families) -> Iterator[Home]:
    """Yield a household for every home of the grid, in door order."""
    entrances: dict[int, list[Entrance]] = defaultdict(list)
    for entrance in Entrance.objects.filter(building__grid=facts.grid).order_by("sort_key"):
        entrances[entrance.building_id].append(entrance)
    doors = [
        (building, entrance, room)
        for building in facts.buildings
        for entrance in entrances[building.pk]
        for room in _rooms(entrance)
    ]
    prefixes = {
        entrance.pk: Door(building.compound.name, building.name, entrance.name).sort_key
        for building in facts.buildings
        for entrance in entrances[building.pk]
    }
    for pk, (building, entrance, room) in zip(new_ids(Household, len(doors)), doors, strict=True):
        key = prefixes[entrance.pk] + natural_key(room)
        yield Home(pk, building, entrance, room, key, families.draw())


def _rooms(entrance: Entrance) -> Iterator[str]:
    for floor in range(1, (entrance.floors or 0) + 1):
        for place in range(1, (entrance.rooms_per_floor or 0) + 1):
            yield f"{floor}{place:02d}"


def _person_row(one: Living, rng: Random) -> tuple[object, ...]:
    human, member = one.member.human, one.member
    return (
        one.pk, human.name, initials(human.name), human.gender, CITIZEN_ID,
        Sealed.of(human.id_number).token, fingerprint(human.id_number),
        Sealed.of(human.phone).token, fingerprint(human.phone),
        Sealed.of(human.born.isoformat()).token, human.born.year,
        "汉族" if rng.random() < 0.97 else rng.choice(("回族", "满族", "苗族", "土家族")),
        one.party, education_of(member.age, rng), member.marriage,
        18 <= member.age <= 70 and rng.random() < 0.03,
    )  # fmt: skip


def _join_party(living: list[Living], wanted: int, rng: Random) -> list[Living]:
    """Pick the grid's Party members among its grown-up residents and mark them."""
    adults = [one for one in living if one.member.age >= 22 and one.member.residence == "常住"]
    joined = rng.sample(adults, min(wanted, len(adults)))
    for one in joined:
        probationary = one.member.age < 40 and rng.random() < 0.06
        one.party = "中共预备党员" if probationary else "中共党员"
    return sorted(joined, key=lambda one: one.pk)


def _membership_row(one: Living, today: date, rng: Random) -> tuple[object, ...]:
    probationary = one.party == "中共预备党员"
    years = 0 if probationary else rng.randint(1, max(1, one.member.age - 21))
    kind = PartyMember.Kind.PROBATIONARY if probationary else PartyMember.Kind.FULL
    return (
        one.pk, one.home.building.party_group_id, kind.value,
        _ago(today, years * 365 + rng.randrange(30, 330)), True, rng.random() < 0.7,
        rng.random() < 0.2,
    )  # fmt: skip


def _remember(facts: GridFacts, living: list[Living], joined: list[Living]) -> None:
    """Keep the few people who will hold a post, as rows."""
    neighbours = [
        one
        for one in living
        if not one.party and 25 <= one.member.age <= 68 and one.member.residence == "常住"
    ][:12]
    members = [one for one in joined if one.party == "中共党员"]
    by_group: dict[int, list[int]] = defaultdict(list)
    for one in members:
        if one.home.building.party_group_id is not None:
            by_group[one.home.building.party_group_id].append(one.pk)
    some = [one.pk for one in (*neighbours, *members[:4], *members[-4:])]
    leaders = {group: pks[0] for group, pks in by_group.items()}
    found = Person.objects.in_bulk([*some, *leaders.values()])
    facts.neighbours = [found[one.pk] for one in neighbours]
    facts.members = [found[one.pk] for one in members if one.pk in found]
    facts.leaders = {group: found[pk] for group, pk in leaders.items()}


def _link_to_heads(homes: list[Home], living: list[Living], today: date) -> None:
    """Give every ten neighbouring homes a corridor head who lives in one of them."""
    candidates: dict[int, int] = {}
    for one in living:
        if 28 <= one.member.age <= 72 and one.member.residence == "常住":
            candidates.setdefault(one.home.pk, one.pk)
    occupied = [home for home in homes if home.family.occupancy != VACANT]
    links: list[tuple[object, ...]] = []
    for start in range(0, len(occupied), HOMES_PER_HEAD):
        run = occupied[start : start + HOMES_PER_HEAD]
        head = next((candidates[home.pk] for home in run if home.pk in candidates), None)
        if head is not None:
            links += [(head, home.pk, _ago(today, 180)) for home in run]
    insert(LinkedHousehold, ("head_id", "household_id", "start"), links)


def _ago(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()
