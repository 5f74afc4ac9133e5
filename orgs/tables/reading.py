"""A small spreadsheet as rows of cells: .xlsx .xlsm .xls .et .csv, and what is pasted from one."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 100
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_NO_SHEET = "这不是能识别的表格文件，请上传 .xlsx、.xls 或 .csv。"
_LOCKED = "文件设了打开密码，请去掉密码后重新上传。"

Cell = str | float | int | bool | date | datetime | time | timedelta


class TableFileError(Exception):
    """The file cannot be read; the message is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Sheet:
    """One worksheet; `rows[0]` is row 1, blank cells are ''."""

    name: str
    rows: list[list[Cell]]


def read_tables(data: bytes, most_rows: int = MAX_ROWS) -> list[Sheet]:
    """Return the worksheets that hold something, `most_rows` at most; raises TableFileError."""
    if not data.strip(b"\0 \t\r\n"):
        raise TableFileError("文件是空的，请重新选择。")
    if len(data) > MAX_BYTES:
        raise TableFileError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请删去图片或分开导入。")
    if data.startswith((b"PK\x03\x04", _OLE)):
        sheets = _workbook(data, most_rows)
    else:
        sheets = [Sheet("", [list(row) for row in _delimited(data, most_rows)])]
    found = [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]
    if not found:
        raise TableFileError("表格里没有内容。")
    return found


def _workbook(data: bytes, most_rows: int) -> list[Sheet]:
    if data.startswith(b"PK"):
        _refuse_bomb(data)
    elif "EncryptedPackage".encode("utf-16-le") in data:
        raise TableFileError(_LOCKED)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [_sheet(book, name, most_rows) for name in book.sheet_names]
    except PasswordError:
        raise TableFileError(_LOCKED) from None
    except (CalamineError, OSError, ValueError):
        raise TableFileError(_NO_SHEET) from None


def _sheet(book: CalamineWorkbook, name: str, most_rows: int) -> Sheet:
    source = book.get_sheet_by_name(name)
    if source.total_height > 1_000_000 or source.total_width > 1_000:
        raise TableFileError(f"工作表“{name}”太大，请删去多余的空行空列。")
    return Sheet(name, _trimmed(source.to_python(skip_empty_area=False), most_rows))


def _trimmed(rows: list[list[Cell]], most_rows: int) -> list[list[Cell]]:
    """Drop blank rows at the end: sheets are often formatted far beyond their last line."""
    last = max((number for number, row in enumerate(rows, 1) if any(row)), default=0)
    if last > most_rows:
        raise TableFileError(f"一次最多导入 {most_rows} 行，请拆成几个文件。")
    return [row[:MAX_COLUMNS] for row in rows[:last]]


def _refuse_bomb(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            size = sum(entry.file_size for entry in package.infolist())
    except zipfile.BadZipFile:
        raise TableFileError(_NO_SHEET) from None
    if size > MAX_UNPACKED:
        raise TableFileError("文件解压后太大，请只保留要导入的表格。")


def _delimited(data: bytes, most_rows: int) -> list[list[str]]:
    """CSV, or cells pasted from a spreadsheet (tabs)."""
    text = _decoded(data)
    if "\0" in text:
        raise TableFileError("文件里有不可见的空字符，请重新导出后再上传。")
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = "\t" if "\t" in head else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise TableFileError("文本表格的引号不完整，请另存为 .xlsx 再试。") from None
    if len(rows) > most_rows:
        raise TableFileError(f"一次最多导入 {most_rows} 行，请拆成几个文件。")
    return [row[:MAX_COLUMNS] for row in rows]


def _decoded(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(1 for one in text[:2000] if one < " " and one not in "\t\r\n\0")
        if odd * 50 <= len(text[:2000]):
            return text
    raise TableFileError(_NO_SHEET)
