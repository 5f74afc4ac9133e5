"""The header: found below titles, known by alias, unknown columns kept and named."""

from typing import Any

from residents.roster import columns
from residents.roster.columns import Layout
from residents.roster.fields import header_word
from residents.roster.parse import parse_roster
from tests.residents.rosters import HEADER, TODAY, person, sheet_rows, town_places, workbook


def find_layout(name: str, rows: list[list[Any]]) -> Layout:
    layout = columns.find_layout(name, rows)
    assert layout is not None
    return layout


def test_it_finds_the_header_below_title_lines():
    rows = [["幸福社区居民花名册"], ["填报单位：", "", "2026-06-30"], *sheet_rows([person()])]
    layout = find_layout("表", rows)
    assert layout.header_row == 2
    assert layout.columns["name"] == HEADER.index("姓名")
    assert layout.missing == []


def test_it_knows_columns_by_alias_width_and_marks():
    header = [
        "栋　号",
        "单元号",
        "房间号",
        "居民姓名",
        "*身份证号码（必填）",
        "手机号：",
        "称谓",
        "学历",
        "血型",
    ]
    layout = find_layout("表", [header])
    assert sorted(layout.columns) == sorted(
        ["building", "unit", "room", "name", "id_number", "phone", "relation", "education"]
    )
    assert layout.unknown == ("血型",)


def test_it_prefers_the_member_over_the_head_as_the_name():
    layout = find_layout("表", [["户主姓名", "楼栋", "房号", "姓名"]])
    assert layout.columns["name"] == 3
    assert layout.repeated == ("户主姓名",)


def test_it_says_which_columns_are_missing():
    assert find_layout("表", [["姓名", "电话"]]).missing == ["楼栋", "房号"]
    assert find_layout("表", [["姓名", "家庭住址"]]).missing == []
    assert find_layout("3栋", [["姓名", "房号"]]).constants == {"building": "3栋"}


def test_it_takes_no_ordinary_row_for_a_header():
    assert columns.find_layout("表", [["张三", "李四"], ["1栋", "101"]]) is None


def test_it_folds_header_words():
    assert header_word(" 姓\n名 （必填）* ：") == "姓名"


def test_it_reads_one_sheet_per_building():
    header = ["房号", "姓名", "与户主关系"]
    data = workbook(
        [header, ["101", "张三", "户主"]], "1栋", **{"2栋": [header, ["202", "李四", "户主"]]}
    )
    parsed = parse_roster(data, today=TODAY, places=town_places())
    assert [(row.name, row.door.building) for row in parsed.rows] == [
        ("张三", "1栋"),
        ("李四", "2栋"),
    ]
