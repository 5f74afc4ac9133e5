"""What happens to a street's assessments together: self-review, publicity, result, use."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import Appeal, AssessmentStep, AssessmentVersion, QuarterAssessment
from assessments.scoring import Grade, best, grade_of
from assessments.services.compute import LATE_WINDOW
from assessments.services.settling import freeze, is_vetoed, step
from assessments.services.telling import tell_together
from assessments.sides import answers_for
from assessments.workflow import MOVES, Status
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Quarter
from orgs import audit
from orgs.models import OrgUnit, User
from orgs.workdays import work_calendar

REVIEW_WORKDAYS = 5
PUBLICITY_WORKDAYS = 5


def rows_of(street: OrgUnit, quarter: Quarter) -> list[QuarterAssessment]:
    """Return the street's rows, locked, with all a score follows from."""
    return list(
        QuarterAssessment.objects.select_for_update(of=("self",))
        .filter(street=street, quarter=str(quarter))
        .select_related("scheme", "grid")
        .prefetch_related("items", "adjustments", "scheme__items")
        .order_by("grid__code")
    )


@transaction.atomic
def move_street(
    *, street: OrgUnit, quarter: Quarter, name: str, by: User | None, now: datetime | None = None
) -> int:
    """Take the street's assessments one step on, all of them or none; returns how many.

    `by` None is the clock. ValidationError names the grids that are not ready.
    """
    move = MOVES.get(name)
    if move is None or not move.together:
        raise ValidationError("没有这个步骤。")
    if by is not None and not any(answers_for(grant, street.pk) for grant in by.grants):
        raise PermissionDenied(f"“{move.label}”由街道党工委操作。")
    at = now or timezone.now()
    rows = rows_of(street, quarter)
    if not rows:
        raise ValidationError(f"{quarter.label}没有这个街道的考核。")
    if all(row.status == move.target for row in rows):
        return 0
    if move.some:
        rows = [row for row in rows if row.status in move.sources]
    _all_ready(rows, move.sources, move.label)
    if name in GUARDS:
        GUARDS[name](rows, at)
    columns = EFFECTS[name](rows, at) if name in EFFECTS else []
    for row in rows:
        row.status = move.target
    QuarterAssessment.objects.bulk_update(rows, ["status", *columns], batch_size=500)
    if name == "publish":  # the content names the status-free result: frozen after the grades
        AssessmentVersion.objects.bulk_create([freeze(row, by=by, at=at) for row in rows])
        QuarterAssessment.objects.bulk_update(rows, ["version"], batch_size=500)
    AssessmentStep.objects.bulk_create([step(row, move, by=by, at=at) for row in rows])
    audit.record(
        by=by, action=f"assessment.{name}", target=street, street=street.pk,
        detail={"quarter": str(quarter), "grids": len(rows)},
    )  # fmt: skip
    tell_together(rows, move, by=by, at=at)
    return len(rows)


def _all_ready(rows: list[QuarterAssessment], sources: tuple[str, ...], label: str) -> None:
    behind = [row for row in rows if row.status not in sources]
    if behind:
        raise ValidationError(f"还不能{label}：{_names(behind, of_status=True)}。")


def _names(rows: list[QuarterAssessment], *, of_status: bool = False) -> str:
    shown = [
        f"{row.grid.name}（{row.get_status_display()}）" if of_status else row.grid.name
        for row in rows[:5]
    ]
    return "、".join(shown) + (f"等 {len(rows)} 个网格" if len(rows) > 5 else "")


def _all_scored(rows: list[QuarterAssessment], at: datetime) -> None:
    missing = [
        row
        for row in rows
        if any(item.manual and item.full > 0 and item.points is None for item in row.items.all())
    ]
    if missing:
        raise ValidationError(f"还有人工评分项没有评分：{_names(missing)}。请评分后再公示。")


def _publicity_is_over(rows: list[QuarterAssessment], at: datetime) -> None:
    until = max(row.publicity_until for row in rows if row.publicity_until)
    if local_date(at) <= until:
        raise ValidationError(f"公示到 {until:%Y年%m月%d日} 结束，之后才能定案。")
    waiting = Appeal.objects.open().filter(assessment__in=rows).count()
    if waiting:
        raise ValidationError(f"还有 {waiting} 件申诉没有答复，答复后才能定案。")


GUARDS = {"publish": _all_scored, "finalise": _publicity_is_over}


def _give_time(rows: list[QuarterAssessment], at: datetime) -> list[str]:
    due = work_calendar().add_workdays(local_date(at), REVIEW_WORKDAYS)
    for row in rows:
        row.review_due = due
    return ["review_due"]


def _grade(rows: list[QuarterAssessment], at: datetime) -> list[str]:
    """Give the grades; 优秀 goes to a share of the grids of each kind at most."""
    until = work_calendar().add_workdays(local_date(at), PUBLICITY_WORKDAYS)
    by_scheme: dict[int, list[QuarterAssessment]] = {}
    for row in rows:
        row.publicity_until = until
        row.grade = grade_of(
            row.total, vetoed=is_vetoed(row.adjustments.all()), limits=row.scheme.limits
        )
        by_scheme.setdefault(row.scheme_id, []).append(row)
    for group in by_scheme.values():
        reached = {
            row.pk: (row.total, row.public_service or Decimal(0))
            for row in group
            if row.grade == Grade.EXCELLENT and row.total is not None
        }
        graded = sum(1 for row in group if row.grade)
        kept = best(reached, group[0].scheme.excellent_share, graded)
        for row in group:
            if row.grade == Grade.EXCELLENT and row.pk not in kept:
                row.grade = Grade.GOOD
    return ["publicity_until", "grade"]


EFFECTS = {"begin": _give_time, "publish": _grade}


def advance_due(now: datetime) -> int:
    """Begin the self-review of quarters whose late window is over, and pass over who is late.

    Returns how many rows moved; a second run moves none.
    """
    moved = 0
    drafts = QuarterAssessment.objects.filter(status=Status.COMPUTED).order_by()
    for street_id, text in drafts.values_list("street", "quarter").distinct():
        quarter = Quarter.parse(text)
        if now <= quarter.end + LATE_WINDOW:
            continue
        street = OrgUnit.objects.get(pk=street_id)
        moved += move_street(street=street, quarter=quarter, name="begin", by=None, now=now)
    return moved + _pass_over(now)


@transaction.atomic
def _pass_over(now: datetime) -> int:
    move = MOVES["pass_over"]
    late = list(
        QuarterAssessment.objects.select_for_update(of=("self",)).filter(
            status__in=move.sources, review_due__lt=local_date(now)
        )
    )
    for row in late:
        row.status = move.target
    QuarterAssessment.objects.bulk_update(late, ["status"], batch_size=500)
    AssessmentStep.objects.bulk_create([step(row, move, by=None, at=now) for row in late])
    return len(late)
