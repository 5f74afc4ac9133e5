"""Cells: what each spelling means, what is mended, what is dropped with a warning, what refuses."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from residents import catalog
from residents.roster.dates import read_birth
from residents.roster.values import (
    MAX_REMARK,
    read_care,
    read_citizen_id,
    read_code,
    read_name,
    read_phones,
    read_remark,
    read_text,
    read_yes_no,
)
from tests.residents.rosters import TODAY, citizen_id

BORN = date(1980, 5, 6)


def kind(reading: Any) -> str | None:
    return reading[1].kind if reading[1] else None


def severity(reading: Any) -> str:
    return str(reading[1].severity)


@pytest.mark.parametrize(
    ("cell", "name", "finding"),
    [
        ("张小三", "张小三", None), ("张 三", "张三", "name_inner_space"),
        ("张　三", "张三", "name_inner_space"), ("张\r\n三", "张三", "name_zero_width"),
        ("张\u200b三", "张三", "name_zero_width"), ("\ufeff张三", "张三", "name_zero_width"),
        ("张三(户主)", "张三", "name_note"), ("张三（曾用名张四）", "张三", "name_note"),
        ("张三13800138000", "张三", "name_note"), ("王𬭚", "王𬭚", None), ("李㛃", "李㛃", None),
        ("古丽娜尔·吾买尔", "古丽娜尔·吾买尔", None), ("John Smith", "John Smith", None),
        ("", "", "name_missing"), ("　", "", "name_missing"), ("无", "", "name_missing"),
        ("？？", "", "name_missing"), ("123", "", "name_missing"), (5.0, "", "name_missing"),
        ("张\0三", "", "nul_character"), ("同上", "", "name_missing"), ("张" * 60, "", "name_overlong"),
    ],
)  # fmt: skip
def test_it_reads_names(cell, name, finding):
    assert (read_name(cell)[0], kind(read_name(cell))) == (name, finding)


@pytest.mark.parametrize("cell", ["古丽•吾买尔", "古丽．吾买尔", "古丽・吾买尔", "古丽.吾买尔"])
def test_it_gives_one_dot_to_names_with_dots(cell):
    assert read_name(cell)[0] == "古丽·吾买尔"


@pytest.mark.parametrize(
    "cell",
    [
        "1980-05-06", "1980-5-6", "1980.5.6", "1980/5/6", "1980年5月6日", "19800506", 19800506.0,
        "1980-05-06 00:00:00", BORN, datetime(1980, 5, 6, 8), 29347, 29347.0, "29347", "１９８０－５－６",
        "1980—05—06",
    ],
)  # fmt: skip
def test_it_reads_birth_dates_in_every_form(cell):
    assert read_birth(cell) == (BORN, None)


@pytest.mark.parametrize(
    ("cell", "finding"),
    [
        ("1961-02-30", "dob_impossible"), ("1980年13月1日", "dob_impossible"),
        (19801301, "dob_impossible"), ("1980.1", "dob_partial"), (1980.1, "dob_partial"),
        ("1980年1月", "dob_partial"), ("80.1", "dob_partial"), (1980, "dob_partial"),
        ("腊月初八", "dob_unreadable"), ("", None), ("不详", None), ("/", None),
    ],
)  # fmt: skip
def test_it_guesses_no_birth_date(cell, finding):
    assert read_birth(cell)[0] is None
    assert kind(read_birth(cell)) == finding


ID = citizen_id(serial=3)


@pytest.mark.parametrize(
    ("cell", "finding"),
    [
        (ID, None), (f" {ID}", "id_spaces"), (f"\u00a0{ID} ", "id_spaces"),
        (f"{ID[:6]} {ID[6:14]} {ID[14:]}", "id_spaces"),
        (ID.translate(str.maketrans("0123456789", "０１２３４５６７８９")), "id_fullwidth"),
        (f"{ID[:6]}{ID[8:17]}", "id_15"), (float(f"{ID[:6]}{ID[8:17]}"), "id_15"),
    ],
)  # fmt: skip
def test_it_repairs_identity_numbers_that_lost_nothing(cell, finding):
    parsed, problem = read_citizen_id(cell, TODAY)
    assert parsed is not None
    assert parsed.number == ID
    assert (problem.kind if problem else None) == finding


@pytest.mark.parametrize(
    ("cell", "finding"),
    [
        (float(ID), "id_number_cell"), (int(ID), "id_number_cell"),
        ("3.49901E+17", "id_number_cell"), (ID[:17], "id_short"), (ID + "1", "id_long"),
        (ID[:17] + ("1" if ID[17] != "1" else "2"), "id_checksum"),
        ("349901********1234", "id_masked"), ("abc", "id_characters"), (BORN, "date_cell"),
    ],
)  # fmt: skip
def test_it_refuses_identity_numbers_it_would_have_to_guess(cell, finding):
    reading = read_citizen_id(cell, TODAY)
    assert reading[0] is None
    assert (kind(reading), severity(reading)) == (finding, "error")


@pytest.mark.parametrize("cell", ["", "无", "不详", "/", "——", "未提供"])
def test_it_takes_words_for_nothing_as_no_identity_number(cell):
    assert read_citizen_id(cell, TODAY) == (None, None)


@pytest.mark.parametrize(
    ("cell", "numbers", "finding"),
    [
        ("16900000001", ("16900000001",), None), (16900000001.0, ("16900000001",), None),
        ("169-0000-0001", ("16900000001",), None), ("１６９００００００１１", ("16900000011",), None),
        ("16900000001/16900000002", ("16900000001", "16900000002"), None),
        ("16900000001\n0563-1234567", ("16900000001", "0563-1234567"), None),
        ("1234567", (), "phone_bad"), ("无", (), "phone_bad"), ("1.69E+10", (), "phone_bad"),
        ("169000000012", (), "phone_bad"),
    ],
)  # fmt: skip
def test_it_reads_phones(cell, numbers, finding):
    assert (read_phones(cell)[0], kind(read_phones(cell))) == (numbers, finding)


@pytest.mark.parametrize(
    ("table", "cell", "label"),
    [
        (catalog.GENDERS, "M", "男"), (catalog.GENDERS, "女性", "女"), (catalog.GENDERS, 2.0, "女"),
        (catalog.ETHNICITIES, "汉", "汉族"), (catalog.ETHNICITIES, "汉 族", "汉族"),
        (catalog.ETHNICITIES, "05", "维吾尔族"), (catalog.POLITICS, "党员", "中共党员"),
        (catalog.POLITICS, "无", "群众"), (catalog.POLITICS, "-", "群众"),
        (catalog.POLITICS, "团员", "共青团员"), (catalog.EDUCATIONS, "大学专科", "大专"),
        (catalog.MARRIAGES, "离婚", "离异"), (catalog.RELATIONS, "闺女", "子女"),
        (catalog.RELATIONS, "岳母", "岳父母"), (catalog.RELATIONS, "租客", "租户"),
            (catalog.RELATIONS, "女婿", "女婿"), (catalog.RELATIONS, "38", "儿媳"),
        (catalog.RELATIONS, "02", "户主"), (catalog.RELATIONS, "本人", "户主"),
        (catalog.RESIDENCES, "暂住", "流动"), (catalog.ID_KINDS, "身份证", "居民身份证"),
    ],
)  # fmt: skip
def test_it_knows_words_and_codes_of_the_code_tables(table, cell, label):
    assert read_code(cell, table=table, kind="unknown") == (label, None)


def test_it_reports_words_outside_a_code_table():
    table = catalog.RELATIONS
    reading = read_code("同事", table=table, kind="rel_unknown", fallback="其他")
    assert (reading[0], kind(reading), severity(reading)) == ("其他", "rel_unknown", "warn")
    assert read_code("无", table=catalog.EDUCATIONS, kind="x") == ("", None)


@pytest.mark.parametrize("cell", ["是", "是 ", "Y", "√", "1", 1.0, True, "有"])
def test_it_reads_yes(cell):
    assert read_yes_no(cell, title="是否志愿者") == (True, None)


@pytest.mark.parametrize("cell", ["否", "N", "×", 0.0, False, "无"])
def test_it_reads_no(cell):
    assert read_yes_no(cell, title="是否志愿者") == (False, None)


@pytest.mark.parametrize(
    "cell", ["高龄老人;空巢老人", "高龄/空巢", "高龄老人；空巢老人", "高龄、空巢"]
)
def test_it_splits_key_populations_at_anything_usual(cell):
    assert read_care(cell, known=catalog.care_lookup()) == (("高龄老人", "空巢老人"), None)


def test_it_drops_unknown_and_disabled_key_populations_with_a_warning():
    reading = read_care("低保,关注,综治关注", known=catalog.care_lookup())
    assert (reading[0], kind(reading)) == (("困难家庭",), "cat_unknown")


@pytest.mark.parametrize(
    "cell", ["=1+1", "+86联系", "-见附页", "@SUM(1)", "<script>alert(1)</script>"]
)
def test_it_keeps_formulas_and_markup_in_remarks_as_text(cell):
    reading = read_remark(cell)
    assert (reading[0], severity(reading)) == (cell, "info")


def test_it_drops_an_endless_remark_with_a_warning():
    assert read_remark("啊" * MAX_REMARK) == ("啊" * MAX_REMARK, None)
    assert kind(read_remark("啊" * (MAX_REMARK + 1))) == "overlong"


def test_it_refuses_nul_and_dates_in_text():
    assert kind(read_text("a\0b", limit=9, label="x")) == "nul_character"
    assert kind(read_text(BORN, limit=9, label="x")) == "date_cell"
    assert kind(read_remark("a\0b")) == "nul_character"


@given(st.one_of(st.text(max_size=40), st.floats(), st.dates(), st.booleans(), st.integers()))
def test_no_cell_makes_a_reader_raise(cell):
    for read in (read_name, read_birth, read_phones, read_remark):
        read(cell)
    read_citizen_id(cell, TODAY)
    read_care(cell, known={})
    read_yes_no(cell, title="x")
    read_code(cell, table=catalog.GENDERS, kind="x")
    read_text(cell, limit=9, label="x")


@given(st.text(max_size=30))
def test_reading_a_name_twice_changes_nothing(cell):
    name, _problem = read_name(cell)
    if name:
        assert read_name(name)[0] == name
