"""The assignment: every helper at most one slot, every slot at most its places, most worth in all.

An exact solver (scipy's sparse Jonker-Volgenant) works on the edges worth keeping: for each helper
the best few slots, for each slot more helpers than it has places. What is cut off is seldom part
of the best answer: benchmarks/bench_matching.py compares with the exact one over all edges.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from volunteers.matching.values import (
    EARTH_M,
    FILLED,
    KNOWN,
    LIKES,
    NEAR,
    NO_SKILL_ASKED,
    REST_DAYS,
    SKILL,
    TIME,
    TIME_UNSAID,
    TURN,
    WHERE_UNKNOWN,
    Helper,
    Match,
    Slot,
)

PER_HELPER = 12
PER_SLOT = 10  # beside three for each place


class Facts:
    """The helpers as columns, so that a slot is held against all of them at once."""

    def __init__(self, helpers: Sequence[Helper]) -> None:
        self.helpers = helpers
        self.at = {one.id: row for row, one in enumerate(helpers)}
        nowhere = (np.nan, np.nan)
        places = np.radians(np.array([one.place or nowhere for one in helpers], dtype=float))
        self.lon, self.lat = places.reshape(-1, 2).T
        self.reach = np.array([one.reach for one in helpers], dtype=float)
        self.minor = np.array([one.is_minor for one in helpers], dtype=bool)
        self.person = np.array([one.person for one in helpers], dtype=np.int64)
        self.said = np.array([bool(one.times) for one in helpers], dtype=bool)
        rest = [REST_DAYS if one.asked_days is None else one.asked_days for one in helpers]
        self.turn = TURN * np.minimum(np.array(rest, dtype=float), REST_DAYS) / REST_DAYS
        self.skills = self._by_code("skills")
        self.likes = self._by_code("likes")
        self.times = self._by_code("times")
        self.knows: dict[int, list[int]] = {}
        stays = []
        for row, one in enumerate(helpers):
            for household in one.knows:
                self.knows.setdefault(household, []).append(row)
            stays += [(row, start.timestamp(), end.timestamp()) for start, end in one.busy]
        self.busy = np.array(stays, dtype=float).reshape(-1, 3)

    def _by_code(self, name: str) -> dict[str, Any]:
        found: dict[str, list[int]] = {}
        for row, one in enumerate(self.helpers):
            for code in getattr(one, name):
                found.setdefault(code, []).append(row)
        return {code: self.mark(rows) for code, rows in found.items()}

    def mark(self, rows: Sequence[int]) -> Any:
        marked = np.zeros(len(self.helpers), dtype=bool)
        marked[list(rows)] = True
        return marked

    def none(self) -> Any:
        return np.zeros(len(self.helpers), dtype=bool)


def worth(slot: Slot, facts: Facts) -> Any:
    """Return what each helper is worth for the slot, out of 100; NaN for those it must not ask."""
    nobody = facts.none()
    value = facts.turn.copy()
    if slot.skills:
        fitting = sum(facts.skills.get(code, nobody).astype(float) for code in slot.skills)
        value += SKILL * np.minimum(fitting, 1.0)
    else:
        value += NO_SKILL_ASKED
    fits = facts.times.get(slot.half_day, nobody)
    value += np.where(fits, TIME, TIME_UNSAID)
    value += np.where(facts.likes.get(slot.kind, nobody), LIKES, 0)
    if slot.beneficiary is not None and slot.beneficiary in facts.knows:
        value[facts.knows[slot.beneficiary]] += KNOWN
    way = _ways(slot, facts)
    value += np.where(
        np.isnan(way), WHERE_UNKNOWN, NEAR * np.maximum(1 - way / np.maximum(facts.reach, 1), 0)
    )
    barred = (facts.said & ~fits) | (way > facts.reach)
    if not slot.minors_welcome:
        barred |= facts.minor
    if slot.person is not None:
        barred |= facts.person == slot.person
    barred[[facts.at[one] for one in slot.closed_to if one in facts.at]] = True
    clash = (facts.busy[:, 1] < slot.ends_at.timestamp()) & (
        facts.busy[:, 2] > slot.starts_at.timestamp()
    )
    barred[facts.busy[clash, 0].astype(int)] = True
    value[barred] = np.nan
    return value


def ranked(slot: Slot, helpers: Sequence[Helper], most: int) -> list[Match]:
    """Return the best helpers for one slot by itself, best first."""
    if not helpers:
        return []
    value = worth(slot, Facts(helpers))
    order = _best(value, most)
    return [Match(slot.id, helpers[row].id, round(float(value[row]), 1)) for row in order]


def assign(slots: Sequence[Slot], helpers: Sequence[Helper]) -> list[Match]:
    """Return the matches of greatest worth in all; a filled place counts before a better fit."""
    slots = [one for one in slots if one.places > 0]
    if not slots or not helpers:
        return []
    rows, cols, values = _edges(slots, Facts(helpers))
    return [
        Match(slots[col].id, helpers[row].id, round(value, 1))
        for row, col, value in _solve(rows, cols, values, slots, len(helpers))
    ]


def _ways(slot: Slot, facts: Facts) -> Any:
    if slot.place is None:
        return np.full(len(facts.helpers), np.nan)
    lon, lat = np.radians(slot.place[0]), np.radians(slot.place[1])
    arc = (
        np.sin((facts.lat - lat) / 2) ** 2
        + np.cos(lat) * np.cos(facts.lat) * np.sin((facts.lon - lon) / 2) ** 2
    )
    return 2 * EARTH_M * np.arcsin(np.sqrt(arc))


def _best(value: Any, most: int) -> Any:
    """Rows of the `most` greatest values, greatest first; equal ones in their order."""
    able = np.flatnonzero(~np.isnan(value))
    if len(able) > most:
        able = able[np.argpartition(-value[able], most - 1)[:most]]
    return able[np.lexsort((able, -value[able]))]


def _edges(slots: Sequence[Slot], facts: Facts) -> tuple[Any, Any, Any]:
    """Return (helper row, slot column, worth) of the edges worth keeping."""
    table = np.vstack([worth(slot, facts) for slot in slots])
    kept = np.zeros(table.shape, dtype=bool)
    for col, slot in enumerate(slots):
        kept[col, _best(table[col], 3 * slot.places + PER_SLOT)] = True
    filled = np.where(np.isnan(table), -1.0, table)
    if len(slots) > PER_HELPER:
        best = np.argpartition(-filled, PER_HELPER - 1, axis=0)[:PER_HELPER]
        np.put_along_axis(kept, best, True, axis=0)
    else:
        kept[:] = True
    kept &= filled >= 0
    cols, rows = np.nonzero(kept)
    return rows, cols, table[cols, rows]


def _solve(
    rows: Any, cols: Any, values: Any, slots: Sequence[Slot], helpers: int
) -> list[tuple[int, int, float]]:
    """Solve exactly over the edges: a column for each place, one of its own for each left out."""
    # Loaded when it is needed: it costs every start of the site half a second otherwise.
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    places = np.array([one.places for one in slots])
    first = np.concatenate([[0], np.cumsum(places)])
    many = places[cols]
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    wide_rows = np.repeat(rows, many)
    wide_cols = np.repeat(first[cols], many) + offset
    # Costs must be positive: staying home costs most.
    home = FILLED + 101.0
    costs = home - FILLED - np.repeat(values, many)
    everyone = np.arange(helpers)
    graph = csr_matrix(
        (
            np.concatenate([costs, np.full(helpers, home)]),
            (np.concatenate([wide_rows, everyone]), np.concatenate([wide_cols, first[-1] + everyone])),
        ),
        shape=(helpers, int(first[-1]) + helpers),
    )  # fmt: skip
    chosen, places_of = min_weight_full_bipartite_matching(graph)
    found = []
    for row, place in zip(chosen.tolist(), places_of.tolist(), strict=True):
        if place < first[-1]:
            col = int(np.searchsorted(first, place, side="right")) - 1
            found.append((row, col, home - FILLED - float(graph[row, place])))
    return found
