"""Read a division file into rows, reporting every fault with its line.

Columns code, name, parent_code, level in any order; more columns are ignored. `.csv` or `.csv.xz`
in UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030.
"""

import csv
import io
import lzma
from pathlib import Path
from unicodedata import category

from orgs.divisions.codes import (
    LEVEL_OF_LENGTH,
    LONGEST_NAME,
    DivisionFileError,
    Divisions,
    parents_of,
)
from orgs.divisions.judging import judge_rows

COLUMNS = ("code", "name", "parent_code", "level")
MOST_BYTES = 512 * 1024 * 1024
_LEVEL_TEXT = {length: str(level) for length, level in LEVEL_OF_LENGTH.items()}
_UNSEEN = {"Cc", "Cf", "Cs"}  # control, zero-width and half characters; rare Han ones are fine


def read_divisions(path: Path) -> Divisions:
    """Read and check the whole file; raises DivisionFileError listing every fault."""
    text = _decode(_bytes_of(path))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DivisionFileError([f"第 {line} 行：有不可见的空字符，可能不是 CSV 文件。"])
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next((row for row in reader if any(row)), [])
        places = _columns(header)
        sound = _sound_columns(text, len(header), places) if reader.line_num == 1 else None
        return sound or judge_rows(reader, places)
    except csv.Error as error:
        raise DivisionFileError([f"第 {reader.line_num} 行：不是有效的 CSV（{error}）。"]) from None


def _bytes_of(path: Path) -> bytes:
    try:
        if path.suffix == ".xz":
            with lzma.open(path) as file:
                data = file.read(MOST_BYTES + 1)
        else:
            with path.open("rb") as plain:
                data = plain.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise DivisionFileError([f"找不到文件 {path.name}。"]) from None
    except (lzma.LZMAError, EOFError):
        raise DivisionFileError(["文件不是有效的 xz 压缩文件，或不完整。"]) from None
    except OSError as error:
        raise DivisionFileError([f"文件无法读取：{error.strerror}。"]) from None
    if len(data) > MOST_BYTES:
        raise DivisionFileError([f"文件超过 {MOST_BYTES // 1024 // 1024} MB。"])
    if not data.strip():
        raise DivisionFileError(["文件是空的。"])
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DivisionFileError(["这是 Excel 文件，请另存为 CSV 后再载入。"])
    return data


def _decode(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DivisionFileError(["文件的编码无法识别，请另存为 UTF-8 编码的 CSV。"])


def _columns(header: list[str]) -> list[int]:
    found = [cell.strip().lower() for cell in header]
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        seen = "、".join(cell for cell in found if cell)[:80]
        raise DivisionFileError([f"第 1 行：缺少列 {'、'.join(missing)}（现有：{seen or '无'}）。"])
    return [found.index(name) for name in COLUMNS]


def _sound_columns(text: str, width: int, places: list[int]) -> Divisions | None:
    """Take a file without any fault, a column at a time; None when a row needs a closer look.

    665,276 rows: a Python statement per row, or an object the garbage collector follows, is what
    the time would go into. A row with a cell too many or too few shifts the columns and is found
    by their contents.
    """
    if '"' in text:
        return None
    cells = text.replace("\r\n", "\n").rstrip("\n").replace("\n", ",").split(",")
    if len(cells) % width:
        return None
    codes, titles, parents, levels = (cells[width + place :: width] for place in places)
    names = dict(zip(codes, titles, strict=True))
    digits, words = "".join(codes), "".join(titles)
    sound = (
        codes
        and len(names) == len(codes)
        and digits.isdecimal()
        and digits.isascii()
        and list(map(_LEVEL_TEXT.get, map(len, codes))) == levels
        and parents_of(codes) == parents
        and all(titles)
        and max(map(len, titles)) <= LONGEST_NAME
        and list(map(str.strip, titles)) == titles
        and (words.isprintable() or not _UNSEEN & set(map(category, set(words))))
    )
    return Divisions(names, parents=parents) if sound else None
