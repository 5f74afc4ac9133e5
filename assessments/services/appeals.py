"""Appeals during publicity, and corrections of what has been made public: always a new version."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Appeal, AssessmentItem, QuarterAssessment
from assessments.scoring import Grade, grade_of
from assessments.services.compute import community_rates, cutoff_of, figures_of, items_of
from assessments.services.reviews import MAX_NOTE, STALE, new_adjustment
from assessments.services.settling import SCORES, freeze, is_vetoed, settle, step
from assessments.services.telling import tell_appeal
from assessments.sides import sides_of
from assessments.workflow import FROZEN, AppealStatus, Side, Status
from councils.services.texts import prose
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Quarter
from orgs import audit
from orgs.models import User

audit.describe_actions(
    assessment__appeal="提出考核申诉", assessment__answer="答复考核申诉", assessment__revise="更正考核结果",
)  # fmt: skip


@transaction.atomic
def appeal(
    *, assessment: QuarterAssessment, text: str, by: User, indicator: str = "",
    now: datetime | None = None,
) -> Appeal:  # fmt: skip
    """Object to an indicator, or ("") to the whole, while the result is in publicity."""
    at = now or timezone.now()
    if Side.GRID not in sides_of(assessment, by):
        raise PermissionDenied("申诉由网格长提出。")
    until = assessment.publicity_until
    if assessment.status != Status.PUBLICITY or until is None or local_date(at) > until:
        raise ValidationError("只有在公示期内可以申诉。")
    if indicator and not assessment.items.filter(indicator=indicator).exists():
        raise ValidationError({"indicator": "没有这个指标，请重新选择。"})
    text = prose(text, "text", "申诉理由", MAX_NOTE, required=True)
    try:
        with transaction.atomic():
            made = Appeal.objects.create(
                assessment=assessment, indicator=indicator, text=text, by=by, at=at
            )
    except IntegrityError:
        raise ValidationError("这一项已有未答复的申诉，请等街道答复。") from None
    step(assessment, "提出申诉", by=by, at=at, note=text).save()
    audit.record(
        by=by, action="assessment.appeal", target=assessment, street=assessment.street_id,
        detail={"appeal": made.pk, "indicator": indicator},
    )  # fmt: skip
    tell_appeal(made, by=by, at=at, answered=False)
    return made


@transaction.atomic
def answer(
    *, one: Appeal, upheld: bool, text: str, by: User, now: datetime | None = None,
    **correction: Any,
) -> Appeal:  # fmt: skip
    """Answer an appeal. Upheld, the correction (see `revise`) follows in the same breath."""
    at = now or timezone.now()
    assessment = one.assessment
    if Side.STREET not in sides_of(assessment, by):
        raise PermissionDenied("申诉由街道党工委答复。")
    text = prose(text, "text", "答复", MAX_NOTE, required=True)
    status = AppealStatus.UPHELD if upheld else AppealStatus.REJECTED
    won = Appeal.objects.filter(pk=one.pk, status=AppealStatus.OPEN).update(
        status=status, answer=text, answered_by=by, answered_at=at
    )
    if won != 1:
        raise ValidationError("这件申诉已经答复。")
    one.refresh_from_db()
    step(assessment, status.label, by=by, at=at, note=text).save()
    audit.record(
        by=by, action="assessment.answer", target=assessment, street=assessment.street_id,
        detail={"appeal": one.pk, "upheld": upheld},
    )  # fmt: skip
    if upheld:
        revise(
            assessment=assessment,
            reason=f"申诉成立：{text}"[:MAX_NOTE],
            by=by,
            now=at,
            **correction,
        )
    tell_appeal(one, by=by, at=at, answered=True)
    return one


@transaction.atomic
def revise(
    *, assessment: QuarterAssessment, reason: str, by: User, recompute: bool = False,
    kind: str = "", points: Decimal = Decimal(0), now: datetime | None = None,
) -> QuarterAssessment:  # fmt: skip
    """Correct a public result: count anew what the data now say, or adjust; a new version follows.

    No other grid is lowered by it: who reaches the lowest published 优秀 is 优秀 too.
    """
    at = now or timezone.now()
    if Side.STREET not in sides_of(assessment, by):
        raise PermissionDenied("公示后的更正由街道党工委操作。")
    reason = prose(reason, "reason", "更正原因", MAX_NOTE, required=True)
    row = (
        QuarterAssessment.objects.select_for_update(of=("self",))
        .select_related("scheme", "grid")
        .get(pk=assessment.pk)
    )
    if row.status not in FROZEN:
        raise ValidationError(f"考核现在是“{row.get_status_display()}”，公示前直接修改即可。")
    if not recompute and not kind:
        raise ValidationError("请选择怎样更正：按现有数据重新计算，或者加分、扣分。")
    if kind:
        new_adjustment(row, kind=kind, points=points, reason=reason, by=by, at=at)
    if recompute:
        quarter = Quarter.parse(row.quarter)
        figures = figures_of(quarter, cutoff_of(quarter, at))
        items = items_of(row, figures, community_rates(figures))
        row.items.all().delete()
        AssessmentItem.objects.bulk_create(items)
    before = (row.total, row.grade)
    settle(row, row.items.all(), row.adjustments.all())
    row.grade = _grade_beside_others(row)
    version = freeze(row, by=by, at=at, reason=reason)
    won = QuarterAssessment.objects.filter(pk=row.pk, version=version.number - 1).update(
        version=version.number, grade=row.grade, **{name: getattr(row, name) for name in SCORES}
    )
    if won != 1:
        raise ValidationError(STALE)
    version.save()
    changed = f"总分 {before[0]} → {row.total}"
    step(
        row, f"更正为第 {version.number} 版", by=by, at=at, note=f"{reason}（{changed}）"[:500]
    ).save()
    audit.record(
        by=by, action="assessment.revise", target=row, street=row.street_id,
        detail={"version": version.number, "recompute": recompute, "kind": kind},
    )  # fmt: skip
    return row


def _grade_beside_others(row: QuarterAssessment) -> str:
    grade = grade_of(row.total, vetoed=is_vetoed(row.adjustments.all()), limits=row.scheme.limits)
    if grade != Grade.EXCELLENT:
        return grade
    others = QuarterAssessment.objects.filter(
        street=row.street_id, quarter=row.quarter, scheme=row.scheme_id
    ).exclude(pk=row.pk)
    lowest = others.filter(grade=Grade.EXCELLENT).order_by("total").first()
    graded = others.exclude(grade="").count() + 1
    room = int(graded * row.scheme.excellent_share / 100)
    if others.filter(grade=Grade.EXCELLENT).count() < room:
        return Grade.EXCELLENT
    keeps = lowest is not None and row.total is not None and row.total >= (lowest.total or 0)
    return Grade.EXCELLENT if keeps else Grade.GOOD
