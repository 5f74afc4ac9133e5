"""Read a spreadsheet file into plain rows: .xlsx .xlsm .xls .et .ods .csv, told apart by content.

Everything that can go wrong with a file is a `RosterFileError` with one Chinese sentence.
Numbers keep their type (an identity number stored as a number must be noticed), dates arrive as
dates. Formulas give the value the spreadsheet program stored; a formula without a stored value,
and an error value, read as blank and are listed in `Sheet.lost`, because nothing may be lost
without a word.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from residents.roster.delimited import NOT_A_SHEET, decode, read_delimited
from residents.roster.errors import RosterFileError
from residents.roster.packages import (
    BLANK_ROWS_END,
    SheetScan,
    is_package,
    scan_package,
    stream_sheet,
)
from residents.roster.webpages import is_web_page, read_tables

Cell = str | float | int | bool | date | datetime | time | timedelta

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ROWS = 300_000
_OLE_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# The first record of a BIFF8 workbook, and the one that says its content is encrypted.
_BIFF_START = bytes.fromhex("0908100000060500")
_FILE_PASSWORD = 0x2F
_ENCRYPTED = "文件设了打开密码，请在表格软件里去掉密码后重新上传"


@dataclass(slots=True)
class Sheet:
    """One worksheet: `rows[0]` is row 1 of the sheet; blank cells are ''."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    # Merged ranges as ((top, left), (bottom, right)), from 0.
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    # Cell address → why its value is missing ("formula" or "error").
    lost: dict[str, str] = field(default_factory=dict)
    # Comments, struck-out and coloured cells, which are not read: kind → addresses.
    marks: dict[str, list[str]] = field(default_factory=dict)
    # Rows that are hidden or filtered away; they are read.
    hidden_rows: int = 0
    hidden_columns: int = 0
    # True when reading stopped at a long run of blank rows with something behind it.
    cut: bool = False


def read_sheets(data: bytes) -> list[Sheet]:
    """Read every worksheet of a file; raises RosterFileError with a sentence for the user."""
    if not data.strip(b"\0 \t\r\n"):
        raise RosterFileError("文件是空的")
    if len(data) > MAX_FILE_BYTES:
        raise RosterFileError(f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB，请删去图片或分开导入")
    scans: dict[str, SheetScan] = {}
    if data.startswith(_OLE_MAGIC):
        if _ENCRYPTED_PACKAGE in data or _has_file_password(data):
            raise RosterFileError(_ENCRYPTED)
    elif is_package(data):
        scans = scan_package(data)
    else:
        return _read_text(decode(data))
    sheets = _read_workbook(data, scans)
    if not any(any(map(any, sheet.rows)) for sheet in sheets):
        raise RosterFileError("表格里没有内容")
    return sheets


def _has_file_password(data: bytes) -> bool:
    """Whether an old binary workbook is encrypted: a FILEPASS record near its beginning."""
    at = data.find(_BIFF_START)
    for _record in range(6):
        if at < 0 or at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _FILE_PASSWORD:
            return True
        at += 4 + length
    return False


def _read_text(text: str) -> list[Sheet]:
    """A text table, or the tables of a web page that was named .xls."""
    if not is_web_page(text):
        return [Sheet(name="", rows=[list(row) for row in read_delimited(text)])]
    tables = read_tables(text)
    found = []
    for number, (lines, merges) in enumerate(tables, start=1):
        rows: list[list[Cell]] = [list(line) for line in lines]
        _fill_merged(rows, merges)
        found.append(Sheet("" if len(tables) == 1 else f"表{number}", rows, merges=merges))
    return found


def _read_workbook(data: bytes, scans: dict[str, SheetScan]) -> list[Sheet]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            visible = {
                meta.name: meta.visible == SheetVisibleEnum.Visible
                for meta in book.sheets_metadata
                if meta.typ == SheetTypeEnum.WorkSheet
            }
            return [
                _read_sheet(book, data, name, scans.get(name), hidden=not shown)
                for name, shown in visible.items()
            ]
    except RosterFileError:
        raise
    except PasswordError:
        raise RosterFileError(_ENCRYPTED) from None
    except (CalamineError, OSError, ValueError):
        raise RosterFileError(f"{NOT_A_SHEET}；如果它能打开，请另存为 .xlsx 再试") from None


def _read_sheet(
    book: CalamineWorkbook, data: bytes, name: str, scan: SheetScan | None, *, hidden: bool
) -> Sheet:
    if scan is not None and scan.is_sparse:
        read = stream_sheet(data, name, scan)
        return Sheet(name, read, hidden, (), scan.lost, scan.marks, cut=scan.goes_on)
    if scan is not None and scan.last_filled > MAX_ROWS:
        raise RosterFileError(f"工作表“{name}”超过 {MAX_ROWS} 行，请拆成几个文件")
    source = book.get_sheet_by_name(name)
    rows: list[list[Cell]] = source.to_python(skip_empty_area=False)
    is_cut = scan is None and len(rows) > MAX_ROWS and _cut(rows, name)
    merges = tuple(source.merged_cell_ranges or ())
    _fill_merged(rows, merges)
    if scan is None:
        return Sheet(name, rows, hidden, merges, cut=is_cut)
    return Sheet(
        name, rows, hidden, merges, scan.lost, scan.marks, scan.hidden_rows, scan.hidden_columns
    )


def _cut(rows: list[list[Cell]], name: str) -> bool:
    """Cut a sheet at its first long run of blank rows; refuse it when it is simply too long."""
    blank = 0
    for index, row in enumerate(rows):
        blank = 0 if any(cell != "" for cell in row) else blank + 1
        if blank > BLANK_ROWS_END:
            del rows[index - blank + 1 :]
            return True
        if index - blank >= MAX_ROWS:
            break
    raise RosterFileError(f"工作表“{name}”超过 {MAX_ROWS} 行，请拆成几个文件")


def _fill_merged(
    rows: list[list[Cell]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Give every cell of a vertically merged column the value of its top cell.

    Only inside the merge, and only one column wide: a wide merge is a title or a caption.
    """
    for (top, left), (bottom, right) in ranges:
        if left == right and bottom > top and top < len(rows) and left < len(rows[top]):
            value = rows[top][left]
            for row in rows[top + 1 : bottom + 1]:
                row[left] = value
