"""Templates with fields: cut runs, rows that repeat, moved cells, what is refused and why."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from docx import Document

from gridparty.lib.filling import Facts, Unusable, fields_in, fill, kind_of, nearest

FACTS = Facts(
    {"街道": "红星街道", "合计": 3},
    {"网格": [
        {"名称": "=1+1", "分": Decimal("90.50")}, {"名称": "二网格", "分": None}, {"名称": "三网格", "分": 1},
    ]},
)  # fmt: skip


def word(*paragraphs: tuple[str, ...], row: tuple[str, ...] = ()) -> bytes:
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for run in runs:
            paragraph.add_run(run)
    if row:
        table = document.add_table(rows=2, cols=len(row))
        for place, text in enumerate(row):
            table.cell(0, place).text, table.cell(1, place).text = "头", text
    return saved(document)


def saved(thing: Any) -> bytes:
    file = io.BytesIO()
    thing.save(file)
    return file.getvalue()


def excel(rows: list[list[Any]], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    return saved(book)


def test_word_fills_a_field_cut_into_runs_and_repeats_a_row() -> None:
    data = word(
        ("甲{{街", "道", "}}乙{{ 合计 }}", "丙"), row=("{{网格.名称}}", "｛｛网格.分｝｝分")
    )
    assert kind_of(data) == "docx"
    assert [one.name for one in fields_in(data)] == ["街道", "合计", "网格.名称", "网格.分"]
    document = Document(io.BytesIO(fill(data, FACTS)))
    assert document.paragraphs[0].text == "甲红星街道乙3丙"
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[1:] == [["=1+1", "90.50分"], ["二网格", "—分"], ["三网格", "1分"]]


def test_a_value_with_braces_is_no_field() -> None:
    data = word(("{{街道}}",), row=("{{网格.名称}}",))
    facts = Facts({"街道": "{{待办}}"}, {"网格": [{"名称": "{{待办}}"}, {"名称": "{{街道}}"}]})
    document = Document(io.BytesIO(fill(data, facts)))
    assert document.paragraphs[0].text == "{{待办}}"
    cells = [row.cells[0].text for row in document.tables[0].rows]
    assert cells == ["头", "{{待办}}", "{{街道}}"]


def test_word_fills_headers_and_keeps_a_row_without_entries() -> None:
    document = Document(io.BytesIO(word(("{{街道}}",), row=("{{网格.名称}}",))))
    document.sections[0].header.paragraphs[0].text = "{{街道}}内部资料"
    filled = Document(io.BytesIO(fill(saved(document), Facts({"街道": "甲"}, {"网格": []}))))
    assert filled.sections[0].header.paragraphs[0].text == "甲内部资料"
    assert [row.cells[0].text for row in filled.tables[0].rows] == ["头", "—"]


def test_excel_repeats_a_row_moves_what_is_below_and_makes_no_formula() -> None:
    data = excel(
        [["{{街道}}"], ["{{网格.名称}}", "{{网格.分}}", "固定"], ["合计{{合计}}"]],
        ("A1:C1", "A3:C3"),
    )
    sheet: Any = openpyxl.load_workbook(io.BytesIO(fill(data, FACTS))).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values == [
        ["红星街道", None, None], ["'=1+1", 90.5, "固定"], ["二网格", "—", "固定"], ["三网格", 1, "固定"],
        ["合计3", None, None],
    ]  # fmt: skip
    assert {area.coord for area in sheet.merged_cells.ranges} == {"A1:C1", "A5:C5"}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"not a file", "文件打不开"),
        (word(("{{街道",)), "没有写完的字段"),
        (word(("{{ }}",)), "没有写字段名"),
        (word(("{{网格.名称}}",)), "请放进表格的一行"),
        (word(("",), row=("{{网格.名称}}", "{{社区.名称}}")), "一行只能用一个清单"),
        (excel([["{{网格.名称}}"], ["=SUM(A1:A1)"]]), "公式会错位"),
        (excel([["=A2&{{街道}}"]]), "公式里不能写字段"),
        (excel([["{{网格.名称}}", "合"], ["x", None]], ("B1:B2",)), "跨行合并"),
        (excel([["x"] * 201]), "太大"),
    ],
)
def test_what_cannot_be_filled_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Unusable, match=sentence):
        fields_in(data)


def with_part(data: bytes, name: str, text: str | bytes) -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr(name, text)
    return file.getvalue()


OUTSIDE = '<Relationships><Relationship Type="x/attachedTemplate" TargetMode="External" Target="http://x.example/a"/></Relationships>'
CUT = "<p><w:instrText>dde</w:instrText><w:instrText>Auto c:</w:instrText></p>"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("word/vbaProject.bin", "x", "有宏"),
        ("word/embeddings/a.xlsx", "x", "嵌入的文件"),
        ("word/_rels/settings.xml.rels", OUTSIDE, "引用了别处的文件"),
        ("word/evil.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>', "不允许的声明"),
        ("word/f.xml", "<w:instrText>DDEAUTO c:\\x</w:instrText>", "外部内容的域"),
        ("word/f.xml", CUT, "外部内容的域"),
        ("word/f.xml", '<w:fldSimple w:instr="IncludeText x"/>', "外部内容的域"),
        ("word/a.rels", OUTSIDE.replace('"', "'"), "引用了别处的文件"),
        ("word/a.rels", OUTSIDE.replace("Mode=", "Mode = "), "引用了别处的文件"),
        ("word/a.rels", OUTSIDE.replace("example/a", "example/hyperlink"), "引用了别处的文件"),
        ("word/a.rels", OUTSIDE.encode("utf-16"), "不是 UTF-8"),
        ("word/evil.png", '<!DOCTYPE a [<!ENTITY b "c">]><a/>', "不允许的声明"),
        ("word/evil.dat", '<?xml version="1.0" encoding="utf-7"?><a/>', "不是 UTF-8"),
        ("xl/s.xml", '<f>_xlfn.WEBSERVICE("http://x.example")</f>', "外部内容的公式"),
        ("xl/s.xml", "<f>cmd|'/c x'!A0</f>", "外部内容的公式"),
        ("xl/s.xml", '<mergeCell ref="A1:XFD1048576"/>', "合并的单元格太大"),
        ("xl/s.xml", f"<a>{' ' * 9_000_000}</a>", "展开后太大"),
    ],
)
def test_what_runs_or_fetches_is_refused(name: str, text: str | bytes, sentence: str) -> None:
    with pytest.raises(Unusable, match=sentence):
        kind_of(with_part(word(("{{街道}}",)), name, text))


def test_a_link_to_click_and_a_bar_in_a_text_are_fine() -> None:
    link = OUTSIDE.replace("x/attachedTemplate", "x/hyperlink")
    assert kind_of(with_part(word(("{{街道}}",)), "word/a.rels", link)) == "docx"
    assert kind_of(excel([['=A2&"|"']])) == "xlsx"


def test_a_formula_looks_at_no_sheet_whose_rows_move() -> None:
    book = openpyxl.load_workbook(io.BytesIO(excel([["{{网格.名称}}"]])))
    book.create_sheet("汇总", 0)["A1"] = "=SUM(Sheet!A1:A9)"
    with pytest.raises(Unusable, match="公式会错位"):
        fields_in(saved(book))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 41 * 1024 * 1024)
    with pytest.raises(Unusable, match="展开后太大"):
        kind_of(file.getvalue())


def test_the_nearest_field_is_named() -> None:
    assert nearest("季渡", ["季度", "街道"]) == "季度"
    assert nearest("xyz", ["季度"]) == ""
