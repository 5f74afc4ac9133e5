"""Identity numbers: repairs, refusals, and what the number says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridparty.lib.citizen_id import CitizenIdError, check_digit, parse_citizen_id

TODAY = date(2026, 10, 1)


def number(region: str = "349901", born: str = "19800101", sequence: str = "001") -> str:
    first17 = f"{region}{born}{sequence}"
    return first17 + check_digit(first17)


def with_x() -> str:
    """A number that ends in X."""
    return next(n for s in range(999) if (n := number(sequence=f"{s:03d}")).endswith("X"))


def refused(text: str) -> CitizenIdError:
    with pytest.raises(CitizenIdError) as caught:
        parse_citizen_id(text, TODAY)
    return caught.value


def test_check_digit_follows_the_standard() -> None:
    # The worked example printed in GB 11643 itself.
    assert check_digit("11010519491231002") == "X"
    for wrong in ("", "1101051949123100", "110105194912310022", "1101051949123100A", "１" * 17):
        with pytest.raises(ValueError, match="前 17 位"):
            check_digit(wrong)


def test_a_number_tells_birth_gender_and_region() -> None:
    person = parse_citizen_id(number(born="19800229", sequence="121"), TODAY)
    assert person.birth_date == date(1980, 2, 29)
    assert person.gender == "M"
    assert person.region_code == "349901"
    assert person.kind == "citizen"
    assert not person.converted_from_15
    assert parse_citizen_id(number(sequence="122"), TODAY).gender == "F"


@given(
    region=st.from_regex(r"[1-9][0-9]{5}", fullmatch=True).filter(lambda r: r[:1] != "9"),
    born=st.dates(date(1900, 1, 1), TODAY),
    sequence=st.integers(0, 999),
)
def test_any_region_and_plausible_date_is_valid(region: str, born: date, sequence: int) -> None:
    text = number(region, f"{born:%Y%m%d}", f"{sequence:03d}")
    person = parse_citizen_id(text, TODAY)
    assert (person.number, person.birth_date) == (text, born)
    assert person.gender == ("M" if sequence % 2 else "F")


@pytest.mark.parametrize(("region", "born"), [("341802", "1980"), ("341002", "1970")])
def test_counties_younger_than_the_person_are_accepted(region: str, born: str) -> None:
    assert parse_citizen_id(number(region, f"{born}0101"), TODAY).region_code == region


@pytest.mark.parametrize(
    ("region", "kind"),
    [
        ("810000", "hmt_residence"),
        ("820000", "hmt_residence"),
        ("830000", "hmt_residence"),
        ("911124", "foreign_permanent"),
        ("810001", "citizen"),
    ],
)
def test_residence_permits_share_the_shape(region: str, kind: str) -> None:
    assert parse_citizen_id(number(region), TODAY).kind == kind


def test_fifteen_digits_become_eighteen() -> None:
    person = parse_citizen_id("349901800101001", TODAY)
    assert person.number == number()
    assert person.converted_from_15
    assert refused("349901801301001").code == "birth_date"


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


@pytest.mark.parametrize(
    "dirty",
    [
        lambda n: n.lower(),
        lambda n: _wide(n),
        lambda n: f"'{n}",
        lambda n: f"’{n}",
        lambda n: f'="{n}"',
        lambda n: f"\ufeff{n}\u200b",
        lambda n: f"\t{n}\r\n",
        lambda n: f"\xa0{n}\u3000",
        lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
        lambda n: f"{n[:6]}-{n[6:14]}—{n[14:]}",
        lambda n: f"{n[:6]}–{n[6:14]}−{n[14:]}",
        lambda n: n[:-1] + "Х",  # Cyrillic
        lambda n: n[:-1] + "х",  # Cyrillic
        lambda n: n[:-1] + "×",
        lambda n: n[:-1] + "*",
        lambda n: n[:-1] + "＊",
        lambda n: n[:-1] + "ｘ",
    ],
)
def test_repairs_that_lose_nothing(dirty: object) -> None:
    assert callable(dirty)
    text = with_x()
    assert parse_citizen_id(dirty(text), TODAY).number == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        ("无", "characters"),
        ("3499011980010100", "length"),
        ("34990119800101001", "length"),
        ("3499011980010100155", "length"),
        ("34990119800101001A", "characters"),
        ("3499O1198001010015", "characters"),
        ("E12345678", "characters"),
        ("X49901198001010015", "characters"),
        ("349901198001010025", "checksum"),
        ("349901190813010015", "checksum"),
        ("3499**********0015", "masked"),
        ("3499XXXXXXXXXX0015", "masked"),
        ("3499××××××××××0015", "masked"),
        ("3499●●●●●●●●●●0015", "masked"),
        ("34990119800101****", "masked"),
        ("34990119800101001*", "masked"),
        ("******************", "masked"),
        ("349901********001X", "masked"),
        ("3.49901E+17", "scientific"),
        ("3.49901198001010e+17", "scientific"),
        ("3E17", "scientific"),
        ("349901198001010000.0", "scientific"),
    ],
)
def test_refusals_name_their_rule(text: str, code: str) -> None:
    assert refused(text).code == code


def test_floats_of_a_number_column_are_recognised() -> None:
    assert refused(str(349901198001011008.0)).code == "scientific"


def test_digits_lost_to_a_number_column_are_hinted_at() -> None:
    error = refused("349901198001011000")
    assert error.code == "checksum"
    assert "末三位都是 0" in error.message_zh


@pytest.mark.parametrize("born", ["18991231", "20261002", "19800230", "19801301", "00000000"])
def test_impossible_birth_dates_are_refused(born: str) -> None:
    assert refused(number(born=born)).code == "birth_date"


def test_born_today_is_possible() -> None:
    assert parse_citizen_id(number(born="20261001"), TODAY).birth_date == TODAY
    with pytest.raises(CitizenIdError):
        parse_citizen_id(number(born="20261001"), TODAY - timedelta(days=1))


@given(position=st.integers(0, 16), shift=st.integers(1, 9))
def test_every_single_wrong_digit_is_found(position: int, shift: int) -> None:
    good = number()
    bad = str((int(good[position]) + shift) % 10)
    assert refused(good[:position] + bad + good[position + 1 :]).code == "checksum"


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_without_being_repeated(text: str) -> None:
    try:
        parse_citizen_id(text, TODAY)
    except CitizenIdError as error:
        assert len(text.strip()) < 9 or text not in error.message_zh


@pytest.mark.parametrize(
    "text", ["349901198001010025", "34990119800101001", "3499011980010100XX", "349901188001010013"]
)
def test_messages_and_repr_show_no_number(text: str) -> None:
    error = refused(text)
    assert text[:8] not in error.message_zh
    assert text[:8] not in repr(error)
    shown = repr(parse_citizen_id(number(), TODAY))
    assert "1980" not in shown
    assert "gender" not in shown
