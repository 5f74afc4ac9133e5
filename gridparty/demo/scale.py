"""How much the demonstration holds: everything (`full`), or the same shapes with few homes."""

from dataclasses import dataclass
from datetime import date
from random import Random

from gridparty.demo.shapes import TreePlan


@dataclass(frozen=True)
class Scale:
    """`homes` None means the households of the shape itself (about 500 a grid in 海恒)."""

    name: str
    homes: int | None
    demo_homes: int | None
    cases: int
    other_cases: int

    def homes_in(self, plan: TreePlan, is_demo_grid: bool) -> int:
        if is_demo_grid and self.demo_homes is not None:
            return self.demo_homes
        return plan.households if self.homes is None else self.homes

    def members_in(self, plan: TreePlan) -> int:
        """Party members living in one residential grid."""
        return plan.members if self.homes is None else 8


FULL = Scale("full", None, None, cases=200, other_cases=18)
SMALL = Scale("small", 12, 24, cases=24, other_cases=6)
SCALES = {scale.name: scale for scale in (FULL, SMALL)}


@dataclass(frozen=True)
class Setting:
    """One run: how much, from which seed, and the day that is today."""

    scale: Scale
    seed: int
    today: date

    def rng(self, part: str) -> Random:
        """Return the random stream of one part, so that parts do not disturb each other."""
        return Random(f"{self.seed}:{part}")
