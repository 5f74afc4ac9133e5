"""The bulletin as files people pass on: Excel in the customary layout, Word as a notice.

Both carry the title row, the two-storey header, the rows, the total and the signature row.
"""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from assessments.bulletins import top_rows
from assessments.models import Bulletin, BulletinItem
from gridparty.lib.china_time import local
from gridparty.lib.periods import Month
from orgs.workbook import plain_cell

RESULTS = BulletinItem.Result.labels
BEFORE, BEHIND = ("序号", "单位", "派遣案件总数"), ("结案率", "按时结案率", "不满意数", "不满意率")


def title_of(bulletin: Bulletin) -> str:
    version = f"（第{bulletin.version}版）" if bulletin.version > 1 else ""
    return f"{bulletin.street.name}{Month.parse(bulletin.month).label}案件办理情况通报{version}"


def note_of(bulletin: Bulletin) -> str:
    return (
        f"截至 {local(bulletin.cutoff):%Y年%m月%d日 %H:%M}；按上报时间归月；"
        f"不足 {bulletin.content['min_sample']} 件的不排名"
    )


def sign_of(bulletin: Bulletin) -> str:
    issuer = bulletin.issued_by.display_name if bulletin.issued_by else ""
    day = f"{local(bulletin.issued_at):%Y年%m月%d日}" if bulletin.issued_at else "　　年　月　日"
    return f"填报单位：{bulletin.street.name}　　填报人：　　　　　审核人：{issuer or '　　　　'}　　日期：{day}"


def cells_of(number: Any, row: dict[str, Any]) -> list[Any]:
    """Return one row of the table, in the order of the header."""
    cells: list[Any] = [number, row["name"], row["total"]]
    for line in row["lines"]:
        cells += line
    rates = [percent(row["closed_rate"]), percent(row["on_time_rate"])]
    return [*cells, *rates, row["unsatisfied"], percent(row["unsatisfied_rate"])]


def percent(rate: str | None) -> str:
    return "—" if rate is None else f"{rate}%"


def rows_of(bulletin: Bulletin) -> list[list[Any]]:
    rows = [cells_of(number, row) for number, row in enumerate(bulletin.content["rows"], start=1)]
    return [*rows, cells_of("", bulletin.content["total"])]


def words_of(bulletin: Bulletin) -> list[str]:
    """Return the bulletin's sentences: volume, change on the month before, first three, topics."""
    content, total = bulletin.content, bulletin.content["total"]
    label = Month.parse(bulletin.month).label
    said = [
        f"{label}共派遣案件 {total['total']} 件，结案 {total['closed']} 件，"
        f"结案率 {percent(total['closed_rate'])}，按时结案率 {percent(total['on_time_rate'])}；"
        f"回访 {total['answered']} 件，不满意 {total['unsatisfied']} 件，"
        f"不满意率 {percent(total['unsatisfied_rate'])}。"
    ]
    change = content["previous"]
    if change is None:
        said.append("上月没有通报，不作环比。")
    else:
        parts = [f"案件总数{_more(change['total'])} 件"]
        names = {
            "closed_rate": "结案率",
            "on_time_rate": "按时结案率",
            "unsatisfied_rate": "不满意率",
        }
        parts += [
            f"{name}{_more(change[key])} 个百分点"
            for key, name in names.items()
            if change[key] is not None
        ]
        said.append(f"环比（与{Month.parse(change['month']).label}通报相比）：{'，'.join(parts)}。")
    top = [f"{row['name']}（{percent(row['on_time_rate'])}）" for row in top_rows(content)]
    said.append(f"按时结案率前三名：{'、'.join(top)}。" if top else "各单位样本不足，不排名。")
    if content["topics"]:
        shares = [
            f"{one['name']} {one['count']} 件，占 {one['share']}%" for one in content["topics"]
        ]
        said.append(f"热点诉求：{'；'.join(shares)}。")
    return said


def _more(change: Any) -> str:
    text = str(change)
    return f"减少 {text[1:]}" if text.startswith("-") else f"增加 {text}"


def as_workbook(bulletin: Bulletin) -> io.BytesIO:
    """Return the .xlsx, at its beginning."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("通报")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter",
                            "text_wrap": True, "bg_color": "#F1ECE4"})  # fmt: skip
    body = book.add_format({"border": 1, "align": "center", "valign": "vcenter"})
    lines = bulletin.content["lines"]
    last = len(BEFORE) + 3 * len(lines) + len(BEHIND) - 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, 3)
    sheet.freeze_panes(4, 2)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, last, 10)
    sheet.set_row(0, 28)
    sheet.merge_range(0, 0, 0, last, title_of(bulletin), title)
    sheet.merge_range(1, 0, 1, last, note_of(bulletin))
    for column, label in enumerate(BEFORE):
        sheet.merge_range(2, column, 3, column, label, head)
    for index, line in enumerate(lines):
        first = len(BEFORE) + 3 * index
        sheet.merge_range(2, first, 2, first + 2, line["title"], head)
        for offset, label in enumerate(RESULTS):
            sheet.write_string(3, first + offset, str(label), head)
    for offset, label in enumerate(BEHIND):
        column = last - len(BEHIND) + 1 + offset
        sheet.merge_range(2, column, 3, column, label, head)
    number = 3
    for number, row in enumerate(rows_of(bulletin), start=4):
        for column, cell in enumerate(row):
            sheet.write(number, column, plain_cell(cell), body)
    for said in words_of(bulletin):
        number += 1
        sheet.merge_range(number, 0, number, last, said)
    sheet.merge_range(number + 1, 0, number + 1, last, sign_of(bulletin))
    book.close()
    file.seek(0)
    return file


def headed_page(title: str, sentences: Iterable[str]) -> Any:
    """Return a Word document as offices send them: A4 landscape, 仿宋, title, sentences."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = "仿宋", Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.bold, run.font.size = True, Pt(18)
    for said in sentences:
        document.add_paragraph(said).paragraph_format.first_line_indent = Pt(22)
    return document


def as_word(bulletin: Bulletin) -> io.BytesIO:
    """Return the .docx, at its beginning: A4 landscape, sentences, table, signature."""
    document = headed_page(title_of(bulletin), words_of(bulletin))
    document.add_paragraph(note_of(bulletin))
    _word_table(document, bulletin)
    document.add_paragraph()
    document.add_paragraph(sign_of(bulletin))
    file = io.BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _word_table(document: Any, bulletin: Bulletin) -> None:
    lines, rows = bulletin.content["lines"], rows_of(bulletin)
    width = len(BEFORE) + 3 * len(lines) + len(BEHIND)
    table = document.add_table(rows=2 + len(rows), cols=width, style="Table Grid")
    grid = [list(row.cells) for row in table.rows]  # reading a cell by its place walks the table
    for column, label in enumerate(BEFORE):
        _merged(grid, column, label)
    for index, line in enumerate(lines):
        first = len(BEFORE) + 3 * index
        grid[0][first].merge(grid[0][first + 2]).text = line["title"]
        for offset, label in enumerate(RESULTS):
            grid[1][first + offset].text = str(label)
    for offset, label in enumerate(BEHIND):
        _merged(grid, width - len(BEHIND) + offset, label)
    for number, row in enumerate(rows, start=2):
        for column, cell in enumerate(row):
            grid[number][column].text = str(cell)


def _merged(grid: list[list[Any]], column: int, label: str) -> None:
    grid[0][column].merge(grid[1][column]).text = label
