"""From items and adjustments to the scores of an assessment; and the frozen record of them."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from assessments.models import (
    Adjustment,
    AssessmentItem,
    AssessmentStep,
    AssessmentVersion,
    QuarterAssessment,
)
from assessments.scoring import AdjustmentKind, Part, composite, part_score, total
from assessments.workflow import MOVES, Move
from orgs.models import User

SCORES = ("grid_work", "public_service", "composite", "total")


def settle(
    assessment: QuarterAssessment,
    items: Iterable[AssessmentItem],
    adjustments: Iterable[Adjustment],
) -> None:
    """Set the scores from the items and the adjustments in force; the caller saves."""
    parts: dict[str, list[tuple[Decimal | None, Decimal]]] = defaultdict(list)
    for item in items:
        parts[item.part].append((item.points, item.full))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in adjustments:
        if one.ended_at is None:
            sums[one.kind] += one.points
    assessment.grid_work = part_score(parts[Part.GRID_WORK])
    assessment.public_service = part_score(parts[Part.PUBLIC_SERVICE])
    assessment.composite = composite(assessment.grid_work, assessment.public_service)
    assessment.total = total(
        assessment.composite, sums[AdjustmentKind.BONUS], sums[AdjustmentKind.DEDUCTION],
        assessment.scheme.limits,
    )  # fmt: skip


def is_vetoed(adjustments: Iterable[Adjustment]) -> bool:
    return any(one.kind == AdjustmentKind.VETO and one.ended_at is None for one in adjustments)


def step(
    assessment: QuarterAssessment,
    move: Move | str,
    *,
    by: User | None,
    at: datetime,
    note: str = "",
) -> AssessmentStep:
    """Return the line of history of a move, or of what `move` says; the caller saves."""
    known = move if isinstance(move, Move) else MOVES.get(move)
    return AssessmentStep(
        assessment=assessment, move=known.name if known else "change",
        label=known.label if known else str(move), to_status=assessment.status, by=by, at=at,
        note=note,
    )  # fmt: skip


def freeze(
    assessment: QuarterAssessment, *, by: User | None, at: datetime, reason: str = ""
) -> AssessmentVersion:
    """Return the next version, holding everything the score follows from; the caller saves."""
    assessment.version += 1
    content = content_of(assessment)
    return AssessmentVersion(
        assessment=assessment, number=assessment.version, content=content,
        digest=digest_of(content), reason=reason, by=by, at=at,
    )  # fmt: skip


def content_of(assessment: QuarterAssessment) -> dict[str, Any]:
    """Return what is frozen: numbers as texts, so that no reader rounds them."""
    rules = {rule.indicator: rule for rule in assessment.scheme.items.all()}
    return {
        "quarter": assessment.quarter,
        "grid": assessment.grid.code,
        "scheme": str(assessment.scheme),
        "limits": {name: str(value) for name, value in asdict(assessment.scheme.limits).items()},
        "items": [
            {
                "part": item.part, "indicator": item.indicator, "manual": item.manual,
                "numerator": item.numerator, "denominator": item.denominator,
                "prior": text_of(item.prior), "full": str(item.full), "points": text_of(item.points), "reason": item.reason,
                "rule": _rule(rules.get(item.indicator)),
            }
            for item in assessment.items.all()
        ],
        "adjustments": [
            {"kind": one.kind, "points": str(one.points), "reason": one.reason}
            for one in assessment.adjustments.all()
            if one.ended_at is None
        ],
        "grade": assessment.grade,
        **{name: text_of(getattr(assessment, name)) for name in SCORES},
    }  # fmt: skip


def _rule(rule: Any) -> dict[str, str] | None:
    if rule is None:
        return None
    names = ("target", "slope", "floor", "zero_policy", "shrink")
    return {name: str(getattr(rule, name)) for name in names}


def text_of(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:.2f}"


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of the content: keys sorted, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
