"""Reading a structure file (grid → compound → building → unit). Pure: bytes in, rows or sentences out.

CSV or CSV.XZ in UTF-8 (with or without BOM), UTF-16 or GB18030; the first row names the columns.
"""

import csv
import io
import lzma
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from gridparty.lib.text import clean_text, squash

COLUMNS = {
    "community": "社区",
    "grid": "网格",
    "compound": "小区",
    "building": "楼栋",
    "unit": "单元",
    "floors": "层数",
    "rooms_per_floor": "每层户数",
}
LONGEST = {"community": 80, "grid": 60, "compound": 60, "building": 30, "unit": 20}
REQUIRED = ("community", "grid", "compound", "building")
HIGHEST_NUMBER = 200
MAX_BYTES = 20 * 1024 * 1024
MAX_PROBLEMS = 100
_NO_CSV = {
    b"PK\x03\x04": "Excel 或压缩文件",
    b"\xd0\xcf\x11\xe0": "旧版 Excel 文件",
    b"%PDF": "PDF 文件",
}


@dataclass(frozen=True)
class StructureRow:
    """One line of the file: texts cleaned, `floors` and `rooms_per_floor` None when blank."""

    line: int
    community: str
    grid: str
    compound: str
    building: str
    unit: str
    floors: int | None
    rooms_per_floor: int | None


def read_structure(data: bytes) -> list[StructureRow]:
    """Return the rows; ValidationError with one sentence a fault, each with its line number."""
    table = _table(_decode(_unpacked(data)))
    first = next(table, None)
    if first is None:
        raise ValidationError("文件里没有内容。", code="empty")
    places = _places(first[1])
    rows: list[StructureRow] = []
    problems: list[str] = []
    for line, cells in table:
        row, faults = _row(line, cells, places, width=len(first[1]))
        problems += faults
        if row is not None:
            rows.append(row)
        if len(problems) >= MAX_PROBLEMS:
            problems.append("问题太多，后面的行没有再检查。")
            break
    if problems:
        raise ValidationError(problems)
    if not rows:
        raise ValidationError("文件只有表头，没有内容。", code="empty")
    return rows


def _unpacked(data: bytes) -> bytes:
    if data.startswith(b"\xfd7zXZ\x00"):
        try:
            data = lzma.LZMADecompressor(format=lzma.FORMAT_XZ).decompress(data, MAX_BYTES + 1)
        except lzma.LZMAError:
            raise ValidationError("压缩文件已损坏，无法解压。", code="broken") from None
    if len(data) > MAX_BYTES:
        raise ValidationError(f"文件太大，最多 {MAX_BYTES // 1024 // 1024} MB。", code="large")
    for mark, kind in _NO_CSV.items():
        if data.startswith(mark):
            raise ValidationError(f"这是{kind}，不是 CSV。请另存为 CSV 后再载入。", code="no_csv")
    return data


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
        if b"\0" in data:
            line = data[: data.index(b"\0")].count(b"\n") + 1
            raise ValidationError(f"第 {line} 行有空字符（NUL），文件可能已损坏。", code="nul")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError("文字编码无法识别，请存为 UTF-8 编码的 CSV。", code="encoding")


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of every row that holds something."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise ValidationError(
                f"第 {reader.line_num} 行不是有效的 CSV（引号不成对或单元格太长）。", code="no_csv"
            ) from None
        if any(clean_text(cell) for cell in cells):
            yield reader.line_num, cells


def _places(header: list[str]) -> dict[str, int]:
    """Return column → position; English or Chinese column names, other columns are ignored."""
    names = {label: name for name, label in COLUMNS.items()} | {name: name for name in COLUMNS}
    places: dict[str, int] = {}
    for position, cell in enumerate(header):
        name = names.get(squash(cell).lower())
        if name in places:
            raise ValidationError(f"表头里“{cell.strip()}”出现了两次。", code="header")
        if name is not None:
            places[name] = position
    missing = [f"{name}（{label}）" for name, label in COLUMNS.items() if name not in places]
    if missing:
        raise ValidationError(f"缺少列：{'、'.join(missing)}。第一行应为表头。", code="header")
    return places


def _row(
    line: int, cells: list[str], places: dict[str, int], width: int
) -> tuple[StructureRow | None, list[str]]:
    faults: list[str] = []
    if any(clean_text(cell) for cell in cells[width:]):
        faults.append(f"第 {line} 行：比表头多出了列。")
    values = {
        name: clean_text(cells[place]) if place < len(cells) else ""
        for name, place in places.items()
    }
    for name in REQUIRED:
        if not values[name]:
            faults.append(f"第 {line} 行：缺少{COLUMNS[name]}。")
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            faults.append(f"第 {line} 行：{COLUMNS[name]}最多 {longest} 个字。")
    numbers = {}
    for name in ("floors", "rooms_per_floor"):
        numbers[name] = _number(values[name])
        if values[name] and numbers[name] is None:
            faults.append(
                f"第 {line} 行：{COLUMNS[name]}“{values[name][:20]}”应为 1 到 {HIGHEST_NUMBER} 的整数。"
            )
    if faults:
        return None, faults
    row = StructureRow(
        line, values["community"], values["grid"], values["compound"], values["building"],
        values["unit"], numbers["floors"], numbers["rooms_per_floor"],
    )  # fmt: skip
    return row, []


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return None
    value = int(text)
    return value if 1 <= value <= HIGHEST_NUMBER else None
