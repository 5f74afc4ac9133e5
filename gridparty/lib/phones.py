"""Telephone cells: several numbers in one cell, prefixes, extensions, spreadsheet damage.

Stored form: mobile '16900000001', landline '0553-1234567', with extension '0553-1234567-801',
service number '4001234567', foreign '+85291234567'. Any 1 followed by ten digits is a mobile
number here; which prefixes are in use changes too often to be checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gridparty.lib.text import clean_text, is_blank_word

_DASHES = re.compile("[‐‑‒–—―−─~～]")
# Separators that never stand inside a number; commas, spaces and dashes may.
_HARD_SEPARATOR = re.compile(r"[/、;|\\&\n\r]|或|和|及")
_SOFT_SEPARATOR = re.compile(r"[,\s]+")
_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|#)[:：\s]*(?=[0-9])", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]+E\+?[0-9]+", re.IGNORECASE)
_AREA_IN_BRACKETS = re.compile(r"\((0[0-9]{2,3})\)\s*-?")
_COUNTRY_IN_BRACKETS = re.compile(r"\(\+?86\)")
# Abroad the area code loses its 0: +86 553 1234567.
_COUNTRY_AND_AREA = re.compile(r"(?<![0-9])(?:\+|00)86[- ]?(?=[2-9]|10[- ])")
_POINT_ZERO = re.compile(r"(?<=[0-9])\.0+(?![0-9])")
_WORDS = re.compile(r"[^0-9+,\s-]+")
_OUT_OF_USE = re.compile("空号|停机|错号|关机|已销号|打不通|无法接通")

_MOBILE = re.compile(r"(?:\+?86|0086)?0?(1[0-9]{10})")
_LANDLINE = re.compile(
    r"(?:(?:\+|00)?86-?)?(010|02[0-9]|0[3-9][0-9]{2})-?([0-9]{7,8})(?:-([0-9]{1,6}))?"
)
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_FOREIGN = re.compile(r"\+(?!86)[1-9][0-9]{6,14}")
# 0553-1234567-801 with spaces for dashes is the longest thing that is still one number.
_MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class PhoneParse:
    """Numbers in stored form, in order and without repeats; problems as Chinese sentences."""

    numbers: list[str]
    problems: list[str]


def parse_phones(text: str) -> PhoneParse:
    """All telephone numbers in a cell. Never raises; problems never repeat a whole number.

    A blank word (无, 不详, /) gives neither numbers nor problems. 同上 is the caller's to resolve.
    """
    numbers: list[str] = []
    problems: list[str] = []
    for line in str(text).splitlines():
        if is_blank_word(line):
            continue
        note = _OUT_OF_USE.search(line)
        if note:
            problems.append(f"号码旁注明“{note[0]}”")
        for piece in _HARD_SEPARATOR.split(_tidy(line)):
            _read_piece(piece, numbers, problems)
    return PhoneParse(list(dict.fromkeys(numbers)), list(dict.fromkeys(problems)))


def _tidy(line: str) -> str:
    """One line in ASCII punctuation, extensions as '-801', area brackets as '0553-'."""
    line = _DASHES.sub("-", clean_text(line))
    line = _COUNTRY_IN_BRACKETS.sub("+86", line)
    line = _COUNTRY_AND_AREA.sub("0", line)
    line = _AREA_IN_BRACKETS.sub(r"\1-", line)
    return _POINT_ZERO.sub("", _EXTENSION.sub("-", line))


def _read_piece(piece: str, numbers: list[str], problems: list[str]) -> None:
    """Read a piece between hard separators, joining parts as long as they make one number."""
    if _SCIENTIFIC.search(piece):
        problems.append("电话被表格显示成科学计数，请把该列设为文本后重填")
        return
    for phrase in _WORDS.split(piece):
        parts = [part for part in _SOFT_SEPARATOR.split(phrase) if part.strip("-")]
        leftover: list[str] = []
        index = 0
        while index < len(parts):
            for end in range(min(len(parts), index + _MOST_PARTS), index, -1):
                number = _one_number("".join(parts[index:end]))
                if number:
                    numbers.append(number)
                    break
            else:
                end = index + 1
                leftover.append(parts[index])
            index = end
        if leftover:
            problems.append(_what_is_wrong(leftover))
    if not re.search(r"[0-9]", piece) and piece.strip(" -,") and not _is_remark(piece):
        problems.append("联系电话里没有号码")


def _is_remark(piece: str) -> bool:
    """Whether a piece without digits only remarks on the number beside it."""
    return _OUT_OF_USE.search(piece) is not None


def _one_number(joined: str) -> str | None:
    """The stored form when `joined` is exactly one number."""
    digits = joined.replace("-", "")
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mobile[1]
    landline = _LANDLINE.fullmatch(joined.strip("-")) or _LANDLINE.fullmatch(digits)
    if landline:
        return "-".join(part for part in landline.groups() if part)
    if _SERVICE.fullmatch(digits) or _FOREIGN.fullmatch(digits):
        return digits
    return None


def _what_is_wrong(parts: list[str]) -> str:
    """A sentence on digits that are no number, without repeating them."""
    digits = re.sub(r"[^0-9]", "", "".join(parts))
    if digits.startswith("1") and 8 < len(digits) < 15:
        return f"手机号应为 11 位，现在是 {len(digits)} 位"
    if len(digits) in (7, 8) and not digits.startswith("0"):
        return "固定电话缺少区号，请在前面加上区号"
    return "看不出是电话号码，请写 11 位手机号，或带区号的固定电话"
