"""Small rosters made in a test, and the buildings they may name."""

import csv
import io
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from gridparty.lib.citizen_id import check_digit
from residents.roster.parse import parse_roster
from residents.roster.places import Place, Places
from residents.roster.records import ParsedRoster

TODAY = date(2026, 6, 30)
HEADER = [
    "序号", "所属社区", "所属网格", "小区名称", "楼栋", "单元", "房号", "户编号", "姓名", "与户主关系",
    "性别", "民族", "证件类型", "证件号码", "出生日期", "政治面貌", "文化程度", "婚姻状况", "联系电话",
    "居住状态", "户籍地址", "重点人群", "是否志愿者", "备注",
]  # fmt: skip
BASE = {
    "小区名称": "阳光花园", "楼栋": "1栋", "单元": "1单元", "房号": "101", "户编号": "000001",
    "姓名": "张小三", "与户主关系": "户主", "性别": "男", "民族": "汉族", "证件类型": "居民身份证",
    "政治面貌": "群众",
}  # fmt: skip


def citizen_id(born: str = "19800506", serial: int = 1) -> str:
    """A number under 349901 (no such area) with a valid check digit; odd serials are men."""
    first = f"349901{born}{serial:03d}"
    return first + check_digit(first)


def person(**cells: Any) -> dict[str, Any]:
    """One row as header → cell: a man born on 1980-05-06 who heads 1栋1单元101, but for `cells`."""
    born = str(cells.get("出生日期", "1980-05-06"))
    row = BASE | {"证件号码": citizen_id(), "出生日期": born}
    return row | cells


def sheet_rows(people: list[Any], header: list[str] | None = None) -> list[list[Any]]:
    """Header and rows as lists; a list among the people stands as it is."""
    header = header or HEADER
    rows = [one if isinstance(one, list) else [one.get(name) for name in header] for one in people]
    return [header, *rows]


def workbook(rows: list[list[Any]], title: str = "居民花名册", **more: list[list[Any]]) -> bytes:
    """An .xlsx of these rows; further sheets by keyword."""
    book = openpyxl.Workbook()
    for name, content in {title: rows, **more}.items():
        sheet = book.active if name == title else book.create_sheet(name)
        sheet.title = name
        for row in content:
            sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def town_places() -> Places:
    """阳光花园 1栋–3栋 of 幸福社区 第1网格 (two units each), and 和平里 1栋 without units."""
    places = [
        Place(
            key=number, compound="阳光花园", building=f"{number}栋", grid="第1网格",
            community="幸福社区", grid_code="349901001001001", compound_aliases=("阳光小区",),
            units={"1单元": 1, "2单元": 2},
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    places.append(Place(4, "和平里", "1栋", "第2网格", "幸福社区", units={"无": 1}))
    return Places(places)


def places_of(structure: Path) -> Places:
    """The buildings of a *.structure.csv file."""
    units: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    with structure.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            key = (row["compound"], row["building"], row["grid"], row["community"])
            units[key][row["unit"]] = 0
    return Places(
        Place(number, key[0], key[1], key[2], key[3], units=names)
        for number, (key, names) in enumerate(units.items())
    )


def parse(*people, header: list[str] | None = None, places: Places | None = None) -> ParsedRoster:
    """Parse a roster made of these people (dicts from `person`, or raw rows)."""
    data = workbook(sheet_rows(list(people), header))
    return parse_roster(data, today=TODAY, places=places or town_places())


def kinds(parsed: ParsedRoster) -> set[str]:
    return set(parsed.kinds())
