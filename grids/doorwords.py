"""The writing of door numbers made one: width, dashes, numerals, brackets; what Excel did to them."""

from __future__ import annotations

import re

from gridparty.lib.text import chinese_number, squash

_DASHES = re.compile("[‐‑‒–—―−─~～至]")
_TRADITIONAL = str.maketrans("號樓棟層單元戶門", "号楼栋层单元户门")
STEMS = "甲乙丙丁戊己庚辛壬癸"
_NUMERAL = "〇零○一二三四五六七八九十百廿卅两"
_MARKERS = "栋|幢|号|座|单元|门|梯|层|楼|室|房|户|#|-"
# Only where a number belongs: 三栋 is 3栋, the 五一 of 五一小区 stays.
_NUMERAL_BEFORE_MARKER = re.compile(rf"第?([{_NUMERAL}]+)(?={_MARKERS})")
_NUMERAL_LAST = re.compile(rf"(?:^|(?<=[栋幢座#元-]))([{_NUMERAL}]+)$")
# A zero typed as the letter O between numerals: 五O一.
_LETTER_ZERO = re.compile(rf"(?<=[{_NUMERAL}])O(?=[{_NUMERAL}])")
_BRACKETED = re.compile(r"[(\[【]([0-9]{1,3}|[A-Z]|[0-9]{1,3}(?:栋|单元|室|号楼))[)\]】]")
_NOTE_BEHIND = re.compile(r"\((?:已?出?租|自住|自有|空置?|房东|租户|已售|业主)\)$")
_POINT_ZERO = re.compile(r"(?<=[0-9])\.0+$")
# 3/2/501, 3.2.501, 3_2_501: building, unit, room, whatever stands between.
_OTHER_SEPARATORS = re.compile(
    r"(?P<before>.*?)(?<![0-9])(?P<b>[0-9]{1,3})(?P<mark>[./_·,、\\])(?P<u>[0-9]{1,2})(?P=mark)(?P<r>[0-9]{3,5}.*)"
)
_BETWEEN_MARKS = re.compile(rf"(?<=[栋幢元楼])[.,、·/_](?=[0-9{_NUMERAL}])")
_NUMBERED_ROOM = re.compile(r"第(?=[0-9]{3,5})")
_DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}[-/.年])?[0-9]{1,2}月[0-9]{1,2}[日号]?"
    r"|(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:00:00(?::00)?)?"
    r"|(?:[0-9]{1,2}-)?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:-[0-9]{1,4})?",
)


# Ⅱ栋 is 2栋; NFKC would make letters of it.
ROMAN = str.maketrans({chr(0x2160 + n): str(n + 1) for n in range(12)})


def looks_like_date(word: str) -> bool:
    """Whether a folded door is what Excel makes of 3-2: 3月2日, 2026-03-02, 2-MAR."""
    return _DATE.fullmatch(word) is not None


def fold(text: str) -> str:
    """Width, dashes, traditional forms and numerals of number places made one; upper case.

    A numeral that has become a digit may open what stands beside it (第三号 → 第3号 → 3号), so it
    goes on until nothing changes; every round but the last makes the word shorter or plainer.
    """
    word = _fold_once(text)
    while word != text:
        text, word = word, _fold_once(word)
    return word


def _fold_once(text: str) -> str:
    word = (
        _DASHES.sub("-", squash(text.translate(ROMAN))).translate(_TRADITIONAL).upper().rstrip("-")
    )
    word = _LETTER_ZERO.sub("〇", word)
    word = _NOTE_BEHIND.sub("", _BRACKETED.sub(r"\1", _POINT_ZERO.sub("", word)))
    word = _BETWEEN_MARKS.sub("", word)
    found = _OTHER_SEPARATORS.fullmatch(word)
    if found:
        word = "{before}{b}-{u}-{r}".format(**found.groupdict())
    word = _NUMBERED_ROOM.sub("", word)
    return _NUMERAL_LAST.sub(_digits, _NUMERAL_BEFORE_MARKER.sub(_digits, word))


def _digits(match: re.Match[str]) -> str:
    value = chinese_number(match[1])
    return match[0] if value is None else str(value)
