"""Traps 1–15, 26–30, 37–40 of domain brief §6.4: what stands in one cell."""

from datetime import date, datetime

import openpyxl
import pytest

from grids.doors import join_door
from residents import catalog
from residents.roster.dates import read_birth
from residents.roster.parse import parse_roster
from residents.roster.values import (
    read_citizen_id,
    read_code,
    read_name,
    read_phones,
    read_yes_no,
)
from tests.residents.rosters import (
    TODAY,
    citizen_id,
    kinds,
    parse,
    person,
    saved,
    sheet_rows,
    town_places,
)

ID = citizen_id(serial=3)
MAN = next(citizen_id(serial=n) for n in range(1, 60, 2) if citizen_id(serial=n).endswith("X"))


def id_kind(cell: object) -> str:
    parsed, problem = read_citizen_id(cell, TODAY)
    return problem.kind if problem else ("ok" if parsed else "")


def member(**cells: object):
    wanted = {"姓名": "李四", "与户主关系": "子女", "证件号码": citizen_id(serial=5)}
    return person(**wanted | cells)


def test_trap_01_an_id_stored_as_a_number_is_refused_not_guessed():
    assert id_kind(349901198001011000.0) == id_kind(349901198001011008) == "id_number_cell"
    parsed = parse(person(证件号码="349901198001011000"))
    assert parsed.rows[0].rejected
    assert "末三位都是 0" in parsed.issues[0].message


def test_trap_02_an_id_in_scientific_notation_is_refused():
    assert {id_kind("3.49901E+17"), id_kind("3.49901e17")} == {"id_number_cell"}


@pytest.mark.parametrize(
    "wrapped", ["'{}", " {}", "{}\t", "\u200b{}", "\u00a0{}\u00a0", "\ufeff{}", "{}\r\n", '"{}"']
)
def test_trap_03_invisible_wrapping_is_taken_off(wrapped):
    parsed, _problem = read_citizen_id(wrapped.format(ID), TODAY)
    assert parsed is not None
    assert parsed.number == ID


def test_trap_04_full_width_digits_are_digits():
    wide = ID.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    assert id_kind(wide) == "id_fullwidth"
    assert read_phones("１６９００００００１１")[0] == ("16900000011",)
    assert join_door("", "３栋", "２单元", "５０１").parts == ("", "3栋", "2单元", "501")


@pytest.mark.parametrize("last", ["x", "Х", "х", "×", "*"])
def test_trap_05_look_alikes_of_the_last_x_are_x(last):
    parsed, _problem = read_citizen_id(MAN[:17] + last, TODAY)
    assert parsed is not None
    assert parsed.number == MAN


def test_trap_06_ids_of_other_lengths():
    assert id_kind(ID[:6] + ID[8:17]) == "id_15"
    assert (id_kind(ID[:17]), id_kind(ID + "1")) == ("id_short", "id_long")
    assert id_kind(f"{ID[:6]}-{ID[6:14]} {ID[14:]}") == "id_spaces"


def test_trap_07_a_typo_and_transposed_digits_break_the_checksum():
    wrong = ID[:10] + ID[11] + ID[10] + ID[12:]
    assert id_kind(ID[:17] + ("1" if ID[17] != "1" else "2")) == "id_checksum"
    assert id_kind(wrong) in ("id_checksum", "id_bad_date")


def test_trap_08_a_masked_id_is_refused():
    assert id_kind("3499**********1234") == id_kind("3499xxxxxxxxxx1234") == "id_masked"


def test_trap_09_one_id_for_two_names_or_two_homes_is_refused():
    copied = parse(person(), member(证件号码=citizen_id()))
    assert (copied.rejected, "id_two_names" in kinds(copied)) == (1, True)
    twice = parse(person(), person(房号="102", 户编号="2"))
    assert (twice.rejected, kinds(twice)) == (1, {"id_dup_other_home"})


def test_trap_10_people_without_id_are_told_apart_by_home():
    same = {"姓名": "张三", "证件号码": "", "出生日期": "2024-05-06"}
    parsed = parse(
        person(), person(**same, 与户主关系="子女"), person(**same, 房号="102", 户编号="2")
    )
    assert (len(parsed.rows), parsed.duplicates, parsed.rejected) == (3, 0, 0)


@pytest.mark.parametrize("word", ["无", "不详", "未提供", "/", "-", "——", "0", "", "N/A"])
def test_trap_11_words_for_nothing_are_nothing(word):
    parsed = parse(person(), member(证件号码=word, 出生日期="2024-05-06"))
    assert (parsed.rows[1].id_number, parsed.rejected) == ("", 0)


def test_trap_11_ditto_marks_repeat_the_row_above_also_for_doors():
    ditto = {
        "楼栋": "〃",
        "单元": '"',
        "房号": "同上",
        "户编号": "同上",
        "民族": "〃",
        "小区名称": "同上",
    }
    parsed = parse(person(), member(**ditto))
    assert [row.door.parts for row in parsed.rows] == [("阳光花园", "1栋", "1单元", "101")] * 2
    assert parsed.rows[1].ethnicity == "汉族"
    assert parsed.rejected == 0


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("EJ1234567", "护照"), ("H12345678", "港澳居民来往内地通行证"), ("军字第1234567号", "军官证"),
        ("Z990000014", "出生医学证明"), ("ABC349901000001", "外国人永久居留身份证"),
    ],
)  # fmt: skip
def test_trap_12_other_papers_in_the_id_column_are_kept_as_what_they_look_like(number, kind):
    row = parse(person(证件类型="", 证件号码=number)).rows[0]
    assert (row.id_kind, row.id_number, row.rejected) == (kind, number, False)


def test_trap_12_special_prefixes_are_ids():
    from gridparty.lib.citizen_id import check_digit

    for first, kind in (
        ("81000019800506001", "港澳台居民居住证"),
        ("91110019800506001", "外国人永久居留身份证"),
    ):
        row = parse(person(证件类型="", 证件号码=first + check_digit(first))).rows[0]
        assert (row.id_kind, row.rejected) == (kind, False)


def test_trap_13_birth_gender_and_age_yield_to_the_id():
    header = [
        "小区名称",
        "楼栋",
        "单元",
        "房号",
        "姓名",
        "与户主关系",
        "证件号码",
        "性别",
        "出生日期",
        "年龄",
    ]
    parsed = parse(person(性别="女", 出生日期="1981-05-06", 年龄=12), header=header)
    assert kinds(parsed) == {"id_dob_differs", "id_sex_differs", "age_differs"}
    assert parsed.rejected == 0
    assert kinds(parse(person(年龄="45岁"), header=header)) == set()


@pytest.mark.parametrize(
    "cell",
    ["1980-5-6", "1980.5.6", "1980/5/6", "1980年5月6日", "19800506", 29347, 29347.0, datetime(1980, 5, 6, 8, 30)],
)  # fmt: skip
def test_trap_14_dates_in_every_usual_form(cell):
    assert read_birth(cell) == (date(1980, 5, 6), None)


@pytest.mark.parametrize(
    "cell", ["80.1", "1980.1", 1980.1, "1980年1月", "2月30日", "1980-02-30", "农历正月初八"]
)
def test_trap_14_dates_that_would_have_to_be_guessed_are_not(cell):
    day, problem = read_birth(cell)
    assert day is None
    assert problem is not None


def test_trap_14_the_1904_date_system_is_known():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in sheet_rows([person(出生日期=date(1980, 5, 6))]):
        book.active.append(row)
    parsed = parse_roster(saved(book), today=TODAY, places=town_places())
    assert (parsed.rows[0].birth, kinds(parsed)) == (date(1980, 5, 6), set())


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        (16900000001.0, ("16900000001",)), ("16900000001.0", ("16900000001",)),
        ("16900000001/16900000002", ("16900000001", "16900000002")),
        ("16900000001、16900000002", ("16900000001", "16900000002")),
        ("16900000001\n16900000002", ("16900000001", "16900000002")),
        ("0563-1234567转801", ("0563-1234567-801",)), ("86-16900000001", ("16900000001",)),
        ("1.69E+10", ()), ("1690000000", ()), ("169000000012", ()), ("空号", ()),
    ],
)  # fmt: skip
def test_trap_15_telephones(cell, numbers):
    assert read_phones(cell)[0] == numbers


def test_trap_26_buildings_and_rooms_in_every_writing_are_one_door():
    for building in ("3栋", "3幢", "3号楼", "3#", "3座", "3號樓", "三栋", "03栋", "3", 3.0):
        for room in ("501", 501.0, "5O1", "50l", "０５０１", "五〇一"):
            row = parse(person(楼栋=building, 房号=room)).rows[0]
            assert (row.door.building, row.door.room, row.rejected) == ("3栋", "501", False)


@pytest.mark.parametrize("cell", [date(2026, 3, 2), "3月2日", "2026-03-02"])
def test_trap_26_a_room_that_became_a_date_is_refused_with_what_it_may_have_been(cell):
    parsed = parse(person(房号=cell))
    assert parsed.rows[0].rejected
    assert "date_cell" in kinds(parsed)


@pytest.mark.parametrize("dash", "-－—–―−~～至")
def test_trap_27_every_dash_is_a_dash(dash):
    assert join_door("", "", "", f"3{dash}2{dash}501").parts == ("", "3栋", "2单元", "501")


@pytest.mark.parametrize(
    "name", ["阳光花园", "阳光花园小区", "阳光小区", "阳光", "幸福路阳光花园", "阳光 花园"]
)
def test_trap_28_an_estate_is_known_by_its_aliases(name):
    assert parse(person(小区名称=name)).rejected == 0


@pytest.mark.parametrize(
    ("cell", "name", "finding"),
    [
        ("张　三", "张三", "name_inner_space"), ("张三(户主)", "张三", "name_note"),
        ("张三16900000001", "张三", "name_note"), ("张三之妻", "张三之妻", "name_description"),
        ("未取名", "未取名", "name_description"), ("古丽．吾买尔", "古丽·吾买尔", "name_inner_space"),
        ("John Smith", "John Smith", None), ("王𬭚", "王𬭚", None), ("张\ue001", "张\ue001", "name_private_use"),
    ],
)  # fmt: skip
def test_trap_29_names(cell, name, finding):
    read, problem = read_name(cell)
    assert read == name
    if name != "古丽·吾买尔":
        assert (problem.kind if problem else None) == finding


@pytest.mark.parametrize(
    ("table", "cells", "label"),
    [
        (catalog.GENDERS, ("男", "M", 1, "先生"), "男"),
        (catalog.POLITICS, ("党员", "中共党员", "正式"), "中共党员"), (catalog.POLITICS, ("预备",), "中共预备党员"),
        (catalog.POLITICS, ("群众", "无"), "群众"), (catalog.ETHNICITIES, ("汉", "汉族", "汉 族"), "汉族"),
        (catalog.EDUCATIONS, ("大专", "专科", "大学专科", "30"), "大专"),
    ],
)  # fmt: skip
def test_trap_30_words_for_one_thing(table, cells, label):
    for cell in cells:
        assert read_code(cell, table=table, kind="x") == (label, None)


def test_trap_30_ticks_and_crosses():
    assert {read_yes_no(cell, title="x") for cell in ("√", "✓", "是", "Y", 1, "○")} == {
        (True, None)
    }
    assert {read_yes_no(cell, title="x") for cell in ("×", "否", "N", 0)} == {(False, None)}


def test_trap_37_ages_and_families_that_cannot_be():
    old = parse(person(证件号码=citizen_id("19010506"), 出生日期="1901-05-06"))
    assert kinds(old) == {"dob_implausible"}
    child = parse(person(证件号码=citizen_id("20150506"), 出生日期="2015-05-06"))
    assert kinds(child) == {"head_child"}
    spouse = parse(person(), member(与户主关系="配偶"))
    assert kinds(spouse) == {"spouse_same_sex"}
    elder = parse(person(), member(证件号码=citizen_id("19600506", 5), 出生日期="1960-05-06"))
    assert kinds(elder) == {"child_older"}
    parent = parse(
        person(),
        member(证件号码=citizen_id("19900506", 5), 出生日期="1990-05-06", 与户主关系="父亲"),
    )
    assert kinds(parent) == {"parent_younger"}
    future = parse(person(证件号码="", 出生日期="2093-05-01"))
    assert future.rejected == 1


def test_trap_37_a_crowd_in_one_flat_is_named_once():
    crowd = [
        member(
            姓名=f"李{'一二三四五六七八九十甲乙丙'[n]}",
            证件号码=citizen_id("20000506", 2 * n + 11),
            出生日期="2000-05-06",
        )
        for n in range(13)
    ]
    assert parse(person(), *crowd).kinds() == {"crowded": 1}


def test_trap_39_swapped_columns_are_named():
    parsed = parse(person(证件号码="16900000001", 联系电话=citizen_id()))
    assert kinds(parsed) == {"id_is_phone", "phone_is_id"}
    assert parsed.rejected == 1


def test_trap_40_thousands_separators_are_no_part_of_a_number():
    assert read_phones("1,690,000,0001")[0] == ("16900000001",)
    parsed, _problem = read_citizen_id(f"{ID[:3]},{ID[3:6]},{ID[6:]}", TODAY)
    assert parsed is not None
    assert parsed.number == ID
