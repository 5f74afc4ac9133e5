"""A structure file's rows against what is there: names resolved, and every fault with its line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gridparty.lib.text import chinese_number, squash
from grids.catalog import GridStatus
from grids.doors import NO_UNIT, parse_building, parse_unit
from grids.locate import base_name, names_of, pick_community
from grids.models import Building, Compound, Grid
from grids.structure_file import MAX_PROBLEMS, StructureRow
from orgs.models import OrgUnit

GridKey = tuple[int, str]  # community id, grid name
PlaceKey = tuple[int, str, str]  # community id, compound, building
Grids = dict[GridKey, Grid]
Compounds = dict[tuple[int, str], Compound]  # by community id and name
Buildings = dict[tuple[int, str], Building]  # by compound id and name

_NUMERAL = "[0-9]{1,3}|[零〇一二三四五六七八九十百]{1,5}"
_SERIAL = re.compile(rf"第?({_NUMERAL})号?网格$")
# Names every community uses; anything else belongs to the community that has it.
_PLAIN_NAME = re.compile(rf"第?({_NUMERAL})号?网格|网格({_NUMERAL})")


@dataclass
class Plan:
    """The rows resolved, in file order, each thing with the line that named it first."""

    communities: dict[int, OrgUnit] = field(default_factory=dict)
    grids: dict[GridKey, int] = field(default_factory=dict)
    buildings: dict[PlaceKey, tuple[GridKey, int]] = field(default_factory=dict)
    entrances: dict[tuple[PlaceKey, str], StructureRow] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def shown_problems(self) -> list[str]:
        """The first hundred problems, and how many more there are."""
        shown = self.problems[:MAX_PROBLEMS]
        more = len(self.problems) - len(shown)
        return [*shown, f"另有 {more} 处问题没有列出。"] if more else shown


def make_plan(
    rows: Sequence[StructureRow],
    known: list[OrgUnit],
    under: str,
    grids: Grids,
    compounds: Mapping[tuple[int, str], Compound],
) -> Plan:
    """Resolve every row against the communities below `under`; never raises, notes problems."""
    plan = Plan()
    owners = _Owners(known, grids)
    named: dict[str, OrgUnit | None] = {}
    for row in rows:
        if row.community not in named:
            named[row.community] = pick_community(row.community, known)
            if named[row.community] is None:
                plan.problems.append(
                    f"第 {row.line} 行：{under} 之下没有社区“{row.community}”，或不止一个。"
                )
        community = named[row.community]
        if community is None:
            continue
        building = parse_building(row.building)
        if not building:
            plan.problems.append(f"第 {row.line} 行：楼栋“{row.building}”无法识别。")
            continue
        plan.communities[community.pk] = community
        name, problem = owners.grid_name(row, community)
        if problem:
            plan.problems.append(problem)
            continue
        estate = compounds.get((community.pk, row.compound))
        place = (community.pk, estate.name if estate else row.compound, building)
        _place(plan, place, (community.pk, name), row)
    return plan


def _place(plan: Plan, place: PlaceKey, grid: GridKey, row: StructureRow) -> None:
    plan.grids.setdefault(grid, row.line)
    first_grid, line = plan.buildings.setdefault(place, (grid, row.line))
    if first_grid != grid:
        plan.problems.append(
            f"第 {row.line} 行：{place[1]}{place[2]}在第 {line} 行属于“{first_grid[1]}”，"
            f"这里又属于“{grid[1]}”。一栋楼只能在一个网格。"
        )
    unit = parse_unit(row.unit) or NO_UNIT
    first = plan.entrances.setdefault((place, unit), row)
    if (first.floors, first.rooms_per_floor) != (row.floors, row.rooms_per_floor):
        plan.problems.append(
            f"第 {row.line} 行：{place[1]}{place[2]}{unit}与第 {first.line} 行重复，"
            "但层数或每层户数不一样。"
        )


class _Owners:
    """Which community a grid's name or code belongs to."""

    def __init__(self, known: list[OrgUnit], grids: Grids) -> None:
        self.known = known
        self.holder: dict[str, int] = {}
        self.here = set(grids)
        self.label = {community.pk: str(community) for community in known}
        for community_id, name in grids:
            self.holder.setdefault(squash(name), community_id)

    def grid_name(self, row: StructureRow, community: OrgUnit) -> tuple[str, str]:
        """Return (name, ""), or (name, sentence) when the grid is another community's."""
        word = squash(row.grid)
        if len(word) == 15 and word.isdigit():
            return self._by_code(row, word, community)
        if (community.pk, row.grid) in self.here:
            return row.grid, ""
        owner = next((one.pk for one in self.known if _bears_name_of(word, one, community)), None)
        if owner is None and not _PLAIN_NAME.fullmatch(word):
            owner = self.holder.setdefault(word, community.pk)
        if owner is None or owner == community.pk:
            return row.grid, ""
        return row.grid, (
            f"第 {row.line} 行：网格“{row.grid}”属于{self.label[owner]}，不属于{row.community}。"
        )

    def _by_code(self, row: StructureRow, code: str, community: OrgUnit) -> tuple[str, str]:
        grid = Grid.objects.filter(code=code).select_related("community").first()
        if grid is None:
            return code, f"第 {row.line} 行：没有编码为 {code} 的网格。"
        if grid.community_id != community.pk:
            return grid.name, (
                f"第 {row.line} 行：网格 {code} 属于{grid.community}，不属于{row.community}。"
            )
        return grid.name, ""


def _bears_name_of(grid: str, other: OrgUnit, own: OrgUnit) -> bool:
    """Whether a grid's name starts with another community's name (耕云居民委员会001网格)."""
    if other.pk == own.pk or any(grid.startswith(base_name(name)) for name in names_of(own)):
        return False
    return any(
        re.match(rf"{re.escape(base_name(name))}(社区|居委会|居民委员会|第|[0-9])", grid)
        for name in names_of(other)
    )


def conflicts(plan: Plan, grids: Grids, compounds: Compounds, buildings: Buildings) -> list[str]:
    """What the file says that the records contradict: closed grids, buildings in other grids."""
    found = [
        f"第 {line} 行：网格“{key[1]}”已经撤销。"
        for key, line in plan.grids.items()
        if key in grids and grids[key].status == GridStatus.CLOSED
    ]
    for (community, compound, name), (grid_key, line) in plan.buildings.items():
        estate = compounds.get((community, compound))
        known = buildings.get((estate.pk, name)) if estate else None
        wanted = grids.get(grid_key)
        if known is not None and (wanted is None or known.grid_id != wanted.pk):
            found.append(
                f"第 {line} 行：{compound}{name}已在网格“{known.grid}”，不能再划入“{grid_key[1]}”。"
                "如需调整，请在网格页面划转楼栋。"
            )
    return found


def serial_in(name: str) -> int | None:
    """Return the serial a grid's name ends with (001网格, 第三网格 → 1, 3), 1–999 or None."""
    found = _SERIAL.search(squash(name))
    number = chinese_number(found[1]) if found else None
    return number if number is not None and 1 <= number <= 999 else None
