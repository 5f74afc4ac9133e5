"""Door numbers: every spelling of domain brief §6.3, and that reading twice changes nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grids.doors import (
    AMBIGUOUS,
    LOOKS_LIKE_DATE,
    NO_UNIT,
    ONLY_FLOOR,
    join_door,
    parse_address,
    parse_building,
    parse_room,
    parse_unit,
)

DOOR_TEXT = st.text(
    alphabet="0123456789０３三十二〇AaBOl栋幢#号楼座单元室层东无-—－~ 附室阳光路、/", max_size=14
)


@pytest.mark.parametrize(
    "text",
    [
        "3栋",
        "3幢",
        "３栋",
        "3#",
        "3 栋",
        "03栋",
        "三栋",
        "三号楼",
        "3号楼",
        "3座",
        "3",
        "第3栋",
        "3棟",
        "3號樓",
    ],
)
def test_it_gives_one_label_to_all_spellings_of_a_building(text):
    assert parse_building(text) == "3栋"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("十二幢", "12栋"), ("廿一栋", "21栋"), ("A3栋", "A3栋"), ("a座", "A栋"), ("甲栋", "甲栋"),
        ("东区3栋", "东区3栋"), ("综合楼", "综合楼"), ("", ""), ("/", ""),
    ],
)  # fmt: skip
def test_it_keeps_letters_stems_and_names_of_buildings(text, label):
    assert parse_building(text) == label


@pytest.mark.parametrize("text", ["2单元", "二单元", "2", "02", "2门", "2门栋", "2梯", "２单元"])
def test_it_gives_one_label_to_all_spellings_of_a_unit(text):
    assert parse_unit(text) == "2单元"


def test_it_tells_no_unit_from_an_unknown_unit():
    assert parse_unit("无") == NO_UNIT
    assert parse_unit("不分单元") == NO_UNIT
    assert parse_unit("") == ""
    assert parse_unit("-") == ""


@pytest.mark.parametrize(
    ("text", "unit", "room", "floor"),
    [
        ("501", "", "501", 5), ("501室", "", "501", 5), ("0501", "", "501", 5),
        ("1404", "", "1404", 14), ("1单元1404室", "1单元", "1404", 14),
        ("3单元601", "3单元", "601", 6), ("2-501", "2单元", "501", 5), ("五〇一", "", "501", 5),
        ("5O1", "", "501", 5), ("50l", "", "501", 5), ("501A", "", "501A", 5),
        ("501-502", "", "501-502", 5), ("5楼东", "", "5楼东", 5), ("5楼501", "", "501", 5),
        ("附1", "", "附1", None), ("门面102", "", "门面102", None),
        ("地下室-1-03", "", "地下室-1-03", -1), ("", "", "", None),
    ],
)  # fmt: skip
def test_it_reads_a_room_cell_that_carries_more_than_the_room(text, unit, room, floor):
    door = parse_room(text)
    assert (door.unit, door.room, door.floor) == (unit, room, floor)


@pytest.mark.parametrize(
    "text",
    [
        "3栋2单元501", "3幢2单元501室", "3-2-501", "3—2—501", "3－2－501", "3#2-501", "3#-2-501",
        "3号楼2单元501", "三栋二单元501", "宣州区济川街道3栋2单元501",
        "安徽省宣城市宣州区示例路120号3栋2单元501室", "3.2.501", "3/2/501", "3_2_501", "3·2·501",
        "（3）栋2单元501", "3栋（2单元）501", "第三栋第二单元第501室", "3栋.2单元.501", "3幢二单元五O一室",
        "3栋2单元501室（出租）", "3棟2單元501室", "03栋02单元0501", "3栋2单元5楼501", "3栋2单元5层01",
    ],
)  # fmt: skip
def test_it_reads_an_address_however_it_is_written(text):
    door = parse_address(text)
    assert door.parts == ("", "3栋", "2单元", "501")
    assert door.raw == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("阳光花园3栋2单元501", ("阳光花园", "3栋", "2单元", "501")),
        ("五一小区3栋501", ("五一小区", "3栋", NO_UNIT, "501")),
        ("阳光花园二期12-3-1501", ("阳光花园二期", "12栋", "3单元", "1501")),
        ("A3栋乙单元501", ("", "A3栋", "乙单元", "501")),
        ("3栋501", ("", "3栋", NO_UNIT, "501")),
        ("3-501", ("", "3栋", NO_UNIT, "501")),
        ("3栋2单元5楼东", ("", "3栋", "2单元", "5楼东")),
        ("3栋门面102", ("", "3栋", NO_UNIT, "门面102")),
        ("3栋2-1单元", ("", "3栋", "2-1单元", "")),
        ("3栋附1", ("", "3栋", NO_UNIT, "附1")),
        ("3栋A座501", ("", "3栋", "A座", "501")),
        ("A-1-501", ("", "A栋", "1单元", "501")),
        ("3栋0单元501", ("", "3栋", NO_UNIT, "501")),
        ("3栋-1层02", ("", "3栋", NO_UNIT, "负1层02")),
        ("3-1-15-02", ("", "3栋", "1单元", "15-02")),
        ("3栋2单元501、502", ("", "3栋", "2单元", "501-502")),
        ("阳光花园", ("阳光花园", "", "", "")),
    ],
)
def test_it_takes_an_address_apart(text, parts):
    assert parse_address(text).parts == parts


def test_it_asks_instead_of_guessing():
    assert parse_room("0302501").problems == (AMBIGUOUS,)
    assert parse_address("5楼").problems == (ONLY_FLOOR,)
    assert "2单元" in join_door("润河公馆", "3栋", "2单元", "1单元101").problems[0]


@pytest.mark.parametrize(
    "text", ["3月2日", "2026-03-02", "2026/3/2", "3月2号", "2-Mar", "2026年3月2日"]
)
def test_it_knows_a_door_that_became_a_date(text):
    assert parse_room(text).problems == parse_address(text).problems == (LOOKS_LIKE_DATE,)
    assert parse_room(text).room == ""


def test_it_reads_the_building_out_of_the_room_only_where_nothing_else_names_it():
    assert join_door("", "", "", "3-501").parts == ("", "3栋", NO_UNIT, "501")
    assert join_door("", "3栋", "", "2-501").parts == ("", "3栋", "2单元", "501")
    assert join_door("", "1", "1", "101").parts == ("", "1栋", "1单元", "101")


def test_it_joins_the_cells_of_a_row():
    assert join_door("润河公馆", "10栋", "", "1单元1404室").parts == (
        "润河公馆",
        "10栋",
        "1单元",
        "1404",
    )
    assert join_door("", "润河公馆3栋", "2", "501").parts == ("润河公馆", "3栋", "2单元", "501")
    assert join_door("", "3栋2单元501", "", "").parts == ("", "3栋", "2单元", "501")
    assert join_door("", "", "", "3-2-501").parts == ("", "3栋", "2单元", "501")


def test_it_sorts_doors_as_people_count():
    doors = [join_door("苑", f"{number}栋", "1单元", "101") for number in (10, 2, 1)]
    assert [door.building for door in sorted(doors, key=lambda door: door.sort_key)] == [
        "1栋",
        "2栋",
        "10栋",
    ]


@pytest.mark.parametrize("text", ["000", "零单元", "0单元"])
def test_unit_zero_means_there_are_no_units(text):
    assert parse_unit(text) == "无"


@given(DOOR_TEXT)
@example("元、〇~0")  # a separator before a numeral, which becomes a digit only later
def test_reading_a_label_twice_changes_nothing_and_nothing_raises(text):
    building, unit = parse_building(text), parse_unit(text)
    assert parse_building(building) == building
    assert parse_unit(unit) == unit
    room = parse_room(text).room
    assert parse_room(room).room == room


@given(DOOR_TEXT, DOOR_TEXT, DOOR_TEXT)
def test_no_text_makes_a_door_raise(building, unit, room):
    join_door("润河公馆", building, unit, room)
    parse_address(building + unit + room)
