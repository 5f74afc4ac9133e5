"""Grids and old codes as rows of a file; map files, codes and teams as imports."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from grids.catalog import LegacySystem
from grids.locate import communities_under
from grids.map_plan import MapPlan
from grids.models import Grid, LegacyGridCode
from grids.nets import STATUSES
from grids.services.mapload import MapLoaded, load_map
from grids.services.nets import NetsLoaded, load_nets
from grids.staffing import Completeness
from grids.tables.teams import TeamTable
from orgs import sealedfiles
from orgs.importers import ImportRefused, importer
from orgs.models import ImportJob
from orgs.tables.base import table
from orgs.tables.importing import register_importer
from orgs.workbook import Cell

GRID_COLUMNS = (
    ("网格编码", 18), ("名称", 22), ("社区", 20), ("类型", 10), ("状态", 8), ("网格党支部", 24),
    ("队伍", 12), ("楼栋数", 8), ("户数", 8), ("启用日期", 12),
)  # fmt: skip


def grid_cells(grid: Grid, team: Completeness, *, sizes: bool) -> list[Cell]:
    """Return one row under GRID_COLUMNS; `grid` comes from `for_list`."""
    return [
        grid.code, grid.name, str(grid.community), grid.get_kind_display(),
        grid.get_status_display(), str(grid.party_branch or ""), team.label,
        int(getattr(grid, "building_count", 0)),
        int(getattr(grid, "household_count", 0)) if sizes else "",
        day_text(grid.activated_on),
    ]  # fmt: skip


NET_COLUMNS = (
    ("系统", 10), ("代码", 22), ("名称", 26), ("网格编码", 20), ("网格名称", 24), ("合并情况", 10),
    ("部分合并日期", 14), ("并网日期", 14),
)  # fmt: skip


def net_cells(code: LegacyGridCode) -> list[Cell]:
    """Return one row under NET_COLUMNS; the import reads it back as unchanged."""
    return [
        code.get_system_display(), code.code, code.name, code.grid.code, code.grid.name,
        STATUSES[code.merge_status], day_text(code.partial_on), day_text(code.merged_on),
    ]  # fmt: skip


def day_text(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


MOST_SHOWN = 500
FATES = {"create": "新画", "update": "更新", "unchanged": "未变"}
CODE_FATES = {**FATES, "create": "新登记"}


@importer("map")
class MapImporter:
    """A map file in WGS-84 into the communities under the job's node."""

    gcj = False

    def preview(self, job: ImportJob) -> None:
        loaded = self._load(job, dry_run=True)
        job.counts = dict(loaded.counts) | {"errors": len(loaded.plan.errors)}
        job.total = sum(loaded.counts[kind] for kind in ("grids", "communities", "buildings"))
        job.issues = _issues(loaded.plan)
        job.preview = _rows(loaded.plan)

    def apply(self, job: ImportJob) -> None:
        loaded = self._load(job, dry_run=False)
        job.counts = dict(loaded.counts)
        job.progress = job.total

    def undo(self, job: ImportJob) -> None:
        raise ImportRefused("地图导入不能整份撤回，请导入原来的地图文件，或逐个修改边界。")

    def _load(self, job: ImportJob, *, dry_run: bool) -> MapLoaded:
        try:
            return load_map(
                data=sealedfiles.read(job.stored_as),
                communities=communities_under(job.under.division_code or ""),
                by=job.uploaded_by,
                gcj=self.gcj,
                dry_run=dry_run,
            )
        except ValidationError as refusal:
            raise ImportRefused(" ".join(refusal.messages)[:280]) from refusal


@importer("map_gcj")
class ShiftedMapImporter(MapImporter):
    """The same for a file whose coordinates are GCJ-02."""

    gcj = True


@importer("nets")
class NetsImporter:
    """A table of older networks' codes (系统、代码、名称、网格编码)."""

    def preview(self, job: ImportJob) -> None:
        loaded = self._load(job, dry_run=True)
        job.counts = dict(loaded.counts) | {"errors": len(loaded.problems)}
        job.total = len(loaded.rows)
        job.issues = [
            {"severity": "error", "where": f"第 {line} 行", "message": said}
            for line, said in loaded.problems[:MOST_SHOWN]
        ]
        job.preview = [
            {
                "what": str(LegacySystem(row.system).label), "name": f"{row.code} → {grid.name}",
                "code": grid.code, "fate": CODE_FATES[fate],
            }
            for row, grid, fate in loaded.rows[:MOST_SHOWN]
        ]  # fmt: skip

    def apply(self, job: ImportJob) -> None:
        job.counts = dict(self._load(job, dry_run=False).counts)
        job.progress = job.total

    def undo(self, job: ImportJob) -> None:
        raise ImportRefused("编码导入不能整份撤回，请在网格页面逐个修改，或导入改好的表。")

    def _load(self, job: ImportJob, *, dry_run: bool) -> NetsLoaded:
        try:
            return load_nets(
                data=sealedfiles.read(job.stored_as),
                communities=communities_under(job.under.division_code or ""),
                by=job.uploaded_by,
                dry_run=dry_run,
            )
        except ValidationError as refusal:
            raise ImportRefused(" ".join(refusal.messages)[:280]) from refusal


def _issues(plan: MapPlan) -> list[dict[str, str]]:
    ranked = sorted(plan.issues, key=lambda issue: issue.severity)  # "error" before "warn"
    return [vars(issue) for issue in ranked[:MOST_SHOWN]]


def _rows(plan: MapPlan) -> list[dict[str, Any]]:
    """Return what would be written, grids first."""
    rows: list[dict[str, Any]] = [
        {"what": "网格", "name": grid.name, "code": grid.code, "fate": FATES[plan.fate(grid)]}
        for grid in plan.grids
    ]
    rows += [
        {"what": "社区", "name": str(one), "code": one.division_code, "fate": "画边界"}
        for one in plan.communities
    ]
    rows += [
        {"what": "楼栋", "name": str(one), "code": "", "fate": "标位置"} for one in plan.buildings
    ]
    return rows[:MOST_SHOWN]


register_importer(table(TeamTable))
