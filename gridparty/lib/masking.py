"""Masked display of personal data (field classes P2 and P3). All functions accept ''."""

from __future__ import annotations

import re
from datetime import date

_BUILDING = re.compile(
    r"^(.*?)([0-9A-Za-z〇零一二三四五六七八九十廿百甲乙丙丁]+)(号楼|[栋幢座楼#])"
)
_AREA = r"(?:010|02[0-9]|0[3-9][0-9]{2})"
_LANDLINE = re.compile(rf"({_AREA})-?([0-9]{{7,8}})(?:-[0-9]+)?")
_FIRST_NUMBER = re.compile(r"^([0-9A-Za-z])[0-9A-Za-z]*(.*)$", re.DOTALL)
_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9A-Za-z])")
_PHONE_IN_TEXT = re.compile(rf"(?<![0-9])(?:1[0-9]{{10}}|{_AREA}-?[0-9]{{7,8}})(?![0-9])")


def mask_name(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳娜娜 and names with · → first, one star, last."""
    text = name.strip()
    if len(text) <= 1:
        return "*" if text else ""
    if len(text) == 2:
        return f"{text[0]}*"
    return f"{text[0]}*{text[-1]}"


def mask_phone(phone: str) -> str:
    """16900000001 → 169****0001, 0553-1234567 → 0553-***4567 (extension dropped).

    Other numbers keep their last four digits, or two when shorter than eight.
    """
    text = phone.strip()
    if re.fullmatch(r"1[0-9]{10}", text):
        return f"{text[:3]}****{text[-4:]}"
    landline = _LANDLINE.fullmatch(text)
    if landline:
        area, local = landline.groups()
        return f"{area}-{'*' * (len(local) - 4)}{local[-4:]}"
    return _keep_ends(text, 0, 4 if len(text) >= 8 else 2)


def mask_id(number: str) -> str:
    """Identity number: first four and last four stay, 3418**********123X.

    Shorter papers (passports, permits) keep one character in front and two behind.
    """
    text = number.strip()
    return _keep_ends(text, 4, 4) if len(text) >= 15 else _keep_ends(text, 1, 2)


def mask_birth_date(born: date | None) -> str:
    """Only the year: 1980-**-**."""
    return f"{born.year:04d}-**-**" if born else ""


def mask_room(room: str) -> str:
    """Where somebody lives, enough to tell rows apart: 12栋3单元501 → 1*栋…, 501 → 5**, 3-2-501 → 3*…."""
    text = room.strip()
    building = _BUILDING.match(text)
    if building:
        estate, number, marker = building.groups()
        return f"{estate}{number[0]}*{marker}…"
    first = _FIRST_NUMBER.match(text)
    if first:
        return f"{first[1]}*…" if first[2] else f"{first[1]}**"
    return f"{text[0]}*…" if text else ""


def mask_in_text(text: str) -> str:
    """Free text with every identity number and telephone number in it masked.

    For titles, previews and group messages, where people write numbers into the sentence.
    """
    masked = _ID_IN_TEXT.sub(lambda found: mask_id(found[0]), text)
    return _PHONE_IN_TEXT.sub(lambda found: mask_phone(found[0]), masked)


def _keep_ends(text: str, head: int, tail: int) -> str:
    """The first `head` and last `tail` characters, stars between; all stars when too short."""
    hidden = len(text) - head - tail
    if hidden < 2:
        return "*" * len(text)
    return f"{text[:head]}{'*' * hidden}{text[len(text) - tail :]}"
