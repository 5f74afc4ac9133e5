"""The default template of a report, made of its fields: to download and change, and used until then."""

import io
from functools import cache

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from assessments.bulletin_files import headed_page
from assessments.reports.kinds import REPORTS, ListOf, ReportKind
from gridparty.lib.filling import kind_of

FOOT = "制表人：{{制表人}}　　审核人：　　　　　　　日期：{{制表日期}}"
NUMERALS = "一二三四五六七八九十"
WIDE = {"算法": 44, "依据": 44, "说明": 44, "缺什么": 30, "对象": 30, "小结": 40, "对比": 30}


@cache
def standard(code: str, kind: str) -> bytes:
    """Return the default template as bytes; `kind` is "docx" or "xlsx"."""
    report = REPORTS[code]
    data = _word(report) if kind == "docx" else _excel(report)
    assert kind_of(data) == kind
    return data


def _tables(report: ReportKind) -> list[tuple[str, str, ListOf]]:
    """Return (heading, name, list) of each."""
    return [
        (f"{NUMERALS[place]}、{name}（{one.about}）", name, one)
        for place, (name, one) in enumerate(report.lists.items())
    ]


def _word(report: ReportKind) -> bytes:
    document = headed_page("{{标题}}", report.words)
    for title, name, one in _tables(report):
        document.add_paragraph().add_run(title).bold = True
        table = document.add_table(rows=2, cols=len(one.columns), style="Table Grid")
        first, second = table.rows[0].cells, table.rows[1].cells
        for place, column in enumerate(one.columns):
            first[place].text, second[place].text = column, f"{{{{{name}.{column}}}}}"
    document.add_paragraph()
    document.add_paragraph(FOOT)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _excel(report: ReportKind) -> bytes:
    """One sheet a list: title, sentences, header, the row that repeats, foot."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    line = Border(*(Side(style="thin") for _ in range(4)))
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for place, (_, name, one) in enumerate(_tables(report)):
        sheet = book.create_sheet(name)
        width = len(one.columns)
        texts = ["{{标题}}", *(report.words if place == 0 else [one.about])]
        for row, text in enumerate([*texts, FOOT], start=1):
            at = row if row <= len(texts) else row + 2
            cell = sheet.cell(at, 1, text)
            if width > 1:
                sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=width)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if row == 1:
                cell.font, cell.alignment = Font(bold=True, size=16), middle
            elif row <= len(texts) and place == 0:
                sheet.row_dimensions[at].height = 48
        for column, label in enumerate(one.columns, start=1):
            head = sheet.cell(len(texts) + 1, column, label)
            body = sheet.cell(len(texts) + 2, column, f"{{{{{name}.{label}}}}}")
            head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="F1ECE4")
            head.border = body.border = line
            head.alignment = body.alignment = middle
            sheet.column_dimensions[get_column_letter(column)].width = WIDE.get(label, 14)
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
