"""Cells as they come: cleaning, numerals, sort keys, blanks, initials."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridparty.lib.text import (
    chinese_number,
    clean_prose,
    clean_text,
    has_nul,
    initials,
    is_blank_word,
    natural_key,
    squash,
)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("", ""),
        ("  张三 ", "张三"),
        ("张\u3000三", "张 三"),
        ("张\xa0\t\r\n 三", "张 三"),
        ("\ufeff张\u200b三\u200d\u2060\xad", "张三"),
        ("张\x00三\x07\x1b\x7f", "张三"),
        ("３４１８Ｘ", "3418X"),
        ("阳光花园（东区）", "阳光花园(东区)"),
        ("“优秀”、好。", "“优秀”、好。"),
        ("3—2–1－1", "3—2–1-1"),
        ("〇", "〇"),
        ("𬭚\U00020000", "𬭚\U00020000"),
        ("李\ue815", "李\ue815"),
        ("\uf9dd", "利"),
        ("葛\U000e0100", "葛"),
        ("张\ud800三", "张三"),
        (501, "501"),
        (501.0, "501"),
        (-3.0, "-3"),
        (1980.1, "1980.1"),
        (16900000001.0, "16900000001"),
        (349901198001011008.0, "3.49901198001011e+17"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (True, "True"),
    ],
)
def test_clean_text_reads_a_cell(cell: object, text: str) -> None:
    assert clean_text(cell) == text


@given(st.text(st.characters(exclude_categories=[])))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert squash(squash(text)) == squash(text)
    assert " " not in squash(text)
    once.encode()


@given(st.text(st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF), max_size=20))
def test_four_byte_characters_survive(text: str) -> None:
    assert clean_text(text) == squash(text) == text


def test_squash_leaves_no_space() -> None:
    assert squash(" 联系\n电 话 ") == "联系电话"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("第一行\r\n第二行\r第三行  \n", "第一行\n第二行\n第三行"),
        ("路灯坏了，（东门）：请修！", "路灯坏了，（东门）：请修！"),
        ("\ufeffa\x00b\x08c\ud800\td", "abc d"),
        ("  \n\n", ""),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_clean_prose_keeps_lines_and_punctuation(typed: str, kept: str) -> None:
    assert clean_prose(typed) == kept


def test_has_nul() -> None:
    assert has_nul("张\x00三")
    assert not has_nul("张三")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("〇", 0),
        ("零", 0),
        ("三", 3),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("廿", 20),
        ("廿一", 21),
        ("卅", 30),
        ("九十九", 99),
        ("一百", 100),
        ("一百零三", 103),
        ("一百〇三", 103),
        ("一百三", 130),
        ("一百一十三", 113),
        ("二千零五十", 2050),
        ("一万二千", 12000),
        ("十万", 100_000),
        ("一亿零三万", 100_030_000),
        ("二〇二六", 2026),
        ("零五", 5),
        ("贰拾叁", 23),
        ("３", 3),
        ("012", 12),
        (" 十 二 ", 12),
        ("", None),
        ("甲", None),
        ("百", None),
        ("万", None),
        ("十十", None),
        ("三三十", None),
        ("十百", None),
        ("三栋", None),
        ("1十", None),
        ("一" * 25, None),
        ("9" * 19, None),
        ("一万二万", None),
    ],
)
def test_chinese_number(text: str, value: int | None) -> None:
    assert chinese_number(text) == value


def _spell(number: int) -> str:
    """An independent speller for 1–9999."""
    words, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if zero else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        elif words:
            zero = True
    return words.removeprefix("一") if words.startswith("一十") else words


def test_every_number_that_can_be_spelled_is_read() -> None:
    assert [n for n in range(1, 10_000) if chinese_number(_spell(n)) != n] == []


@given(st.text(alphabet="零一二三十百千万亿廿两〇", max_size=30))
def test_any_heap_of_numerals_gives_a_number_or_none(text: str) -> None:
    value = chinese_number(text)
    assert value is None or value >= 0


@pytest.mark.parametrize(
    "ordered",
    [
        "2栋 三栋 10栋 廿栋 A栋 b栋 甲栋 乙栋 丁栋",
        "1单元 二单元 03单元 乙单元",
        "3-2-101 3—2—501 3-10-101 12-1-101",
        "第一网格 第2网格 第十网格 第十二网格 第一百零三网格",
        "网格九 网格十 网格十一",
        "二〇二五年 2026年",
        "501 501A 501b 1501",
        "阳光花园2栋 阳光花园十栋",
        "甲 乙 丙 丁 戊 己 庚 辛 壬 癸",
    ],
)
def test_natural_key_sorts_as_people_count(ordered: str) -> None:
    words = ordered.split()
    shuffled = random.Random(7).sample(words, len(words))
    assert sorted(shuffled, key=natural_key) == words


def test_natural_key_sees_through_spelling() -> None:
    assert len({natural_key(text) for text in ("３ 栋", "3栋", "03栋", "三栋", "叁栋")}) == 1


def test_natural_key_leaves_names_alone() -> None:
    for name in ("三里庙", "万达广场", "百合苑", "甲天下"):
        assert natural_key(name) == name


def test_natural_key_of_long_digit_runs_and_of_nothing() -> None:
    assert natural_key("34180100100") == "34180100100"
    assert natural_key("000") == "000000"
    assert natural_key("") == ""


@pytest.mark.parametrize(
    "word",
    ["", " ", "\u3000", "无", " 无 ", "不详", "未提供", "暂无", "None", "N/A", "#N/A", "0", "/"],
)
def test_blank_words(word: str) -> None:
    assert is_blank_word(word)


@pytest.mark.parametrize("marks", ["／", "-", "——", "…", "*", "。", "_", "、、"])
def test_a_cell_of_marks_is_blank(marks: str) -> None:
    assert is_blank_word(marks)


@pytest.mark.parametrize(
    "word", ["张三", "无为", "同上", "〃", '"', "“张”", "10", "3-2", "否", "〇"]
)
def test_not_blank(word: str) -> None:
    assert not is_blank_word(word)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("张三", "ZS"),
        ("单雄信", "SXX"),
        ("曾国藩", "ZGF"),
        ("解缙", "XJ"),
        ("仇英", "QY"),
        ("区志强", "OZQ"),
        ("查良镛", "ZLY"),
        ("盖叫天", "GJT"),
        ("任我行", "RWX"),
        ("华佗", "HT"),
        ("朴正", "PZ"),
        ("翟志刚", "ZZG"),
        ("覃勇", "QY"),
        ("尉迟恭", "YCG"),
        ("尉国", "WG"),
        ("单于", "CY"),
        ("长孙无忌", "ZSWJ"),
        ("万俟卨", "MQX"),
        ("万里", "WL"),
        ("欧阳娜娜", "OYNN"),
        ("李晟", "LS"),
        ("张曾", "ZC"),  # only the first character is a surname
        ("阿依古丽·买买提", "AYGLMMT"),
        ("第1网格", "D1WG"),
        ("John Smith", "JS"),
        ("𬭚三", "CS"),
        (" 张　三 ", "ZS"),
        ("", ""),
        ("··", ""),
        ("\x00张", "Z"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.text(st.characters(exclude_categories=[]), max_size=8))
def test_initials_are_letters_and_digits(name: str) -> None:
    letters = initials(name)
    assert letters == letters.upper()
    assert letters == "" or (letters.isascii() and letters.isalnum())
