"""The assignment itself: nearest first, compact runs of doors, as few changes as possible.

Existing links stay unless a head is over the hard limit. What is free after that is filled gap by
gap, from near to far: heads of the same entrance, of the same building, of the next building, of
the same compound; first up to the usual load, then up to the hard limit. A gap goes to heads who
have no door in that building yet, and to the neighbours on its two sides; so the doors of a head
in a building are one run. Filling only adds, and is repeated until it adds nothing: therefore a
second assignment over the result of the first changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

from residents.linking.gaps import Gap, lay_out
from residents.linking.ground import Ground
from residents.linking.values import Change, Home, Keeper, Plan, Rules

# A head goes to another building for no fewer doors than this, unless the gap is smaller.
SMALLEST_AWAY_RUN = 3


class Reach(IntEnum):
    """How far away a head may live from the doors to fill."""

    ENTRANCE = 0
    BUILDING = 1
    NEXT = 2
    COMPOUND = 3


def assign(
    homes: Sequence[Home],
    keepers: Iterable[Keeper],
    current: Mapping[int, int],
    rules: Rules | None = None,
) -> Plan:
    """Return the plan for `homes` (in door order), starting from `current` (household → head).

    The same input gives the same plan; links of people who are no keepers any more fall away.
    """
    rules = rules or Rules()
    ground = Ground(homes, sorted(keepers, key=lambda keeper: keeper.pk), current)
    _shed(ground, rules)
    while _fill_once(ground, rules):
        pass
    return _plan(ground, homes, current)


def _shed(ground: Ground, rules: Rules) -> None:
    """Take the doors farthest from home off heads over the hard limit, down to the usual load."""
    for keeper in ground.over(rules.hard):
        doors = ground.doors_of(keeper)
        surplus = ground.load[keeper] - rules.high
        for building, place in doors[max(0, len(doors) - surplus) :]:
            ground.release(building, place)


def _fill_once(ground: Ground, rules: Rules) -> int:
    """Go over the whole ground once; return how many doors found a head."""
    before = ground.free
    for cap in (rules.high, rules.hard):
        for reach in Reach:
            for building in ground.buildings_with_gaps():
                for gap in ground.gaps(building, by_entrance=reach == Reach.ENTRANCE):
                    _fill(ground, gap, reach, cap, rules)
    return before - ground.free


def _fill(ground: Ground, gap: Gap, reach: Reach, cap: int, rules: Rules) -> None:
    left, right = ground.sides(gap, cap, same_entrance=reach == Reach.ENTRANCE)
    rooms = (ground.room(left, cap), ground.room(right, cap))
    candidates = _candidates(ground, gap, reach, cap)
    wanted = _heads_wanted(gap.size, sum(rooms), rules)
    chosen = _spread(candidates, wanted, ground)
    for keeper, start, stop in lay_out(
        gap,
        left=(left, rooms[0]),
        right=(right, rooms[1]),
        fresh=[(one, ground.room(one, cap), ground.place_in(gap, one)) for one in chosen],
        load=ground.load,
    ):
        ground.take(keeper, gap.building, start, stop)


def _candidates(ground: Ground, gap: Gap, reach: Reach, cap: int) -> list[int]:
    """Heads with room who have no door in this building yet, in the order they live in."""
    if reach == Reach.ENTRANCE:
        pool = ground.living_in_entrance(gap.building, gap.unit)
    elif reach == Reach.BUILDING:
        pool = ground.living_in(gap.building)
    else:
        pool = ground.living_near(gap.building, 1 if reach == Reach.NEXT else None)
    least = 1 if reach <= Reach.BUILDING else min(SMALLEST_AWAY_RUN, gap.size)
    return [
        keeper
        for keeper in pool
        if ground.room(keeper, cap) >= least and not ground.has_door_in(keeper, gap.building)
    ]


def _heads_wanted(doors: int, room_beside: int, rules: Rules) -> int:
    """How many heads a gap asks for: none when the neighbours can take the few doors there are."""
    if doors < rules.low and doors <= room_beside:
        return 0
    return max(-(-doors // rules.high), (2 * doors + rules.target) // (2 * rules.target))


def _spread(candidates: list[int], wanted: int, ground: Ground) -> list[int]:
    """Choose `wanted` of the candidates, unused ones first, evenly along the doors."""
    unused = [keeper for keeper in candidates if not ground.load[keeper]]
    pool = unused if len(unused) >= wanted else candidates
    if len(pool) <= wanted:
        return pool
    return [pool[(2 * index + 1) * len(pool) // (2 * wanted)] for index in range(wanted)]


def _plan(ground: Ground, homes: Sequence[Home], current: Mapping[int, int]) -> Plan:
    links = ground.links()
    changes = [
        Change(home.pk, current.get(home.pk), links.get(home.pk))
        for home in homes
        if current.get(home.pk) != links.get(home.pk)
    ]
    return Plan(
        links=links,
        uncovered=tuple(home.pk for home in homes if home.pk not in links),
        changes=tuple(changes),
        loads=dict(ground.load),
    )
