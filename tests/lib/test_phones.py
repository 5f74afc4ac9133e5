"""Telephone cells."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridparty.lib.phones import parse_phones

A, B = "16900000001", "16900000002"


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        (A, [A]),
        (f"{A}/{B}", [A, B]),
        (f"{A}、{B}", [A, B]),
        (f"{A};{B}", [A, B]),
        (f"{A}；{B}", [A, B]),
        (f"{A},{B}", [A, B]),
        (f"{A}，{B}", [A, B]),
        (f"{A}\n{B}", [A, B]),
        (f"{A} {B}", [A, B]),
        (f"{A}\u3000{B}", [A, B]),
        (f"{A}或{B}", [A, B]),
        (f"{A}/{A}", [A]),
        (f"+86{A}", [A]),
        (f"86-{A}", [A]),
        (f"86{A}", [A]),
        (f"0086 {A}", [A]),
        (f"（+86）{A}", [A]),
        (f"0{A}", [A]),
        ("169 0000 0001", [A]),
        ("169-0000-0001", [A]),
        ("169—0000—0001 169 0000 0002", [A, B]),
        ("16,900,000,001", [A]),
        ("1,690,000,0001", [A]),
        (f"{A}.0", [A]),
        (f"'{A}", [A]),
        (f"\u200b{A}\ufeff", [A]),
        ("１６９０００００００１", [A]),
        (f"张三{A}", [A]),
        (f"儿子：{A}，女儿:{B}", [A, B]),
        (f"{A}(儿子)", [A]),
        ("0553-1234567", ["0553-1234567"]),
        ("05531234567", ["0553-1234567"]),
        ("0553 1234567", ["0553-1234567"]),
        ("（0553）1234567", ["0553-1234567"]),
        ("0553－1234567", ["0553-1234567"]),
        ("0553—1234567", ["0553-1234567"]),
        ("0553-123-4567", ["0553-1234567"]),
        ("0551-12345678", ["0551-12345678"]),
        ("010-12345678", ["010-12345678"]),
        ("01012345678", ["010-12345678"]),
        ("021 12345678", ["021-12345678"]),
        ("+86-553-1234567", ["0553-1234567"]),
        ("+86 0553 1234567", ["0553-1234567"]),
        ("0086 10-12345678", ["010-12345678"]),
        ("0553-1234567-801", ["0553-1234567-801"]),
        ("0553-1234567转801", ["0553-1234567-801"]),
        ("0553-1234567 分机：801", ["0553-1234567-801"]),
        ("0553-1234567 ext. 801", ["0553-1234567-801"]),
        (f"0553-1234567 {A}", ["0553-1234567", A]),
        (f"0553-1234567,{A}", ["0553-1234567", A]),
        ("400-123-4567", ["4001234567"]),
        ("+852 9123 4567", ["+85291234567"]),
    ],
)
def test_numbers_are_found_in_stored_form(cell: str, numbers: list[str]) -> None:
    found = parse_phones(cell)
    assert found.numbers == numbers
    assert found.problems == []


@pytest.mark.parametrize("cell", ["", " ", "无", "不详", "/", "-", "——", "0", "暂无", "无\n/"])
def test_blank_words_are_no_problem(cell: str) -> None:
    found = parse_phones(cell)
    assert (found.numbers, found.problems) == ([], [])


@pytest.mark.parametrize(
    ("cell", "numbers", "problem"),
    [
        ("1.38E+10", [], "科学计数"),
        ("1.69e10", [], "科学计数"),
        ("1690000000", [], "现在是 10 位"),
        ("169000000012", [], "现在是 12 位"),
        ("1234567", [], "区号"),
        ("12345", [], "看不出"),
        ("0000-123", [], "看不出"),
        ("同上", [], "没有号码"),
        ("空号", [], "空号"),
        (f"{A}(空号)", [A], "空号"),
        (f"{A}停机", [A], "停机"),
        (f"{A} 169000", [A], "看不出"),
        (f"{A}{B}", [], "看不出"),
    ],
)
def test_problems_are_told(cell: str, numbers: list[str], problem: str) -> None:
    found = parse_phones(cell)
    assert found.numbers == numbers
    assert len(found.problems) == 1
    assert problem in found.problems[0]


@given(st.text(max_size=60) | st.from_regex(r"[0-9+\-, ./、;转()E]{0,40}", fullmatch=True))
def test_any_cell_is_read_and_its_numbers_read_again(cell: str) -> None:
    found = parse_phones(cell)
    for number in found.numbers:
        assert parse_phones(number).numbers == [number]
    assert not any(re.search(r"[0-9]{7}", problem) for problem in found.problems)
