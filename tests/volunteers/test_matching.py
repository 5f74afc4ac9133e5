"""The assignment: who may be asked, who is best, nobody twice, and near the exact optimum."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.bench_matching import best, make, total
from volunteers.matching import Helper, Slot, assign, ranked, why
from volunteers.matching.values import metres

NINE = datetime.fromisoformat("2026-06-03T09:00:00+08:00")
HERE, THERE = (117.20, 31.70), (117.20, 31.71)
SLOT = Slot(
    id=1, starts_at=NINE, ends_at=NINE + timedelta(hours=2), places=1, kind="care",
    skills=frozenset({"medical"}), half_day="workday_am", place=HERE, beneficiary=7, person=70,
)  # fmt: skip
PLAIN = Helper(id=1, place=HERE)


def first(slot: Slot, *helpers: Helper) -> int:
    return ranked(slot, helpers, 10)[0].helper


def able(slot: Slot, helper: Helper) -> bool:
    return bool(ranked(slot, [helper], 1))


@pytest.mark.parametrize(
    "better",
    [
        {"skills": frozenset({"medical"})}, {"times": frozenset({"workday_am"})},
        {"knows": frozenset({7})}, {"likes": frozenset({"care"})},
    ],
)  # fmt: skip
def test_each_fact_speaks_for_somebody(better: dict[str, Any]) -> None:
    assert first(SLOT, PLAIN, replace(PLAIN, id=2, **better)) == 2


def test_the_nearer_and_the_longer_unasked_come_first() -> None:
    assert first(SLOT, replace(PLAIN, place=THERE), replace(PLAIN, id=2)) == 2
    assert first(SLOT, replace(PLAIN, asked_days=3), replace(PLAIN, id=2, asked_days=40)) == 2
    assert first(SLOT, replace(PLAIN, asked_days=40), replace(PLAIN, id=2)) == 2
    assert round(metres(HERE, THERE)) == 1112


@pytest.mark.parametrize(
    "barred",
    [
        {"times": frozenset({"weekend_am"})}, {"place": THERE, "reach": 1000}, {"is_minor": True},
        {"person": 70}, {"busy": ((NINE + timedelta(hours=1), NINE + timedelta(hours=3)),)},
    ],
)  # fmt: skip
def test_who_cannot_is_not_asked(barred: dict[str, Any]) -> None:
    assert able(SLOT, PLAIN)
    assert not able(SLOT, replace(PLAIN, **barred))


def test_what_ends_when_it_begins_is_no_clash() -> None:
    before = replace(PLAIN, busy=((NINE - timedelta(hours=2), NINE),))
    assert able(SLOT, before)
    assert able(replace(SLOT, minors_welcome=True), replace(PLAIN, is_minor=True))
    assert not able(replace(SLOT, closed_to=frozenset({1})), PLAIN)


def test_every_suggestion_says_why() -> None:
    good = Helper(
        id=1, skills=frozenset({"medical"}), likes=frozenset({"care"}), place=HERE,
        times=frozenset({"workday_am"}), knows=frozenset({7}),
    )  # fmt: skip
    said = [one.words for one in why(good, SLOT)]
    assert said == [
        "会医疗护理", "相距约 0 米", "工作日上午方便", "还没有邀请过", "以前帮过这一家", "愿意参加敬老助残",
    ]  # fmt: skip
    plain = why(replace(PLAIN, place=None, asked_days=0), SLOT)
    assert [(one.holds, one.words) for one in plain] == [
        (False, "没有填医疗护理"), (False, "距离未知"), (False, "没有填方便时间"), (False, "今天刚邀请过"),
    ]  # fmt: skip


def test_the_whole_counts_not_the_first() -> None:
    """The only one who can go to the far place is not spent on the near one."""
    near, far = SLOT, replace(SLOT, id=2, half_day="workday_pm", starts_at=NINE + timedelta(hours=5),
                              ends_at=NINE + timedelta(hours=7))  # fmt: skip
    both = replace(
        PLAIN, skills=frozenset({"medical"}), times=frozenset({"workday_am", "workday_pm"})
    )
    morning = Helper(id=2, place=HERE, times=frozenset({"workday_am"}))
    found = {match.slot: match.helper for match in assign([near, far], [both, morning])}
    assert found == {1: 2, 2: 1}


def test_nothing_to_match_is_no_fault() -> None:
    assert assign([], [PLAIN]) == []
    assert assign([SLOT], []) == []
    assert assign([replace(SLOT, places=0)], [PLAIN]) == []
    assert ranked(SLOT, [], 5) == []
    assert assign([replace(SLOT, closed_to=frozenset({1}))], [PLAIN]) == []


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), many=st.integers(1, 60), shifts=st.integers(1, 14))
def test_nobody_twice_nothing_overfull_and_near_the_optimum(
    seed: int, many: int, shifts: int
) -> None:
    helpers, slots = make(many, shifts, Random(seed))
    found = assign(slots, helpers)
    assert len({match.helper for match in found}) == len(found)
    places = {slot.id: slot.places for slot in slots}
    for slot in slots:
        assert sum(match.slot == slot.id for match in found) <= places[slot.id]
    exact = best(slots, helpers)
    assert total(found) >= 0.98 * exact - 0.1 * len(found)
