"""Codes of the older networks (党建、综治、信访、城管): registered, then merged into the grid."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.models import Grid, LegacyGridCode
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User

describe_actions(
    grid__part_merge_legacy_code="部分并网",
    grid__export_legacy_codes="导出原网格编码",
    grid__load_legacy_codes="导入原网格编码",
    grid__add_legacy_code="登记原网格编码",
    grid__merge_legacy_code="并网",
    grid__drop_legacy_code="删除原网格编码",
)


@transaction.atomic
def add_legacy_code(
    *,
    grid: Grid,
    system: str,
    code: str,
    by: User | None,
    name: str = "",
    merged_on: date | None = None,
) -> LegacyGridCode:
    """Register a code another system gives this ground; not merged yet without a date."""
    code = one_line(code, label="原编码", longest=40)
    name = one_line(name, label="原名称", longest=60, required=False)
    if grid.legacy_codes.filter(system=system, code=code).exists():
        raise ValidationError(f"原编码“{code}”已登记在本网格。", code="taken")
    legacy = LegacyGridCode.objects.create(
        grid=grid, system=system, code=code, name=name, merged_on=merged_on
    )
    record(
        by=by, action="grid.add_legacy_code", target=grid, street=grid.street_id,
        detail={"system": system, "code": code},
    )  # fmt: skip
    return legacy


@transaction.atomic
def merge_legacy_code(*, legacy: LegacyGridCode, on: date, by: User | None) -> LegacyGridCode:
    """Mark the old network's grid as merged since `on` (双网融合)."""
    legacy = LegacyGridCode.objects.select_for_update().get(pk=legacy.pk)
    if legacy.merged_on is not None:
        raise ValidationError(f"已于 {legacy.merged_on:%Y-%m-%d} 并网。", code="merged")
    legacy.merged_on = on
    legacy.save(update_fields=["merged_on"])
    record(
        by=by, action="grid.merge_legacy_code", target=legacy.grid, street=legacy.grid.street_id,
        detail={"system": legacy.system, "code": legacy.code},
    )  # fmt: skip
    return legacy


@transaction.atomic
def part_merge_legacy_code(*, legacy: LegacyGridCode, on: date, by: User | None) -> LegacyGridCode:
    """Mark the old network's grid as merged in part since `on`: some of its work came over."""
    legacy = LegacyGridCode.objects.select_for_update().get(pk=legacy.pk)
    if legacy.merge_status != "none":
        since = legacy.merged_on or legacy.partial_on
        raise ValidationError(f"已于 {since:%Y-%m-%d} 合并，不用再标。", code="merged")
    legacy.partial_on = on
    legacy.save(update_fields=["partial_on"])
    record(
        by=by, action="grid.part_merge_legacy_code", target=legacy.grid,
        street=legacy.grid.street_id, detail={"system": legacy.system, "code": legacy.code},
    )  # fmt: skip
    return legacy


@transaction.atomic
def drop_legacy_code(*, legacy: LegacyGridCode, by: User | None) -> None:
    """Remove a code that was registered by mistake."""
    record(
        by=by, action="grid.drop_legacy_code", target=legacy.grid, street=legacy.grid.street_id,
        detail={"system": legacy.system, "code": legacy.code},
    )  # fmt: skip
    legacy.delete()
