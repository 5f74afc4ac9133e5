"""Lists as files: CSV that Excel opens in Chinese, and workbooks in the customary layout.

Text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter
from django.http import FileResponse

Cell = str | int
Columns = Sequence[tuple[str, int]]
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value: Cell) -> Cell:
    """Return text no spreadsheet reads as a formula, also after saving it as CSV."""
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value


def as_csv(columns: Columns, rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the rows as CSV in UTF-8 with BOM."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([label for label, _ in columns])
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_workbook(
    file: IO[bytes],
    columns: Columns,
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    note: str,
    foot: str = "",
) -> None:
    """Write an .xlsx: title, note (period, who made it), header, rows as they are read, foot.

    `columns` are (header, width in characters). Memory does not grow with the rows.
    """
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    heading = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    header = book.add_format(
        {"bold": True, "border": 1, "align": "center", "bg_color": "#F1ECE4", "text_wrap": True}
    )
    body = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
    signature = book.add_format({"align": "left", "valign": "vcenter"})
    for index, (_, width) in enumerate(columns):
        sheet.set_column(index, index, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 2)
    sheet.merge_range(0, 0, 0, len(columns) - 1, title, heading)
    sheet.write_string(1, 0, note)
    for index, (label, _) in enumerate(columns):
        sheet.write_string(2, index, label, header)
    line = 2
    for line, row in enumerate(rows, start=3):
        for index, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, index, cell, body)
            else:
                sheet.write_string(line, index, str(plain_cell(cell)), body)
    if foot:
        sheet.merge_range(line + 1, 0, line + 1, len(columns) - 1, "")
        sheet.write_string(line + 1, 0, foot, signature)
    book.close()


def download(
    filename: str,
    columns: Columns,
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    note: str,
    foot: str = "",
) -> FileResponse:
    """Return `write_workbook`'s file to be kept under a name; nothing stays behind on the server."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    write_workbook(file, columns, rows, title=title, note=note, foot=foot)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename)
