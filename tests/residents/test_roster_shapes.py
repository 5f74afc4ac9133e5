"""The eight shapes of a roster (domain brief §6.1): everybody is found, every cell has its address."""

from collections.abc import Iterable, Mapping
from typing import Any

import openpyxl
import pytest

from residents.roster.mapping import propose
from residents.roster.parse import parse_roster
from residents.roster.sheets import read_sheets
from tests.residents.rosters import TODAY, citizen_id, saved, town_places, workbook

ID = [citizen_id(serial=2 * n + 101) for n in range(20)]
SHE = [citizen_id(serial=2 * n + 100) for n in range(20)]


def read(data: bytes):
    return parse_roster(data, today=TODAY, places=town_places())


def people(parsed) -> list[tuple[str, ...]]:
    return [
        (row.name, row.relation, row.place.building if row.place else "", row.door.unit, row.door.room)
        for row in parsed.rows
    ]  # fmt: skip


def homes(parsed) -> list[list[str]]:
    return [[row.name for row in home.members] for home in parsed.households]


def at(parsed) -> set[tuple[str, str]]:
    return {(issue.kind, issue.cell) for issue in parsed.issues}


def sheet_of(cells: Mapping[str, object], merged: Iterable[str] = ()) -> bytes:
    """A workbook with these cells, by address."""
    book = openpyxl.Workbook()
    for address, value in cells.items():
        book.active[address] = value
    for area in merged:
        book.active.merge_cells(area)
    book.active.title = "表"
    return saved(book)


# S1 and S2


def test_s1_it_reads_a_flat_list_in_columns_it_has_to_guess():
    rows = [
        ["阳光花园住户信息表"], [],
        ["栋号", "门牌号", "户主姓名", "联系方式", "公民身份号码"],
        ["1幢", "1单元101室", "张三", "16900000001", ID[0]],
        ["2#", "2-202", "李四", "16900000002", ID[1]],
    ]  # fmt: skip
    rows[0] = ["小区：阳光花园"]
    parsed = read(workbook(rows))
    assert people(parsed) == [
        ("张三", "户主", "1栋", "1单元", "101"), ("李四", "户主", "2栋", "2单元", "202"),
    ]  # fmt: skip
    assert parsed.issues == []


def test_s2_it_reads_household_blocks_with_merged_cells():
    rows = [
        ["户号", "小区", "楼栋", "单元", "房号", "户主电话", "姓名", "关系", "身份证号"],
        ["1", "阳光花园", "1栋", "1单元", "101", "16900000001", "张三", "户主", ID[0]],
        ["", "", "", "", "", "", "李四", "妻", SHE[1]],
        ["", "", "", "", "", "", "张五", "子", ID[2][:17]],
        ["2", "阳光花园", "1栋", "1单元", "102", "", "王六", "户主", ID[3]],
    ]
    cells = {
        f"{'ABCDEFGHI'[c]}{r}": v for r, row in enumerate(rows, 1) for c, v in enumerate(row) if v
    }
    parsed = read(sheet_of(cells, [f"{c}2:{c}4" for c in "ABCDEF"]))
    assert homes(parsed) == [["张三", "李四", "张五"], ["王六"]]
    assert [row.household_no for row in parsed.rows] == ["1", "1", "1", "2"]
    assert at(parsed) == {("id_short", "表!I4")}


# S3


def test_s3_it_takes_the_building_from_sheet_name_title_or_section_line():
    header = ["房号", "姓名", "与户主关系", "身份证号"]
    data = workbook(
        [header, ["1-101", "张三", "户主", ID[0]]],
        "阳光花园1栋",
        住户=[["阳光花园2幢居民花名册"], header, ["1-101", "李四", "户主", ID[1]]],
        更多=[
            ["小区：阳光花园"], header,
            ["3栋"], ["1-101", "王五", "户主", ID[2]], ["和平里1栋"], ["101", "赵六", "户主", ID[3]],
        ],
        填表说明=[["请如实填写"], ["房号", "写门牌"], ["姓名", "写全名"]],
    )  # fmt: skip
    parsed = read(data)
    assert [(row.name, row.place.compound, row.place.building) for row in parsed.rows] == [
        ("张三", "阳光花园", "1栋"), ("李四", "阳光花园", "2栋"), ("王五", "阳光花园", "3栋"),
        ("赵六", "和平里", "1栋"),
    ]  # fmt: skip
    assert parsed.ignored_sheets == ["填表说明"]


# S4


def test_s4_it_reads_two_row_headers_with_captions_merged_or_not():
    cells = {
        "A1": "幸福社区居民信息登记表", "A2": "填报单位：幸福社区", "E2": "2026年6月30日",
        "A3": "住户信息", "D3": "家庭成员", "H3": "户籍", "I3": "备注",
        "A4": "小区", "B4": "楼栋", "C4": "房号", "D4": "姓名", "E4": "关系", "F4": "身份证",
        "G4": "电话", "H4": "地址",
        "A5": "阳光花园", "B5": 1, "C5": "1-101", "D5": "张三", "E5": "户主", "F5": ID[0],
        "G5": 16900000001, "H5": "示范省示范市", "I5": "无",
    }  # fmt: skip
    for merged in ([], ["A1:I1", "A3:C3", "D3:G3", "I3:I4"]):
        parsed = read(sheet_of(cells, merged))
        assert people(parsed) == [("张三", "户主", "1栋", "1单元", "101")]
        row = parsed.rows[0]
        assert (row.phones, row.registered_address) == (("16900000001",), "示范省示范市")
        assert parsed.layouts[0].header_row == 3


def test_s4_it_reads_three_header_rows_with_a_line_of_codes():
    rows = [
        ["基本信息", "", "", "人员信息", "", ""],
        ["小区", "楼栋", "房号", "姓名", "关系", "证件号码"],
        ["XQ", "LD", "FH", "XM", "YHZGX", "GMSFHM"],
        ["阳光花园", "1栋", "1单元101", "张三", "户主", ID[0]],
    ]
    parsed = read(workbook(rows))
    assert people(parsed) == [("张三", "户主", "1栋", "1单元", "101")]
    assert parsed.issues == []


# S5

WIDE = [
    "小区", "楼栋", "单元", "房号", "户主姓名", "户主身份证号", "联系电话",
    "成员1姓名", "成员1关系", "成员1身份证号", "成员2姓名", "成员2关系", "成员2身份证号",
]  # fmt: skip
DOOR = ["阳光花园", "1栋", "1单元"]


@pytest.mark.parametrize(
    "header",
    [
        WIDE[4:],
        ["户主", "身份证号", "电话", "家庭成员一", "关系一", "身份证号一", "家庭成员二", "关系二", "身份证号二"],
        ["姓名", "身份证号", "电话", "姓名1", "关系1", "身份证1", "姓名2", "关系2", "身份证2"],
        ["姓名", "身份证号", "电话", "姓名", "关系", "身份证号", "姓名", "关系", "身份证号"],
        ["户主", "户主身份证", "户主电话", "第1人姓名", "第1人关系", "第1人证件号码", "第2人姓名", "第2人关系", "第2人证件号码"],
        ["户主姓名", "户主身份证", "户主手机", "成员姓名(1)", "关系(1)", "身份证号(1)", "成员姓名(2)", "关系(2)", "身份证号(2)"],
    ],
)  # fmt: skip
def test_s5_it_reads_one_row_per_household(header):
    one = [
        *DOOR,
        "101",
        "张三",
        ID[0],
        "16900000001",
        "李四",
        "妻",
        SHE[1],
        "张五",
        "子",
        ID[2][:17],
    ]
    two = [*DOOR, "102", "王六", ID[3], "", "", "", "", "", "", ""]
    parsed = read(workbook([[*WIDE[:4], *header], one, two], "表"))
    assert [(row.name, row.relation, row.door.room) for row in parsed.rows] == [
        ("张三", "户主", "101"), ("李四", "配偶", "101"), ("张五", "子女", "101"), ("王六", "户主", "102"),
    ]  # fmt: skip
    assert homes(parsed) == [["张三", "李四", "张五"], ["王六"]]
    assert parsed.rows[0].phones == ("16900000001",)
    assert at(parsed) == {("id_short", "表!M2")}
    assert [row.number for row in parsed.rows] == [2, 2, 2, 3]


def test_s5_it_reads_captions_over_the_columns_of_each_member():
    cells = {
        "A1": "小区", "B1": "楼栋", "C1": "房号", "D1": "户主信息", "F1": "成员1", "I1": "成员2",
        "D2": "姓名", "E2": "身份证号", "F2": "姓名", "G2": "关系", "H2": "身份证号",
        "I2": "姓名", "J2": "关系", "K2": "身份证号",
        "A3": "阳光花园", "B3": "2栋", "C3": "1-101", "D3": "张三", "E3": ID[0],
        "F3": "李四", "G3": "配偶", "H3": SHE[1], "I3": "张五", "J3": "女婿", "K3": "123",
    }  # fmt: skip
    for merged in ([], ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:H1", "I1:K1"]):
        parsed = read(sheet_of(cells, merged))
        assert [(row.name, row.relation) for row in parsed.rows] == [
            ("张三", "户主"), ("李四", "配偶"), ("张五", "女婿"),
        ]  # fmt: skip
        assert ("id_short", "表!K3") in at(parsed)


def test_s5_it_reads_relatives_named_by_their_column():
    header = [
        "小区",
        "楼栋",
        "房号",
        "户主姓名",
        "配偶姓名",
        "配偶身份证号",
        "子女1姓名",
        "子女2姓名",
    ]
    row = ["阳光花园", "1栋", "1-101", "张三", "李四", SHE[0], "张五", "张六"]
    parsed = read(workbook([header, row, ["合计：4人"]]))
    assert [(one.name, one.relation) for one in parsed.rows] == [
        ("张三", "户主"), ("李四", "配偶"), ("张五", "子女"), ("张六", "子女"),
    ]  # fmt: skip
    assert [skip.kind for skip in parsed.skips] == ["subtotal_row"]


def test_s5_the_name_of_the_head_beside_every_member_only_says_whose_home_it_is():
    header = ["户编号", "户主", "楼号", "门牌", "成员", "关系", "证件号"]
    one = ["1", "张三", "阳光花园1#", "1-101", "张三", "户主", ID[0]]
    two = ["1", "张三", "阳光花园1#", "1-101", "李四", "儿媳", SHE[1]]
    parsed = read(workbook([header, one, two]))
    assert [(row.name, row.relation) for row in parsed.rows] == [("张三", "户主"), ("李四", "儿媳")]
    assert parsed.layouts[0].repeated == ("户主",)


def test_s5_the_head_beside_every_member_is_one_person():
    header = [
        "小区",
        "楼栋",
        "房号",
        "户主姓名",
        "户主身份证号",
        "家庭成员姓名",
        "与户主关系",
        "身份证号码",
    ]
    door = ["阳光花园", "1栋", "1-101"]
    rows = [
        header, [*door, "张三", ID[0], "李四", "妻", SHE[1]], [*door, "张三", ID[0], "张五", "子", ID[2]],
        ["阳光花园", "1栋", "1-102", "王六", ID[3], "王六", "", ID[3]],
    ]  # fmt: skip
    parsed = read(workbook(rows))
    assert [(row.name, row.relation) for row in parsed.rows] == [
        ("张三", "户主"), ("李四", "配偶"), ("张五", "子女"), ("王六", "户主"),
    ]  # fmt: skip
    assert parsed.issues == []


# S6


def form(
    top: int, room: str, head: str, number: str, members: list[list[str]]
) -> dict[str, object]:
    """One printed form, beginning in row `top`."""
    r = top
    cells: dict[str, object] = {
        f"A{r}": "居民家庭登记表（一户一档）", f"A{r + 1}": "户编号", f"B{r + 1}": f"0000{top}",
        f"C{r + 1}": "填表日期", f"D{r + 1}": "2026-06-01",
        f"A{r + 2}": "小区", f"B{r + 2}": "阳光花园", f"C{r + 2}": "楼栋", f"D{r + 2}": "1栋",
        f"E{r + 2}": "房号", f"F{r + 2}": room,
        f"A{r + 3}": "户主姓名", f"B{r + 3}": head, f"C{r + 3}": "性别", f"D{r + 3}": "□女 ☑男",
        f"E{r + 3}": "身份证号", f"F{r + 3}": number,
        f"A{r + 4}": "联系电话", f"B{r + 4}": "16900000001", f"C{r + 4}": "是否低保", f"D{r + 4}": "是",
        f"A{r + 5}": "家庭成员", f"B{r + 5}": "姓名", f"C{r + 5}": "与户主关系", f"D{r + 5}": "身份证号",
        f"E{r + 5}": "备注",
    }  # fmt: skip
    for offset, member in enumerate(members, r + 6):
        cells |= dict(zip([f"B{offset}", f"C{offset}", f"D{offset}"], member, strict=False))
    return cells | {f"A{r + 10}": "填表人：王网格", f"D{r + 10}": "审核人："}


def test_s6_it_reads_several_forms_below_each_other():
    cells = form(1, "1-101", "张三", ID[0], [["张三", "户主", ID[0]], ["李四", "配偶", SHE[1]]])
    cells |= form(13, "1-102", "王六", ID[2], [["王七", "子", ID[3][:17]]])
    merged = ["A1:F1", "A13:F13", "A6:A10", "A18:A22"]
    for areas in ([], merged):
        parsed = read(sheet_of(cells, areas))
        assert [(row.name, row.relation, row.door.room, row.household_no) for row in parsed.rows] == [
            ("张三", "户主", "101", "00001"), ("李四", "配偶", "101", "00001"),
            ("王六", "户主", "102", "000013"), ("王七", "子女", "102", "000013"),
        ]  # fmt: skip
        head = parsed.rows[0]
        assert (head.gender, head.phones, head.care) == ("男", ("16900000001",), ("困难家庭",))
        assert parsed.rows[1].care == ()
        assert at(parsed) == {("id_short", "表!D19")}


def test_s6_it_reads_one_form_per_sheet_and_labels_with_colons():
    one = [
        ["家庭情况登记卡"], ["住址：阳光花园2栋1单元101", "", "电话：16900000002"],
        ["户主：张三", "", f"身份证号：{ID[0]}"],
        ["姓名", "关系", "身份证号码", "工作单位"], ["李四", "妻子", SHE[1], "示范公司"], ["", "", "", ""],
    ]  # fmt: skip
    two = [
        ["家庭情况登记卡"], ["住址：阳光花园2栋1单元102", "", "电话："],
        ["户主：王五", "", "身份证号：无"], ["姓名", "关系", "身份证号码", "工作单位"],
    ]  # fmt: skip
    parsed = read(workbook(one, "101", **{"102": two}))
    assert people(parsed) == [
        ("张三", "户主", "2栋", "1单元", "101"), ("李四", "配偶", "2栋", "1单元", "101"),
        ("王五", "户主", "2栋", "1单元", "102"),
    ]  # fmt: skip
    assert at(parsed) == {("id_missing_adult", "102!C3")}


def test_s6_it_reads_members_label_by_label():
    cells = {
        "A1": "现住址", "B1": "阳光花园3栋1单元101",
        "A2": "姓名", "B2": "张三", "C2": "与户主关系", "D2": "户主", "E2": "身份证号", "F2": ID[0],
        "A3": "姓名", "B3": "李四", "C3": "与户主关系", "D3": "儿媳", "E3": "身份证号", "F3": SHE[1],
        "A4": "现住址", "B4": "阳光花园3栋1单元102",
        "A5": "姓名", "B5": "王五", "C5": "与户主关系", "D5": "户主", "E5": "身份证号", "F5": ID[2],
    }  # fmt: skip
    parsed = read(sheet_of(cells))
    assert [(row.name, row.relation, row.door.room) for row in parsed.rows] == [
        ("张三", "户主", "101"), ("李四", "儿媳", "101"), ("王五", "户主", "102"),
    ]  # fmt: skip
    mapping = propose(read_sheets(sheet_of(cells)))[0]
    assert (mapping.shape, mapping.header_row) == ("form", 0)
    assert {(one.header, one.field) for one in mapping.columns} == {
        ("现住址", "address"), ("姓名", "name"), ("与户主关系", "relation"), ("身份证号", "id_number"),
    }  # fmt: skip


# S7


def test_s7_it_stores_tenants_and_no_landlord():
    header = [
        "小区", "楼栋", "单元", "房号", "房东姓名", "房东电话", "租客姓名", "身份证号", "联系电话",
        "入住日期", "退租日期",
    ]  # fmt: skip
    rows: list[list[Any]] = [
        header,
        [*DOOR, "101", "赵东", "16900000009", "张三", ID[0], "16900000001", "2025-03-01", ""],
        [*DOOR, "101", "赵东", "16900000009", "李四", SHE[1], "", "2025/3/1", "2027-03-01"],
        [*DOOR, "102", "赵东", "16900000009", "王五", ID[2], "", "2024-1-1", "2025-12-31"],
    ]
    parsed = read(workbook(rows, "表"))
    assert [(row.name, row.residence, row.phones, row.left) for row in parsed.rows] == [
        ("张三", "流动", ("16900000001",), ""), ("李四", "流动", (), ""), ("王五", "流动", (), "迁出"),
    ]  # fmt: skip
    assert [row.moved_in.isoformat() for row in parsed.rows[:2]] == ["2025-03-01", "2025-03-01"]
    assert [row.rejected for row in parsed.rows] == [False, False, True]
    assert ("landlord_ignored", "表!E1") in at(parsed)
    assert ("listed_moved_out", "表!K4") in at(parsed)
    assert "head_none" not in parsed.kinds()


def test_s7_it_reads_landlords_and_tenants_by_their_kind():
    header = ["小区", "楼栋", "单元", "房号", "姓名", "人员类型", "身份证号"]
    parsed = read(
        workbook(
            [header, [*DOOR, "101", "张三", "房东", ID[0]], [*DOOR, "101", "李四", "租客", SHE[1]]]
        )
    )
    assert [(row.relation, row.residence) for row in parsed.rows] == [
        ("户主", ""), ("租户", "流动"),
    ]  # fmt: skip


# S8


def test_s8_it_reads_codes_of_other_systems():
    header = [
        "HH", "社区", "小区", "LD", "楼栋", "单元", "房号", "XM", "YHZGX", "XB", "MZ", "GMSFHM", "CSRQ",
        "WHCD", "ZZMM", "HYZK", "人口类型",
    ]  # fmt: skip
    house = "349901001001010001"
    rows: list[list[Any]] = [
        header,
        [house, "幸福社区", "阳光花园", "", "1", "1", "101", "张三", "02", "1", "01", ID[0], "19800506", "20", "01", "20", "01"],
        [house, "幸福社区", "阳光花园", "", "1", "1", "101", "李四", "12", 2, "03", SHE[1], 19800506, "60", "13", 20, "02"],
        [house, "幸福社区", "阳光花园", "", "1", "1", "101", "张五", "28", "1", "05", ID[2], "19800506", "71", "03", "10", "03"],
    ]  # fmt: skip
    parsed = read(workbook(rows, "表"))
    assert [
        (row.relation, row.gender, row.ethnicity, row.education, row.political, row.marriage, row.residence)
        for row in parsed.rows
    ] == [
        ("户主", "男", "汉族", "本科", "中共党员", "已婚", "常住"),
        ("配偶", "女", "回族", "高中", "群众", "已婚", "流动"),
        ("女婿", "男", "维吾尔族", "初中", "共青团员", "未婚", ""),
    ]  # fmt: skip
    assert {row.household_no for row in parsed.rows} == {house}
    assert at(parsed) == {("residence_unknown", "表!Q4")}


def test_s8_it_knows_the_one_digit_relation_codes_of_the_old_standard():
    header = ["小区", "楼栋", "单元", "房号", "姓名", "与户主关系", "身份证号"]
    rows = [[*DOOR, "101", f"张{n}", code, ID[i]] for i, (n, code) in enumerate(
        [("三", 0), ("四", 1), ("五", 2), ("六", 3), ("七", 5)]
    )]  # fmt: skip
    parsed = read(workbook([header, *rows]))
    assert [row.relation for row in parsed.rows] == ["户主", "配偶", "子女", "子女", "父母"]
