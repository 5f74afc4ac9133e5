"""Does a frozen result still say what was made public, and does it follow from its own numbers?"""

from decimal import Decimal
from typing import Any

from assessments.indicators import INDICATORS
from assessments.models import AssessmentVersion
from assessments.scoring import (
    AdjustmentKind,
    Limits,
    Part,
    Rule,
    composite,
    part_score,
    score,
    total,
)
from assessments.services.settling import SCORES, digest_of, text_of


def faults_of(version: AssessmentVersion, *, is_newest: bool) -> list[str]:
    """Return what does not fit, in sentences; nothing when all does.

    Everything is computed from the frozen content alone; the newest version must also be what the
    assessment shows today.
    """
    content = version.content
    faults = []
    if digest_of(content) != version.digest:
        faults.append("内容与指纹不一致")
    for item in content["items"]:
        expected = _points(item)
        if expected != item["points"]:
            faults.append(f"{item['indicator']}应得 {expected}，记为 {item['points']}")
    scores = _scores(content)
    faults += [
        f"{name} 应为 {scores[name]}，记为 {content[name]}"
        for name in SCORES
        if scores[name] != content[name]
    ]
    if is_newest:
        row = version.assessment
        shown = {name: text_of(getattr(row, name)) for name in SCORES} | {"grade": row.grade}
        faults += [
            f"{name} 现在显示 {value}，固定的是 {content[name]}"
            for name, value in shown.items()
            if value != content[name]
        ]
    return faults


def _points(item: dict[str, Any]) -> str | None:
    rule = item["rule"]
    if item["manual"] or rule is None:
        return item["points"]  # type: ignore[no-any-return]
    found = INDICATORS.get(item["indicator"])
    # Results made public before there was shrinking do not name it.
    prior = Decimal(item["prior"]) if item.get("prior") else None
    shrink = int(rule.get("shrink", 0))
    amounts = {name: Decimal(rule[name]) for name in ("target", "slope", "floor")}
    points = score(
        Rule(full=Decimal(item["full"]), zero_policy=rule["zero_policy"], shrink=shrink, **amounts),
        item["numerator"], item["denominator"], prior=prior,
        lower_is_better=found.lower_is_better if found else False,
    )  # fmt: skip
    return text_of(points)


def _scores(content: dict[str, Any]) -> dict[str, str | None]:
    parts: dict[str, list[tuple[Decimal | None, Decimal]]] = {part: [] for part in Part}
    for item in content["items"]:
        points = None if item["points"] is None else Decimal(item["points"])
        parts[item["part"]].append((points, Decimal(item["full"])))
    sums = dict.fromkeys(AdjustmentKind.values, Decimal(0))
    for one in content["adjustments"]:
        sums[one["kind"]] += Decimal(one["points"])
    work, service = part_score(parts[Part.GRID_WORK]), part_score(parts[Part.PUBLIC_SERVICE])
    mean = composite(work, service)
    limits = Limits(**{name: Decimal(value) for name, value in content["limits"].items()})
    whole = total(mean, sums[AdjustmentKind.BONUS], sums[AdjustmentKind.DEDUCTION], limits)
    return {
        "grid_work": text_of(work), "public_service": text_of(service), "composite": text_of(mean),
        "total": text_of(whole),
    }  # fmt: skip
