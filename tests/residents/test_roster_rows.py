"""Rows: persons, structure rows, doors, cross-checks of id, birth date and gender."""

from datetime import date

import pytest

from grids.doors import join_door
from residents.roster.places import is_same_grid
from tests.residents.rosters import HEADER, citizen_id, kinds, parse, person, town_places


def row_of(parsed):
    assert len(parsed.rows) == 1
    return parsed.rows[0]


def line(**cells):
    return [cells.get(name) for name in HEADER]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (line(), "blank_row"), (line(姓名="　"), "blank_row"), (line(序号=7), "blank_row"),
        (list(HEADER), "repeat_header"), (line(序号="小计：19户"), "subtotal_row"),
        (line(姓名="合计"), "subtotal_row"), (line(所属社区="第2网格"), "section_row"),
        (line(序号="填表人：王书记"), "signature_row"), (line(序号="注：以户为单位填写"), "note_row"),
        (line(楼栋="1栋", 房号="102", 姓名="空置"), "vacant_row"),
        (line(楼栋="1栋", 房号="102"), "vacant_row"),
        (person(姓名="张三（示例）"), "example_row"), (person(备注="示例行，请删除"), "example_row"),
    ],
)  # fmt: skip
def test_it_skips_rows_that_are_no_people(row, kind):
    parsed = parse(row, person(姓名="李四", 证件号码=citizen_id(serial=3)))
    assert [skip.kind for skip in parsed.skips] == [kind]
    assert [one.name for one in parsed.rows] == ["李四"]


def test_it_takes_a_street_called_example_for_no_example():
    assert len(parse(person(户籍地址="安徽省宣城市宣州区示例路1号")).rows) == 1


def test_it_refuses_a_person_without_a_name():
    parsed = parse(person(姓名=""))
    assert row_of(parsed).rejected
    assert kinds(parsed) == {"name_missing"}


def test_it_takes_birth_date_and_gender_from_the_identity_number():
    parsed = parse(person(出生日期="1981-01-01", 性别="女"))
    row = row_of(parsed)
    assert (row.birth.isoformat(), row.gender) == ("1980-05-06", "男")
    assert kinds(parsed) == {"id_dob_differs", "id_sex_differs"}
    assert not row.rejected


def test_it_is_silent_when_a_partial_birth_date_is_completed_by_the_identity_number():
    assert parse(person(出生日期="1980年5月")).issues == []


def test_it_stores_a_child_without_a_paper_and_warns_about_an_adult():
    head = person()
    child = person(姓名="张小四", 与户主关系="子女", 证件号码="", 出生日期="2024-05-01")
    assert parse(head, child).issues == []
    adult = person(姓名="张小四", 与户主关系="子女", 证件号码="无")
    assert kinds(parse(head, adult)) == {"id_missing_adult"}


def test_it_refuses_a_future_birth_date_without_a_paper():
    parsed = parse(person(证件号码="", 出生日期="2093-05-01"))
    assert row_of(parsed).rejected
    assert kinds(parsed) == {"dob_future_noid"}


@pytest.mark.parametrize(
    ("kind", "number", "stored", "found"),
    [
        ("护照", "ZZ9409274", "ZZ9409274", set()), ("护照", " zz9409274", "ZZ9409274", set()),
        ("出生医学证明", "Z990000014", "Z990000014", set()),
        ("", "ZZ9409274", "ZZ9409274", {"id_kind_missing"}),
        ("居民身份证", "ZZ9409274", "", {"id_characters"}), ("护照", "甲乙丙", "", {"id_characters"}),
        ("军官证", "", "", {"id_missing_adult"}),
    ],
)  # fmt: skip
def test_it_reads_other_papers(kind, number, stored, found):
    parsed = parse(person(证件类型=kind, 证件号码=number))
    assert row_of(parsed).id_number == stored
    assert kinds(parsed) == found


def test_it_resolves_ditto_marks_from_the_row_above():
    parsed = parse(
        person(民族="回族"),
        person(姓名="李四", 与户主关系="子女", 民族="同上", 证件号码=citizen_id(serial=3)),
    )
    assert parsed.rows[1].ethnicity == "回族"
    assert kinds(parsed) == {"ditto"}


def test_it_carries_a_blank_door_down_to_the_members_but_never_to_a_head():
    blank = {"楼栋": "", "单元": "", "房号": "", "户编号": "", "小区名称": ""}
    member = person(姓名="李四", 与户主关系="子女", 证件号码=citizen_id(serial=3), **blank)
    parsed = parse(person(), member)
    assert [row.door.room for row in parsed.rows] == ["101", "101"]
    assert len(parsed.households) == 1
    assert kinds(parsed) == {"door_inherited"}
    stranger = person(姓名="李四", 证件号码=citizen_id(serial=3), **blank)
    assert kinds(parse(person(), stranger)) == {"door_missing"}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"楼栋": "99栋"}, {"bld_unknown"}), ({"小区名称": "不存在苑"}, {"compound_unknown"}),
        ({"所属社区": "东湖社区"}, {"community_unknown"}), ({"楼栋": ""}, {"bld_missing"}),
        ({"小区名称": "", "楼栋": "1栋"}, {"bld_ambiguous"}),
        ({"房号": None, "单元": "1单元"}, {"room_missing"}),
        ({"房号": "东" * 41}, {"room_overlong"}),
        ({"所属网格": "第999网格"}, {"grid_wrong"}), ({"单元": "9单元"}, {"unit_unknown"}),
        ({"单元": ""}, {"unit_missing"}), ({"单元": "2单元", "房号": "1单元101"}, {"room_unclear"}),
    ],
)  # fmt: skip
def test_it_checks_the_door_against_the_register(cells, found):
    assert kinds(parse(person(**cells))) == found


@pytest.mark.parametrize(
    "cells",
    [
        {"小区名称": "阳光小区"}, {"小区名称": "阳光花园小区"}, {"小区名称": ""} | {"楼栋": "3#"},
        {"所属社区": "幸福社区居民委员会"}, {"所属社区": "幸福居委会"}, {"所属网格": "001网格"},
        {"所属网格": "幸福社区001网格"}, {"所属网格": "349901001001001"}, {"楼栋": "阳光花园1幢"},
        {"楼栋": "1栋1单元101", "单元": "", "房号": ""},
        {"小区名称": "和平里", "单元": ""},
    ],
)  # fmt: skip
def test_it_finds_the_building_under_other_names(cells):
    parsed = parse(person(**cells))
    assert (row_of(parsed).rejected, kinds(parsed)) == (False, set())


def test_it_knows_a_grid_by_name_code_or_number_of_its_own_community_only():
    place = town_places().find("", "", join_door("阳光花园", "1栋", "1单元", "101")).place
    assert place is not None
    assert is_same_grid("第1网格", place)
    assert is_same_grid("幸福社区第1网格", place)
    assert not is_same_grid("东湖社区001网格", place)
    assert not is_same_grid("第11网格", place)


def test_it_refuses_a_room_that_became_a_date():
    parsed = parse(person(房号=date(2026, 3, 2)))
    assert row_of(parsed).rejected
    assert "date_cell" in kinds(parsed)


def test_it_gives_every_issue_an_address_and_a_masked_sample():
    parsed = parse(person(证件号码=citizen_id()[:17]))
    issue = parsed.issues[0]
    assert (issue.kind, issue.cell, issue.column) == ("id_short", "居民花名册!N2", "证件号码")
    assert issue.sample == "3499" + "*" * 9 + citizen_id()[13:17]


def test_it_suspects_a_slipped_column_when_too_many_dates_contradict():
    people = [
        person(姓名=f"张{'甲乙丙丁戊己庚辛壬癸子丑'[n]}", 户编号=f"{n}", 房号=f"{n + 1}01",
               证件号码=citizen_id(serial=2 * n + 1), 出生日期="1999-09-09")
        for n in range(12)
    ]  # fmt: skip
    assert parse(*people).kinds() == {"id_dob_differs": 12, "columns_slipped": 1}


def test_it_refuses_a_cell_with_nul_without_failing():
    parsed = parse(person(), person(姓名="李四", 备注="a_x0000_b", 证件号码=citizen_id(serial=3)))
    assert [row.rejected for row in parsed.rows] == [False, True]


def test_a_finding_about_a_column_the_file_lacks_does_not_show_the_name():
    header = ["小区名称", "楼栋", "房号", "姓名", "与户主关系", "证件号码"]
    (issue,) = [one for one in parse(person(), header=header).issues if one.kind == "unit_missing"]
    assert issue.sample == ""
