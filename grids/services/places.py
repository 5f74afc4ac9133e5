"""Compounds, buildings and entrances, and moving buildings between the grids of a community."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.text import natural_key
from grids.catalog import GridStatus
from grids.doors import NO_UNIT, parse_building, parse_unit
from grids.models import Building, Compound, Entrance, Grid
from grids.services.history import note_leaving
from grids.signals import GridChange, grid_changed
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, User

describe_actions(
    building__create="新建楼栋",
    building__move="楼栋划转网格",
    building__describe="修改楼栋资料",
    building__add_entrance="新增单元",
    building__set_group="设置楼栋党小组",
)
SORT_KEY_LENGTH = 60
ENTRANCE_KEY_LENGTH = 40


@transaction.atomic
def create_building(
    *, grid: Grid, compound: str, name: str, by: User | None, floors: int | None = None
) -> Building:
    """Add a building (canonical name, 3幢 → 3栋) to a grid; the compound is made when new."""
    grid = Grid.objects.select_for_update().get(pk=grid.pk)
    if grid.status == GridStatus.CLOSED:
        raise ValidationError("这个网格已经撤销，不能新建楼栋。", code="closed")
    name = parse_building(one_line(name, label="楼栋", longest=30))
    if not name:
        raise ValidationError("请填写楼栋。", code="required")
    compound = one_line(compound, label="小区名称", longest=60)
    estate, _ = Compound.objects.get_or_create(community_id=grid.community_id, name=compound)
    known = Building.objects.filter(compound=estate, name=name).select_related("grid").first()
    if known is not None:
        raise ValidationError(f"{estate}{name}已登记在“{known.grid}”。", code="taken")
    building = Building.objects.create(
        compound=estate, grid=grid, name=name, sort_key=natural_key(name)[:SORT_KEY_LENGTH],
        district_id=grid.district_id, street_id=grid.street_id, community_id=grid.community_id,
        floors=floors,
    )  # fmt: skip
    record(by=by, action="building.create", target=building, street=grid.street_id)
    return building


@transaction.atomic
def add_entrance(
    *,
    building: Building,
    name: str,
    by: User | None,
    floors: int | None = None,
    rooms_per_floor: int | None = None,
) -> Entrance:
    """Add an entrance (canonical name, 二单元 → 2单元); blank means the building has no units."""
    name = parse_unit(one_line(name, label="单元", longest=20, required=False)) or NO_UNIT
    if building.entrances.filter(name=name).exists():
        raise ValidationError(f"{building}已有“{name}”。", code="taken")
    entrance = Entrance.objects.create(
        building=building, name=name, sort_key=natural_key(name)[:ENTRANCE_KEY_LENGTH],
        floors=floors, rooms_per_floor=rooms_per_floor,
    )  # fmt: skip
    record(by=by, action="building.add_entrance", target=building, street=building.street_id)
    return entrance


@transaction.atomic
def describe_entrance(
    *, entrance: Entrance, floors: int | None, rooms_per_floor: int | None, by: User | None
) -> Entrance:
    """Set the plain facts of an entrance; its name stays."""
    entrance.floors, entrance.rooms_per_floor = floors, rooms_per_floor
    entrance.save(update_fields=["floors", "rooms_per_floor"])
    building = entrance.building
    record(by=by, action="building.describe", target=building, street=building.street_id)
    return entrance


@transaction.atomic
def describe_building(*, building: Building, floors: int | None, by: User | None) -> Building:
    """Set the plain facts of a building."""
    building.floors = floors
    building.save(update_fields=["floors"])
    record(by=by, action="building.describe", target=building, street=building.street_id)
    return building


@transaction.atomic
def set_party_group(*, building: Building, group: OrgUnit | None, by: User | None) -> Building:
    """Say which building group (楼栋党小组) covers the building; one group may cover several."""
    if group is not None:
        community = OrgUnit.objects.get(pk=building.community_id)
        if group.tier != Tier.GROUP or not group.is_active:
            raise ValidationError(f"“{group}”不是在用的党小组。", code="tier")
        if not group.is_descendant_of(community):
            raise ValidationError(f"“{group}”不属于{community}。", code="elsewhere")
    building.party_group = group
    building.save(update_fields=["party_group"])
    record(by=by, action="building.set_group", target=building, street=building.street_id)
    return building


@transaction.atomic
def move_buildings(
    *, buildings: Iterable[Building], to: Grid, by: User | None, on: date | None = None
) -> int:
    """Put buildings into another grid of the same community; households and cases follow.

    From `on` (None: today) the new grid is responsible. Returns how many moved. ValidationError:
    the grid is closed or of another community, or a building came to its grid after `on`.
    """
    to = Grid.objects.select_for_update().get(pk=to.pk)
    if to.status == GridStatus.CLOSED:
        raise ValidationError(f"“{to}”已经撤销，不能划入。", code="closed")
    return shift_buildings(buildings=buildings, to=to, by=by, on=on)


def shift_buildings(
    *, buildings: Iterable[Building], to: Grid, by: User | None, on: date | None = None
) -> int:
    """Move the buildings and tell those who follow; the caller has locked the target grid."""
    wanted = [building.pk for building in buildings]
    rows = list(Building.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    strays = [row for row in rows if row.community_id != to.community_id]
    if strays:
        raise ValidationError(
            f"{strays[0]}属于其他社区，只能在同一社区的网格之间调整。", code="elsewhere"
        )
    leaving = [row for row in rows if row.grid_id != to.pk]
    if not leaving:
        return 0
    note_leaving(leaving, on or timezone.localdate())
    moved, left = [row.pk for row in leaving], sorted({row.grid_id for row in leaving})
    Building.objects.filter(pk__in=moved).update(
        grid=to, community=to.community_id, street=to.street_id, district=to.district_id
    )
    record(
        by=by, action="building.move", target=to, street=to.street_id,
        detail={"buildings": moved[:500], "count": len(moved), "from": left, "to": to.pk},
    )  # fmt: skip
    grid_changed.send(
        Building,
        kind=GridChange.BUILDINGS_MOVED,
        grid_ids=left,
        building_ids=moved,
        moved_to=to,
        by=by,
    )
    return len(moved)
