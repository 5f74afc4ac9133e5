"""The assignment of households to red corridor heads: near, compact, stable, never too many."""

from collections import defaultdict
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from residents.linking import Home, Keeper, Plan, Rules, assign
from residents.linking.gaps import even_shares
from residents.linking.values import histogram

RULES = Rules()


def block(*units: int, building: int = 1, compound: int = 1, first: int = 1) -> list[Home]:
    """Return the homes of one building: so many doors in each entrance."""
    doors = [unit for unit, count in enumerate(units, start=1) for _ in range(count)]
    return [Home(first + place, compound, building, unit) for place, unit in enumerate(doors)]


def runs(plan: Plan, homes: list[Home]) -> list[tuple[int | None, int]]:
    """Return (head, doors) along the doors."""
    return [(one, len(list(same))) for one, same in groupby(homes, lambda h: plan.links.get(h.pk))]


def test_an_entrance_goes_to_its_own_head() -> None:
    homes = block(12, 12, 12)
    plan = assign(homes, [Keeper(103, 30), Keeper(101, 5), Keeper(102, 14)], {})
    assert runs(plan, homes) == [(101, 12), (102, 12), (103, 12)]
    assert plan.uncovered == ()
    assert (plan.gained, plan.moved, plan.lost) == (36, 0, 0)


def test_an_entrance_without_a_head_is_taken_by_the_neighbours() -> None:
    homes = block(8, 8, 8)
    plan = assign(homes, [Keeper(1, 2), Keeper(2, 20)], {})
    assert runs(plan, homes) == [(1, 12), (2, 12)]


def test_heads_share_evenly_and_no_more_are_used_than_needed() -> None:
    homes = block(25)
    plan = assign(homes, [Keeper(pk, pk) for pk in (1, 5, 9, 13, 17, 21)], {})
    assert [count for _, count in runs(plan, homes)] == [9, 8, 8]
    assert histogram(plan.loads) == {0: 3, 8: 2, 9: 1}


def test_the_next_building_is_asked_before_a_farther_one() -> None:
    near, empty = block(10, building=1), block(10, building=2, first=101)
    far = block(10, building=3, first=201)
    farther = block(10, building=4, first=301)
    keepers = [Keeper(1, 1), Keeper(3, 201), Keeper(4, 301), Keeper(5, 302), Keeper(6, 202)]
    plan = assign(near + empty + far + farther, keepers, {})
    assert {plan.links[home.pk] for home in empty} <= {3, 6}
    assert plan.uncovered == ()


def test_another_compound_is_too_far() -> None:
    here, there = block(10), block(10, building=9, compound=9, first=101)
    plan = assign(here + there, [Keeper(1, 1), Keeper(2, 2)], {})
    assert plan.uncovered == tuple(home.pk for home in there)


def test_too_few_heads_take_fifteen_and_the_rest_is_uncovered() -> None:
    homes = block(40)
    plan = assign(homes, [Keeper(1, 3), Keeper(2, 38)], {})
    assert sorted(plan.loads.values()) == [15, 15]
    assert len(plan.uncovered) == 10


def test_those_who_have_a_head_keep_him() -> None:
    homes = block(20)
    current = {home.pk: 1 for home in homes[:9]}
    plan = assign(homes, [Keeper(1, 1), Keeper(2, 2)], current)
    assert all(plan.links[pk] == 1 for pk in current)
    assert {plan.links[home.pk] for home in homes[9:]} == {2}


def test_over_the_hard_limit_the_farthest_doors_are_given_up() -> None:
    homes = block(20)
    current = {home.pk: 1 for home in homes}
    plan = assign(homes, [Keeper(1, 1), Keeper(2, 2)], current)
    assert runs(plan, homes) == [(1, 12), (2, 8)]
    assert plan.moved == 8


def test_links_of_somebody_who_is_no_head_any_more_fall_away() -> None:
    homes = block(10)
    plan = assign(homes, [Keeper(2, 2)], {home.pk: 1 for home in homes})
    assert set(plan.links.values()) == {2}
    assert assign(homes, [], {1: 7}).lost == 1


def test_households_elsewhere_fill_the_load() -> None:
    homes = block(10)
    plan = assign(homes, [Keeper(1, 1, elsewhere=11)], {})
    assert plan.loads[1] == 15
    assert len(plan.uncovered) == 6


def test_who_lives_elsewhere_gains_nothing() -> None:
    homes = block(10)
    assert assign(homes, [Keeper(1, None), Keeper(2, 999)], {}).links == {}


@given(st.integers(0, 60), st.lists(st.integers(0, 15), max_size=8))
def test_shares_are_even_and_add_up(doors: int, rooms: list[int]) -> None:
    shares = even_shares(doors, rooms)
    assert sum(shares) == min(doors, sum(rooms))
    assert all(0 <= share <= room for share, room in zip(shares, rooms, strict=True))
    open_shares = [s for s, room in zip(shares, rooms, strict=True) if s < room]
    assert not open_shares or max(open_shares) - min(open_shares) <= 1


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[Home], list[Keeper]]:
    """Draw a few compounds with buildings and entrances, and heads who live in some of the homes."""
    homes: list[Home] = []
    for compound in range(draw(st.integers(1, 2))):
        for number in range(draw(st.integers(1, 4))):
            units = draw(st.lists(st.integers(1, 30), min_size=1, max_size=3))
            building = compound * 10 + number
            homes += block(*units, building=building, compound=compound, first=len(homes) + 1)
    dwellings = st.one_of(st.none(), st.integers(1, len(homes) + 3))
    where = draw(st.lists(dwellings, max_size=2 + len(homes) // 8))
    elsewhere = draw(st.integers(0, 3))
    return homes, [Keeper(1000 + n, home, elsewhere * (n % 2)) for n, home in enumerate(where)]


@given(towns())
@settings(max_examples=150, deadline=None)
def test_from_nothing(town: tuple[list[Home], list[Keeper]]) -> None:
    homes, keepers = town
    plan = assign(homes, keepers, {})
    check(plan, homes, keepers)
    for keeper, places in doors_by_building(plan, homes):
        assert places == list(range(places[0], places[-1] + 1)), f"{keeper} has two runs"
    again = assign(homes, keepers, plan.links)
    assert again.changes == ()
    assert again.links == plan.links


@given(towns(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_from_any_links(town: tuple[list[Home], list[Keeper]], rng: "object") -> None:
    """Whatever stands there: who is not overloaded keeps every household, and a rerun is quiet."""
    homes, keepers = town
    assert hasattr(rng, "choice")
    pool = [keeper.pk for keeper in keepers] + [None, None, 5]
    current = {h.pk: one for h in homes if (one := rng.choice(pool)) is not None}
    plan = assign(homes, keepers, current)
    check(plan, homes, keepers)
    before: dict[int, int] = defaultdict(int)
    for head in current.values():
        before[head] += 1
    for keeper in keepers:
        if before[keeper.pk] + keeper.elsewhere <= RULES.hard:
            kept = [pk for pk, head in current.items() if head == keeper.pk]
            assert all(plan.links.get(pk) == keeper.pk for pk in kept)
    assert assign(homes, keepers, plan.links).changes == ()


def check(plan: Plan, homes: list[Home], keepers: list[Keeper]) -> None:
    known = {keeper.pk for keeper in keepers}
    assert set(plan.links.values()) <= known
    assert set(plan.links) | set(plan.uncovered) == {home.pk for home in homes}
    assert not set(plan.links) & set(plan.uncovered)
    carried: dict[int, int] = defaultdict(int)
    for head in plan.links.values():
        carried[head] += 1
    for keeper in keepers:
        assert plan.loads[keeper.pk] == carried[keeper.pk] + keeper.elsewhere <= RULES.hard


def doors_by_building(plan: Plan, homes: list[Home]) -> list[tuple[int, list[int]]]:
    """Return for each head and building the places of the head's doors."""
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    counter: dict[int, int] = defaultdict(int)
    for home in homes:
        place = counter[home.building]
        counter[home.building] += 1
        if home.pk in plan.links:
            places[plan.links[home.pk], home.building].append(place)
    return [(head, found) for (head, _), found in places.items()]


@pytest.mark.parametrize("size", [2_000])
def test_the_same_input_gives_the_same_plan(size: int) -> None:
    homes = [Home(n, n // 500, n // 48, n // 12) for n in range(size)]
    keepers = [Keeper(10_000 + n, n * 9 % size) for n in range(size // 10)]
    assert assign(homes, keepers, {}) == assign(homes, list(reversed(keepers)), {})
