"""The careful way through a division file: clean every row, name every fault with its line."""

import unicodedata
from typing import Any

from orgs.divisions.codes import (
    LEVEL_OF_LENGTH,
    LONGEST_NAME,
    DivisionFileError,
    Divisions,
    parent_code,
)


def judge_rows(reader: Any, places: list[int]) -> Divisions:
    """Read what follows the header row by row; raises DivisionFileError with every fault."""
    result = Divisions()
    problems: list[str] = []
    claimed: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row in reader:
        _judge(row, reader.line_num, places, result, lines, problems, claimed)
    problems += _loops(claimed, lines)
    if problems:
        raise DivisionFileError(problems)
    if not result.names:
        raise DivisionFileError(["文件里没有数据行。"])
    return Divisions(result.names, lines, result.doubles)


def _judge(
    row: list[str],
    line: int,
    places: list[int],
    result: Divisions,
    lines: dict[str, int],
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
            fault = f"代码 {code} 重复，名称与第 {lines[code]} 行不同"
        else:
            result.doubles += 1
            return
    if fault:
        problems.append(f"第 {line} 行：{fault}。")
        if code and parent != code:
            claimed[code] = parent
            lines.setdefault(code, line)
        return
    result.names[code] = name
    lines[code] = line


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
