"""The roster to fill in: text columns, drop-downs, one example row that is skipped, instructions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from residents.catalog import (
    EDUCATIONS,
    ETHNICITIES,
    GENDERS,
    ID_KINDS,
    MARRIAGES,
    POLITICS,
    RELATIONS,
    RESIDENCES,
)
from residents.roster.fields import field_label

SHEET, HELP, LISTS = "居民花名册", "填写说明", "选项"
# Rows that carry the drop-downs and the text format of their cells.
PREPARED_ROWS = 5000
# A longer list is no help in a drop-down.
MOST_CHOICES = 2000


@dataclass(frozen=True, slots=True)
class _Column:
    field: str
    width: int
    example: str
    choices: tuple[str, ...] = ()


def _columns(compounds: Sequence[str], buildings: Sequence[str]) -> tuple[_Column, ...]:
    return (
        _Column("compound", 16, "示例花园", tuple(compounds)),
        _Column("building", 10, "1栋", tuple(buildings)),
        _Column("unit", 10, "1单元"),
        _Column("room", 10, "101"),
        _Column("household_no", 12, "000001"),
        _Column("name", 14, "张三（示例）"),
        _Column("relation", 12, "户主", RELATIONS.labels),
        _Column("gender", 8, "男", GENDERS.labels[1:3]),
        _Column("ethnicity", 10, "汉族", ETHNICITIES.labels),
        _Column("id_kind", 16, "居民身份证", ID_KINDS.labels),
        _Column("id_number", 22, "（18 位证件号码）"),
        _Column("birth", 13, "1980-05-06"),
        _Column("political", 14, "群众", POLITICS.labels),
        _Column("education", 14, "本科", EDUCATIONS.labels),
        _Column("marriage", 10, "已婚", MARRIAGES.labels),
        _Column("phone", 16, "（11 位手机号）"),
        _Column("residence", 12, "常住", RESIDENCES.labels),
        _Column("registered_address", 30, ""),
        _Column("care", 20, ""),
        _Column("volunteer", 12, "否", ("是", "否")),
        _Column("remark", 24, "示例行，导入时跳过"),
    )


HELP_LINES = (
    "怎样填写",
    "每人一行。同一户的人写在一起，户主写在最前面。",
    "第 2 行是示例，导入时会跳过，可以留着。",
    "楼栋和房号必须填写。房子不分单元的，单元一列写“无”。",
    "没有证件的（如新生儿），证件号码留空，填写出生日期。",
    "电话有几个的，用顿号隔开。重点人群有几类的，也用顿号隔开。",
    "留空表示不改动。要清空已登记的内容，填写【清空】。",
    "证件号码、电话、房号几列已设为文本，请不要改成数字，粘贴时选“只保留文本”。",
    "不要插入合计行，不要用颜色、批注、删除线表示意思，导入时读不到。",
)


def build_template(
    title: str = "", compounds: Sequence[str] = (), buildings: Sequence[str] = ()
) -> bytes:
    """An .xlsx to fill in; with the compounds and buildings of a community as drop-downs.

    `title` names the community on the sheet of instructions. Lists that do not fit are left out.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet, lists = book.add_worksheet(SHEET), None
    words = book.add_worksheet(HELP)
    head = book.add_format({"bold": True, "bg_color": "#F1ECE4", "border": 1, "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    faint = book.add_format({"num_format": "@", "italic": True, "font_color": "#808080"})
    lists = book.add_worksheet(LISTS)
    lists.hide()
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(_columns(compounds, buildings)):
        sheet.set_column(at, at, column.width, text)
        sheet.write_string(0, at, field_label(column.field), head)
        sheet.write_string(1, at, column.example, faint)
        if 0 < len(column.choices) <= MOST_CHOICES:
            _offer(sheet, lists, at, column)
    words.set_column(0, 0, 80)
    lines = (f"适用：{title}", *HELP_LINES) if title else HELP_LINES
    for row, line in enumerate(lines):
        words.write_string(row, 0, line)
    book.close()
    return stream.getvalue()


def _offer(sheet: Any, lists: Any, at: int, column: _Column) -> None:
    """A drop-down from the hidden sheet of lists; another word may still be typed."""
    for row, choice in enumerate(column.choices):
        lists.write_string(row, at, choice)
    source = f"={LISTS}!{xlsxwriter.utility.xl_range_abs(0, at, len(column.choices) - 1, at)}"
    label = field_label(column.field)
    sheet.data_validation(
        1, at, PREPARED_ROWS, at,
        {
            "validate": "list", "source": source, "error_type": "warning",
            "error_title": label, "error_message": "不在列表里，请核对后再继续。",
        },
    )  # fmt: skip
