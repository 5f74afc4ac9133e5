"""Citizen identity numbers (GB 11643): repair without guessing, check, read birth and gender.

Only checksum and a plausible birth date decide. The region code is never looked up: numbers
issued before a county existed are valid, and so are 810000/820000/830000 (residence permits of
Hong Kong, Macao and Taiwan) and the permanent-residence cards of foreigners, which begin with 9.
"""

from __future__ import annotations

import re
from datetime import date
from operator import mul
from typing import Literal, NamedTuple

from gridparty.lib.text import squash

Gender = Literal["M", "F"]
Kind = Literal["citizen", "hmt_residence", "foreign_permanent"]
ErrorCode = Literal["length", "characters", "checksum", "birth_date", "masked", "scientific"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
# What the weights make of the character codes of the digits, beyond their values.
_WEIGHT_OF_ZEROS = ord("0") * sum(_WEIGHTS)
_EARLIEST_BIRTH = date(1900, 1, 1)
_HMT_REGIONS = ("810000", "820000", "830000")

_QUOTES = "'\"`‘’“”′="
# Commas come from the thousands separator of a number format.
_DASHES = re.compile("[-,‐‑‒–—―−─]")
_CLEAN = re.compile(r"[0-9]{17}[0-9X]")
# What people type for the last X. NFKC leaves the Cyrillic Ха (U+0425, U+0445) as it is.
_LIKE_X = str.maketrans("xХхΧχ×✕✖*", "XXXXXXXXX")
# Digits with at least one mark, or with two X, which no number has.
_MASKED = re.compile(r"(?=.*(?:[*●•○□_#?]|[Xx×].*[Xx×]))[0-9Xx×*●•○□_#?]+")
_AS_NUMBER = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+|[0-9]{15,}\.[0-9]*", re.IGNORECASE)


class CitizenIdError(ValueError):
    """A number that is refused. `code` says which rule; `message_zh` never holds the number."""

    def __init__(self, code: ErrorCode, message_zh: str) -> None:
        super().__init__(message_zh)
        self.code: ErrorCode = code
        self.message_zh = message_zh


class CitizenId(NamedTuple):
    """A valid number, 18 characters with an upper-case X. The repr shows no personal data."""

    number: str
    birth_date: date
    gender: Gender
    region_code: str
    kind: Kind
    converted_from_15: bool = False

    def __repr__(self) -> str:
        return f"CitizenId(region_code={self.region_code!r}, kind={self.kind!r})"


def check_digit(first17: str) -> str:
    """The 18th character for the first 17 digits (ISO 7064 MOD 11-2).

    Raises ValueError unless given exactly 17 ASCII digits.
    """
    if re.fullmatch(r"[0-9]{17}", first17) is None:
        raise ValueError("校验码需要由前 17 位数字计算")
    return _check_digit_of(first17)


def _check_digit_of(digits: str) -> str:
    """The check digit for what begins with 17 ASCII digits."""
    total = sum(map(mul, digits.encode(), _WEIGHTS)) - _WEIGHT_OF_ZEROS
    return _CHECK_DIGITS[total % 11]


def _repair(text: str) -> str:
    """Undo what loses nothing: width, white space, dashes, quotes, the look-alikes of X."""
    number = _DASHES.sub("", squash(text).strip(_QUOTES))
    return number[:-1] + number[-1:].translate(_LIKE_X)


def _check_shape(number: str) -> None:
    """Raise for anything but 17 digits and a digit or X, or 15 digits."""
    if _AS_NUMBER.fullmatch(number):
        raise CitizenIdError(
            "scientific", "证件号被表格按数字保存，末几位可能已丢失，请把该列设为文本后重填"
        )
    if re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", number):
        return
    if _MASKED.fullmatch(number):
        raise CitizenIdError("masked", "证件号被隐去了一部分，请填写完整号码")
    if re.fullmatch(r"[0-9]*X?", number) is None:
        raise CitizenIdError("characters", "证件号只能由数字组成，最后一位可以是 X")
    raise CitizenIdError("length", f"证件号应为 18 位（旧证 15 位），现在是 {len(number)} 位")


def _birth_date(digits: str, today: date) -> date:
    """The date in digits 7–14, between 1900-01-01 and today."""
    try:
        born = date.fromisoformat(digits[6:14])
    except ValueError:
        raise CitizenIdError("birth_date", "证件号中的出生日期不存在") from None
    if not _EARLIEST_BIRTH <= born <= today:
        raise CitizenIdError("birth_date", "证件号中的出生日期早于 1900 年或晚于今天")
    return born


def parse_citizen_id(text: str, today: date) -> CitizenId:
    """Read an identity number as people write it; raises CitizenIdError with a Chinese message.

    `today` bounds the birth date. A 15-digit number is taken as born in the 1900s and gets its
    check digit. A '*' in the last place counts as X only if the check digit is X.
    """
    number = text
    if _CLEAN.fullmatch(text) is None:
        number = _repair(text)
        _check_shape(number)
    converted = len(number) == 15
    if converted:
        first17 = f"{number[:6]}19{number[6:]}"
        number = first17 + check_digit(first17)
    elif _check_digit_of(number) != number[17]:
        if squash(text).endswith("*"):
            raise CitizenIdError("masked", "证件号最后一位被隐去，请填写完整号码")
        lost = "；末三位都是 0，可能被表格按数字保存过" if number.endswith("000") else ""
        raise CitizenIdError("checksum", f"证件号校验码不对，请核对是否有错位或错字{lost}")
    born = _birth_date(number, today)
    kind: Kind = "citizen"
    if number[:6] in _HMT_REGIONS:
        kind = "hmt_residence"
    elif number[0] == "9":
        kind = "foreign_permanent"
    return CitizenId(
        number=number,
        birth_date=born,
        gender="M" if int(number[16]) % 2 else "F",
        region_code=number[:6],
        kind=kind,
        converted_from_15=converted,
    )
