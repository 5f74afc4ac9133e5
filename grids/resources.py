"""The list of grids as rows of a file, map files as import jobs, teams as a reference table."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from grids.locate import communities_under
from grids.map_plan import MapPlan
from grids.models import Grid
from grids.services.mapload import MapLoaded, load_map
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


def day_text(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


MOST_SHOWN = 500
FATES = {"create": "新画", "update": "更新", "unchanged": "未变"}


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
