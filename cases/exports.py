"""A list of cases as a workbook, in the customary layout: title, period, who made it, rows.

Rows are written as they are read (constant memory). No reporter's name or phone leaves by this
door.
"""

from collections.abc import Iterable
from typing import Any

from django.http import FileResponse

from cases.catalog import Level, Source
from cases.models import Case
from cases.rows import CaseRow, community_name
from gridparty.lib.china_time import minute_text
from orgs.audit import describe_actions
from orgs.workbook import download

describe_actions(case__export="导出事项台账")

MAX_ROWS = 100_000
CHUNK = 2_000
# The last line of the customary forms, to be filled in by hand.
SIGNATURES = "填报单位：　　　　　　填报人：　　　　审核人：　　　　日期："
# Header and width in characters.
COLUMNS = (
    ("序号", 6), ("编号", 20), ("状态", 10), ("时限", 14), ("类别", 14), ("问题描述", 50), ("街道", 18),
    ("社区", 18), ("网格", 14), ("地点", 26), ("来源", 14), ("层级", 8), ("牵头单位", 18), ("上报时间", 17),
    ("办理期限", 17), ("反馈时间", 17), ("销号时间", 17), ("轮次", 6), ("返工次数", 8),
)  # fmt: skip


def as_download(
    rows: Iterable[CaseRow], *, name: str, title: str, period: str, maker: str
) -> FileResponse:
    """Return the rows as a workbook to be kept under a name."""
    cells = (_cells(number, row) for number, row in enumerate(rows, start=1))
    note = f"统计时段：{period}　　制表人：{maker}　　审核人："
    return download(name, COLUMNS, cells, title=title, note=note)


def _cells(number: int, row: CaseRow) -> list[Any]:
    case: Case = row.case
    return [
        number, case.case_no, case.status_label, row.due, case.category.name, case.text,
        case.street.name, community_name(case), case.grid.name, row.place,
        str(Source(case.source).label), str(Level(case.level).label),
        case.lead_unit.name if case.lead_unit else "", minute_text(case.created_at),
        minute_text(case.due_at), minute_text(case.fed_back_at), minute_text(case.closed_at), case.cycle,
        case.rework_count,
    ]  # fmt: skip
