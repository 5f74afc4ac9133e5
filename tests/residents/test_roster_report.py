"""The result file of every shape: who became what, and no identity number in any cell."""

import io
from typing import Any

import openpyxl
import pytest

from residents.roster.apply import Result
from residents.roster.outcome import Counts, Outcome
from residents.roster.parse import parse_roster
from residents.roster.report import REASON, RESULT, write_report
from tests.residents.rosters import (
    TODAY,
    citizen_id,
    person,
    sheet_rows,
    town_places,
    workbook,
)
from tests.residents.test_roster_shapes import form, sheet_of

HIS, HERS = citizen_id(), citizen_id(serial=2)
WIDE = ["小区", "楼栋", "单元", "房号", "户主姓名", "户主身份证号", "成员1姓名", "成员1身份证号"]
DOOR = ["阳光花园", "1栋", "1单元", "101"]


def told(data: bytes) -> list[list[Any]]:
    """The cells of the result file, all sheets below each other."""
    parsed = parse_roster(data, today=TODAY, places=town_places())
    fates = [Outcome.REJECT if row.rejected else Outcome.CREATE for row in parsed.rows]
    made = write_report(data, Result(parsed, fates, parsed.issues, Counts()))
    book = openpyxl.load_workbook(io.BytesIO(made))
    return [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]


def digits(cells: object) -> str:
    return str(cells).replace(" ", "")


WRITTEN = [
    HERS,
    HERS[:17],
    f"{HERS[:6]} {HERS[6:14]} {HERS[14:]}",
    "".join(chr(ord(one) + 0xFEE0) for one in HERS),
]


@pytest.mark.parametrize("number", WRITTEN)
def test_no_shape_shows_a_number_however_it_is_written(number):
    csv = "\n".join([",".join(WIDE), ",".join([*DOOR, "张三", HIS, "李四", number])])
    files = [
        workbook([WIDE, [*DOOR, "张三", HIS, "李四", number]]),
        sheet_of(form(1, "1-101", "张三", HIS, [["李四", "配偶", number]])),
        workbook(sheet_rows([person(备注=f"妻子{number}")])),
        csv.encode("gb18030"),
    ]
    for data in files:
        text = digits(told(data))
        assert HIS not in text
        assert digits(number)[:17] not in text


def test_a_form_masks_the_number_behind_its_label_and_keeps_the_label():
    card = [
        ["家庭情况登记卡"], ["住址：阳光花园2栋1单元101", "", "电话："], ["户主：张三", "", f"身份证号：{HIS[:17]}"],
        ["姓名", "关系", "身份证号码", "工作单位"],
    ]  # fmt: skip
    cells = told(workbook(card))
    assert cells[2][2].startswith("身份证号：3499*")
    assert HIS[:17] not in str(cells)


def test_a_passport_of_a_member_is_masked():
    assert "E12345678" not in str(told(workbook([WIDE, [*DOOR, "张三", HIS, "李四", "E12345678"]])))


def test_a_wide_row_says_by_name_what_became_of_each():
    rows = told(workbook([WIDE, [*DOOR, "张三", HIS, "李四", HERS[:17]]]))
    assert rows[0] == [*WIDE, RESULT, REASON]
    assert rows[1][8] == "新增 1 人、未导入 1 人"
    assert rows[1][9].startswith("张三：新增；李四：未导入，证件号码：")
    assert "17 位" in rows[1][9]


def test_a_wide_row_without_a_fault_needs_no_names():
    rows = told(workbook([WIDE, [*DOOR, "张三", HIS, "李四", HERS]]))
    assert (rows[1][8], rows[1][9] or "") == ("新增 2 人", "")


def test_a_form_tells_of_each_person_beside_the_row_of_the_name():
    rows = told(sheet_of(form(1, "1-101", "张三", HIS, [["李四", "配偶", HERS[:17]]])))
    assert rows[0][-2:] == [RESULT, REASON]
    assert rows[3][-2] == "新增"
    assert rows[6][-2] == "未导入"
    assert rows[6][-1].startswith("证件号码：")


def test_it_computes_nothing_in_any_shape():
    data = workbook([WIDE, [*DOOR, "张三", HIS, "+李四", HERS]])
    parsed = parse_roster(data, today=TODAY, places=town_places())
    result = Result(parsed, [Outcome.CREATE] * len(parsed.rows), parsed.issues, Counts())
    cell = openpyxl.load_workbook(io.BytesIO(write_report(data, result))).active["G2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
