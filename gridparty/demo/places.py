"""Grids, compounds, buildings and entrances of the demonstration."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gridparty.demo.scale import Setting
from gridparty.demo.shapes import DEMO_GRID, HAIHENG, HUANGSHAN, TreePlan, shares
from gridparty.demo.world import CommunityFacts, GridFacts, TreeFacts, World
from gridparty.lib.text import natural_key
from grids.catalog import GridKind, GridStatus, LegacySystem, PropertyStatus
from grids.models import Building, Compound, Entrance, LegacyGridCode, TeamTemplate
from grids.services.drawing import create_grid

_FIRST = "翠微 紫云 明珠 丽景 云谷 绿洲 金桂 望湖 春晓 映月 学府 听涛 玉兰 香樟 银杏 梧桐 松涛 竹海 芙蓉 海棠".split()  # noqa: SIM905
_LAST = "花园 家园 佳苑 小区 雅居 名苑 新村".split()  # noqa: SIM905


@dataclass(frozen=True)
class House:
    """A type of building: floors, homes per floor, entrances."""

    floors: int
    per_floor: int
    entrances: int

    @property
    def homes(self) -> int:
        return self.floors * self.per_floor * self.entrances


HOUSES = (House(6, 2, 3), House(6, 2, 4), House(11, 2, 2), House(18, 4, 1), House(33, 4, 1))
SMALL_HOUSE = House(3, 2, 1)
PLAIN_LIMIT = 200  # homes of a grid from which on plain grids have larger buildings


def build_places(world: World) -> None:
    """Create every grid of every tree, and the homes' frame of the residential ones."""
    for tree in world.trees:
        rng = world.setting.rng(f"places:{tree.plan.key}")
        template = TeamTemplate.objects.get(code=tree.plan.team)
        names = [first + last for last in _LAST for first in _FIRST]
        rng.shuffle(names)
        for community in tree.communities:
            _build_grids(tree, community, template, world.setting.today)
            _build_buildings(world.setting, tree.plan, community, names, rng)
        if tree.plan is HAIHENG:
            _note_legacy_codes(tree)


def _build_grids(
    tree: TreeFacts, community: CommunityFacts, template: TeamTemplate, today: date
) -> None:
    plan = community.plan
    counts = shares(plan.residential, len(community.branches))
    branch_of = [
        b for b, count in zip(community.branches, counts, strict=True) for _ in range(count)
    ]
    kinds = (
        [(GridKind.RESIDENTIAL, f"{plan.short}第{n}网格") for n in range(1, plan.residential + 1)]
        + [(GridKind.EXCLUSIVE, f"{name}专属网格") for name in plan.exclusive]
        + [(GridKind.RESERVED, f"{plan.short}预留网格{n}") for n in range(1, plan.reserved + 1)]
    )
    for serial, (kind, name) in enumerate(kinds, start=1):
        reserved = kind == GridKind.RESERVED
        grid = create_grid(
            community=community.org, name=name, kind=kind, serial=serial, by=None,
            party_branch=None if reserved else branch_of[min(serial, len(branch_of)) - 1],
            team_template=template, opened_on=today - timedelta(days=700),
            property_status="" if reserved else PropertyStatus.MANAGED,
            area_note="园区、商业街围合区域" if kind == GridKind.EXCLUSIVE else "",
        )  # fmt: skip
        community.grids.append(GridFacts(grid, tree.plan, community))


def _houses(setting: Setting, plan: TreePlan, serial: int, code: str, rng: Random) -> list[House]:
    """Return the buildings of one grid: about as many homes as the shape asks for."""
    wanted = setting.scale.homes_in(plan, code == DEMO_GRID)
    if setting.scale.homes is not None:
        return [SMALL_HOUSE] * max(1, wanted // SMALL_HOUSE.homes)
    if plan.plain:
        house = HOUSES[0] if wanted > PLAIN_LIMIT else House(6, 2, 1)
        return [house] * -(-wanted // house.homes)
    if plan is HUANGSHAN or code == DEMO_GRID:
        house = HOUSES[0]
    else:
        house = rng.choice(HOUSES)
        # One grid in thirty is out of the band of the size rule, as in real life.
        wanted = int(wanted * rng.choices((1.0, 0.93, 1.06, 1.5), (40, 30, 30, 3))[0])
    return [house] * max(1, round(wanted / house.homes))


def _build_buildings(
    setting: Setting, plan: TreePlan, community: CommunityFacts, names: list[str], rng: Random
) -> None:
    residential = [f for f in community.grids if f.grid.kind == GridKind.RESIDENTIAL]
    rows: list[tuple[Building, House]] = []
    compound, number = Compound(), 0
    for serial, facts in enumerate(residential, start=1):
        if serial != 2:  # the first two grids of a community share one large compound
            compound, number = Compound(community=community.org, name=names.pop()), 0
            compound.save()
        for house in _houses(setting, plan, serial, facts.grid.code, rng):
            number += 1
            building = Building(
                compound=compound, grid=facts.grid, district_id=plan.district,
                street_id=facts.grid.street_id, community=community.org, name=f"{number}栋",
                sort_key=natural_key(f"{number}栋"), floors=house.floors,
            )  # fmt: skip
            facts.buildings.append(building)
            rows.append((building, house))
    _share_among_groups(community, residential)
    Building.objects.bulk_create(building for building, _ in rows)
    Entrance.objects.bulk_create(
        Entrance(
            building=building, name=f"{n}单元", sort_key=natural_key(f"{n}单元"),
            floors=house.floors, rooms_per_floor=house.per_floor,
        )
        for building, house in rows
        for n in range(1, house.entrances + 1)
    )  # fmt: skip


def _share_among_groups(community: CommunityFacts, residential: list[GridFacts]) -> None:
    """Give each branch's buildings, in order, to its building groups in equal runs."""
    for branch in community.branches:
        buildings = [
            building
            for facts in residential
            if facts.grid.party_branch_id == branch.pk
            for building in facts.buildings
        ]
        groups = community.groups[branch.pk]
        counts = shares(len(buildings), len(groups))
        owners = [group for group, count in zip(groups, counts, strict=True) for _ in range(count)]
        for building, group in zip(buildings, owners, strict=True):
            building.party_group = group


def _note_legacy_codes(tree: TreeFacts) -> None:
    """Every active grid of 海恒 kept the codes of the networks it was merged from."""
    systems = ((LegacySystem.GOVERNANCE, "ZZ"), (LegacySystem.URBAN, "CG"))
    LegacyGridCode.objects.bulk_create(
        LegacyGridCode(
            grid=facts.grid, system=system, code=f"{prefix}-{facts.grid.code[6:]}",
            name=f"{facts.grid.name}（{system.label}）",
            merged_on=facts.grid.activated_on if prefix == "ZZ" else None,
        )
        for facts in tree.grids()
        if facts.grid.status == GridStatus.ACTIVE
        for system, prefix in systems
    )  # fmt: skip
