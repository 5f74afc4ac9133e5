"""Writes of the assessments app: open a quarter, compute its draft."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.indicators import INDICATORS
from assessments.models import AssessmentItem, AssessmentScheme, QuarterAssessment, SchemeItem
from assessments.scoring import Part, composite, part_score, score
from assessments.workflow import MOVES
from gridparty.lib.periods import Quarter
from grids.models import Grid
from orgs import audit
from orgs.models import User

# Entries that arrive late still count for three days (field notes §4H).
LATE_WINDOW = timedelta(days=3)
BATCH = 500

audit.describe_actions(assessment__compute="计算季度考核草稿")


@dataclass
class Computation:
    """What one run did: how many grids got a draft, and each indicator's two totals."""

    quarter: Quarter
    opened: int = 0
    computed: int = 0
    unchanged: int = 0
    skipped: list[str] = field(default_factory=list)
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)


def scheme_for(kind: str, day: date) -> AssessmentScheme | None:
    """Return the newest scheme in force on `day` for a kind of grid."""
    return (
        AssessmentScheme.objects.filter(grid_kind=kind, valid_from__lte=day)
        .prefetch_related("items")
        .order_by("-valid_from", "-id")
        .first()
    )


@transaction.atomic
def compute_quarter(*, quarter: Quarter, now: datetime, by: User | None) -> Computation:
    """Open the quarter for every assessed grid and compute its draft; idempotent.

    A run over the same data changes nothing and says so. Raises ValidationError while the
    quarter is still running.
    """
    if now < quarter.end:
        raise ValidationError(f"{quarter.label}尚未结束，结束后才能考核。")
    cutoff = min(now, quarter.end + LATE_WINDOW)
    figures = {code: found.by("grid", quarter, cutoff) for code, found in INDICATORS.items()}
    result = Computation(quarter)
    grids = list(Grid.objects.assessed().open_before(quarter.end_day).order_by("id"))
    _open(quarter, grids, result)
    for start in range(0, len(grids), BATCH):
        _compute_batch(quarter, grids[start : start + BATCH], figures, now, result)
    assessed = {grid.pk for grid in grids}
    for code, by_grid in figures.items():
        pairs = [pair for grid, pair in by_grid.items() if grid in assessed]
        result.totals[code] = (sum(hit for hit, _ in pairs), sum(total for _, total in pairs))
    audit.record(
        by=by,
        action="assessment.compute",
        target=QuarterAssessment,
        detail={
            "quarter": str(quarter), "opened": result.opened,
            "computed": result.computed, "unchanged": result.unchanged,
        },
    )  # fmt: skip
    return result


def _open(quarter: Quarter, grids: list[Grid], result: Computation) -> None:
    """Create the missing rows; grids without a scheme are named, not silently left out."""
    schemes = {kind: scheme_for(kind, quarter.first_day) for kind in {grid.kind for grid in grids}}
    known = set(
        QuarterAssessment.objects.filter(quarter=str(quarter)).values_list("grid_id", flat=True)
    )
    rows = []
    for grid in grids:
        scheme = schemes[grid.kind]
        if scheme is None:
            result.skipped.append(grid.code)
        elif grid.pk not in known:
            rows.append(
                QuarterAssessment(
                    quarter=str(quarter),
                    grid=grid,
                    scheme=scheme,
                    district_id=grid.district_id,
                    street_id=grid.street_id,
                    community_id=grid.community_id,
                )
            )
    QuarterAssessment.objects.bulk_create(rows, batch_size=BATCH)
    result.opened = len(rows)


def _compute_batch(
    quarter: Quarter,
    grids: list[Grid],
    figures: dict[str, dict[int, tuple[int, int]]],
    now: datetime,
    result: Computation,
) -> None:
    compute = MOVES["compute"]
    assessments = list(
        QuarterAssessment.objects.select_for_update(of=("self",))
        .filter(quarter=str(quarter), grid__in=grids, status__in=compute.sources)
        .select_related("scheme")
        .prefetch_related("scheme__items", "items")
    )
    changed, new_items = [], []
    for assessment in assessments:
        items = [
            _item(assessment, rule, figures[rule.indicator].get(assessment.grid_id, (0, 0)))
            for rule in assessment.scheme.items.all()
            if rule.indicator in figures
        ]
        if assessment.status == compute.target and _same(assessment, items):
            result.unchanged += 1
            continue
        parts: dict[str, list[tuple[Decimal | None, Decimal]]] = defaultdict(list)
        for item in items:
            parts[item.part].append((item.points, item.full))
        assessment.grid_work = part_score(parts[Part.GRID_WORK])
        assessment.public_service = part_score(parts[Part.PUBLIC_SERVICE])
        assessment.composite = composite(assessment.grid_work, assessment.public_service)
        assessment.status = compute.target
        assessment.computed_at = now
        changed.append(assessment)
        new_items += items
    AssessmentItem.objects.filter(assessment__in=changed).delete()
    AssessmentItem.objects.bulk_create(new_items, batch_size=BATCH)
    QuarterAssessment.objects.bulk_update(
        changed,
        ["grid_work", "public_service", "composite", "status", "computed_at"],
        batch_size=BATCH,
    )
    result.computed += len(changed)


def _item(
    assessment: QuarterAssessment, rule: SchemeItem, figures: tuple[int, int]
) -> AssessmentItem:
    numerator, denominator = figures
    return AssessmentItem(
        assessment=assessment, part=rule.part, indicator=rule.indicator, order=rule.order,
        numerator=numerator, denominator=denominator, full=rule.full,
        points=score(
            rule.rule, numerator, denominator,
            lower_is_better=INDICATORS[rule.indicator].lower_is_better,
        ),
    )  # fmt: skip


def _same(assessment: QuarterAssessment, items: list[AssessmentItem]) -> bool:
    def facts(item: AssessmentItem) -> tuple[object, ...]:
        return item.indicator, item.numerator, item.denominator, item.full, item.points

    return sorted(map(facts, assessment.items.all()), key=str) == sorted(map(facts, items), key=str)
