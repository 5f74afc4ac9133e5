"""Delimited text (.csv, .txt): find encoding and separator without being told."""

from __future__ import annotations

import codecs
import csv
import io

from residents.roster.errors import RosterFileError

NOT_A_SHEET = "这不是能识别的表格文件，请上传 .xlsx、.xls、.et、.ods 或 .csv"
_SEPARATORS = (",", "\t", ";", "|")
# Excel's own trick to keep digits as text in a CSV: ="349901…"
_KEPT_AS_TEXT = ('="', '"')


def read_delimited(text: str) -> list[list[str]]:
    """Read delimited text into rows of strings; raises RosterFileError when it is something else."""
    if "schemas-microsoft-com:office:spreadsheet" in text[:2000]:
        raise RosterFileError("这是 XML 表格，请用表格软件打开，另存为 .xlsx 再上传")
    separator, text = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise RosterFileError("文本表格的引号或分隔符不完整，请另存为 .xlsx 再试") from None
    width = max(map(len, rows))
    return [[_plain(cell) for cell in row] + [""] * (width - len(row)) for row in rows]


def _separator(text: str) -> tuple[str, str]:
    """The separator and the text without Excel's own line about it (sep=;).

    Titles above the header may hold none: the first lines vote together.
    """
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4], text.split("\n", 1)[1]
    separator = max(_SEPARATORS, key=lambda one: sum(one in line for line in lines))
    if not any(separator in line for line in lines):
        raise RosterFileError(NOT_A_SHEET)
    return separator, text


def _plain(cell: str) -> str:
    before, after = _KEPT_AS_TEXT
    if cell.startswith(before) and cell.endswith(after) and len(cell) > 3 and "(" not in cell:
        return cell[len(before) : -len(after)]
    return cell


def decode(data: bytes) -> str:
    """UTF-16 by mark or by its zero bytes, UTF-8, else GB18030; each strict."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif data[:400].count(0) * 20 > len(data[:400]):
        # In UTF-16 every comma brings a zero byte, on its odd side if the low byte comes first.
        low_first = data[1:400:2].count(0) >= data[:400:2].count(0)
        encodings = ["utf-16-le" if low_first else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            if "\0" in text:
                raise RosterFileError("文件里有不可见的空字符（NUL），请重新导出后再上传")
            return text
    raise RosterFileError(NOT_A_SHEET)


def _is_text(text: str) -> bool:
    """Whether the start looks like text: binary decoded by luck is full of control characters."""
    start = text[:4000]
    odd = sum(1 for character in start if character < " " and character not in "\t\r\n\0")
    return odd * 50 <= len(start)
