"""The result file: the roster as it came in, with the columns 结果 and 原因, ids masked.

Every text is written as a text cell with Excel's own quote mark where it begins like a formula,
so nothing in it is ever computed, here or after editing.
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter

from gridparty.lib.masking import mask_id, mask_in_text
from residents.roster.apply import Result
from residents.roster.columns import Layout
from residents.roster.outcome import LABELS, STORED
from residents.roster.sheets import Cell, Sheet, read_sheets
from residents.roster.structure import SKIP_LABELS

RESULT, REASON = "结果", "原因"
NOTES = "整表提示"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767
# An identity number, also one with a digit too few or too many, or written in groups.
_LONG_NUMBER = re.compile(r"\d(?:\s?\d){13,}(?:\s?[XxＸｘ])?")
_FEWEST_DIGITS = 14
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


def write_report(data: bytes, result: Result) -> bytes:
    """The result workbook of a file: its sheets that were read, in their own layout.

    The file is read again: keeping all its cells during the import would cost more memory.
    """
    sheets = read_sheets(data)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "constant_memory": True})
    styles = {
        "quoted": book.add_format({"quote_prefix": True}),
        "head": book.add_format({"bold": True, "bg_color": "#E8EEF7"}),
        "bad": book.add_format({"bg_color": "#FBE3E0"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    fates = _fates(result)
    numbers = _id_cells(result)
    layouts = {layout.sheet: layout for layout in result.parsed.layouts}
    for sheet in sheets:
        if sheet.name in layouts:
            name = (sheet.name or "结果").translate(_FORBIDDEN_IN_NAMES)[:31]
            page = book.add_worksheet(name)
            _write_sheet(
                page, sheet, layouts[sheet.name], fates[sheet.name], numbers[sheet.name], styles
            )
    _write_notes(book, result, styles)
    book.close()
    return stream.getvalue()


def _write_notes(book: Any, result: Result, styles: dict[str, Any]) -> None:
    """A last sheet with what is to say of whole sheets, where there is anything."""
    notes = [one for one in result.issues if one.person < 0]
    if not notes:
        return
    page = book.add_worksheet(NOTES)
    page.set_column(0, 2, 14)
    page.set_column(3, 3, 80)
    for column, title in enumerate(("工作表", "位置", "列", "提示")):
        page.write_string(0, column, title, styles["head"])
    for row, one in enumerate(notes, start=1):
        said = (one.sheet, one.cell.rpartition("!")[2], one.column, one.message)
        for column, text in enumerate(said):
            _write_cell(page, row, column, text, styles, None)


def _fates(result: Result) -> dict[str, dict[int, tuple[str, str, bool]]]:
    """Sheet → row → (结果, 原因, whether the row was not stored)."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for issue in result.issues:
        said = f"{issue.column}：{issue.message}" if issue.column else issue.message
        reasons[issue.person].append(said)
    # A wide row holds several people: the row bears what became of each of them, by name.
    told: dict[tuple[str, int], list[tuple[str, str, str, bool]]] = defaultdict(list)
    for row, outcome in zip(result.parsed.rows, result.outcomes, strict=True):
        said = "；".join(reasons.get(row.order, ()))
        told[row.sheet, row.number].append((row.name, LABELS[outcome], said, outcome not in STORED))
    fates: dict[str, dict[int, tuple[str, str, bool]]] = defaultdict(dict)
    for (sheet, number), several in told.items():
        labels = Counter(label for _name, label, _said, _is_bad in several)
        label = "、".join(f"{one} {n} 人" if len(several) > 1 else one for one, n in labels.items())
        said = "；".join(
            filter(None, (_told_of(*one[:3], len(several), len(labels)) for one in several))
        )
        fates[sheet][number] = (label, said, any(is_bad for *_rest, is_bad in several))
    for skip in result.parsed.skips:
        fates[skip.sheet][skip.row] = ("跳过", SKIP_LABELS[skip.kind], False)
    return fates


def _told_of(name: str, label: str, said: str, people: int, labels: int) -> str:
    """What is said of one of the `people` of a row: by name when there are several."""
    if people == 1:
        return said
    fate = label if labels > 1 else ""
    told = "，".join(filter(None, (fate, said)))
    return f"{name or '（无姓名）'}：{told}" if told else ""


def _id_cells(result: Result) -> dict[str, set[tuple[int, int]]]:
    """Sheet → (row, column) from 0 of the identity numbers of wide rows and forms."""
    cells: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in result.parsed.rows:
        if row.origin is not None and "id_number" in row.origin.cells:
            number, column = row.origin.cells["id_number"]
            cells[row.sheet].add((number - 1, column))
    return cells


def _write_sheet(
    page: Any,
    sheet: Sheet,
    layout: Layout,
    fates: dict[int, tuple[str, str, bool]],
    numbers: set[tuple[int, int]],
    styles: dict[str, Any],
) -> None:
    masked = {layout.columns[name] for name in ("id_number",) if name in layout.columns}
    kept = {layout.columns[name] for name in ("phone",) if name in layout.columns}
    width = len(sheet.rows[layout.header_row])
    page.freeze_panes(layout.header_row + 1, 0)
    page.set_column(width, width, 8)
    page.set_column(width + 1, width + 1, 60)
    for index, cells in enumerate(sheet.rows):
        is_header = index == layout.header_row
        for column, cell in enumerate(cells):
            if cell != "":
                is_id = column in masked or (index, column) in numbers
                shown = cell if is_header else _masked(cell, is_id, column in kept)
                _write_cell(
                    page, index, column, shown, styles, styles["head"] if is_header else None
                )
        # A form has no header: its columns are named in the first row.
        if is_header or (index == 0 > layout.header_row and 1 not in fates):
            page.write_string(index, width, RESULT, styles["head"])
            page.write_string(index, width + 1, REASON, styles["head"])
        elif index + 1 in fates:
            label, reason, is_bad = fates[index + 1]
            style = styles["bad"] if is_bad else None
            page.write_string(index, width, label, style)
            page.write_string(index, width + 1, reason[:_LONGEST_CELL], style)


def _masked(cell: Cell, is_id: bool, is_kept: bool) -> Cell:
    """Identity numbers are masked wherever they stand, also in remarks and unknown columns."""
    if isinstance(cell, (int, float)) and (is_id or abs(cell) >= 1e13):
        return mask_id(f"{cell:.0f}")
    if not isinstance(cell, str):
        return mask_id(str(cell)) if is_id else cell
    # A form may hold label and number in one cell (身份证号：…): there the number alone is masked.
    if is_id and "：" not in cell and ":" not in cell:
        return mask_id(cell)
    if not is_kept and len(cell) >= _FEWEST_DIGITS:
        return mask_in_text(_LONG_NUMBER.sub(lambda found: mask_id(found[0]), cell))
    return cell


def _write_cell(
    page: Any, row: int, column: int, cell: Cell, styles: dict[str, Any], style: Any
) -> None:
    if isinstance(cell, str):
        if style is None and cell.startswith(_FORMULA_STARTS):
            style = styles["quoted"]
        page.write_string(row, column, cell[:_LONGEST_CELL], style)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, style)
    elif isinstance(cell, (int, float)):
        page.write_number(row, column, cell, style)
    elif isinstance(cell, (date, datetime)):
        page.write_datetime(row, column, cell, styles["date"])
    elif isinstance(cell, (time, timedelta)):
        page.write_string(row, column, str(cell), style)
