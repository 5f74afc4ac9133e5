"""Read a division file into rows, reporting every fault with its line.

Columns code, name, parent_code, level in any order; more columns are ignored. `.csv` or `.csv.xz`
in UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030.
"""

import csv
import io
import lzma
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orgs.levels import REGION_CODE_LENGTH

COLUMNS = ("code", "name", "parent_code", "level")
LEVEL_OF_LENGTH = {length: level for level, length in REGION_CODE_LENGTH.items()}
PARENT_LENGTH = {
    length: REGION_CODE_LENGTH.get(level - 1, 0) for length, level in LEVEL_OF_LENGTH.items()
}
LONGEST_NAME = 60
MOST_BYTES = 512 * 1024 * 1024
_LEVEL_TEXT = {length: str(level) for length, level in LEVEL_OF_LENGTH.items()}


class DivisionFileError(Exception):
    """The file cannot be loaded; `problems` are sentences, each with its line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Divisions:
    """What a file says: names and line numbers by code, in file order; `doubles` said twice."""

    names: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    doubles: int = 0


def parent_code(code: str) -> str:
    """Return the code of the division above ("" for a province)."""
    return code[: PARENT_LENGTH[len(code)]]


def read_divisions(path: Path) -> Divisions:
    """Read and check the whole file; raises DivisionFileError listing every fault."""
    text = _decode(_bytes_of(path))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DivisionFileError([f"第 {line} 行：有不可见的空字符，可能不是 CSV 文件。"])
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next((row for row in reader if any(row)), None)
        places = _columns(header)
        return _rows(reader, places)
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


def _columns(header: list[str] | None) -> list[int]:
    found = [cell.strip().lower() for cell in header or []]
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        seen = "、".join(cell for cell in found if cell)[:80]
        raise DivisionFileError([f"第 1 行：缺少列 {'、'.join(missing)}（现有：{seen or '无'}）。"])
    return [found.index(name) for name in COLUMNS]


def _rows(reader: Any, places: list[int]) -> Divisions:
    """Take the sound rows; judge the rest one by one. The loop is hot: 665,276 rows."""
    result = Divisions()
    names, lines = result.names, result.lines
    problems: list[str] = []
    claimed: dict[str, str] = {}
    at_code, at_name, at_parent, at_level = places
    width = max(places) + 1
    for row in reader:
        if len(row) >= width:
            code, name = row[at_code], row[at_name]
            size = len(code)
            if (
                row[at_level] == _LEVEL_TEXT.get(size)
                and row[at_parent] == code[: PARENT_LENGTH[size]]
                and code not in names
                and name.isprintable()
                and 0 < len(name) <= LONGEST_NAME
                and name[0] != " " != name[-1]
                and code.isdecimal()
                and code.isascii()
            ):
                names[code] = name
                lines[code] = reader.line_num
                continue
        _judge(row, reader.line_num, places, result, problems, claimed)
    problems += _loops(claimed, lines)
    if problems:
        raise DivisionFileError(problems)
    if not names:
        raise DivisionFileError(["文件里没有数据行。"])
    return result


def _judge(
    row: list[str],
    line: int,
    places: list[int],
    result: Divisions,
    problems: list[str],
    claimed: dict[str, str],
) -> None:
    """Take a row that needs cleaning, or say what is wrong with it."""
    if not any(cell.strip() for cell in row):
        return
    if len(row) <= max(places):
        problems.append(f"第 {line} 行：列数不够，应有 {max(places) + 1} 列，只有 {len(row)} 列。")
        return
    code, name, parent, level = (_clean(row[place]) for place in places)
    fault = _fault(code, name, parent, level)
    if not fault and code in result.names:
        if result.names[code] != name:
            fault = f"代码 {code} 重复，名称与第 {result.lines[code]} 行不同"
        else:
            result.doubles += 1
            return
    if fault:
        problems.append(f"第 {line} 行：{fault}。")
        if code and parent != code:
            claimed[code] = parent
            result.lines.setdefault(code, line)
        return
    result.names[code] = name
    result.lines[code] = line


def _fault(code: str, name: str, parent: str, level: str) -> str:
    """Say what is wrong with one row, "" when nothing is."""
    if not (code.isascii() and code.isdecimal() and len(code) in LEVEL_OF_LENGTH):
        return f"代码“{code[:20]}”应为 2、4、6、9 或 12 位数字"
    expected = LEVEL_OF_LENGTH[len(code)]
    if level != str(expected):
        return f"代码 {code} 有 {len(code)} 位，级别应为 {expected}，写的是“{level[:10]}”"
    if parent == code:
        return f"{code} 的上级写成了它自己"
    if parent != parent_code(code):
        wanted = parent_code(code) or "空"
        return f"{code} 的上级应为 {wanted}，写的是“{parent[:20]}”"
    if not name:
        return f"{code} 没有名称"
    if len(name) > LONGEST_NAME:
        return f"{code} 的名称超过 {LONGEST_NAME} 个字"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        return f"{code} 的名称里有不可见的控制字符"
    return ""


def _clean(cell: str) -> str:
    """Strip, and drop invisible format characters (BOM, zero width). Rare characters stay."""
    return "".join(
        character for character in cell if unicodedata.category(character) != "Cf"
    ).strip()


def _loops(claimed: dict[str, str], lines: dict[str, int]) -> list[str]:
    """Among rows with a wrong parent, name those whose parents lead back to themselves."""
    found: list[str] = []
    for start in claimed:
        chain = [start]
        while (above := claimed.get(chain[-1])) is not None and above not in chain:
            chain.append(above)
        if above == start and start == min(chain):
            path = " → ".join([*chain, start])
            found.append(f"第 {lines[start]} 行：上级关系成了环：{path}。")
    return found
