"""Documents of Party work as Word files, in the customary form."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt


def as_word(
    title: str, said: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[str]],
    sign: Sequence[str],
) -> io.BytesIO:  # fmt: skip
    """Return a .docx at its beginning: title, sentences, a table, the lines to be signed."""
    document = Document()
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = "仿宋", Pt(12)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.bold, run.font.size = True, Pt(18)
    for one in said:
        document.add_paragraph(one).paragraph_format.first_line_indent = Pt(24)
    table = document.add_table(rows=1 + len(rows), cols=len(columns), style="Table Grid")
    grid = [list(row.cells) for row in table.rows]
    for place, label in enumerate(columns):
        grid[0][place].text = label
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            grid[number][place].text = value
    document.add_paragraph()
    for one in sign:
        document.add_paragraph(one).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    file = io.BytesIO()
    document.save(file)
    file.seek(0)
    return file
