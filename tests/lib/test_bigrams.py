"""How alike two texts are."""

import pytest

from gridparty.lib.bigrams import alike, bigrams


def test_it_takes_neighbouring_pairs_and_ignores_marks_and_numbers() -> None:
    assert bigrams("3栋路灯，不亮！") == ["栋路", "路灯", "不亮"]
    assert bigrams("灯") == ["灯"]
    assert bigrams("  12，。") == []


def test_it_reads_full_width_letters_as_plain_ones() -> None:
    assert bigrams("ＡＢ") == bigrams("ab") == ["ab"]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("楼道灯不亮", "楼道灯不亮", 1, 1),
        ("楼道灯不亮", "垃圾没人清运", 0, 0),
        ("", "楼道灯不亮", 0, 0),
        ("灯不亮", "三单元楼道的灯不亮，晚上看不见路", 0.3, 0.5),
    ],
)
def test_it_says_how_alike_two_texts_are(one: str, other: str, least: float, most: float) -> None:
    assert least <= alike(set(bigrams(one)), set(bigrams(other))) <= most
