"""Pinyin initials, for finding a person by typing 'zs' for 张三."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache

# Read otherwise as a surname than the dictionary's first reading (or with a first reading that
# depends on the dictionary's version). Where two readings are in use, the more frequent one.
_SURNAMES = {
    surname: letter
    for letter, surnames in {
        "B": "秘柏",
        "C": "重种车谌",
        "G": "盖葛句",
        "H": "华",
        "J": "贾",
        "K": "阚闞适",
        "M": "缪",
        "N": "乜佴",
        "O": "区區",
        "P": "朴繁",
        "Q": "仇覃",
        "R": "任",
        "S": "单單折召沈盛石",
        "W": "隗万",
        "X": "解郇冼",
        "Y": "乐樂员么",
        "Z": "曾查翟祭",
    }.items()
    for surname in surnames
}
_COMPOUND_SURNAMES = {
    "尉迟": "YC",
    "尉遲": "YC",
    "单于": "CY",
    "單于": "CY",
    "万俟": "MQ",
    "长孙": "ZS",
    "長孫": "ZS",
    "澹台": "TT",
    "乐正": "YZ",
}
# Frequent in given names, where the dictionary's first reading is not the usual one.
_GIVEN = {"晟": "S", "长": "C", "長": "C"}
_TOKEN = re.compile(r"[A-Za-z]+|.", re.DOTALL)


@lru_cache(maxsize=16_384)
def _letter(character: str) -> str:
    """The initial of one Han character, '' when it has none."""
    if character in _GIVEN:
        return _GIVEN[character]
    # Only single characters are looked up, so the phrase table (45 MB per process) stays out.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FIRST_LETTER, strict=False, errors="ignore")
    letter = found[0][0][:1].upper() if found else ""
    return letter if "A" <= letter <= "Z" else ""


def initials(name: str) -> str:
    """Pinyin initials in upper case: 张三 → 'ZS', 单雄信 → 'SXX', 尉迟恭 → 'YCG'.

    The first character is read as a surname. Digits stay, a Latin word gives its first letter
    ('John Smith' → 'JS'), and what has no reading (dots, unknown characters) is left out.
    Never raises.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    head = _COMPOUND_SURNAMES.get(text[:2], "")
    if head:
        text = text[2:]
    elif text[:1] in _SURNAMES:
        head, text = _SURNAMES[text[0]], text[1:]
    letters = [head]
    for token in _TOKEN.findall(text):
        if token.isascii():
            letters.append(token[0].upper() if token.isalnum() else "")
        else:
            letters.append(_letter(token))
    return "".join(letters)
