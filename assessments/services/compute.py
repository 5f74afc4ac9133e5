"""Writes of the assessments app: open a quarter, compute its draft."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments import duties, outcomes  # noqa: F401  their indicators stand in the registry
from assessments.indicators import INDICATORS
from assessments.models import AssessmentItem, AssessmentScheme, QuarterAssessment, SchemeItem
from assessments.scoring import rate_percent, score
from assessments.services.settling import SCORES, settle
from assessments.workflow import RECOMPUTED, Status
from gridparty.lib.periods import Quarter
from grids.models import Grid
from orgs import audit
from orgs.models import User

# Entries that arrive late still count for three days (field notes §4H).
LATE_WINDOW = timedelta(days=3)
BATCH = 500
Rates = dict[str, dict[int, Decimal]]

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
    figures = figures_of(quarter, cutoff_of(quarter, now))
    rates = community_rates(figures)
    result = Computation(quarter)
    grids = list(Grid.objects.assessed().open_before(quarter.end_day).order_by("id"))
    _open(quarter, grids, result)
    for start in range(0, len(grids), BATCH):
        _compute_batch(quarter, grids[start : start + BATCH], figures, rates, now, result)
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
    rates: Rates,
    now: datetime,
    result: Computation,
) -> None:
    assessments = list(
        QuarterAssessment.objects.select_for_update(of=("self",))
        .filter(quarter=str(quarter), grid__in=grids, status__in=RECOMPUTED)
        .select_related("scheme")
        .prefetch_related("scheme__items", "items", "adjustments")
    )
    changed, new_items = [], []
    for assessment in assessments:
        items = items_of(assessment, figures, rates)
        if assessment.status != Status.OPEN and _same(assessment, items):
            result.unchanged += 1
            continue
        settle(assessment, items, assessment.adjustments.all())
        if assessment.status == Status.OPEN:
            assessment.status = Status.COMPUTED
        assessment.computed_at = now
        changed.append(assessment)
        new_items += items
    AssessmentItem.objects.filter(assessment__in=changed).delete()
    AssessmentItem.objects.bulk_create(new_items, batch_size=BATCH)
    QuarterAssessment.objects.bulk_update(
        changed, [*SCORES, "status", "computed_at"], batch_size=BATCH
    )
    result.computed += len(changed)


def figures_of(quarter: Quarter, cutoff: datetime) -> dict[str, dict[int, tuple[int, int]]]:
    """Return {indicator: {grid: (numerator, denominator)}} as scored: one query an indicator."""
    return {
        code: found.by("grid", quarter, cutoff, scored=True) for code, found in INDICATORS.items()
    }


def community_rates(figures: dict[str, dict[int, tuple[int, int]]]) -> Rates:
    """Return {indicator: {community: rate in percent}} of the grids together: one query."""
    community_of = dict(Grid.objects.order_by().values_list("pk", "community_id"))
    rates: Rates = {}
    for code, by_grid in figures.items():
        sums: dict[int, tuple[int, int]] = {}
        for grid, (hit, total) in by_grid.items():
            had = sums.get(community_of[grid], (0, 0))
            sums[community_of[grid]] = (had[0] + hit, had[1] + total)
        found = {key: rate_percent(*pair) for key, pair in sums.items()}
        rates[code] = {key: rate for key, rate in found.items() if rate is not None}
    return rates


def cutoff_of(quarter: Quarter, now: datetime) -> datetime:
    """Return the instant whose knowledge counts: entries up to three days late still do."""
    return min(now, quarter.end + LATE_WINDOW)


def items_of(
    assessment: QuarterAssessment, figures: dict[str, dict[int, tuple[int, int]]], rates: Rates
) -> list[AssessmentItem]:
    """Return the items anew, unsaved; what a reviewer gave by hand is carried over."""
    given = {item.indicator: item for item in assessment.items.all() if item.manual}
    items = []
    for rule in assessment.scheme.items.all():
        if rule.manual:
            items.append(_manual(assessment, rule, given.get(rule.indicator)))
        elif rule.indicator in figures:
            pair = figures[rule.indicator].get(assessment.grid_id, (0, 0))
            prior = rates[rule.indicator].get(assessment.community_id) if rule.shrink else None
            items.append(_item(assessment, rule, pair, prior))
    return items


def _manual(
    assessment: QuarterAssessment, rule: SchemeItem, old: AssessmentItem | None
) -> AssessmentItem:
    return AssessmentItem(
        assessment=assessment, part=rule.part, indicator=rule.indicator, order=rule.order,
        manual=True, numerator=0, denominator=0, full=rule.full,
        points=old.points if old else None, reason=old.reason if old else "",
        reviewer_id=old.reviewer_id if old else None,
    )  # fmt: skip


def _item(
    assessment: QuarterAssessment, rule: SchemeItem, figures: tuple[int, int],
    prior: Decimal | None,
) -> AssessmentItem:  # fmt: skip
    numerator, denominator = figures
    return AssessmentItem(
        assessment=assessment, part=rule.part, indicator=rule.indicator, order=rule.order,
        numerator=numerator, denominator=denominator, full=rule.full, prior=prior,
        points=score(
            rule.rule, numerator, denominator, prior=prior,
            lower_is_better=INDICATORS[rule.indicator].lower_is_better,
        ),
    )  # fmt: skip


def _same(assessment: QuarterAssessment, items: list[AssessmentItem]) -> bool:
    def facts(item: AssessmentItem) -> tuple[object, ...]:
        counts = item.numerator, item.denominator, item.prior
        return item.indicator, *counts, item.full, item.points

    return sorted(map(facts, assessment.items.all()), key=str) == sorted(map(facts, items), key=str)
