"""A list of cases as a workbook, in the customary layout: title, period, who made it, rows.

Rows are written as they are read (constant memory). No reporter's name or phone leaves by this
door.
"""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

from cases.catalog import Level, Source
from cases.models import Case
from cases.rows import CaseRow, community_name
from gridparty.lib.china_time import local
from orgs.audit import describe_actions
from orgs.workbook import write_workbook

describe_actions(case__export="导出事项台账")

MAX_ROWS = 100_000
CHUNK = 2_000
# Header and width in characters.
COLUMNS = (
    ("序号", 6), ("编号", 20), ("状态", 10), ("时限", 14), ("类别", 14), ("问题描述", 50), ("街道", 18),
    ("社区", 18), ("网格", 14), ("地点", 26), ("来源", 14), ("层级", 8), ("牵头单位", 18), ("上报时间", 17),
    ("办理期限", 17), ("反馈时间", 17), ("销号时间", 17), ("轮次", 6), ("返工次数", 8),
)  # fmt: skip


def write_cases(rows: Iterable[CaseRow], *, title: str, period: str, maker: str) -> IO[bytes]:
    """Return an open temporary .xlsx file (at its beginning) with the rows; nothing stays behind."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    cells = (_cells(number, row) for number, row in enumerate(rows, start=1))
    note = f"统计时段：{period}　　制表人：{maker}　　审核人："
    write_workbook(file, COLUMNS, cells, title=title, note=note)
    file.seek(0)
    return file


def _cells(number: int, row: CaseRow) -> list[Any]:
    case: Case = row.case
    return [
        number, case.case_no, case.status_label, row.due, case.category.name, case.text,
        case.street.name, community_name(case), case.grid.name, row.place,
        str(Source(case.source).label), str(Level(case.level).label),
        case.lead_unit.name if case.lead_unit else "", _moment(case.created_at),
        _moment(case.due_at), _moment(case.fed_back_at), _moment(case.closed_at), case.cycle,
        case.rework_count,
    ]  # fmt: skip


def _moment(value: datetime | None) -> str:
    return f"{local(value):%Y-%m-%d %H:%M}" if value else ""
