"""From a rate to a score. Pure.

The shape fits every figure found in published hotline assessments (field notes §2.5):
score = clamp(full - slope × max(0, target - rate), floor, full), rates in percent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices

CENT = Decimal("0.01")


class Part(TextChoices):
    GRID_WORK = "grid_work", "网格工作"
    PUBLIC_SERVICE = "public_service", "为民服务"


class ZeroPolicy(TextChoices):
    """What a denominator of zero means: full marks, nothing, or the item does not count."""

    SKIP = "skip", "不计入，其余折算"
    FULL = "full", "得满分"
    ZERO = "zero", "得零分"


@dataclass(frozen=True)
class Rule:
    """How an indicator scores: all amounts in points, target and slope against percent."""

    full: Decimal
    target: Decimal
    slope: Decimal
    floor: Decimal
    zero_policy: str


def rate_percent(numerator: int, denominator: int) -> Decimal | None:
    """Return numerator ÷ denominator in percent with two decimals; None when there is nothing."""
    if denominator == 0:
        return None
    return (Decimal(numerator) * 100 / denominator).quantize(CENT, ROUND_HALF_UP)


def score(
    rule: Rule, numerator: int, denominator: int, *, lower_is_better: bool = False
) -> Decimal | None:
    """Return the points of one indicator; None when it does not count (zero denominator).

    `lower_is_better` (返工率): what the rate exceeds the target by is taken off.
    """
    if denominator == 0:
        return {ZeroPolicy.FULL: rule.full, ZeroPolicy.ZERO: Decimal(0)}.get(
            ZeroPolicy(rule.zero_policy)
        )
    rate = Decimal(numerator) * 100 / denominator
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
