"""Who lives in the grids: households, Party members and corridor heads, grid by grid."""

from collections import defaultdict
from collections.abc import Iterator
from random import Random

from gridparty.demo.families import Families
from gridparty.demo.heads import write_heads
from gridparty.demo.people import People
from gridparty.demo.registers import (
    FULL_MEMBER,
    PROBATIONARY_MEMBER,
    Home,
    Living,
    write_care_tags,
    write_homes,
    write_members,
    write_people,
    write_residencies,
)
from gridparty.demo.shapes import DEMO_COMMUNITY, XUANCHENG
from gridparty.demo.world import GridFacts, World
from gridparty.lib.text import natural_key
from grids.models import Entrance
from orgs.divisions.bulk import new_ids
from orgs.models import Person
from residents.models import CareKind, Household, door_key

# More than the posts and team slots of one grid need.
_REMEMBERED = 12


def build_residents(world: World, people: People, heads: int | None = None) -> None:
    """Fill every residential grid with households, members and corridor heads.

    With `heads`, every grid gets some until so many serve.
    """
    kinds = dict(CareKind.objects.values_list("code", "pk"))
    families = Families(people)
    for tree in world.trees:
        for facts in tree.grids():
            if facts.buildings:
                served = _fill_grid(world, facts, families, kinds, heads)
                heads = heads and heads - served


def _fill_grid(
    world: World, facts: GridFacts, families: Families, kinds: dict[str, int], heads: int | None
) -> int:
    """Fill one grid; returns how many corridor heads serve in it."""
    today, rng = world.setting.today, families.rng
    homes = list(_homes(facts, families))
    members = [(member, home) for home in homes for member in home.family.members]
    ids = new_ids(Person, len(members))
    living = [Living(pk, member, home) for pk, (member, home) in zip(ids, members, strict=True)]
    joined = _join_party(living, world.setting.scale.members_in(facts.plan), rng)
    write_homes(facts.grid, homes)
    write_people(living, rng)
    write_residencies(living, today, rng)
    write_care_tags(living, kinds, today, rng)
    write_members(joined, today, rng)
    _remember(facts, living, joined)
    with_heads = facts.community.plan.code == DEMO_COMMUNITY or facts.plan is XUANCHENG
    if heads is None and not with_heads:
        return 0
    return write_heads(facts.grid, homes, living, today, heads)


def _homes(facts: GridFacts, families: Families) -> Iterator[Home]:
    """Yield a household for every home of the grid, in door order."""
    entrances: dict[int, list[Entrance]] = defaultdict(list)
    for entrance in Entrance.objects.filter(building__grid=facts.grid).order_by("sort_key"):
        entrances[entrance.building_id].append(entrance)
    doors = []
    for building in facts.buildings:
        compound = building.compound.name
        for entrance in entrances[building.pk]:
            key = door_key(compound=compound, building=building.name, unit=entrance.name, room="")
            doors += [
                (building, entrance, room, key + natural_key(room)) for room in _rooms(entrance)
            ]
    for pk, door in zip(new_ids(Household, len(doors)), doors, strict=True):
        yield Home(pk, *door, families.draw())


def _rooms(entrance: Entrance) -> Iterator[str]:
    for floor in range(1, (entrance.floors or 0) + 1):
        for place in range(1, (entrance.rooms_per_floor or 0) + 1):
            yield f"{floor}{place:02d}"


def _join_party(living: list[Living], wanted: int, rng: Random) -> list[Living]:
    """Pick the grid's Party members among its grown-up residents and mark them."""
    adults = [one for one in living if one.member.age >= 22 and one.is_settled]
    joined = rng.sample(adults, min(wanted, len(adults)))
    for one in joined:
        probationary = one.member.age < 40 and rng.random() < 0.06
        one.party = PROBATIONARY_MEMBER if probationary else FULL_MEMBER
    return sorted(joined, key=lambda one: one.pk)


def _remember(facts: GridFacts, living: list[Living], joined: list[Living]) -> None:
    """Keep the few people who will hold a post, as rows."""
    neighbours = [
        one.pk for one in living if not one.party and 25 <= one.member.age <= 68 and one.is_settled
    ][:_REMEMBERED]
    members = [one for one in joined if one.party == FULL_MEMBER]
    leaders: dict[int, int] = {}
    for one in members:
        if one.home.building.party_group_id is not None:
            leaders.setdefault(one.home.building.party_group_id, one.pk)
    some = [one.pk for one in (*members[:4], *members[-4:])]
    found = Person.objects.in_bulk([*neighbours, *some, *leaders.values()])
    facts.neighbours = [found[pk] for pk in neighbours]
    facts.members = [found[pk] for pk in dict.fromkeys(some)]
    facts.leaders = {group: found[pk] for group, pk in leaders.items()}
