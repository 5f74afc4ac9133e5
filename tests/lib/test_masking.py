"""Masked display."""

from __future__ import annotations

from datetime import date

import pytest

from gridparty.lib.masking import (
    mask_birth_date,
    mask_id,
    mask_in_text,
    mask_name,
    mask_phone,
    mask_room,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("张", "*"),
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳娜娜", "欧*娜"),
        ("阿依古丽·买买提", "阿*提"),
        ("𬭚三", "𬭚*"),
        (" 张三 ", "张*"),
    ],
)
def test_mask_name(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("", ""),
        ("16900000001", "169****0001"),
        ("0553-1234567", "0553-***4567"),
        ("05531234567", "0553-***4567"),
        ("0551-12345678", "0551-****5678"),
        ("010-12345678", "010-****5678"),
        ("01012345678", "010-****5678"),
        ("0553-1234567-801", "0553-***4567"),
        ("4001234567", "******4567"),
        ("+85291234567", "********4567"),
        ("12345", "***45"),
        ("110", "***"),
    ],
)
def test_mask_phone(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("", ""),
        ("34990119800101001X", "3499**********001X"),
        ("349901800101001", "3499*******1001"),
        ("E12345678", "E******78"),
        ("1234", "****"),
    ],
)
def test_mask_id(number: str, shown: str) -> None:
    assert mask_id(number) == shown


def test_mask_birth_date() -> None:
    assert mask_birth_date(date(1980, 2, 29)) == "1980-**-**"
    assert mask_birth_date(None) == ""


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        ("", ""),
        ("12栋3单元501", "1*栋…"),
        ("3栋2单元501", "3*栋…"),
        ("阳光花园十二幢501", "阳光花园十*幢…"),
        ("A3号楼501", "A*号楼…"),
        ("501", "5**"),
        ("3-2-501", "3*…"),
        ("地下室1", "地*…"),
    ],
)
def test_mask_room(room: str, shown: str) -> None:
    assert mask_room(room) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话16900000001，急", "电话169****0001，急"),
        ("打0553-1234567或16900000001", "打0553-***4567或169****0001"),
        ("身份证349901198001010015的老人", "身份证3499**********0015的老人"),
        ("旧证349901800101001", "旧证3499*******1001"),
        ("3栋2单元501漏水，2026年10月1日", "3栋2单元501漏水，2026年10月1日"),
        ("编号20261001000123", "编号20261001000123"),
        ("", ""),
    ],
)
def test_numbers_inside_sentences_are_masked(text: str, shown: str) -> None:
    assert mask_in_text(text) == shown
