"""Drawing the grids of a community: create, rename, change, activate, close, lead by a branch."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grids.catalog import GridKind, GridStatus
from grids.models import Building, Grid, TeamTemplate
from grids.services.groundversion import touch_ground
from grids.services.history import note_branches
from grids.services.places import shift_buildings
from grids.signals import GridChange, grid_changed
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.levels import OrgStatus, Tier
from orgs.models import OrgUnit, User

describe_actions(
    grid__create="新建网格",
    grid__rename="网格更名",
    grid__change_kind="变更网格类型",
    grid__describe="修改网格资料",
    grid__set_branch="设置网格党支部",
    grid__activate="启用预留网格",
    grid__close="撤销网格",
)
LAST_SERIAL = 999


@transaction.atomic
def create_grid(
    *,
    community: OrgUnit,
    name: str,
    by: User | None,
    kind: str = GridKind.RESIDENTIAL,
    serial: int | None = None,
    opened_on: date | None = None,
    party_branch: OrgUnit | None = None,
    team_template: TeamTemplate | None = None,
    area_note: str = "",
    property_status: str = "",
) -> Grid:
    """Draw a new grid; its code is the community's 12 digits and the next 3-digit serial.

    `serial` asks for a number that was never used; None takes the one after the highest. A serial
    is never given twice, not even after its grid was closed (rows of grids are never deleted).
    `opened_on` None means that it has been there for longer than anybody wrote down.
    ValidationError: the community is not open, name taken, serial taken, no serial left.
    """
    community = _lock(community)
    _require_open(community)
    name = one_line(name, label="网格名称", longest=60)
    if community.grids.filter(name=name).exists():
        raise ValidationError(f"{community}已有名为“{name}”的网格。", code="taken")
    if party_branch is not None:
        _require_branch_of(community, party_branch)
    reserved = kind == GridKind.RESERVED
    grid = Grid.objects.create(
        code=f"{community.division_code}{_allot(community, serial):03d}",
        name=name,
        kind=kind,
        status=GridStatus.RESERVED if reserved else GridStatus.ACTIVE,
        district_id=(community.division_code or "")[:6],
        street=community.get_root(),
        community=community,
        party_branch=party_branch,
        team_template=team_template,
        area_note=one_line(area_note, label="四至范围", longest=200, required=False),
        property_status=property_status,
        activated_on=None if reserved else opened_on,
    )
    record(
        by=by, action="grid.create", target=grid, street=grid.street_id, detail={"code": grid.code}
    )
    return grid


@transaction.atomic
def rename_grid(*, grid: Grid, name: str, by: User | None) -> Grid:
    """Give the grid another name; the code stays."""
    grid = lock_grid(grid)
    name = one_line(name, label="网格名称", longest=60)
    others = Grid.objects.filter(community=grid.community_id, name=name).exclude(pk=grid.pk)
    if others.exists():
        raise ValidationError(f"该社区已有名为“{name}”的网格。", code="taken")
    if name != grid.name:
        grid.name = name
        grid.save(update_fields=["name"])
        record(by=by, action="grid.rename", target=grid, street=grid.street_id)
    return grid


@transaction.atomic
def change_kind(*, grid: Grid, kind: str, by: User | None) -> Grid:
    """Turn a residential grid into an exclusive one or back; reserved ones are activated instead."""
    grid = lock_grid(grid)
    if grid.kind == kind:
        return grid
    if grid.status == GridStatus.RESERVED:
        raise ValidationError("预留网格请用“启用”，启用时选择类型。", code="reserved")
    if kind == GridKind.RESERVED:
        raise ValidationError("在用的网格不能改为预留。", code="active")
    before, grid.kind = grid.kind, kind
    grid.save(update_fields=["kind"])
    record(
        by=by, action="grid.change_kind", target=grid, street=grid.street_id,
        detail={"before": before, "after": kind},
    )  # fmt: skip
    return grid


@transaction.atomic
def describe_grid(
    *,
    grid: Grid,
    by: User | None,
    area_note: str,
    property_status: str,
    team_template: TeamTemplate | None,
) -> Grid:
    """Set the plain facts of a grid; the team template only while nobody serves by another one."""
    grid = lock_grid(grid)
    if grid.team_template != team_template:
        _require_nobody_outside(grid, team_template)
    grid.area_note = one_line(area_note, label="四至范围", longest=200, required=False)
    grid.property_status = property_status
    grid.team_template = team_template
    grid.save(update_fields=["area_note", "property_status", "team_template"])
    record(by=by, action="grid.describe", target=grid, street=grid.street_id)
    return grid


@transaction.atomic
def set_branch(*, grid: Grid, branch: OrgUnit | None, by: User | None) -> Grid:
    """Put the grid under a grid branch of its community (many grids may share one), or none."""
    grid = lock_grid(grid)
    if branch is not None:
        _require_branch_of(_lock(grid.community), branch)
    before = grid.party_branch_id
    if before != (branch.pk if branch else None):
        note_branches([grid], timezone.localdate())
    grid.party_branch = branch
    grid.save(update_fields=["party_branch"])
    record(
        by=by, action="grid.set_branch", target=grid, street=grid.street_id,
        detail={"before": before, "after": branch.pk if branch else None},
    )  # fmt: skip
    return grid


@transaction.atomic
def activate_grid(*, grid: Grid, kind: str, on: date, by: User | None) -> Grid:
    """Bring a reserved grid into use from `on`; it keeps its code (海恒: 5 reserved of 67)."""
    grid = lock_grid(grid)
    if grid.status != GridStatus.RESERVED:
        raise ValidationError("只有预留网格可以启用。", code="not_reserved")
    if kind not in (GridKind.RESIDENTIAL, GridKind.EXCLUSIVE):
        raise ValidationError("启用时请选择“住宅小区”或“专属”。", code="kind")
    grid.status, grid.kind, grid.activated_on = GridStatus.ACTIVE, kind, on
    grid.save(update_fields=["status", "kind", "activated_on"])
    record(by=by, action="grid.activate", target=grid, street=grid.street_id)
    return grid


@transaction.atomic
def close_grid(*, grid: Grid, on: date, by: User | None, successor: Grid | None = None) -> Grid:
    """Close a grid; its team ends on `on` and a successor takes its buildings and households over.

    ValidationError: already closed, or buildings remain and there is no successor.
    """
    grid = lock_grid(grid)
    _require_not_closed(grid)
    if grid.activated_on and on < grid.activated_on:
        raise ValidationError("撤销日期不能早于启用日期。", code="date")
    buildings = Building.objects.filter(grid=grid)
    if successor is not None:
        successor = lock_grid(successor)
        _require_successor(grid, successor)
        shift_buildings(buildings=list(buildings), to=successor, by=by, on=on)
    elif count := buildings.count():
        raise ValidationError(f"还有 {count} 栋楼在这个网格，请选择承接网格。", code="buildings")
    grid.team.filter(end=None, start__lte=on).update(end=on)
    grid.team.filter(start__gt=on).delete()  # appointments that never began
    grid.status, grid.closed_on, grid.successor = GridStatus.CLOSED, on, successor
    grid.save(update_fields=["status", "closed_on", "successor"])
    touch_ground()
    record(
        by=by, action="grid.close", target=grid, street=grid.street_id,
        detail={"successor": successor.code if successor else ""},
    )  # fmt: skip
    grid_changed.send(
        Grid, kind=GridChange.CLOSED, grid_ids=[grid.pk], building_ids=[], moved_to=successor, by=by
    )
    return grid


def free_serial(community: OrgUnit, serial: int) -> bool:
    """Say whether this serial of the community was never used."""
    return not Grid.objects.filter(code=f"{community.division_code}{serial:03d}").exists()


def lock_grid(grid: Grid) -> Grid:
    """Return the grid as it is now, locked until the transaction ends."""
    return Grid.objects.select_for_update().get(pk=grid.pk)


def _lock(community: OrgUnit) -> OrgUnit:
    locked: OrgUnit = OrgUnit.objects.select_for_update().get(pk=community.pk)
    return locked


def _allot(community: OrgUnit, serial: int | None) -> int:
    if serial is not None:
        if not 1 <= serial <= LAST_SERIAL:
            raise ValidationError(f"网格序号应在 1 到 {LAST_SERIAL} 之间。", code="serial")
        if not free_serial(community, serial):
            raise ValidationError(f"网格序号 {serial:03d} 已用过，不能重复使用。", code="serial")
        return serial
    used = Grid.objects.filter(code__startswith=community.division_code or "").order_by("-code")
    last = used.values_list("code", flat=True).first()
    number = int(last[-3:]) + 1 if last else 1
    if number > LAST_SERIAL:
        raise ValidationError(f"{community}的网格序号已用完（最多 {LAST_SERIAL}）。", code="serial")
    return number


def _require_open(community: OrgUnit) -> None:
    if community.tier != Tier.COMMUNITY:
        raise ValidationError("网格只能建在社区之下。", code="tier")
    if not community.is_active:
        raise ValidationError(f"{community}已撤销，不能新建网格。", code="abolished")
    if len(community.division_code or "") != 12:
        raise ValidationError(f"{community}没有 12 位区划代码，不能给网格编码。", code="no_code")


def _require_branch_of(community: OrgUnit, branch: OrgUnit) -> None:
    inside = OrgUnit.objects.filter(
        pk=branch.pk,
        tree_id=community.tree_id,
        lft__gt=community.lft,
        rght__lt=community.rght,
        status=OrgStatus.ACTIVE,
    )
    found = inside.values_list("tier", flat=True).first()
    if found is None:
        raise ValidationError(f"“{branch}”不是{community}的在用党组织。", code="elsewhere")
    if found != Tier.BRANCH:
        raise ValidationError(f"“{branch}”不是网格党支部。", code="tier")


def _require_not_closed(grid: Grid) -> None:
    if grid.status == GridStatus.CLOSED:
        raise ValidationError("这个网格已经撤销。", code="closed")


def _require_successor(grid: Grid, successor: Grid) -> None:
    if successor.pk == grid.pk:
        raise ValidationError("承接网格不能是它自己。", code="self")
    if successor.status != GridStatus.ACTIVE:
        raise ValidationError(f"“{successor}”不是在用网格，不能承接。", code="inactive")
    if successor.community_id != grid.community_id:
        raise ValidationError(f"“{successor}”属于其他社区，不能承接。", code="elsewhere")


def _require_nobody_outside(grid: Grid, template: TeamTemplate | None) -> None:
    serving = grid.team.serving_on(timezone.localdate())
    if template is not None:
        serving = serving.exclude(slot__template=template)
    if count := serving.count():
        raise ValidationError(
            f"还有 {count} 人按原来的队伍模式在岗，请先办理离岗，再换队伍模式。", code="team"
        )
