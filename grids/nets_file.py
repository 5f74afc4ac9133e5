"""Reading a table of older networks' codes: bytes in, rows or a sentence out. Pure.

Excel or CSV; the header is the first row that has both 代码 and 网格编码, so titles may stand above.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from python_calamine import CalamineError, CalamineWorkbook

from gridparty.lib.text import clean_text, squash
from grids.catalog import LegacySystem

COLUMNS = {
    "system": ("系统", "来源系统", "来源"), "code": ("代码", "原编码", "原代码", "编码"),
    "name": ("名称", "原名称"), "grid": ("网格编码", "党建网格编码"),
    "partial_on": ("部分合并日期",), "merged_on": ("并网日期", "合并日期"),
}  # fmt: skip
MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ROWS = 20_000
HEADER_WITHIN = 10


@dataclass(frozen=True)
class CodeRow:
    """One line: texts cleaned, `system` a LegacySystem value or "", dates None when blank."""

    line: int
    system: str
    code: str
    name: str
    grid: str
    partial_on: date | None
    merged_on: date | None
    problems: tuple[str, ...] = ()


def read_nets(data: bytes) -> list[CodeRow]:
    """Return the rows; a fault of a row is in its `problems`, of the file a ValidationError."""
    if len(data) > MAX_BYTES:
        raise ValidationError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB。", code="large")
    table = _table(data)
    for place, cells in enumerate(table[:HEADER_WITHIN]):
        places = _places(cells)
        if "code" in places and "grid" in places and "system" in places:
            body = table[place + 1 :]
            if len(body) > MAX_ROWS:
                raise ValidationError(f"超过 {MAX_ROWS} 行，请分开导入。", code="large")
            rows = [
                _row(line, cells, places)
                for line, cells in enumerate(body, start=place + 2)
                if any(_text(cell) for cell in cells)
            ]
            if rows:
                return rows
            raise ValidationError("只有表头，没有内容。", code="empty")
    raise ValidationError("没有找到表头：应有“系统、代码、名称、网格编码”四列。", code="header")


def _table(data: bytes) -> list[list[Any]]:
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                size = sum(entry.file_size for entry in package.infolist())
        except zipfile.BadZipFile:
            raise ValidationError("Excel 文件已损坏，无法打开。", code="broken") from None
        if size > MAX_UNPACKED:
            raise ValidationError("文件解压后太大，请删去图片和多余的表。", code="large")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            sheet: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except (CalamineError, IndexError, ValueError):
            raise ValidationError(
                "Excel 文件打不开，可能设了密码或已损坏。", code="broken"
            ) from None
        return sheet
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            return [list(cells) for cells in csv.reader(io.StringIO(text, newline=""))]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise ValidationError("文件不是能识别的表格，请用 .xlsx 或 .csv。", code="format")


def _places(cells: list[Any]) -> dict[str, int]:
    labels = {label: name for name, known in COLUMNS.items() for label in known}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = labels.get(squash(_text(cell)))
        if name is not None:
            found.setdefault(name, place)
    return found


def _row(line: int, cells: list[Any], places: dict[str, int]) -> CodeRow:
    raw = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    said = {name: _text(value).removeprefix("'") for name, value in raw.items()}
    problems = []
    systems = {str(label): value for value, label in LegacySystem.choices}
    system = systems.get(squash(said["system"]).removesuffix("网格"), "")
    if not system:
        problems.append(f"系统“{said['system'][:20]}”应为：{'、'.join(systems)}。")
    if not said["code"]:
        problems.append("没有写代码。")
    for name, label, longest in (("code", "代码", 40), ("name", "名称", 60)):
        if len(said.get(name, "")) > longest:
            problems.append(f"{label}最多 {longest} 个字。")
    days = {}
    for name in ("partial_on", "merged_on"):
        days[name], fault = _day(raw.get(name, ""))
        if fault:
            problems.append(
                f"{COLUMNS[name][0]}“{_text(raw[name])[:20]}”看不懂，应为 2026-03-01 的样子。"
            )
    return CodeRow(
        line=line, system=system, code=said["code"], name=said.get("name", ""),
        grid=squash(said["grid"]), partial_on=days["partial_on"], merged_on=days["merged_on"],
        problems=tuple(problems),
    )  # fmt: skip


def _day(value: Any) -> tuple[date | None, bool]:
    if isinstance(value, datetime):
        return value.date(), False
    if isinstance(value, date):
        return value, False
    text = _text(value).replace("年", "-").replace("月", "-").replace("日", "")
    text = text.replace("/", "-").replace(".", "-")
    if not text:
        return None, False
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day), False
    except ValueError:
        return None, True


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a code that the spreadsheet took for a number
    return clean_text(str(value).replace("\0", "")) if value is not None else ""
