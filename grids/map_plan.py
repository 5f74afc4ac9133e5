"""What a map file would do: features matched to grids, communities and buildings, and judged.

A fault of a grid or community stops the whole file; a building nobody knows is only left out.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from shapely import Geometry, STRtree

from grids.catalog import GridStatus
from grids.doors import parse_address, parse_building
from grids.geometry import (
    ShapeFault,
    Shift,
    area_m2,
    centre,
    count_holes,
    from_geojson,
    overlap_m2,
    pieces,
    read_outline,
    read_point,
    to_geojson,
    union,
)
from grids.map_file import BUILDING, COMMUNITY, GRID, Feature
from grids.models import Building, CommunityShape, Grid, GridShape
from grids.services.shapes import size_text
from orgs.models import OrgUnit

ERROR, WARN = "error", "warn"
MOST_GAPS = 20


@dataclass(frozen=True)
class MapIssue:
    """A finding: where it is in the file or on the map, and a sentence on what to do."""

    severity: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}：{self.message}" if self.where else self.message


@dataclass
class MapPlan:
    """What would be written; `issues` with an error mean that nothing is."""

    grids: dict[Grid, Geometry] = field(default_factory=dict)
    communities: dict[OrgUnit, Geometry] = field(default_factory=dict)
    buildings: dict[Building, tuple[float, float]] = field(default_factory=dict)
    issues: list[MapIssue] = field(default_factory=list)
    ignored: int = 0
    known: dict[int, GridShape] = field(default_factory=dict)

    @property
    def errors(self) -> list[MapIssue]:
        return [issue for issue in self.issues if issue.severity == ERROR]

    def fault(self, where: Any, message: str, severity: str = ERROR) -> None:
        self.issues.append(MapIssue(severity, str(where), message))

    def fate(self, grid: Grid) -> str:
        """Return "create", "update" or "unchanged" for a grid of the file."""
        old = self.known.get(grid.pk)
        if old is None:
            return "create"
        return "unchanged" if old.geometry == to_geojson(self.grids[grid]) else "update"


def make_map_plan(
    features: list[Feature], communities: list[OrgUnit], *, shift: Shift | None = None
) -> MapPlan:
    """Judge the features against the ground of these communities; reads only."""
    plan = MapPlan()
    ids = [one.pk for one in communities]
    grids = list(Grid.objects.filter(community__in=ids).select_related("community"))
    plan.known = {one.grid_id: one for one in GridShape.objects.filter(grid__in=grids)}
    _take_grids(plan, [one for one in features if one.kind == GRID], grids, shift)
    _take_communities(plan, [one for one in features if one.kind == COMMUNITY], communities, shift)
    _take_buildings(plan, [one for one in features if one.kind == BUILDING], ids, shift)
    plan.ignored = sum(one.kind not in (GRID, COMMUNITY, BUILDING) for one in features)
    if not plan.errors:
        after = ground_after(plan, grids)
        _find_overlaps(plan, after)
        _find_gaps(plan, after, ids)
    return plan


def _take_grids(
    plan: MapPlan, features: list[Feature], grids: list[Grid], shift: Shift | None
) -> None:
    by_code = {grid.code: grid for grid in grids}
    by_name: dict[str, list[Grid]] = defaultdict(list)
    for known in grids:
        by_name[known.name].append(known)
    seen: dict[int, Feature] = {}
    for one in features:
        grid: Grid | None = by_code.get(one.code) if one.code else None
        if grid is None and not one.code and len(by_name[one.name]) == 1:
            grid = by_name[one.name][0]
        if grid is None:
            plan.fault(one, _no_grid(one, by_name))
            continue
        if grid.status == GridStatus.CLOSED:
            plan.fault(one, f"网格“{grid}”已经撤销，请从文件里去掉。")
            continue
        if grid.pk in seen:
            plan.fault(one, f"网格“{grid}”在文件里已经画过（{seen[grid.pk]}），请合成一个图形。")
            continue
        seen[grid.pk] = one
        if (outline := _outline(plan, one, f"网格“{grid}”", shift)) is not None:
            plan.grids[grid] = outline


def _no_grid(one: Feature, by_name: dict[str, list[Grid]]) -> str:
    if one.code:
        return f"没有编码为 {one.code} 的网格，请核对编码，或先建好网格。"
    if by_name[one.name]:
        return f"有 {len(by_name[one.name])} 个网格叫“{one.name}”，请写网格编码（15 位）。"
    if one.name:
        return f"没有网格编码，也没有叫“{one.name}”的网格。请写网格编码（15 位）。"
    return "没有网格编码，不知道是哪个网格。请在属性里写“网格编码”（15 位）。"


def _outline(plan: MapPlan, one: Feature, whose: str, shift: Shift | None) -> Geometry | None:
    try:
        outline = read_outline(one.geometry, shift=shift)
    except ShapeFault as fault:
        plan.fault(one, f"{whose}：{fault}")
        return None
    if holes := count_holes(outline):
        plan.fault(one, f"{whose}：有 {holes} 处空洞，请确认空洞里是别的网格。", WARN)
    return outline


def _take_communities(
    plan: MapPlan, features: list[Feature], communities: list[OrgUnit], shift: Shift | None
) -> None:
    by_code = {one.division_code: one for one in communities}
    for one in features:
        community = by_code.get(one.code)
        if community is None:
            plan.fault(one, f"没有代码为 {one.code or '（空）'} 的社区，或不在导入范围内。")
        elif community in plan.communities:
            plan.fault(one, f"社区“{community}”在文件里画了两次。")
        elif (outline := _outline(plan, one, f"社区“{community}”", shift)) is not None:
            plan.communities[community] = outline


def _take_buildings(
    plan: MapPlan, features: list[Feature], communities: list[int], shift: Shift | None
) -> None:
    if not features:
        return
    known: dict[tuple[str, str], list[Building]] = defaultdict(list)
    rows = Building.objects.filter(community__in=communities).select_related("compound")
    for row in rows:
        for name in (row.compound.name, *row.compound.aliases):
            known[name, row.name].append(row)
        if not row.name.endswith("栋"):  # a name of its own, 综合楼: every estate has a 3栋
            known["", row.name].append(row)
    for one in features:
        door = parse_address(f"{one.compound}{one.building}" if one.compound else one.building)
        name = door.building or parse_building(one.building)
        found = known.get((one.compound or door.compound, name), [])
        if len(found) != 1 or not name:
            said = "不止一栋楼叫这个名字，请写上小区" if found else "没有找到对应的楼栋"
            plan.fault(one, f"{said}，这个点没有导入。", WARN)
            continue
        try:
            plan.buildings[found[0]] = _spot(one.geometry, shift)
        except ShapeFault as fault:
            plan.fault(one, f"楼栋“{found[0]}”：{fault}", WARN)


def _spot(geometry: Any, shift: Shift | None) -> tuple[float, float]:
    """A building's point; of a footprint a point inside it."""
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        return read_point(geometry.get("coordinates"), shift=shift)
    return centre(read_outline(geometry, shift=shift))


def ground_after(plan: MapPlan, grids: list[Grid]) -> dict[Grid, Geometry]:
    """Return the outlines of all standing grids as they would be after the file."""
    after = dict(plan.grids)
    for grid in grids:
        if grid not in after and grid.status != GridStatus.CLOSED and grid.pk in plan.known:
            after[grid] = from_geojson(plan.known[grid.pk].geometry)
    return after


def shared_ground(ground: dict[Grid, Geometry]) -> list[tuple[Grid, Grid, float]]:
    """Return pairs of grids that cover the same ground, with the m² they share, by code."""
    grids, outlines = list(ground), list(ground.values())
    found: list[tuple[Grid, Grid, float]] = []
    if not outlines:
        return found
    tree = STRtree(outlines)
    for left, right in tree.query(outlines, predicate="intersects").T.tolist():
        if left < right and (shared := overlap_m2(outlines[left], outlines[right])):
            pair = sorted((grids[left], grids[right]), key=lambda grid: grid.code)
            found.append((pair[0], pair[1], shared))
    return sorted(found, key=lambda one: (one[0].code, one[1].code))


def uncovered(outline: Geometry, ground: list[Geometry]) -> list[tuple[float, tuple[float, float]]]:
    """Return what no grid covers inside a community's outline: (m², a point inside), largest first."""
    rest = outline.difference(union(ground)) if ground else outline
    found = [(area_m2(piece), centre(piece)) for piece in pieces(rest)]
    return sorted(found, reverse=True)


def _find_overlaps(plan: MapPlan, after: dict[Grid, Geometry]) -> None:
    for one, other, shared in shared_ground(after):
        if one in plan.grids or other in plan.grids:
            plan.fault(
                f"网格“{one}”", f"与网格“{other}”重叠约 {size_text(shared)}，请改好边界。", WARN
            )


def _find_gaps(plan: MapPlan, after: dict[Grid, Geometry], communities: list[int]) -> None:
    outlines = dict(plan.communities)
    rows = CommunityShape.objects.filter(community__in=communities).select_related("community")
    for row in rows:
        outlines.setdefault(row.community, from_geojson(row.geometry))
    for community, outline in outlines.items():
        mine = [shape for grid, shape in after.items() if grid.community_id == community.pk]
        if not mine:
            continue
        for size, (lon, lat) in uncovered(outline, mine)[:MOST_GAPS]:
            plan.fault(
                f"社区“{community}”",
                f"（{lon:.5f}，{lat:.5f}）附近约 {size_text(size)}没有网格覆盖。", WARN,
            )  # fmt: skip
        for grid, shape in after.items():
            if grid.community_id == community.pk and (out := _outside(shape, outline)):
                plan.fault(
                    f"网格“{grid}”", f"有约 {size_text(out)}画到了社区“{community}”的边界外。", WARN
                )


def _outside(shape: Geometry, outline: Geometry) -> float:
    return sum(area_m2(piece) for piece in pieces(shape.difference(outline)))
