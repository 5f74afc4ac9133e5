"""Arbitrary content: nothing raises, and what was cleaned once stays as it is."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from gridparty.lib.citizen_id import check_digit, parse_citizen_id
from gridparty.lib.phones import parse_phones
from grids.doors import join_door, parse_address, parse_building, parse_room, parse_unit
from residents.catalog import care_lookup
from residents.roster.dates import read_birth
from residents.roster.errors import RosterFileError
from residents.roster.fields import FIELDS
from residents.roster.mapping import SheetMapping, propose
from residents.roster.parse import parse_sheets
from residents.roster.sheets import Sheet
from residents.roster.values import read_name
from tests.residents.rosters import HEADER, TODAY, town_places

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=20)
DOOR_TEXT = st.text(
    alphabet="0123456789３二十〇AOl栋幢#号楼座单元室层负东无-—~ ()（）.,/、月日附阳光", max_size=14
)
WORDS = st.sampled_from(
    [label for spellings in FIELDS.values() for label in spellings]
    + ["户主姓名", "成员1姓名", "成员2关系", "配偶姓名", "房东", "租客姓名", "3栋", "1-101", "张三", "合计", "", "", ""]
    + ["【清空】", "同上", "□男 ☑女", "住址：阳光花园1栋1单元101", "是否低保"]
)  # fmt: skip
CELLS = st.one_of(
    WORDS, ANY_TEXT, DOOR_TEXT, st.floats(), st.integers(), st.booleans(), st.dates(), st.just("")
)


def _read(sheets: list[Sheet], *mappings: SheetMapping) -> None:
    """Parse, where refusing the whole file is an answer."""
    try:
        parse_sheets(
            sheets, today=TODAY, places=town_places(), care=care_lookup(), mappings=mappings
        )
    except RosterFileError as error:
        assert error.message_zh


@given(st.one_of(ANY_TEXT, DOOR_TEXT))
def test_a_door_read_twice_is_the_same(text):
    for parse in (parse_building, parse_unit):
        assert parse(parse(text)) == parse(text)
    room = parse_room(text).room
    assert parse_room(room).room == room


@given(*[st.one_of(ANY_TEXT, DOOR_TEXT)] * 4)
def test_no_door_raises_and_its_key_sorts(compound, building, unit, room):
    assert isinstance(join_door(compound, building, unit, room).sort_key, str)
    parse_address(compound + building + unit + room)


@given(st.dates(date(1910, 1, 1), TODAY))
def test_a_date_is_read_from_all_its_writings(day):
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
    ):
        assert read_birth(text) == (day, None)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(1, 999))
def test_an_id_read_twice_is_the_same(day, serial):
    first = f"349901{day:%Y%m%d}{serial:03d}"
    parsed = parse_citizen_id(f" {first + check_digit(first)}\t", TODAY)
    assert parse_citizen_id(parsed.number, TODAY) == parsed
    assert parsed.birth_date == day


@given(st.one_of(ANY_TEXT, st.text("0123456789-/ ,;转+()", max_size=24)))
def test_telephones_read_twice_are_the_same(text):
    numbers = parse_phones(text).numbers
    assert parse_phones(";".join(numbers)).numbers == numbers


@given(ANY_TEXT)
def test_a_name_read_twice_is_the_same(text):
    name, _problem = read_name(text)
    assert not name or read_name(name)[0] == name


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=24, max_size=24), min_size=1, max_size=6))
def test_no_row_below_a_header_raises(rows):
    _read([Sheet("表", [list(HEADER), *rows])])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=8, max_size=8), min_size=1, max_size=10),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3), st.integers(0, 6), st.integers(0, 3)), max_size=3),
)  # fmt: skip
def test_no_sheet_raises_whatever_it_looks_like(rows, areas):
    merges = tuple(((top, left), (top + down, left + right)) for top, down, left, right in areas)
    sheet = Sheet("1栋", rows, merges=merges)
    proposed = propose([sheet])
    assert [SheetMapping.from_json(one.as_json()) for one in proposed] == list(proposed)
    _read([Sheet("1栋", [list(row) for row in rows], merges=merges)])
    _read([Sheet("1栋", [list(row) for row in rows], merges=merges)], *proposed)
