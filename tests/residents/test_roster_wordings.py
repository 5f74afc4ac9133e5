"""Wordings of real sheets that a second round of other people's rosters brought up."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import openpyxl
import pytest

from residents.roster.errors import RosterFileError
from residents.roster.fields import field_of, header_word
from residents.roster.parse import parse_roster
from residents.roster.records import ParsedRoster
from residents.roster.sheets import read_sheets
from residents.roster.values import read_name
from tests.residents.rosters import TODAY, citizen_id, kinds, saved, town_places, workbook

SHORT = ["楼栋", "单元", "房号", "姓名", "与户主关系", "证件号码"]


def read(*rows: Sequence[object]) -> ParsedRoster:
    return parse_roster(workbook([list(row) for row in rows]), today=TODAY, places=town_places())


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("同户主关系", "relation"), ("與戶主關係", "relation"), ("樓棟", "building"),
        ("身份證號", "id_number"), ("聯繫電話", "phone"), ("租赁起始日期", "moved_in"),
        ("离开时间", "moved_out"), ("其他情况说明", "remark"), ("DZ", "address"),
    ],
)  # fmt: skip
def test_a_header_is_known(header: str, field: str) -> None:
    known = field_of(header_word(header))
    assert known is not None
    assert known[0] == field


def test_traditional_characters_all_through() -> None:
    parsed = read(
        ["樓棟", "單元", "房號", "姓名", "與戶主關係", "身份證號"],
        ["3棟", "1單元", "101", "張三", "戶主", citizen_id()],
    )
    row = parsed.rows[0]
    assert (row.door.building, row.door.unit, row.relation) == ("3栋", "1单元", "户主")


def test_a_form_ends_with_signatures_not_with_a_person() -> None:
    rows = [
        ["一户一档登记表"],
        ["楼栋", "3栋", "单元", "1单元", "房号", "301"],
        ["户主姓名", "沈一", "身份证号", citizen_id(), "联系电话", "16900000001"],
        ["家庭成员"],
        ["姓名", "与户主关系", "身份证号", "联系电话", "备注"],
        ["沈二", "子", citizen_id("20050101", 3), "", "学生"],
        ["户主签字：", ""],
    ]
    parsed = read(*[row + [""] * (6 - len(row)) for row in rows])
    assert [row.name for row in parsed.rows] == ["沈一", "沈二"]
    assert parsed.skips[-1].kind == "signature_row"


@pytest.mark.parametrize("number", ["", "A1"])
def test_a_copied_line_of_a_head_is_a_repeat_not_a_second_household(number: str) -> None:
    line = ["3栋", "1单元", "101", number, "王一", "户主", citizen_id()]
    parsed = read(["楼栋", "单元", "房号", "户编号", "姓名", "与户主关系", "证件号码"], line, line)
    assert (len(parsed.households), parsed.duplicates, parsed.rejected) == (1, 1, 0)


def test_a_copied_line_of_a_head_without_papers_needs_the_same_birth_date() -> None:
    head = ["楼栋", "单元", "房号", "姓名", "与户主关系", "出生日期"]
    first = ["3栋", "1单元", "101", "王一", "户主", "1980-01-01"]
    assert read(head, first, first).duplicates == 1
    other = read(head, first, [*first[:5], "1950-01-01"])
    assert (other.duplicates, len(other.households)) == (0, 2)


def test_whoever_stands_beside_a_landlord_rents_from_him() -> None:
    parsed = read(
        ["房屋地址", "房主", "房主联系电话", "姓名", "身份证号码", "离开时间"],
        ["阳光花园3栋1单元601", "甲房东", "16900000001", "流一", citizen_id(), ""],
        ["", "", "", "流二", citizen_id("19910101", 2), "2026.02.03"],
    )
    first, second = parsed.rows
    assert (first.relation, first.residence, first.rejected) == ("租户", "流动", False)
    assert second.left == "迁出"
    assert "head_none" not in kinds(parsed)


def test_an_owner_who_lives_in_his_flat_rents_from_nobody() -> None:
    header = ["房号", "房主", "房主电话", "姓名", "身份证"]
    people = [
        ["3栋1单元601", "甲一", "16900000001", "甲二", citizen_id("19810203", 2)],
        ["3栋1单元601", "甲一", "16900000001", "甲一", citizen_id()],
        ["3栋1单元602", "乙一、乙二", "16900000002", "乙一", citizen_id("19700101", 5)],
        ["3栋1单元603", "丙一", "16900000003", "丁一", citizen_id("19910101", 3)],
    ]
    parsed = read(header, *people)
    assert [(row.name, row.relation, row.residence, row.rejected) for row in parsed.rows] == [
        ("甲二", "", "", False), ("甲一", "户主", "", False), ("乙一", "户主", "", False),
        ("丁一", "租户", "流动", False),
    ]  # fmt: skip
    assert parsed.rows[0].household is parsed.rows[1].household
    assert [one.row for one in parsed.issues if one.kind == "beside_owner"] == [2]
    said = read([*header, "是否租户"], *([*row, "是"] for row in people))
    assert [row.relation for row in said.rows] == ["租户", "户主", "户主", "租户"]


def test_a_signature_beside_a_person_hides_nobody() -> None:
    header = [*SHORT, "签名"]
    parsed = read(
        header,
        ["3栋", "1单元", "101", "王一", "户主", citizen_id(), "王一"],
        ["3栋", "1单元", "101", "", "配偶", citizen_id("19810203", 2), "本人签字"],
        ["", "", "", "", "", "", "本人签字："],
        ["", "", "", "", "社区（盖章）", "", "2026年5月1日"],
    )
    assert [row.rejected for row in parsed.rows] == [False, True]
    assert [one.kind for one in parsed.skips] == ["signature_row"] * 2
    assert "name_missing" in kinds(parsed)


def test_a_kind_of_key_population_may_carry_its_grade() -> None:
    parsed = read([*SHORT, "人员类别"], ["3栋", "1单元", "101", "王一", "户主", citizen_id(),
                                        "低保A类、残疾三级"])  # fmt: skip
    assert (parsed.rows[0].care, kinds(parsed)) == (("困难家庭", "残疾人"), {"care_grade"})


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("阿依古丽．买买提", "name_form"), ("阿依古丽\u200b·买买提", "name_zero_width")],
)
def test_what_was_mended_in_a_name_is_said_as_it_is(cell: str, kind: str) -> None:
    name, problem = read_name(cell)
    assert problem is not None
    assert (name, problem.kind) == ("阿依古丽·买买提", kind)


def test_files_that_are_no_workbook_say_what_to_do() -> None:
    stream = io.BytesIO()
    docx.Document().save(stream)
    with pytest.raises(RosterFileError, match=r"Word 文档.*复制到 Excel"):
        read_sheets(stream.getvalue())
    xml = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    with pytest.raises(RosterFileError, match=r"XML 表格.*另存为"):
        read_sheets(xml.encode())
    with pytest.raises(RosterFileError, match="没有内容"):
        read_sheets(saved(openpyxl.Workbook()))
