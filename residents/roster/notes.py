"""What there is to say about a sheet as a whole: what of it was not read."""

from __future__ import annotations

from collections.abc import Iterator

from residents.roster.columns import Layout
from residents.roster.issues import INFO, WARN, Issue, Problem, column_letter
from residents.roster.sheets import Sheet


def sheet_notes(sheet: Sheet, layout: Layout) -> Iterator[Issue]:
    """Findings that concern no single person row."""
    if sheet.cut:
        last = len(sheet.rows)
        said = f"第 {last} 行以后连续空了一千多行，再往下的内容没有读取"
        yield _note(sheet, last, "", "", Problem("sheet_cut", WARN, said))
    for index, header in layout.landlord.items():
        said = "房东不是住户，这一列没有读取；房东住在这里的请另写一行"
        place = f"{column_letter(index)}{layout.header_row + 1}"
        ignored = Problem("landlord_ignored", INFO, said)
        yield _note(sheet, layout.header_row + 1, header, place, ignored)


def _note(sheet: Sheet, row: int, column: str, place: str, problem: Problem) -> Issue:
    cell = f"{sheet.name}!{place}" if place and sheet.name else place
    return Issue(problem.kind, problem.severity, sheet.name, row, column, cell, problem.message)
