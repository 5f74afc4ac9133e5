"""What ten rosters by somebody who did not write the reader brought to light; one test a surprise."""

import io

import openpyxl
import pytest

from gridparty.lib.text import squash
from grids.doors import parse_building
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


def read(rows, title="居民花名册"):
    return parse_roster(workbook(rows, title), today=TODAY, places=town_places())


def doors(parsed):
    return [(row.door.compound, row.door.building, row.rejected) for row in parsed.rows]


# ---- whose building ----

SHORT = ["楼栋", "单元", "房号", "姓名", "与户主关系", "证件号码"]


def test_a_title_that_names_the_compound_settles_which_building_1_is_meant():
    """Both compounds have a 1栋; only the title says that this is the list of 和平里."""
    rows = [
        ["幸福社区和平里居民入户登记表"],
        ["填报单位：幸福社区"],
        *sheet_rows([person()], SHORT),
    ]
    assert doors(read(rows)) == [("和平里", "1栋", False)]
    assert doors(read(sheet_rows([person()], SHORT), "和平里")) == [("和平里", "1栋", False)]


def test_a_title_that_names_two_compounds_settles_nothing():
    rows = [["阳光花园、和平里居民入户登记表"], *sheet_rows([person()], SHORT)]
    assert kinds(read(rows)) == {"bld_ambiguous"}


def test_a_title_does_not_move_a_building_that_is_clear_without_it():
    rows = [["和平里等小区居民入户登记表"], *sheet_rows([person(楼栋="3栋")], SHORT)]
    parsed = read(rows)
    assert (parsed.rows[0].rejected, parsed.rows[0].place.compound) == (False, "阳光花园")


@pytest.mark.parametrize(("text", "label"), [("Ⅱ栋", "2栋"), ("Ⅻ幢", "12栋"), ("第Ⅲ栋", "3栋")])
def test_roman_numerals_are_numbers(text, label):
    assert parse_building(text) == label
    assert not parse(person(楼栋="Ⅱ栋", 单元="Ⅰ单元")).rows[0].rejected


# ---- who is a person ----


@pytest.mark.parametrize("count", ["5人", "共5人", "3户", "3户8人", "12口"])
def test_a_subtotal_that_counts_people_in_the_name_column_is_no_person(count):
    parsed = parse(person(), {"楼栋": "小计", "姓名": count})
    assert (len(parsed.rows), parsed.skips[-1].kind) == (1, "subtotal_row")


@pytest.mark.parametrize("name", ["商铺：老王面馆", "门面房", "宁国酒业有限公司", "社区办公室"])
def test_a_shop_is_no_resident(name):
    shop = {
        "小区名称": "阳光花园",
        "楼栋": "1栋",
        "房号": "106",
        "姓名": name,
        "联系电话": "16900000009",
    }
    parsed = parse(person(), shop)
    assert (len(parsed.rows), parsed.skips[-1].kind) == (1, "shop_row")


def test_a_person_entered_by_the_name_of_a_shop_is_stored_with_a_warning():
    parsed = parse(person(姓名="老王超市"))
    assert (parsed.rows[0].rejected, kinds(parsed)) == (False, {"name_shop"})


@pytest.mark.parametrize("cell", ["张三、李四", "张三/李小四", "张三，李四，王五"])
def test_two_people_in_one_cell_are_refused(cell):
    parsed = parse(person(姓名=cell))
    assert (parsed.rows[0].rejected, kinds(parsed)) == (True, {"name_two"})


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("张三 李四", "name_two_words"),
        ("张 三", "name_inner_space"),
        ("欧阳 娜", "name_inner_space"),
    ],
)
def test_a_space_between_two_words_may_be_two_people(cell, kind):
    name, problem = read_name(cell)
    assert problem is not None
    assert (name, problem.kind) == (squash(cell), kind)


# ---- what ticks and grades mean ----


@pytest.mark.parametrize(("tick", "label"), [("√", "中共党员"), ("☑", "中共党员"), ("×", "群众")])
def test_a_tick_in_a_column_of_party_members_is_not_lost(tick, label):
    parsed = parse(person(党员=tick), header=[*HEADER[:15], "党员"])
    assert parsed.rows[0].political == label


def test_a_tick_where_a_word_is_wanted_is_said():
    parsed = parse(person(文化程度="√"))
    assert kinds(parsed) == {"education_unknown"}


@pytest.mark.parametrize("grade", ["肢体二级", "二级", "视力1级"])
def test_a_grade_of_disability_answers_whether_somebody_is_disabled(grade):
    header = [*HEADER[:15], "残疾"]
    data = workbook(sheet_rows([person(残疾=grade)], header))
    parsed = parse_roster(
        data, today=TODAY, places=town_places(), care={"残疾": "残疾人", "残疾人": "残疾人"}
    )
    assert parsed.rows[0].care == ("残疾人",)


def test_a_finding_about_a_tick_column_stands_at_its_cell():
    header = [*HEADER[:15], "残疾"]
    data = workbook(sheet_rows([person(残疾="听说有")], header))
    parsed = parse_roster(
        data, today=TODAY, places=town_places(), care={"残疾": "残疾人", "残疾人": "残疾人"}
    )
    (issue,) = parsed.issues
    assert (issue.kind, issue.cell, issue.column) == ("bool_unknown", "居民花名册!P2", "残疾")


def test_a_tick_under_tenant_says_what_the_person_is_to_the_household():
    header = [*HEADER[:9], "是否租户", "证件号码"]
    parsed = parse(
        person(姓名="租一", 是否租户="是", 证件号码=citizen_id(serial=3)),
        person(姓名="租二", 是否租户="是", 证件号码=citizen_id(serial=5)),
        header=header,
    )
    assert [(row.relation, row.residence) for row in parsed.rows] == [("租户", "流动")] * 2
    assert "head_none" not in kinds(parsed)


# ---- what is said ----


def test_a_day_that_is_only_a_month_is_called_incomplete():
    parsed = parse(person(入住日期="2025.3"), header=[*HEADER, "入住日期"])
    assert kinds(parsed) == {"date_partial"}


def test_hidden_columns_are_read_and_said_but_not_those_that_only_tidy_the_sheet():
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(sheet_rows([person(联系电话="16900000001")])))
    )
    sheet = book.active
    sheet.column_dimensions["S"].hidden = True
    parsed = parse_roster(saved(book), today=TODAY, places=town_places())
    assert (parsed.rows[0].phones, kinds(parsed)) == (("16900000001",), {"hidden_columns"})
    sheet.column_dimensions["S"].hidden = False
    tidied = sheet.column_dimensions["AA"]
    tidied.hidden, tidied.min, tidied.max = True, 27, 16384
    assert kinds(parse_roster(saved(book), today=TODAY, places=town_places())) == set()


# ---- words ----


@pytest.mark.parametrize("cell", ["未上户", "待办", "办理中", "新生儿", "未报户口", "遗失"])
def test_a_word_for_no_number_yet_leaves_the_person_storable(cell):
    parsed = parse(person(证件号码=cell, 证件类型="", 出生日期="2024-05-06", 与户主关系="子女"))
    assert (parsed.rows[0].rejected, parsed.rows[0].id_number) == (False, "")


@pytest.mark.parametrize(
    ("cell", "label"),
    [("小学毕业", "小学"), ("大本", "本科"), ("初中文化", "初中"), ("高中在读", "高中")],
)
def test_schooling_is_read_with_the_words_around_it(cell, label):
    assert parse(person(文化程度=cell)).rows[0].education == label


@pytest.mark.parametrize(
    ("cell", "label"),
    [("之妻", "配偶"), ("户主之子", "子女"), ("户主的母亲", "父母"), ("其孙", "孙子女")],
)
def test_relations_are_read_with_the_words_around_them(cell, label):
    assert parse(person(与户主关系=cell)).rows[0].relation == label


def test_headers_with_hints_in_brackets_and_a_door_in_one_column():
    """Column heads as a printed form has them, far down and far right on the sheet."""
    blank = [""] * 12
    head = [
        "",
        "",
        "楼栋\n门牌",
        "",
        "姓\u3000名",
        "公民身份\n号码（18位）",
        "联系\n电话*",
        "重点人员",
    ]
    line = ["", "", "阳光花园1-2-201", "", "己一", citizen_id(), "16900000001", "独居老人"]
    parsed = parse_roster(
        workbook([blank, ["", "", "居民信息采集表"], blank, head, line]),
        today=TODAY, places=town_places(), care={"独居老人": "独居老人"},
    )  # fmt: skip
    row = parsed.rows[0]
    assert (row.door.building, row.door.unit, row.door.room) == ("1栋", "2单元", "201")
    assert (row.id_number, row.phones, row.care) == (
        citizen_id(), ("16900000001",), ("独居老人",),
    )  # fmt: skip


@pytest.mark.parametrize(
    "header", ["楼栋单元房号", "楼号-单元-室号", "楼门牌号", "几栋几单元几室", "栋/单元/室"]
)
def test_a_whole_door_in_one_column_is_known_by_its_parts(header):
    rows = [["小区", header, "姓名", "身份证号"], ["阳光花园", "2栋2单元201", "张三", citizen_id()]]
    (row,) = read(rows).rows
    assert "".join(row.door.parts) == "阳光花园2栋2单元201"


def test_floor_gate_and_flat_are_building_unit_and_room():
    rows = [
        ["小区", "楼", "门", "室", "姓名", "身份证号"],
        ["阳光花园", "2", "1", "401", "张三", citizen_id()],
    ]
    (row,) = read(rows).rows
    assert "".join(row.door.parts) == "阳光花园2栋1单元401"


def test_the_phone_of_the_head_beside_every_member_is_the_head_s():
    header = ["小区", "楼栋", "单元", "房号", "户主电话", "姓名", "关系", "身份证号"]
    door = ["阳光花园", "1栋", "1单元"]
    parsed = read(
        [
            header,
            [*door, "101", "16900000001", "张三", "户主", citizen_id()],
            [*door, "101", "16900000001", "李四", "妻", citizen_id(serial=2)],
            [*door, "102", "123", "王五", "户主", citizen_id(serial=3)],
        ]
    )
    assert [row.phones for row in parsed.rows] == [("16900000001",), (), ()]
    assert {(one.kind, one.cell) for one in parsed.issues} == {("phone_bad", "居民花名册!E4")}


def test_a_ditto_mark_is_reported_where_it_stands():
    rows = [
        ["门牌", "姓名", "关系", "身份证号"],
        ["阳光花园1栋1单元101", "张三", "户主", citizen_id()],
        ["同上", "李四", "妻", citizen_id(serial=2)],
    ]
    assert {(one.kind, one.cell) for one in read(rows).issues} == {("ditto", "居民花名册!A3")}


def test_a_tenant_without_an_end_is_no_puzzle_and_a_whole_number_has_no_decimals():
    header = ["小区", "楼栋", "单元", "房号", "承租人姓名", "身份证号", "年龄", "退租日期"]
    rows = [header, ["阳光花园", "1栋", "1单元", "101", "张三", citizen_id(), 30, "长期"]]
    parsed = read(rows)
    assert [(one.kind, one.sample) for one in parsed.issues] == [("age_differs", "30")]
