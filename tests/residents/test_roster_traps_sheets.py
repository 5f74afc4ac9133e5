"""Traps 16–25, 31–36, 38 and 39 of domain brief §6.4: rows, sheets, households, whole files.

Those about people who are in the register already stand in test_import_*.py.
"""

import io
from typing import Any

import openpyxl
import pytest

from residents.roster.parse import parse_roster
from residents.roster.values import read_name
from tests.residents.rosters import (
    HEADER,
    TODAY,
    citizen_id,
    kinds,
    parse,
    person,
    saved,
    sheet_rows,
    town_places,
    workbook,
)


def member(serial: int = 5, **cells: Any):
    wanted = {
        "姓名": "李四",
        "与户主关系": "子女",
        "证件号码": citizen_id("20000506", serial),
        "出生日期": "2000-05-06",
    }
    return person(**wanted | cells)


def edited(rows, edit) -> bytes:
    """A workbook of these rows after a person worked on it."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
    edit(book.active)
    return saved(book)


def read(data: bytes):
    return parse_roster(data, today=TODAY, places=town_places())


def test_trap_16_merged_cells_fill_their_own_rows_only():
    rows = sheet_rows(
        [
            person(),
            member(),
            member(7, 姓名="王五", 楼栋="", 单元="", 房号="", 户编号="", 与户主关系="户主"),
        ]
    )
    parsed = read(edited(rows, lambda sheet: [sheet.merge_cells(f"{c}2:{c}3") for c in "DEFGH"]))
    assert [row.door.room for row in parsed.rows] == ["101", "101", ""]


def test_trap_16_names_merged_by_mistake_are_reported():
    parsed = read(
        edited(sheet_rows([person(), member()]), lambda sheet: sheet.merge_cells("I2:I3"))
    )
    assert [row.name for row in parsed.rows] == ["张小三", "张小三"]
    assert {issue.cell for issue in parsed.issues if issue.kind == "name_merged"} == {
        "居民花名册!I2"
    }


def test_trap_17_titles_blank_columns_and_repeated_headers():
    spread = [cell for header in HEADER for cell in (header, "")]
    body = [
        [cell for value in row for cell in (value, "")]
        for row in sheet_rows([person(), member()])[1:]
    ]
    rows = [
        ["居民花名册"],
        ["填报单位：幸福社区", "", "2026-06-30"],
        spread,
        body[0],
        spread,
        body[1],
    ]
    parsed = read(workbook(rows))
    assert [row.name for row in parsed.rows] == ["张小三", "李四"]
    assert [skip.kind for skip in parsed.skips] == ["repeat_header"]
    assert parsed.issues == []


def test_trap_18_totals_signatures_notes_and_examples_are_no_people():
    example = person(姓名="张三（示例）")
    rows = sheet_rows(
        [
            example,
            person(),
            ["小计：1户"],
            [None] * 8 + ["合计"],
            ["注：以户为单位"],
            ["填表人：王", "", "审核人：李"],
        ]
    )
    parsed = read(workbook(rows))
    assert [row.name for row in parsed.rows] == ["张小三"]
    assert [skip.kind for skip in parsed.skips] == [
        "example_row", "subtotal_row", "subtotal_row", "note_row", "signature_row",
    ]  # fmt: skip


def test_trap_19_hidden_rows_are_read_and_said_hidden_sheets_are_not_read():
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["H"].hidden = True
        other = sheet.parent.create_sheet("旧表")
        for row in sheet_rows([member(9)]):
            other.append(row)
        other.sheet_state = "veryHidden"

    parsed = read(edited(sheet_rows([person(), member()]), hide))
    assert len(parsed.rows) == 2
    assert (kinds(parsed), parsed.ignored_sheets) == (
        {"hidden_rows", "hidden_columns"}, ["旧表"],
    )  # fmt: skip
    assert parsed.rows[0].household_no == "000001"


def test_trap_20_a_sheet_formatted_to_the_end_ends_where_its_people_end():
    def stretch(sheet):
        sheet.cell(1_048_576, 3, "x")

    parsed = read(edited(sheet_rows([person()]), stretch))
    assert (len(parsed.rows), kinds(parsed)) == (1, {"sheet_cut"})


def test_trap_21_formulas_without_value_and_error_values_are_reported():
    parsed = parse(person(民族='="汉"&"族"', 备注="#REF!"))
    assert {(one.kind, one.cell) for one in parsed.issues} == {
        ("formula_no_value", "居民花名册!L2"), ("cell_error", "居民花名册!X2"),
    }  # fmt: skip
    injected = parse(person(姓名='=HYPERLINK("http://x","张三")', 备注="+86联系"))
    assert not any(row.name.startswith("=") and not row.rejected for row in injected.rows)
    name, problem = read_name('=HYPERLINK("http://x")')
    assert problem is not None
    assert (name, problem.kind, problem.severity) == ("=HYPERLINK", "name_formula", "warn")


def test_trap_22_colour_is_not_read_and_said_so():
    people = [
        person(房号=f"{n}01", 户编号=str(n), 证件号码=citizen_id(serial=2 * n + 1))
        for n in range(1, 9)
    ]
    red = openpyxl.styles.PatternFill("solid", fgColor="FFFF0000")

    def paint(sheet):
        sheet["I4"].fill = red

    parsed = read(edited(sheet_rows(people), paint))
    assert {(one.kind, one.cell) for one in parsed.issues} == {("colour_ignored", "居民花名册!I4")}


def test_trap_23_heads_that_are_missing_double_or_last():
    assert kinds(parse(member())) == {"head_none"}
    assert kinds(parse(person(), member(与户主关系="户主"))) == {"head_two"}
    assert kinds(parse(member(), person())) == set()


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("媳妇", "配偶"), ("老公", "配偶"), ("爱人", "配偶"), ("儿", "子女"), ("孙", "孙子女"),
        ("外甥女", "其他亲属"), ("岳母", "岳父母"), ("女婿", "女婿"), ("儿媳", "儿媳"), ("租客", "租户"),
        ("保姆", "非亲属"), ("室友", "非亲属"), ("本人/户主", "户主"), ("嫂子", "其他亲属"),
    ],
)  # fmt: skip
def test_trap_23_relation_words_have_their_place_in_the_standard(word, label):
    assert parse(person(与户主关系=word)).rows[0].relation == label


def test_trap_23_collective_households_and_tenants_need_no_head():
    worker: dict[str, Any] = {"与户主关系": "非亲属", "户编号": "集体户1"}
    assert kinds(parse(member(**worker), member(7, 姓名="王五", **worker))) == set()
    assert kinds(parse(member(与户主关系="租户", 户编号=""))) == set()


def test_trap_24_scattered_and_reused_households():
    parsed = parse(
        person(), member(7, 姓名="王五", 房号="102", 户编号="2", 与户主关系="户主"), member()
    )
    assert [[row.name for row in home.members] for home in parsed.households] == [
        ["张小三", "李四"], ["王五"],
    ]  # fmt: skip
    assert kinds(parsed) == {"split_household"}
    assert len(parse(person(), member(楼栋="2栋", 与户主关系="户主")).households) == 2
    assert len(parse(person(户编号=""), member(户编号="")).households) == 1


@pytest.mark.parametrize("word", ["空置", "未入住", "出租", "空房", "闲置"])
def test_trap_25_vacant_flats_are_no_people(word):
    parsed = parse(person(), person(姓名=word, 房号="102", 证件号码="", 户编号=""))
    assert ([skip.kind for skip in parsed.skips], len(parsed.rows)) == (["vacant_row"], 1)


def test_trap_25_two_households_behind_one_door_and_joined_flats():
    two = parse(person(户编号=""), member(与户主关系="户主", 户编号=""))
    assert len(two.households) == 2
    assert parse(person(房号="101-102")).rows[0].door.room == "101-102"


def test_trap_31_the_format_is_told_by_content_not_by_name():
    text = "\r\n".join(
        ",".join("" if c is None else str(c) for c in row) for row in sheet_rows([person()])
    )
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert [row.name for row in read(text.encode(encoding)).rows] == ["张小三"]


def test_trap_32_sheets_of_another_community_and_overlapping_copies():
    assert kinds(parse(person(所属社区="东湖社区"))) == {"community_unknown"}
    one = sheet_rows([person()])
    parsed = read(workbook(one, "甲", 乙=sheet_rows([person(), member()])))
    assert (len(parsed.rows), parsed.duplicates) == (3, 1)
    assert "“甲”第 2 行" in parsed.issues[0].message


def test_trap_35_a_blank_says_nothing_and_a_mark_says_clear():
    blank, marked = (
        parse(person(备注="")),
        parse(person(备注="【清空】", 联系电话="[清空]", 出生日期="【清空】")),
    )
    assert blank.rows[0].cleared == frozenset()
    row = marked.rows[0]
    assert row.cleared == {"remark", "phone", "birth"}
    assert (row.remark, row.phones, marked.issues) == ("", (), [])
    assert kinds(parse(person(证件号码="【清空】"))) == {"clear_refused", "id_missing_adult"}


@pytest.mark.parametrize(
    ("column", "cell", "kind"),
    [
        ("是否已迁出", "是", "listed_moved_out"), ("迁出日期", "2025-01-01", "listed_moved_out"),
        ("人员状态", "已搬离", "listed_moved_out"), ("是否死亡", "√", "listed_died"),
        ("死亡日期", "2025-01-01", "listed_died"), ("人员状态", "已故", "listed_died"),
    ],
)  # fmt: skip
def test_trap_36_people_who_are_gone_are_not_stored_as_residents(column, cell, kind):
    header = [*HEADER, column]
    here: dict[str, Any] = {column: "否" if column[0] == "是" else ""}
    parsed = parse(person(**{column: cell}), member(**here), header=header)
    assert kind in kinds(parsed)
    assert [row.rejected for row in parsed.rows] == [True, False]
    assert parsed.rows[0].left in ("迁出", "死亡")


def test_trap_38_a_column_sorted_on_its_own_is_suspected():
    people = [
        person(姓名=f"张{'甲乙丙丁戊己庚辛壬癸子丑'[n]}", 户编号=f"{n}", 房号=f"{n + 1}01",
               证件号码=citizen_id(serial=2 * n + 1), 出生日期="1999-09-09")
        for n in range(12)
    ]  # fmt: skip
    assert parse(*people).kinds() == {"id_dob_differs": 12, "columns_slipped": 1}


def test_trap_39_a_part_of_the_sheet_that_is_shifted_is_refused_row_by_row():
    shifted = ["", *sheet_rows([member()])[1][:-1]]
    parsed = read(workbook([*sheet_rows([person()]), shifted]))
    assert [row.rejected for row in parsed.rows] == [False, True]
