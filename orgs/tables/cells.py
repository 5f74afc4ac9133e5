"""One cell as a clean value; each reader raises CellError with a sentence. Pure."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from gridparty.lib.citizen_id import CitizenIdError, parse_citizen_id
from gridparty.lib.phones import parse_phones
from gridparty.lib.text import clean_text, has_nul, is_blank_word, squash

_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YES = frozenset(["是", "有", "√", "y", "yes", "true", "1"])
_NO = frozenset(["否", "不是", "无", "×", "n", "no", "false", "0"])
# Excel's day 0; a date formatted as a number counts from there.
_EPOCH = date(1899, 12, 30)
CLEAR = "【清空】"


class CellError(ValueError):
    """What is wrong with a cell, as a sentence."""


def read_text(value: Any) -> str:
    """Return the cell as one clean line; the mark our exports put before formulas is taken off."""
    if isinstance(value, str) and has_nul(value):
        raise CellError("有不可见的空字符，请删除后重填。")
    if isinstance(value, datetime):
        value = value.date()
    text = clean_text(value)
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text


def read_date(text: str) -> date | None:
    """Return 2021-07-01, 2021.7.1, 2021年7月1日, 20210701, 2021.07 (the first day) or Excel's number."""
    if not text:
        return None
    found = _DATE.fullmatch(text.split(" ")[0]) or _RUN.fullmatch(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
        if text.isdigit() and 1 <= int(text) < 80_000:
            return _EPOCH + timedelta(days=int(text))
    except ValueError:
        pass
    raise CellError("日期看不懂，请写成 2021-07-01 这样。")


def read_yes_no(text: str, *, default: bool) -> bool:
    word = squash(text).lower()
    if not word:
        return default
    if word in _YES or word in _NO:
        return word in _YES
    raise CellError("请填“是”或“否”。")


def read_choice(text: str, choices: list[tuple[str, str]], *, what: str) -> str:
    """Return the value whose label (or value) is written; "" for a blank cell."""
    word = squash(text)
    if not word:
        return ""
    for value, label in choices:
        if word in (squash(label), value):
            return value
    allowed = "、".join(str(label) for _, label in choices)
    raise CellError(f"没有这种{what}，可以填：{allowed}。")


def read_citizen_id(text: str, today: date) -> tuple[str, date | None, str]:
    """Return (number, birth date, GB/T 2261.1 gender "1" or "2"); blanks for a blank cell."""
    if not text or is_blank_word(text):
        return "", None, ""
    try:
        parsed = parse_citizen_id(squash(text), today)
    except CitizenIdError as error:
        raise CellError(f"{error}。".replace("。。", "。")) from None
    return parsed.number, parsed.birth_date, "1" if parsed.gender == "M" else "2"


def read_phone(text: str) -> str:
    if not text or is_blank_word(text):
        return ""
    parsed = parse_phones(text)
    if parsed.problems:
        raise CellError(f"{parsed.problems[0]}。")
    return ";".join(parsed.numbers)


def is_masked(text: str) -> bool:
    """Whether the cell holds the stars of an export instead of the value itself."""
    return "*" in text
