"""The scoring shape, against the published data points it was fitted to (field notes §2.5)."""

from decimal import Decimal

import pytest

from assessments.scoring import (
    Rule,
    ZeroPolicy,
    composite,
    in_words,
    part_score,
    rate_percent,
    score,
)


def rule(full="25", target="100", slope="1", floor="0", zero=ZeroPolicy.SKIP) -> Rule:
    return Rule(Decimal(full), Decimal(target), Decimal(slope), Decimal(floor), zero)


@pytest.mark.parametrize(
    ("numerator", "denominator", "points"),
    [(8982, 10000, "14.82"), (80, 100, "5.00"), (2, 3, "0.00"), (100, 100, "25.00")],
)
def test_it_gives_the_published_on_time_points(numerator, denominator, points):
    assert score(rule(), numerator, denominator) == Decimal(points)


@pytest.mark.parametrize(
    ("numerator", "denominator", "points"),
    [(3, 4, "13.50"), (7, 8, "19.75"), (5, 7, "12.50"), (1, 2, "12.50"), (99, 100, "25.00")],
)
def test_it_gives_the_published_satisfaction_points(numerator, denominator, points):
    satisfaction = rule(target="98", slope="0.5", floor="12.5")
    assert score(satisfaction, numerator, denominator) == Decimal(points)


@pytest.mark.parametrize(
    ("policy", "points"),
    [(ZeroPolicy.SKIP, None), (ZeroPolicy.FULL, Decimal(25)), (ZeroPolicy.ZERO, Decimal(0))],
)
def test_a_zero_denominator_follows_the_policy(policy, points):
    assert score(rule(zero=policy), 0, 0) == points


def test_skipped_items_are_weighted_away():
    assert part_score([(Decimal(12), Decimal(15)), (None, Decimal(85))]) == Decimal("80.00")


def test_items_that_are_only_shown_do_not_count():
    assert part_score([(Decimal(0), Decimal(0)), (Decimal(15), Decimal(15))]) == Decimal("100.00")


def test_a_part_without_any_sample_has_no_score():
    assert part_score([(None, Decimal(15))]) is None
    assert composite(None, Decimal(90)) is None


def test_rates_are_rounded_half_up():
    assert rate_percent(1, 3) == Decimal("33.33")
    assert rate_percent(2, 3) == Decimal("66.67")
    assert rate_percent(0, 0) is None


def test_a_small_sample_is_drawn_towards_the_community_and_says_so() -> None:
    rule = Rule(Decimal(10), Decimal(90), Decimal("0.5"), Decimal(0), "skip", shrink=5)
    off = Rule(Decimal(10), Decimal(90), Decimal("0.5"), Decimal(0), "skip")
    prior = Decimal("90.00")
    assert score(off, 1, 2, prior=prior) == Decimal("0.00")  # 10 − 0.5 × 40 is less than nothing
    assert score(rule, 1, 2, prior=prior) == Decimal("4.29")  # (1 + 4.5) ÷ 7 = 78.57 %
    assert score(rule, 1000, 2000, prior=prior) == Decimal("0.00")
    assert score(rule, 1, 2, prior=None) == score(off, 1, 2)
    words = in_words(rule, 1, 2, Decimal("4.29"), prior=prior)
    assert "（1 ＋ 5 × 90%）÷（2 ＋ 5）＝ 78.57%" in words
    assert words.endswith("10 − 0.5 ×（90 − 78.57）= 4.29")
