"""Matching volunteers: 10,000 × 2,000 shifts, and how near to the best answer it comes.

The best answer is known where it can be computed: on a fifth of both, scipy's dense exact
solver runs over every edge. `run` says the seconds against the limit of 20 and the loss against 2 %.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from random import Random

from benchmarks.run import Figure

HELPERS, SHIFTS, SAMPLE = 10_000, 2_000, 5
MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


def run() -> list[Figure]:
    from volunteers.matching import assign

    helpers, slots = make(HELPERS, SHIFTS, Random(7))
    started = time.perf_counter()
    found = assign(slots, helpers)
    whole = time.perf_counter() - started
    assert len({match.helper for match in found}) == len(found)
    some, few = make(HELPERS // SAMPLE, SHIFTS // SAMPLE, Random(8))
    lost = max(1 - total(assign(few, some)) / best(few, some), 0.0)
    started = time.perf_counter()
    best(few, some)
    dense = time.perf_counter() - started
    what = f"{HELPERS:,} volunteers × {SHIFTS:,} shifts"
    return [
        Figure(f"{what}: {len(found):,} places filled", whole, 20, 1, "20 seconds"),
        Figure(f"loss on {HELPERS // SAMPLE:,} × {SHIFTS // SAMPLE:,} (share)", lost, 0.02, 1,
               "2 % of the exact optimum"),
        Figure("for comparison: dense exact, the sample alone", dense, 20, 1, "20 seconds"),
    ]  # fmt: skip


def make(helpers: int, shifts: int, rng: Random) -> tuple[list, list]:  # type: ignore[type-arg]
    """A district of ten kilometres: people as the forms allow, shifts over two weeks."""
    from volunteers.catalog import ActivityKind, Skill, Times
    from volunteers.matching import Helper, Slot

    skills, kinds, times = Skill.values, ActivityKind.values, Times.values

    def place() -> tuple[float, float]:
        return 117.2 + rng.random() * 0.1, 31.7 + rng.random() * 0.09

    people = []
    for number in range(helpers):
        start = MONDAY + timedelta(days=rng.randrange(14), hours=rng.choice((0, 5, 10)))
        people.append(
            Helper(
                id=number, person=number, skills=frozenset(rng.sample(skills, rng.randint(1, 3))),
                likes=frozenset(rng.sample(kinds, rng.randint(1, 4))),
                times=frozenset(rng.sample(times, rng.randint(0, 3))),
                reach=rng.choice((1000, 3000, 3000, 10000)),
                place=place() if rng.random() < 0.95 else None,
                asked_days=rng.choice((None, *range(0, 120, 7))),
                busy=((start, start + timedelta(hours=2)),) if rng.random() < 0.3 else (),
                knows=frozenset(rng.sample(range(2000), 2)),
            )
        )  # fmt: skip
    slots = []
    for number in range(shifts):
        half = rng.randrange(3)
        start = MONDAY + timedelta(days=rng.randrange(14), hours=(0, 5, 10)[half])
        part = ("am", "pm", "eve")[half]
        week = "weekend" if start.weekday() > 4 else "workday"
        slots.append(
            Slot(
                id=number, starts_at=start, ends_at=start + timedelta(hours=2),
                places=rng.randint(2, 6), kind=rng.choice(kinds), half_day=f"{week}_{part}",
                skills=frozenset(rng.sample(skills, rng.randint(0, 2))), place=place(),
                beneficiary=rng.randrange(2000) if rng.random() < 0.5 else None,
            )
        )  # fmt: skip
    return people, slots


def total(matches: list) -> float:  # type: ignore[type-arg]
    from volunteers.matching.values import FILLED

    return float(sum(FILLED + match.worth for match in matches))


def best(slots: list, helpers: list) -> float:  # type: ignore[type-arg]
    """Return the exact optimum over every edge, by the dense solver."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    from volunteers.matching.engine import Facts, worth
    from volunteers.matching.values import FILLED

    facts = Facts(helpers)
    table = np.vstack([np.repeat([worth(slot, facts)], slot.places, axis=0) for slot in slots])
    value = np.where(np.isnan(table), 0.0, table + FILLED)
    rows, cols = linear_sum_assignment(value, maximize=True)
    return float(value[rows, cols].sum())
