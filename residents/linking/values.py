"""What the assignment is told and what it answers: ids and positions, no names, no rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

LOW, TARGET, HIGH, HARD = 8, 10, 12, 15


@dataclass(frozen=True, slots=True)
class Rules:
    """How many households one head keeps in touch with (宣城: about ten, 8 to 12, never over 15)."""

    low: int = LOW
    target: int = TARGET
    high: int = HIGH
    hard: int = HARD


@dataclass(frozen=True, slots=True)
class Home:
    """A household behind a door. Homes are handed over in door order: unit, floor, room."""

    pk: int
    compound: int
    building: int
    unit: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who may keep in touch with households, living in the household `home`.

    `home` None (or a household that is not among the homes): keeps what there is, gains nothing.
    `elsewhere` counts links to households outside this assignment; they fill the load, too.
    """

    pk: int
    home: int | None
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A household whose head changes; None means nobody."""

    home: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Who keeps in touch with whom: household → head; the rest is uncovered."""

    links: Mapping[int, int]
    uncovered: tuple[int, ...]
    changes: tuple[Change, ...]
    loads: Mapping[int, int]

    @property
    def gained(self) -> int:
        """Households that had nobody and get a head."""
        return sum(change.before is None for change in self.changes)

    @property
    def lost(self) -> int:
        return sum(change.after is None for change in self.changes)

    @property
    def moved(self) -> int:
        """Households that pass from one head to another."""
        return len(self.changes) - self.gained - self.lost


def histogram(loads: Mapping[int, int]) -> dict[int, int]:
    """Return load → how many heads carry it, in order, without the loads nobody carries."""
    return dict(sorted(Counter(loads.values()).items()))
