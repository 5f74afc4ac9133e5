"""Text as it arrives from spreadsheets and forms: cleaning, numerals, sort keys, blanks.

`clean_text` is for cells, names, codes and keys. It folds full-width Chinese punctuation
(，；：（）！？) to ASCII, which is what look-ups need and what prose does not want: use
`clean_prose` for what people wrote and will read again.
"""

from __future__ import annotations

import re
import unicodedata

from gridparty.lib.pinyin import initials

__all__ = [
    "chinese_number",
    "clean_prose",
    "clean_text",
    "has_nul",
    "initials",
    "is_blank_word",
    "natural_key",
    "squash",
]

# Above this, a float no longer holds every digit of a whole number.
_EXACT_FLOAT = 1e15
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_BLANK_WORDS = frozenset(
    [
        "无",
        "無",
        "没有",
        "不详",
        "不祥",
        "不明",
        "未知",
        "未提供",
        "未填",
        "未填写",
        "暂无",
        "空",
        "缺",
        "拒绝提供",
        "不提供",
        "无号码",
        "无电话",
        "0",
        "00",
        "na",
        "n/a",
        "nil",
        "none",
        "null",
        "nan",
        "#n/a",
        "#ref!",
        "#value!",
        "#name?",
        "#null!",
        "#div/0!",
        "#num!",
    ]
)
_ONLY_MARKS = re.compile(r"[\W_]*")

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
_DIGITS |= {"○": 0, "两": 2, "兩": 2, "貳": 2, "參": 3, "陸": 6, "幺": 1}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
_NUMERAL = "".join([*_DIGITS, *_UNITS, *_TENS, "万亿"])
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_COUNTER = "栋幢棟座号號楼樓单單元层層室户戶梯门門组組区區期排弄片支队隊班级年月日届季网#"
# A numeral counts as one after 第, before a counter, or where no other Han character follows:
# 三栋 and 第三 are numbers, 三里庙 and 万达广场 are names.
_NUMERAL_RUN = re.compile(rf"第[{_NUMERAL}]+|[{_NUMERAL}]+(?=[{_COUNTER}]|[^\u4e00-\u9fff]|$)")
_STEM_MARK = re.compile(rf"[{_STEMS}](?=[{_COUNTER}]|[^\u4e00-\u9fff]|$)")
_DIGIT_RUN = re.compile(r"[0-9]+")
_DASHES = re.compile("[‐‑‒–—―−─~～﹣－]")


def _droppable(character: str) -> bool:
    """Whether a character is invisible: control, format (zero-width, BOM) or lone surrogate."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs") and not character.isspace()


def clean_text(value: object) -> str:
    """A cell as one clean line; None → ''.

    NFKC, invisible characters out (zero-width, BOM, control, variation selectors), every run of
    white space (also NBSP and U+3000) to one space, ends stripped. A whole float is written
    without '.0' (Excel keeps 501 as 501.0). Four-byte and private-use Han characters are kept.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_FLOAT:
        return str(int(value))
    text = value if isinstance(value, str) else str(value)
    if text.isalnum() and unicodedata.is_normalized("NFKC", text):
        # Most cells: no white space, nothing invisible, no combining mark can be in there.
        return text
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if not text.isprintable():
        text = "".join(character for character in text if not _droppable(character))
    text = _VARIATION_SELECTORS.sub("", text)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def squash(value: object) -> str:
    """`clean_text` without any white space: for names, headers and codes."""
    line = clean_text(value)
    if " " not in line:
        return line
    return unicodedata.normalize("NFKC", line.replace(" ", ""))


def clean_prose(value: str) -> str:
    """What a person wrote, fit to store: line breaks and Chinese punctuation stay as they are.

    NFC, line ends to '\\n', tabs to spaces, control characters, BOM and lone surrogates out
    (a lone surrogate cannot be stored), trailing space of lines and blank ends stripped.
    """
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = "".join(
        character
        for character in text
        if character == "\n"
        or (character != "\ufeff" and unicodedata.category(character) not in ("Cc", "Cs"))
    )
    lines = unicodedata.normalize("NFC", text).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def has_nul(text: str) -> bool:
    """Whether the text holds a NUL, which PostgreSQL refuses to store."""
    return "\0" in text


def row_id(text: str) -> int | None:
    """Return the row id an address or a form names, None for what cannot be one (any text goes)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def is_blank_word(text: str) -> bool:
    """Whether a cell says "no value": empty, 无, 不详, 未提供, 暂无, 0, N/A, or only marks (/, -, ——).

    同上, 〃 and a lone quotation mark are not blank: they repeat the row above.
    """
    word = squash(text)
    if word in {'"', "〃", "''", "″"}:
        return False
    return _ONLY_MARKS.fullmatch(word) is not None or word.casefold() in _BLANK_WORDS


def _below_ten_thousand(text: str) -> int | None:
    """A numeral of 千百十 and digits, units strictly falling; None when malformed."""
    total, digit, last_unit, after_zero = 0, None, 10_000, False
    for character in text:
        if character in _UNITS:
            unit = _UNITS[character]
            if unit >= last_unit or digit == 0 or (digit is None and unit != 10):
                return None
            total += (1 if digit is None else digit) * unit
            last_unit, digit, after_zero = unit, None, False
        elif digit is None:
            digit = _DIGITS[character]
            if digit == 0:
                digit, after_zero = None, True
        else:
            return None
    if digit is None:
        return total
    # 一百三 is 130, 一百零三 is 103.
    colloquial = last_unit in (100, 1000) and not after_zero
    return total + digit * (last_unit // 10 if colloquial else 1)


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral, or None: 三 3, 十二 12, 廿一 21, 两 2, 一百零三 103.

    Also digit by digit (二〇二六 → 2026), 大写 (贰拾), 万 and 亿, and plain digits ('12').
    """
    word = squash(text)
    if _DIGIT_RUN.fullmatch(word):
        return int(word) if len(word) <= 18 else None
    if not word or len(word) > 24 or any(character not in _NUMERAL for character in word):
        return None
    for short, long in _TENS.items():
        word = word.replace(short, long)
    if all(character in _DIGITS for character in word):
        return int("".join(str(_DIGITS[character]) for character in word))
    for unit, factor in (("亿", 100_000_000), ("万", 10_000)):
        if unit in word:
            head, tail = word.split(unit, 1)
            high = chinese_number(head) if head else None
            low = chinese_number(tail) if tail else 0
            return None if high is None or low is None or low >= factor else high * factor + low
    return _below_ten_thousand(word)


def _numeral_as_digits(match: re.Match[str]) -> str:
    """Digits for a numeral run; the run itself when it is no number."""
    run = match[0]
    prefix = "第" if run.startswith("第") else ""
    value = chinese_number(run[len(prefix) :])
    return run if value is None else f"{prefix}{value}"


def natural_key(text: str) -> str:
    """A key that sorts as people count: 2栋 < 三栋 < 10栋 < A栋 < 甲栋.

    Digit runs are padded to six places, numerals become digits, 甲乙丙丁 follow the Latin letters
    ('zz01'…). Lower case and free of spaces, so the order is the same in SQLite and in any
    PostgreSQL collation. Only for sorting, never for display or identity.
    """
    key = _DASHES.sub("-", squash(text)).lower()
    key = _NUMERAL_RUN.sub(_numeral_as_digits, key)
    key = _DIGIT_RUN.sub(lambda run: run[0].lstrip("0").zfill(6), key)
    return _STEM_MARK.sub(lambda stem: f"zz{_STEMS.index(stem[0]) + 1:02d}", key)
