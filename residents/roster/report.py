"""The result file: the roster as it came in, with the columns 结果 and 原因, ids masked.

Every text is written as a text cell with Excel's own quote mark where it begins like a formula,
so nothing in it is ever computed, here or after editing.
"""

from __future__ import annotations

import io
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
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767
# Long enough to hold an identity number among other words.
_MAY_HOLD_ID = 15
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
    layouts = {layout.sheet: layout for layout in result.parsed.layouts}
    for sheet in sheets:
        if sheet.name in layouts:
            name = (sheet.name or "结果").translate(_FORBIDDEN_IN_NAMES)[:31]
            page = book.add_worksheet(name)
            _write_sheet(page, sheet, layouts[sheet.name], fates[sheet.name], styles)
    book.close()
    return stream.getvalue()


def _fates(result: Result) -> dict[str, dict[int, tuple[str, str, bool]]]:
    """Sheet → row → (结果, 原因, whether the row was not stored)."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for issue in result.issues:
        said = f"{issue.column}：{issue.message}" if issue.column else issue.message
        reasons[issue.person].append(said)
    # A wide row holds several people: the row bears what became of each of them.
    told: dict[tuple[str, int], list[tuple[str, str, bool]]] = defaultdict(list)
    for row, outcome in zip(result.parsed.rows, result.outcomes, strict=True):
        said = "；".join(reasons.get(row.order, ()))
        told[row.sheet, row.number].append((LABELS[outcome], said, outcome not in STORED))
    fates: dict[str, dict[int, tuple[str, str, bool]]] = defaultdict(dict)
    for (sheet, number), several in told.items():
        labels = Counter(label for label, _said, _is_bad in several)
        label = "、".join(f"{one} {n} 人" if len(several) > 1 else one for one, n in labels.items())
        said = "；".join(said for _label, said, _is_bad in several if said)
        fates[sheet][number] = (label, said, any(is_bad for *_rest, is_bad in several))
    for skip in result.parsed.skips:
        fates[skip.sheet][skip.row] = ("跳过", SKIP_LABELS[skip.kind], False)
    return fates


def _write_sheet(
    page: Any,
    sheet: Sheet,
    layout: Layout,
    fates: dict[int, tuple[str, str, bool]],
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
                shown = _masked(cell, column in masked, column in kept) if not is_header else cell
                _write_cell(
                    page, index, column, shown, styles, styles["head"] if is_header else None
                )
        if is_header:
            page.write_string(index, width, RESULT, styles["head"])
            page.write_string(index, width + 1, REASON, styles["head"])
        elif index + 1 in fates:
            label, reason, is_bad = fates[index + 1]
            style = styles["bad"] if is_bad else None
            page.write_string(index, width, label, style)
            page.write_string(index, width + 1, reason[:_LONGEST_CELL], style)


def _masked(cell: Cell, is_id: bool, is_kept: bool) -> Cell:
    """Identity numbers are masked wherever they stand, also in remarks and unknown columns."""
    if is_id or (isinstance(cell, float) and abs(cell) >= 1e14):
        text = f"{cell:.0f}" if isinstance(cell, float) else str(cell)
        return mask_id(text)
    if not is_kept and isinstance(cell, str) and len(cell) >= _MAY_HOLD_ID:
        return mask_in_text(cell)
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
