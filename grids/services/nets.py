"""Loading the table of older networks' codes: new ones, changed names and dates; all or nothing."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.catalog import GridStatus
from grids.models import Grid, LegacyGridCode
from grids.nets_file import CodeRow, read_nets
from orgs.audit import record
from orgs.models import OrgUnit, User


@dataclass
class NetsLoaded:
    """Counts (create, update, unchanged), faults by line, and the fate of each row."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[int, str]] = field(default_factory=list)
    rows: list[tuple[CodeRow, Grid, str]] = field(default_factory=list)


@transaction.atomic
def load_nets(
    *, data: bytes, communities: list[OrgUnit], by: User | None, dry_run: bool = False
) -> NetsLoaded:
    """Write the codes of a table into the grids of these communities; a blank never clears.

    A dry run only judges. ValidationError: the file is no table, or some row has a fault (each
    with its line); then nothing is written.
    """
    grids = {
        grid.code: grid
        for grid in Grid.objects.filter(community__in=communities).exclude(status=GridStatus.CLOSED)
    }
    known = {
        (one.system, one.code, one.grid_id): one
        for one in LegacyGridCode.objects.select_for_update().filter(grid__in=grids.values())
    }
    loaded, new, changed = NetsLoaded(), [], []
    seen: dict[tuple[str, str, int], int] = {}
    for row in read_nets(data):
        grid = grids.get(row.grid)
        faults = list(row.problems)
        if grid is None:
            faults.append(f"没有编码为“{row.grid[:20]}”的网格，或不在导入的社区。")
        loaded.problems += [(row.line, fault) for fault in faults]
        if faults or grid is None:
            continue
        key = (row.system, row.code, grid.pk)
        if key in seen:
            loaded.problems.append((row.line, f"和第 {seen[key]} 行重复。"))
            continue
        seen[key] = row.line
        fate = "create"
        if (old := known.get(key)) is None:
            new.append(
                LegacyGridCode(
                    grid=grid, system=row.system, code=row.code, name=row.name,
                    partial_on=row.partial_on, merged_on=row.merged_on,
                )
            )  # fmt: skip
        else:
            fate = "update" if _take(old, row) else "unchanged"
            changed += [old] * (fate == "update")
        loaded.counts[fate] += 1
        loaded.rows.append((row, grid, fate))
    if dry_run:
        return loaded
    if loaded.problems:
        raise ValidationError([f"第 {line} 行：{said}" for line, said in loaded.problems])
    LegacyGridCode.objects.bulk_create(new, batch_size=500)
    LegacyGridCode.objects.bulk_update(changed, ["name", "partial_on", "merged_on"], batch_size=500)
    record(
        by=by, action="grid.load_legacy_codes", target=LegacyGridCode,
        street=communities[0].get_root().pk, detail={"counts": dict(loaded.counts)},
    )  # fmt: skip
    return loaded


def _take(old: LegacyGridCode, row: CodeRow) -> bool:
    before = (old.name, old.partial_on, old.merged_on)
    old.name = row.name or old.name
    old.partial_on = row.partial_on or old.partial_on
    old.merged_on = row.merged_on or old.merged_on
    return before != (old.name, old.partial_on, old.merged_on)
