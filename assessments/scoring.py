"""From a rate to a score. Pure.

The shape fits every figure found in published hotline assessments (field notes §2.5):
score = clamp(full - slope × max(0, target - rate), floor, full), rates in percent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

from django.db.models import TextChoices

CENT = Decimal("0.01")
# Under this many rows a rate says little: it is shown and marked, never ranked.
MIN_SAMPLE = 5


class Part(TextChoices):
    GRID_WORK = "grid_work", "网格工作"
    PUBLIC_SERVICE = "public_service", "为民服务"


class Grade(TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"


class AdjustmentKind(TextChoices):
    BONUS = "bonus", "加分"
    DEDUCTION = "deduction", "扣分"
    VETO = "veto", "一票否决"


class ZeroPolicy(TextChoices):
    """What a denominator of zero means: full marks, nothing, or the item does not count."""

    SKIP = "skip", "不计入，其余折算"
    FULL = "full", "得满分"
    ZERO = "zero", "得零分"


@dataclass(frozen=True)
class Rule:
    """How an indicator scores: all amounts in points, target and slope against percent.

    `shrink`: as how many rows the community's rate counts beside the grid's own; 0 is off.
    """

    full: Decimal
    target: Decimal
    slope: Decimal
    floor: Decimal
    zero_policy: str
    shrink: int = 0


def shrunk(numerator: int, denominator: int, prior: Decimal | None, weight: int) -> Decimal:
    """Return the rate in percent, drawn towards `prior` (percent) as if by `weight` rows more.

    With 1 of 2 and 5 rows at 90 % it is (1 + 4.5) ÷ 7 = 78.57 %: three rows decide little.
    """
    if prior is None or weight == 0:
        return Decimal(numerator) * 100 / denominator
    return (Decimal(numerator) * 100 + weight * prior) / (denominator + weight)


def rate_percent(numerator: int, denominator: int) -> Decimal | None:
    """Return numerator ÷ denominator in percent with two decimals; None when there is nothing."""
    if denominator == 0:
        return None
    return (Decimal(numerator) * 100 / denominator).quantize(CENT, ROUND_HALF_UP)


def score(
    rule: Rule, numerator: int, denominator: int, *, lower_is_better: bool = False,
    prior: Decimal | None = None,
) -> Decimal | None:  # fmt: skip
    """Return the points of one indicator; None when it does not count (zero denominator).

    `lower_is_better` (返工率): what the rate exceeds the target by is taken off. `prior` is the
    community's rate in percent, for rules that shrink.
    """
    if denominator == 0:
        return {ZeroPolicy.FULL: rule.full, ZeroPolicy.ZERO: Decimal(0)}.get(
            ZeroPolicy(rule.zero_policy)
        )
    rate = shrunk(numerator, denominator, prior, rule.shrink)
    missed = rate - rule.target if lower_is_better else rule.target - rate
    points = rule.full - rule.slope * max(Decimal(0), missed)
    return min(rule.full, max(rule.floor, points)).quantize(CENT, ROUND_HALF_UP)


def part_score(items: Iterable[tuple[Decimal | None, Decimal]]) -> Decimal | None:
    """Fold (points, full) pairs into a score out of 100, skipped items re-weighted away."""
    counted = [(points, full) for points, full in items if points is not None and full > 0]
    total = sum((full for _points, full in counted), Decimal(0))
    if total == 0:
        return None
    points = sum((points for points, _full in counted), Decimal(0))
    return (points * 100 / total).quantize(CENT, ROUND_HALF_UP)


def composite(grid_work: Decimal | None, public_service: Decimal | None) -> Decimal | None:
    """Return the mean of the two hundreds; None unless both are known."""
    if grid_work is None or public_service is None:
        return None
    return ((grid_work + public_service) / 2).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Limits:
    """What a scheme allows beside the indicators: points, and the grades' lower bounds."""

    bonus_max: Decimal
    deduction_max: Decimal
    excellent: Decimal
    good: Decimal
    passed: Decimal


def total(
    mean: Decimal | None, bonus: Decimal, deduction: Decimal, limits: Limits
) -> Decimal | None:
    """Return the mean with the adjustments, each capped by the scheme; never below 0."""
    if mean is None:
        return None
    changed = mean + min(bonus, limits.bonus_max) - min(deduction, limits.deduction_max)
    return max(Decimal(0), changed).quantize(CENT, ROUND_HALF_UP)


def grade_of(points: Decimal | None, *, vetoed: bool, limits: Limits) -> str:
    """Return the grade, "" without a score. A veto caps it at 合格 (field notes §3D)."""
    if points is None:
        return ""
    if points < limits.passed:
        return Grade.FAIL
    if vetoed or points < limits.good:
        return Grade.PASS
    return Grade.EXCELLENT if points >= limits.excellent else Grade.GOOD


def best(
    scores: Mapping[int, tuple[Decimal, Decimal]], share: Decimal, among: int
) -> frozenset[int]:
    """Return the keys that keep 优秀: the highest `share` percent of `among` grids, ties by 为民服务.

    `scores` are the (total, public service) pairs of the grids that reached it; equal pairs stay or
    go together, so nobody loses by the order of a list.
    """
    places = int(among * share / 100)
    ordered = sorted(scores.values(), reverse=True)
    if len(ordered) <= places:
        return frozenset(scores)
    first_out = ordered[places]
    return frozenset(key for key, pair in scores.items() if pair > first_out)


def interval(numerator: int, denominator: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a rate in percent (Wilson score); None for 0 ÷ 0.

    With 3 of 4 it is 30.1–95.4: what a small sample is worth is said beside it.
    """
    if denominator == 0:
        return None
    z, share = 1.96, numerator / denominator
    base = 1 + z * z / denominator
    middle = (share + z * z / (2 * denominator)) / base
    half = z * sqrt(share * (1 - share) / denominator + (z / (2 * denominator)) ** 2) / base
    return round(100 * max(0.0, middle - half), 1), round(100 * min(1.0, middle + half), 1)


def plain(number: Decimal | int | None) -> str:
    """Return 90 for 90.00 and 0.5 for 0.50."""
    return f"{float(number or 0):g}"


def in_words(
    rule: Rule, numerator: int, denominator: int, points: Decimal | None, *,
    lower_is_better: bool = False, prior: Decimal | None = None,
) -> str:  # fmt: skip
    """Return the calculation of an item with its numbers, as whoever asks 为什么 reads it."""
    if denominator == 0:
        return f"没有样本：{ZeroPolicy(rule.zero_policy).label}"
    rate = shrunk(numerator, denominator, prior, rule.shrink).quantize(CENT, ROUND_HALF_UP)
    drawn = ""
    if prior is not None and rule.shrink:
        drawn = (
            f"小样本折算：（{numerator} ＋ {rule.shrink} × {plain(prior)}%）÷（{denominator} ＋ {rule.shrink}）"
            f"＝ {plain(rate)}%，{plain(prior)}% 是本社区的比率。"
        )
    goal = f"不高于 {plain(rule.target)}%" if lower_is_better else f"目标 {plain(rule.target)}%"
    missed = rate - rule.target
    missed = missed if lower_is_better else -missed
    if missed <= 0:
        return f"{drawn}{goal}，已达到：满分 {plain(rule.full)}"
    first, second = (rate, rule.target) if lower_is_better else (rule.target, rate)
    words = f"{drawn}{plain(rule.full)} − {plain(rule.slope)} ×（{plain(first)} − {plain(second)}）"
    if rule.full - rule.slope * missed < rule.floor:
        return f"{words}低于保底，得 {plain(rule.floor)}"
    return f"{words}= {points}"
