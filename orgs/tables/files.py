"""The files of a table: the template to fill in, the export that can be imported again, the result."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from orgs.tables.base import Column, Table
from orgs.tables.engine import EXAMPLE_WORD, Result
from orgs.workbook import plain_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EMPTY_ROWS = 2_000


def template(table: Table) -> bytes:
    """Return an empty form: text cells, drop-downs, one example row that is skipped, instructions."""
    columns = table.stored
    example = [EXAMPLE_WORD if one.name == "id" else one.example for one in columns]
    return _book(table, columns, [example], choices=True)


def export(table: Table, user: Any) -> tuple[bytes, int]:
    """Return what the user may see of the table as a workbook, and how many rows."""
    rows = list(table.rows(user))
    return _book(table, table.stored, rows, choices=True), len(rows)


def result_file(result: Result) -> bytes:
    """Return the rows as they came, with 结果 and 原因 behind them."""
    width = max((len(row) for row in result.layout.sheet.rows), default=0)
    fates = {line.number: (line.label, line.reasons) for line in result.lines}
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _SAFE)
    sheet = book.add_worksheet("结果")
    for index, cells in enumerate(result.layout.sheet.rows):
        extra = fates.get(index + 1, ("", ""))
        if index == result.layout.header:
            extra = ("结果", "原因")
        filled = [str(cell) for cell in cells] + [""] * (width - len(cells))
        for place, text in enumerate([*filled, *extra]):
            sheet.write_string(index, place, str(plain_cell(text)))
    book.close()
    return file.getvalue()


_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


def _book(
    table: Table, columns: Sequence[Column], rows: Iterable[Sequence[str]], *, choices: bool
) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _SAFE)
    sheet = book.add_worksheet(table.title)
    text = book.add_format({"num_format": "@", "border": 1})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#F1ECE4", "text_wrap": True})
    need = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#F1ECE4", "font_color": "#A8141B"}
    )
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, text)
        sheet.write_string(0, place, column.label, need if column.required else head)
        if column.choices and choices:
            source = list(column.choices)
            sheet.data_validation(
                1, place, EMPTY_ROWS, place,
                {"validate": "list", "source": source, "error_message": "请在列表里选"},
            )  # fmt: skip
    for line, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            sheet.write_string(line, place, str(plain_cell(cell)), text)
    sheet.freeze_panes(1, 0)
    _instructions(book, table, columns)
    book.close()
    return file.getvalue()


def _instructions(book: Any, table: Table, columns: Sequence[Column]) -> None:
    sheet = book.add_worksheet("填表说明")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    bold = book.add_format({"bold": True})
    lines = [
        ("怎么填", "红色的列必填。空着的格子不会清掉平台里已有的内容；要清空请写【清空】。"),
        ("示例行", "“编号”写着“示例”的行会跳过，可以留着。"),
        ("再导入", "从平台导出的表可以改了再导入，没改的行不会变。打星号的号码不改就不要动。"),
        *(("说明", note) for note in table.notes),
    ]
    for number, (name, note) in enumerate(lines):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, note)
    for number, column in enumerate(columns, start=len(lines) + 1):
        allowed = f"可以填：{'、'.join(column.choices)}。" if column.choices else ""
        need = "必填。" if column.required else ""
        sheet.write_string(number, 0, column.label, bold)
        sheet.write_string(number, 1, f"{need}{column.help}{allowed}")
