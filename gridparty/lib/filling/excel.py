"""Excel templates: a cell's text holds fields; a row with columns of a list appears once per entry.

A field never becomes a formula: text that begins like one gets an apostrophe in front.
"""

import copy
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.cell_range import CellRange

from gridparty.lib.filling.fields import (
    FIELD,
    Facts,
    Unusable,
    Used,
    Value,
    names_in,
    one_list,
    put,
)

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS, MOST_COLUMNS = 2_000, 200


def _opened(data: bytes) -> Any:
    try:
        return openpyxl.load_workbook(io.BytesIO(data))
    except Exception:
        raise Unusable("文件打不开，请用 Excel 另存为 .xlsx 后再上传。") from None


def _cells(sheet: Any, row: int) -> Iterator[Any]:
    for cell in sheet[row]:
        if isinstance(cell.value, str) and not isinstance(cell, MergedCell):
            yield cell


def _where(sheet: Any, cell: Any) -> str:
    return f"工作表“{sheet.title}”的 {cell.coordinate} "


def read_excel(data: bytes) -> list[Used]:
    """Return the fields in their order."""
    found = []
    formula, repeats = "", False  # a formula on one sheet may look at rows another moves
    for sheet in _opened(data).worksheets:
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
            raise Unusable(
                f"工作表“{sheet.title}”太大，模板最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列，请删去多余的行列。"
            )
        for row in range(1, sheet.max_row + 1):
            here = []
            for cell in _cells(sheet, row):
                names = names_in(cell.value, _where(sheet, cell))
                if cell.data_type == "f":
                    formula = formula or _where(sheet, cell)
                    if names:
                        raise Unusable(f"{_where(sheet, cell)}是公式，公式里不能写字段。")
                here += names
                found += [Used(name, _where(sheet, cell), True) for name in names]
            if one_list(here, f"工作表“{sheet.title}”第 {row} 行"):
                repeats = True
                _no_tall_merge(sheet, row)
    if repeats and formula:
        raise Unusable(f"{formula}是公式。文件里有逐行展开的行，公式会错位，请改用合计字段。")
    return found


def _no_tall_merge(sheet: Any, row: int) -> None:
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_row != area.max_row:
            raise Unusable(
                f"工作表“{sheet.title}”第 {row} 行要逐行展开，不能在跨行合并的单元格 {area.coord} 里。"
            )


def fill_excel(data: bytes, facts: Facts) -> bytes:
    book = _opened(data)
    for sheet in book.worksheets:
        # From the bottom up: what is put in moves only rows that are done.
        for row in range(sheet.max_row, 0, -1):
            names = [name for cell in _cells(sheet, row) for name in names_in(cell.value, "")]
            if of_list := one_list(names, ""):
                _repeat(sheet, row, len(facts.lists[of_list]), facts)
            elif names:
                for cell in _cells(sheet, row):
                    _put(cell, cell.value, facts, None)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _repeat(sheet: Any, row: int, many: int, facts: Facts) -> None:
    texts = {cell.column: cell.value for cell in _cells(sheet, row)}
    if many > 1:
        _make_room(sheet, row, many - 1)
    for place in range(max(1, many)):
        for column, text in texts.items():
            _put(sheet.cell(row + place, column), text, facts, place if many else None)


def _make_room(sheet: Any, row: int, more: int) -> None:
    """Move what stands below `row` down, heights and merged cells too, and copy the row's looks."""
    last, columns = sheet.max_row, sheet.max_column
    heights = {number: sheet.row_dimensions[number].height for number in range(row, last + 1)}
    across, below = [], []
    for area in list(sheet.merged_cells.ranges):
        if area.min_row > row:
            below.append(area)
            sheet.merged_cells.remove(area)
        elif area.min_row == row:
            across.append(area)
    if last > row:
        sheet.move_range(_area(row + 1, last, columns), rows=more)
    for area in below:
        sheet.merged_cells.add(_moved(area, more))
    for number in range(last, row, -1):
        sheet.row_dimensions[number + more].height = heights[number]
    for number in range(row + 1, row + more + 1):
        sheet.row_dimensions[number].height = heights[row]
        for column in range(1, columns + 1):
            source, target = sheet.cell(row, column), sheet.cell(number, column)
            target._style = copy.copy(source._style)
            if not isinstance(source, MergedCell):
                target.value = source.value
        for area in across:
            sheet.merged_cells.add(_moved(area, number - row))


def _area(first: int, last: int, columns: int) -> str:
    return str(CellRange(min_row=first, max_row=last, min_col=1, max_col=columns).coord)


def _moved(area: Any, rows: int) -> CellRange:
    found = CellRange(area.coord)
    found.shift(row_shift=rows)
    return found


def _put(cell: Any, text: str, facts: Facts, entry: int | None) -> None:
    def value_of(name: str) -> Value:
        return facts.value(name, entry)

    whole = FIELD.fullmatch(text.strip())
    value: Value = value_of(whole[1]) if whole else None
    if isinstance(value, int | Decimal):
        cell.value = value
        return
    filled = put(text, value_of)
    cell.value = f"'{filled}" if filled != text and filled.startswith(DANGEROUS) else filled
