"""Files as they come: formats, encodings, and every file that must be refused with a sentence."""

import io
import os
import struct
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from residents.roster import packages, sheets
from residents.roster.errors import RosterFileError
from residents.roster.parse import parse_roster
from residents.roster.sheets import read_sheets
from tests.residents.binary import ods, xls
from tests.residents.rosters import (
    BASE,
    HEADER,
    TODAY,
    citizen_id,
    person,
    saved,
    sheet_rows,
    town_places,
    workbook,
)


def as_csv(encoding: str, separator: str = ",") -> bytes:
    rows = sheet_rows([person(姓名="欧阳娜")])
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def names(data: bytes) -> list[str]:
    return [row.name for row in parse_roster(data, today=TODAY, places=town_places()).rows]


def refused(data: bytes) -> str:
    with pytest.raises(RosterFileError) as caught:
        parse_roster(data, today=TODAY, places=town_places())
    return caught.value.message_zh


def repack(data: bytes, **entries: bytes) -> bytes:
    """The same package with some entries replaced (dots in names as double underscores)."""
    stream = io.BytesIO()
    wanted = {name.replace("__", "."): content for name, content in entries.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.namelist():
            short = entry.rpartition("/")[2]
            new.writestr(entry, wanted.get(short, old.read(entry)))
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_it_reads_text_tables_in_any_usual_encoding(encoding, separator):
    assert names(as_csv(encoding, separator)) == ["欧阳娜"]


def test_it_undoes_the_spreadsheet_trick_that_keeps_digits_as_text():
    data = as_csv("utf-8").decode().replace(BASE["房号"], '="101"', 1).encode()
    assert names(data) == ["欧阳娜"]


def test_it_reads_the_old_binary_format(shared_data):
    blank_form = shared_data("roster/party_member_roster_blank.xls").read_bytes()
    assert read_sheets(blank_form)[0].rows[0][1] == "姓名"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\r\n \r\n", "文件是空的"),
        (b"hello", "不是能识别的表格"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "不是能识别的表格"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "不是能识别的表格"),
        (b"<html><body><p>1,2</p></body></html>", "网页文件"),
        (b"<html><table><tr><td>1,2</td></tr></table>", "没有找到表头"),
        (b'<?xml version="1.0"?>\n<root><a>1,2</a></root>', "没有找到表头"),
        ("姓名,楼栋\n张\0三,1栋\n".encode(), "空字符"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "不是能识别的表格"),
        (
            bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "密码",
        ),
        (workbook([["a"]])[:-200], "文件已损坏"),
        (workbook([]), "没有内容"),
        (workbook([["通知", "各位居民"], ["请", "看"]]), "没有找到表头"),
        (workbook([HEADER]), "没有居民"),
        (
            workbook([["姓名", "身份证号", "联系电话"], ["张三", "", ""]]),
            "缺少必需的列：楼栋、房号",
        ),
    ],
)
def test_it_refuses_a_file_with_one_clear_sentence(data, sentence):
    assert sentence in refused(data)


HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{charset}">
<style>td {{ mso-number-format:"\\@"; }}</style></head><body><table border=1>
<tr><th colspan=4>阳光花园住户</th></tr>
<tr><td>楼栋</td><td>房号</td><td>姓名</td><td>身份证号</td></tr>
<tr><td rowspan="2">1栋</td><td rowspan="2">1-101</td><td>张三</td><td>{one}</td></tr>
<tr><td>李&#22235;</td><td>{two}</td></tr>
</table></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_it_reads_a_web_page_that_was_named_xls(charset):
    page = HTML.format(charset=charset, one=citizen_id(), two=citizen_id(serial=3))
    data = page.replace("阳光花园住户", "小区：阳光花园").encode(charset)
    parsed = parse_roster(data, today=TODAY, places=town_places())
    assert [(row.name, row.door.building, row.door.room) for row in parsed.rows] == [
        ("张三", "1栋", "101"), ("李四", "1栋", "101"),
    ]  # fmt: skip
    assert parsed.rejected == 0


def test_it_reads_text_tables_below_title_lines():
    lines = ["幸福社区居民花名册", "", "楼栋;房号;姓名", "阳光花园1栋;1-101;张三", "sep"]
    assert names("\n".join(lines).encode("gb18030")) == ["张三"]
    assert names(("sep=;\n" + "\n".join(lines[2:4])).encode("utf-8-sig")) == ["张三"]


def test_it_reads_binary_workbooks_by_content_xls_and_et():
    rows: list[list[Any]] = [
        ["楼栋", "房号", "姓名"],
        ["阳光花园1栋", "1-101", "张三"],
        ["", "", "李四"],
        ["阳光花园1栋", 201, "王五"],
    ]
    parsed = parse_roster(
        xls(rows, merged=((1, 2, 0, 0), (1, 2, 1, 1))), today=TODAY, places=town_places()
    )
    assert [(row.name, row.door.room) for row in parsed.rows] == [
        ("张三", "101"), ("李四", "101"), ("王五", "201"),
    ]  # fmt: skip
    assert "密码" in refused(xls(rows, locked=True))


def test_it_reads_open_documents_up_to_their_end():
    rows = [["楼栋", "房号", "姓名"], ["阳光花园1栋", "1-101", "张三"]]
    blank = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    stray = '<table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    assert names(ods(rows, blank.format(1_048_000))) == ["张三"]
    parsed = parse_roster(
        ods(rows, blank.format(400_000) + stray), today=TODAY, places=town_places()
    )
    assert (len(parsed.rows), parsed.kinds()["sheet_cut"]) == (1, 1)
    bomb = stray.replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="1000000">'
    )
    assert "过大" in refused(ods(rows, bomb))
    wide = stray.replace(
        "<table:table-cell ", '<table:table-cell table:number-columns-repeated="16000" '
    )
    assert "过大" in refused(ods(rows, wide))


def test_it_refuses_more_cells_than_it_can_hold(monkeypatch):
    monkeypatch.setattr(packages, "MAX_CELLS", 20)
    assert "过大" in refused(workbook(sheet_rows([person()])))


def test_it_refuses_a_package_whose_sizes_lie():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(sheet_rows([person()])):
            sheet.write_row(number, 0, row)
    data = stream.getvalue()
    with zipfile.ZipFile(stream) as package:
        size = package.getinfo("xl/sharedStrings.xml").file_size
    lying = data.replace(struct.pack("<I", size), struct.pack("<I", 40))
    assert "损坏" in refused(lying)


def test_it_reads_a_workbook_full_of_pictures_without_them():
    stream = io.BytesIO(workbook(sheet_rows([person()])))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_STORED) as package:
        for number in range(4):
            package.writestr(f"xl/media/image{number}.png", os.urandom(2_000_000))
    assert names(stream.getvalue()) == ["张小三"]


def test_it_refuses_an_archive_that_is_no_spreadsheet():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("花名册.xlsx", b"x")
    assert "压缩包" in refused(stream.getvalue())


def test_it_refuses_a_package_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr(packages, "MAX_UNPACKED_BYTES", 5000)
    assert "过大" in refused(workbook(sheet_rows([person()])))


def test_it_refuses_a_file_above_the_limit(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_FILE_BYTES", 1000)
    assert "超过" in refused(workbook(sheet_rows([person()])))


def test_it_refuses_more_rows_than_it_can_hold(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    assert "拆成几个文件" in refused(workbook(sheet_rows([person(), person(), person()])))


def test_it_reads_only_the_used_part_of_an_endless_sheet():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(3, 60_000)
    )
    data = workbook(sheet_rows([person()]))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    data = repack(data, sheet1__xml=xml.replace("</sheetData>", f"{rows}</sheetData>").encode())
    assert len(read_sheets(data)[0].rows) == 2
    assert names(data) == ["张小三"]


def test_it_survives_one_stray_cell_at_the_very_end_and_says_so():
    book = openpyxl.Workbook()
    for row in sheet_rows([person()]):
        book.active.append(row)
    book.active.cell(1_048_576, 3, "x")
    parsed = parse_roster(saved(book), today=TODAY, places=town_places())
    assert [row.name for row in parsed.rows] == ["张小三"]
    assert parsed.kinds() == {"sheet_cut": 1}


def test_it_survives_a_stray_cell_in_the_last_column():
    book = openpyxl.Workbook()
    for row in sheet_rows([person()]):
        book.active.append(row)
    book.active.cell(2, 16_384, "x")
    assert names(saved(book)) == ["张小三"]


def test_it_takes_the_stored_value_of_a_formula_and_reports_a_missing_one():
    data = workbook(sheet_rows([person(民族='="汉"&"族"', 备注="=1/0")]))
    parsed = parse_roster(data, today=TODAY, places=town_places())
    assert parsed.rows[0].ethnicity == ""
    assert {(issue.kind, issue.cell) for issue in parsed.issues} == {
        ("formula_no_value", "居民花名册!L2"),
        ("formula_no_value", "居民花名册!X2"),
    }


def test_it_says_that_comments_struck_text_and_colours_are_not_read():
    book = openpyxl.load_workbook(
        io.BytesIO(
            workbook(
                sheet_rows(
                    [
                        person(房号=f"{n}01", 户编号=str(n), 证件号码=citizen_id(serial=2 * n + 1))
                        for n in range(1, 9)
                    ]
                )
            )
        )
    )
    sheet = book.active
    sheet["I3"].comment = Comment("已搬走", "网格员")
    sheet["I4"].font = Font(strike=True)
    for cell in [*sheet[1], sheet["I5"]]:
        cell.fill = PatternFill("solid", fgColor="FFFF0000")
    parsed = parse_roster(saved(book), today=TODAY, places=town_places())
    found = {(issue.kind, issue.cell, issue.severity) for issue in parsed.issues}
    assert found == {
        ("comment_ignored", "居民花名册!I3", "info"), ("strike_ignored", "居民花名册!I4", "info"),
        ("colour_ignored", "居民花名册!I5", "info"),
    }  # fmt: skip


def test_it_skips_hidden_sheets_and_sheets_without_a_header():
    book = openpyxl.load_workbook(
        io.BytesIO(
            workbook(
                sheet_rows([person()]), 填表说明=[["请按要求填写"]], 旧表=sheet_rows([person()])
            )
        )
    )
    book["旧表"].sheet_state = "hidden"
    parsed = parse_roster(saved(book), today=TODAY, places=town_places())
    assert len(parsed.rows) == 1
    assert parsed.ignored_sheets == ["填表说明", "旧表"]


def test_it_fills_vertically_merged_household_cells():
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(sheet_rows([person(), person(姓名="李四", 与户主关系="配偶")])))
    )
    for column in "DEFGH":
        book.active.merge_cells(f"{column}2:{column}3")
    parsed = parse_roster(saved(book), today=TODAY, places=town_places())
    assert [row.door.room for row in parsed.rows] == ["101", "101"]
    assert len(parsed.households) == 1
