"""Division sheets: draft, preview what would happen, adopt in one transaction, withdraw, undo."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from grids.catalog import GridStatus
from grids.division_effects import scope_effects
from grids.division_workflow import DIVISION_MOVES, DivisionKind
from grids.factors import factors_of
from grids.ground import Shift, effects_of
from grids.models import Building, DivisionRow, Grid, GridDivision
from grids.services.division_run import carry_out
from grids.services.division_undo import how_it_stands, note_changes, put_back
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, User

describe_actions(
    division__create="新建网格划分",
    division__edit="修改网格划分",
    division__preview="预览网格划分",
    division__adopt="采用网格划分",
    division__withdraw="作废网格划分",
    division__undo="撤销网格划分",
)
MOST_ROWS = 50


@transaction.atomic
def create_division(
    *, community: OrgUnit, title: str, effective_on: date, by: User | None, reason: str = ""
) -> GridDivision:
    """Open a draft sheet for a community."""
    if community.tier != Tier.COMMUNITY or not community.is_active:
        raise ValidationError("网格划分按社区做，请选择一个在用的社区。", code="community")
    division = GridDivision.objects.create(
        community=community, title=one_line(title, label="名称", longest=60),
        reason=one_line(reason, label="依据", longest=200, required=False),
        effective_on=effective_on, created_by=by,
    )  # fmt: skip
    _tell(division, "division.create", by)
    return division


@transaction.atomic
def add_row(
    *,
    division: GridDivision,
    kind: str,
    grid: Grid,
    by: User | None,
    target: Grid | None = None,
    new_name: str = "",
    new_kind: str = "",
    buildings: Iterable[Building] = (),
) -> DivisionRow:
    """Add one change to an open sheet; ValidationError when the parts do not fit the kind."""
    advance(division, "edit")
    chosen = list(buildings)
    if division.rows.count() >= MOST_ROWS:
        raise ValidationError(f"一张划分表最多 {MOST_ROWS} 项，请分开做。", code="many")
    _require_here(division, grid, target, chosen)
    _require_parts(kind, grid, target, chosen)
    row = DivisionRow.objects.create(
        division=division, kind=kind, grid=grid,
        target=target if kind in (DivisionKind.MERGE, DivisionKind.MOVE) else None,
        new_name=one_line(new_name, label="新网格名称", longest=60, required=kind == DivisionKind.SPLIT),
        new_kind=new_kind, buildings=[one.pk for one in chosen],
    )  # fmt: skip
    _tell(division, "division.edit", by)
    return row


@transaction.atomic
def drop_row(*, row: DivisionRow, by: User | None) -> None:
    """Take one change off an open sheet."""
    advance(row.division, "edit")
    row.delete()
    _tell(row.division, "division.edit", by)


@transaction.atomic
def preview_division(*, division: GridDivision, by: User | None) -> GridDivision:
    """Play the sheet through, roll it back, and keep what it would do for everybody to read.

    ValidationError: what adopting would refuse, with the row it stopped at.
    """
    advance(division, "preview")
    before = factors_of(division.community, by, division.effective_on)
    places = _places(division)
    with transaction.atomic():
        carry_out(division, by)
        after = factors_of(division.community, by, division.effective_on)
        shifts = _shifts(places, _places(division))
        transaction.set_rollback(True)
    known = {one.grid: one.as_dict() for one in before}
    later = {one.grid: one.as_dict() for one in after}
    effects = [*scope_effects(shifts, division.effective_on), *effects_of(shifts, by)]
    division.preview = {
        "grids": [
            {"before": known.get(pk), "after": later.get(pk), "changed": known.get(pk) != later.get(pk)}
            for pk in [*known, *(pk for pk in later if pk not in known)]
        ],
        "moves": [
            {"from": one.source.name, "to": one.target.name, "buildings": len(one.buildings)}
            for one in shifts
        ],
        "effects": [
            {"label": one.label, "count": one.count, "unit": one.unit, "lines": list(one.lines)}
            for one in effects
        ],
    }  # fmt: skip
    division.ground = fingerprint_of(division.community)
    division.save(update_fields=["preview", "ground"])
    _tell(division, "division.preview", by)
    return division


@transaction.atomic
def adopt_division(*, division: GridDivision, by: User | None, today: date) -> GridDivision:
    """Carry the previewed sheet out: all of it, from its effective date, or nothing.

    ValidationError: not previewed, not yet due, the ground changed since the preview, or a row
    that no longer holds.
    """
    if division.effective_on > today:
        raise ValidationError(
            f"生效日期是 {division.effective_on:%Y-%m-%d}，到那天再采用。", code="early"
        )
    OrgUnit.objects.select_for_update().get(pk=division.community_id)
    advance(division, "adopt")
    if division.ground != fingerprint_of(division.community):
        raise ValidationError("预览之后网格或楼栋又有变动，请重新预览。", code="stale")
    stood = how_it_stands(division)
    carry_out(division, by)
    division.before = note_changes(division, stood)
    division.adopted_at, division.adopted_by = timezone.now(), by
    division.save(update_fields=["adopted_at", "adopted_by", "before"])
    _tell(division, "division.adopt", by)
    return division


@transaction.atomic
def undo_division(*, division: GridDivision, by: User | None, today: date) -> GridDivision:
    """Put the grids back as they stood before the sheet was adopted, from today.

    ValidationError: too late, or buildings and grids have been changed since. What was done in
    between stays where it happened; a code once given is not given again.
    """
    last = undo_division_until(division)
    if last is not None and last < timezone.now():
        raise ValidationError(
            f"采用超过 {settings.UNDO_DAYS} 天，不能再撤销。请另做一张划分表。", code="late"
        )
    OrgUnit.objects.select_for_update().get(pk=division.community_id)
    advance(division, "undo")
    put_back(division, by, today)
    division.undone_at, division.undone_by = timezone.now(), by
    division.save(update_fields=["undone_at", "undone_by"])
    _tell(division, "division.undo", by)
    return division


def undo_division_until(division: GridDivision) -> datetime | None:
    """Return the last moment at which the sheet may be undone; None while it is not adopted."""
    return division.adopted_at and division.adopted_at + timedelta(days=settings.UNDO_DAYS)


@transaction.atomic
def withdraw_division(*, division: GridDivision, by: User | None) -> GridDivision:
    """Put an open sheet away; it stays readable."""
    advance(division, "withdraw")
    _tell(division, "division.withdraw", by)
    return division


def advance(division: GridDivision, name: str) -> None:
    """Move the sheet by the table; exactly one row in the status and version read must change."""
    move = DIVISION_MOVES[name]
    won = GridDivision.objects.filter(
        pk=division.pk, version=division.version, status__in=move.sources
    ).update(status=move.target, version=division.version + 1)
    if not won:
        division.refresh_from_db()
        if division.status not in move.sources:
            said = f"这张划分表{division.get_status_display()}，不能再做这项操作。"
            if division.status == "draft":
                said = "请先预览，看清影响以后再采用。"
            raise ValidationError(said, code="conflict")
        raise ValidationError("别人刚刚改过这张划分表，请刷新后再试。", code="conflict")
    division.status, division.version = move.target, division.version + 1


def fingerprint_of(community: OrgUnit) -> str:
    """Return a short text that changes with every grid and building of the community."""
    grids = Grid.objects.filter(community=community).order_by("pk")
    buildings = Building.objects.filter(community=community).order_by("pk")
    facts = [
        *grids.values_list("pk", "status", "name", "party_branch"),
        *buildings.values_list("pk", "grid"),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _places(division: GridDivision) -> dict[int, Grid]:
    rows = Building.objects.filter(community=division.community_id).select_related(
        "grid__party_branch"
    )
    return {row.pk: row.grid for row in rows}


def _shifts(before: dict[int, Grid], after: dict[int, Grid]) -> list[Shift]:
    """Return what changed hands between the two, by source and target."""
    moved: dict[tuple[int, int], list[int]] = defaultdict(list)
    for building, old in before.items():
        if after[building].pk != old.pk:
            moved[old.pk, after[building].pk].append(building)
    closed = {new.pk for new in after.values()}
    return [
        Shift(
            source=before[ids[0]], target=after[ids[0]], buildings=tuple(ids),
            closes_source=source not in closed
            and Grid.objects.filter(pk=source, status=GridStatus.CLOSED).exists(),
        )
        for (source, _), ids in sorted(moved.items())
    ]  # fmt: skip


def _require_here(
    division: GridDivision, grid: Grid, target: Grid | None, buildings: list[Building]
) -> None:
    for one in (grid, target):
        if one is not None and one.community_id != division.community_id:
            raise ValidationError(f"“{one}”不属于{division.community}。", code="elsewhere")
    strays = [one for one in buildings if one.community_id != division.community_id]
    if strays:
        raise ValidationError(f"{strays[0]}不属于{division.community}。", code="elsewhere")


def _require_parts(kind: str, grid: Grid, target: Grid | None, buildings: list[Any]) -> None:
    reserved = grid.status == GridStatus.RESERVED
    if grid.status == GridStatus.CLOSED:
        raise ValidationError(f"“{grid}”已经撤销。", code="closed")
    if (kind == DivisionKind.ACTIVATE) != reserved:
        said = "是预留网格，请先启用" if reserved else "不是预留网格，不用启用"
        raise ValidationError(f"“{grid}”{said}。", code="status")
    if kind in (DivisionKind.MERGE, DivisionKind.MOVE) and target in (None, grid):
        raise ValidationError({"target": "请选择划到哪个网格（不能是它自己）。"})
    if kind in (DivisionKind.SPLIT, DivisionKind.MOVE) and not buildings:
        raise ValidationError({"buildings": "请至少选一栋楼。"})
    if kind == DivisionKind.SPLIT and len(buildings) >= Building.objects.filter(grid=grid).count():
        raise ValidationError({"buildings": "原网格至少要留一栋楼；整个网格改名请用“修改”。"})


def _tell(division: GridDivision, action: str, by: User | None) -> None:
    root = division.community.get_root()
    record(
        by=by, action=action, target=division, street=root, detail={"rows": division.rows.count()}
    )
