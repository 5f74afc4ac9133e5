"""Lists as files: CSV that Excel opens in Chinese, and workbooks with title and foot.

Text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter

from grids.models import Grid
from grids.staffing import Completeness

Cell = str | int
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
GRID_COLUMNS = (
    ("网格编码", 18), ("名称", 22), ("社区", 20), ("类型", 10), ("状态", 8), ("网格党支部", 24),
    ("队伍", 12), ("楼栋数", 8), ("户数", 8), ("启用日期", 12),
)  # fmt: skip


def plain_cell(value: Cell) -> Cell:
    """Return text no spreadsheet reads as a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value


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


def as_csv(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the rows as CSV in UTF-8 with BOM."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([label for label, _ in columns])
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    foot: str,
) -> bytes:
    """Return an .xlsx: title, who made it when, columns, rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    heading = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    header = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#F1ECE4"})
    body = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
    for index, (_, width) in enumerate(columns):
        sheet.set_column(index, index, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 2)
    sheet.merge_range(0, 0, 0, len(columns) - 1, title, heading)
    sheet.write_string(1, 0, foot)
    for index, (label, _) in enumerate(columns):
        sheet.write_string(2, index, label, header)
    for line, row in enumerate(rows, start=3):
        for index, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, index, cell, body)
            else:
                sheet.write_string(line, index, str(plain_cell(cell)), body)
    book.close()
    return file.getvalue()
