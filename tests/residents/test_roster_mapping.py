"""The mapping of columns to fields: proposed, changed by a person, kept for the next file."""

import json
from dataclasses import replace

import pytest

from residents.roster.errors import RosterFileError
from residents.roster.mapping import SheetMapping, propose
from residents.roster.parse import parse_roster
from residents.roster.sheets import read_sheets
from tests.residents.rosters import TODAY, citizen_id, person, sheet_rows, town_places, workbook

TITLE = ["幸福社区居民花名册"]
ODD = ["小区名称", "楼栋", "单元", "房号", "大名", "与户主关系", "证件号码", "民族", "血型"]


def odd_row(name="张小三", **cells):
    row = person(**cells)
    return [row.get(header) for header in ODD[:4]] + [
        name, row["与户主关系"], row["证件号码"], "汉", "AB",
    ]  # fmt: skip


def proposed(data: bytes, *chosen: SheetMapping) -> SheetMapping:
    return propose(read_sheets(data), chosen)[0]


def with_fields(mapping: SheetMapping, **fields: str) -> SheetMapping:
    """The mapping after a person chose other fields, by header."""
    columns = (replace(one, field=fields.get(one.header, one.field)) for one in mapping.columns)
    return replace(mapping, columns=tuple(columns))


def parsed(data: bytes, *mappings: SheetMapping):
    return parse_roster(data, today=TODAY, places=town_places(), mappings=mappings)


def test_it_proposes_shape_header_columns_and_masked_samples():
    mapping = proposed(workbook([TITLE, *sheet_rows([person()])]))
    assert (mapping.sheet, mapping.shape, mapping.header_row) == ("居民花名册", "flat", 2)
    by_header = {one.header: one for one in mapping.columns}
    assert (by_header["姓名"].letter, by_header["姓名"].label) == ("I", "姓名")
    assert by_header["证件号码"].samples == (f"3499{'*' * 10}{citizen_id()[-4:]}",)
    assert mapping.missing == mapping.unknown == ()


def test_it_names_columns_it_does_not_know_and_what_is_missing():
    mapping = proposed(workbook([ODD, odd_row()]))
    assert mapping.unknown == ("大名", "血型")
    assert mapping.missing == ("姓名",)


def test_a_mapping_survives_json():
    mapping = proposed(workbook(sheet_rows([person()])))
    assert SheetMapping.from_json(json.loads(json.dumps(mapping.as_json()))) == mapping


@pytest.mark.parametrize("data", [{}, {"columns": 3}, {"columns": [{"index": "x"}]}])
def test_it_refuses_what_is_no_mapping(data):
    with pytest.raises(ValueError):
        SheetMapping.from_json(data)


def test_a_person_names_a_column_and_leaves_another_out():
    data = workbook([ODD, odd_row()])
    with pytest.raises(RosterFileError, match="姓名"):
        parsed(data)
    chosen = with_fields(proposed(data), 大名="name", 民族="")
    rows = parsed(data, chosen).rows
    assert [(row.name, row.ethnicity) for row in rows] == [("张小三", "")]
    shown = proposed(data, chosen)
    assert (shown.missing, shown.unknown) == ((), ("民族", "血型"))


def test_a_kept_mapping_fits_another_file_with_the_same_header():
    chosen = with_fields(proposed(workbook([ODD, odd_row()])), 大名="name")
    later = workbook([TITLE, ODD, odd_row("李四")], "七月")
    assert [row.name for row in parsed(later, chosen).rows] == ["李四"]
    other = workbook([[*ODD[:-1], "职务"], odd_row("李四")])
    with pytest.raises(RosterFileError):
        parsed(other, chosen)


def test_a_person_leaves_a_sheet_out():
    one = sheet_rows([person()])
    two = sheet_rows([person(姓名="李四", 证件号码=citizen_id(serial=3), 房号="102")])
    data = workbook(one, "六月", 草稿=[["草稿"], *two])
    draft = replace(propose(read_sheets(data))[1], use=False)
    assert len(parsed(data).rows) == 2
    both = (propose(read_sheets(data))[0], draft)
    assert [row.name for row in parsed(data, *both).rows] == ["张小三"]


def test_a_person_moves_the_header():
    words = ["姓名", "房号", "楼栋", "小区名称", "性别", "民族"]
    real = ["姓名", "房号", "楼栋", "小区名称"]
    data = workbook([words, ["上面是旧表头"], real, ["张三", "101", "1栋", "阳光花园"]])
    found = proposed(data)
    assert found.header_row == 1
    moved = replace(found, header_top=3, header_row=3)
    assert [row.name for row in parsed(data, moved).rows] == ["张三"]
    shown = proposed(data, moved)
    assert (shown.header_row, [one.field for one in shown.columns]) == (
        3, ["name", "room", "building", "compound"],
    )  # fmt: skip
    later = workbook([["标题"], words, ["旧"], real, ["李四", "102", "1栋", "阳光花园"]], "下月")
    assert [row.name for row in parsed(later, moved).rows] == ["李四"]
