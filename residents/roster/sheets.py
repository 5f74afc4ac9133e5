"""Read a spreadsheet file into plain rows: .xlsx .xlsm .xls .et .ods .csv, told apart by content.

Everything that can go wrong with a file is a `RosterFileError` with one Chinese sentence.
Numbers keep their type (an identity number stored as a number must be noticed), dates arrive as
dates. Formulas give the value the spreadsheet program stored; a formula without a stored value,
and an error value, read as blank and are listed in `Sheet.lost`, because nothing may be lost
without a word.
"""

from __future__ import annotations

import io
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

from residents.roster.delimited import read_delimited
from residents.roster.errors import RosterFileError
from residents.roster.packages import SheetScan, is_package, scan_package, stream_sheet

Cell = str | float | int | bool | date | datetime | time | timedelta

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ROWS = 300_000
_OLE_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_NOT_A_SHEET = "这不是能识别的表格文件，请上传 .xlsx、.xls 或 .csv"
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
        if _ENCRYPTED_PACKAGE in data:
            raise RosterFileError(_ENCRYPTED)
    elif is_package(data):
        scans = scan_package(data)
    else:
        return [Sheet(name="", rows=[list(row) for row in read_delimited(data)])]
    sheets = _read_workbook(data, scans)
    if not any(any(map(any, sheet.rows)) for sheet in sheets):
        raise RosterFileError("表格里没有内容")
    return sheets


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
        raise RosterFileError(f"{_NOT_A_SHEET}；如果它能打开，请另存为 .xlsx 再试") from None


def _read_sheet(
    book: CalamineWorkbook, data: bytes, name: str, scan: SheetScan | None, *, hidden: bool
) -> Sheet:
    if scan is not None and scan.is_sparse:
        return Sheet(name, stream_sheet(data, name, scan), hidden, (), scan.lost, scan.goes_on)
    if scan is not None and scan.last_filled > MAX_ROWS:
        raise RosterFileError(f"工作表“{name}”超过 {MAX_ROWS} 行，请拆成几个文件")
    source = book.get_sheet_by_name(name)
    rows: list[list[Cell]] = source.to_python(skip_empty_area=False)
    merges = tuple(source.merged_cell_ranges or ())
    _fill_merged(rows, merges)
    return Sheet(name, rows, hidden, merges, scan.lost if scan else {})


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
