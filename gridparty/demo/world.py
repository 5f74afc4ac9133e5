"""What has been built so far, handed from one step of the demonstration to the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gridparty.demo.scale import Setting
from gridparty.demo.shapes import CommunityPlan, TreePlan
from grids.models import Building, Grid
from orgs.models import OrgUnit, Person, Unit, User


@dataclass(slots=True)
class GridFacts:
    """A grid with some of its people; `leaders` holds one member per building group (by id)."""

    grid: Grid
    plan: TreePlan
    community: "CommunityFacts"
    buildings: list[Building] = field(default_factory=list)
    members: list[Person] = field(default_factory=list)
    leaders: dict[int, Person] = field(default_factory=dict)
    neighbours: list[Person] = field(default_factory=list)
    head: User | None = None
    worker: User | None = None
    reporters: list[User] = field(default_factory=list)


@dataclass(slots=True)
class CommunityFacts:
    plan: CommunityPlan
    org: OrgUnit
    branches: list[OrgUnit] = field(default_factory=list)
    groups: dict[int, list[OrgUnit]] = field(default_factory=dict)
    grids: list[GridFacts] = field(default_factory=list)
    staff: User | None = None
    secretary: User | None = None


@dataclass(slots=True)
class TreeFacts:
    """One tree; in a three-level tree `root` is the org of its only community."""

    plan: TreePlan
    root: OrgUnit
    communities: list[CommunityFacts] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    handlers: dict[int, User] = field(default_factory=dict)
    admin: User | None = None
    dispatcher: User | None = None
    revisitor: User | None = None

    def grids(self) -> Iterable[GridFacts]:
        for community in self.communities:
            yield from community.grids


@dataclass(slots=True)
class World:
    setting: Setting
    trees: list[TreeFacts] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)

    def tree(self, key: str) -> TreeFacts:
        return next(tree for tree in self.trees if tree.plan.key == key)

    def grid(self, code: str) -> GridFacts:
        return next(
            facts for tree in self.trees for facts in tree.grids() if facts.grid.code == code
        )
