"""What there is to say about a sheet as a whole: what of it was not read."""

from __future__ import annotations

from collections.abc import Iterator

from residents.roster.columns import Layout
from residents.roster.issues import INFO, WARN, Issue, Problem, column_letter
from residents.roster.marks import COLOUR, COMMENT, STRIKE
from residents.roster.sheets import Sheet

_MARKS = {
    COMMENT: "有 {count} 处批注（如 {first}），批注里的内容没有读取",
    STRIKE: "有 {count} 个单元格划了删除线（如 {first}），按普通内容读取；已迁出的请在表里写明",
    COLOUR: "有 {count} 个单元格填了颜色（如 {first}），颜色的含义没有读取；重点人群请在列里写明",
}


def sheet_notes(sheet: Sheet, layout: Layout) -> Iterator[Issue]:
    """Findings that concern no single person row."""
    if sheet.cut:
        last = len(sheet.rows)
        said = f"第 {last} 行以后连续空了一千多行，再往下的内容没有读取"
        yield _note(sheet, last, "", "", Problem("sheet_cut", WARN, said))
    for kind, addresses in sheet.marks.items():
        shown = _below_header(kind, addresses, layout)
        if shown:
            said = _MARKS[kind].format(count=len(shown), first=shown[0])
            yield _note(
                sheet, _row_of(shown[0]), "", shown[0], Problem(f"{kind}_ignored", INFO, said)
            )
    if sheet.hidden_rows:
        said = f"有 {sheet.hidden_rows} 行是隐藏或筛选掉的，也读取了；不要的请删除"
        yield _note(sheet, layout.header_row + 1, "", "", Problem("hidden_rows", INFO, said))
    if sheet.hidden_columns:
        said = f"有 {sheet.hidden_columns} 列是隐藏的，也读取了；不要的请删除"
        yield _note(sheet, layout.header_row + 1, "", "", Problem("hidden_columns", INFO, said))
    for top, bottom in _merged_names(sheet, layout):
        place = f"{column_letter(layout.columns['name'])}{top}"
        said = f"第 {top}–{bottom} 行的姓名合并成了一格，按同一姓名读取，请拆开后分别填写"
        yield _note(sheet, top, layout.headers["name"], place, Problem("name_merged", WARN, said))
    for index, header in layout.landlord.items():
        said = "房东不是住户，这一列没有读取；房东住在这里的请另写一行"
        place = f"{column_letter(index)}{layout.header_row + 1}"
        ignored = Problem("landlord_ignored", INFO, said)
        yield _note(sheet, layout.header_row + 1, header, place, ignored)


def _merged_names(sheet: Sheet, layout: Layout) -> Iterator[tuple[int, int]]:
    """Rows (from 1) whose name cells are one merged cell."""
    column = layout.columns.get("name", -1)
    for (top, left), (bottom, right) in sheet.merges:
        if left == right == column and bottom > top > layout.header_row:
            yield top + 1, bottom + 1


def _below_header(kind: str, addresses: list[str], layout: Layout) -> list[str]:
    """The marked cells among the data; a sheet painted in stripes or all over says nothing by it."""
    shown = [one for one in addresses if _row_of(one) > layout.header_row + 1]
    if kind == COLOUR:
        rows = {_row_of(one) for one in shown}
        last = max(rows, default=0) - layout.header_row - 1
        if 3 * len(rows) > last > 3:
            return []
    return shown


def _row_of(address: str) -> int:
    return int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _note(sheet: Sheet, row: int, column: str, place: str, problem: Problem) -> Issue:
    cell = f"{sheet.name}!{place}" if place and sheet.name else place
    return Issue(problem.kind, problem.severity, sheet.name, row, column, cell, problem.message)
