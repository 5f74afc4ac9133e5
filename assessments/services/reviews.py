"""The steps of one grid's assessment between draft and publicity."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import Adjustment, AssessmentItem, QuarterAssessment
from assessments.scoring import AdjustmentKind, plain
from assessments.services.settling import SCORES, settle, step
from assessments.services.telling import tell_step
from assessments.sides import sides_of
from assessments.workflow import MOVES, Side, Status
from councils.services.texts import prose
from orgs import audit
from orgs.models import User

MAX_NOTE, MAX_REASON = 500, 300
STALE = "这份考核刚被他人处理，请刷新后再操作。"

audit.describe_actions(
    assessment__score="人工评分", assessment__adjust="登记考核加扣分", assessment__unadjust="撤销考核加扣分",
    **{f"assessment__{move.name}": f"季度考核：{move.label}" for move in MOVES.values()},
)  # fmt: skip


@transaction.atomic
def move_assessment(
    *, assessment: QuarterAssessment, name: str, by: User, note: str = "",
    now: datetime | None = None,
) -> QuarterAssessment:  # fmt: skip
    """Make one grid's step; ValidationError for a wrong state or a missing note."""
    move = MOVES.get(name)
    if move is None or not move.side or move.together:
        raise ValidationError("没有这个步骤。")
    if move.side not in sides_of(assessment, by):
        raise PermissionDenied(f"“{move.label}”由{Side(move.side).label}操作。")
    if assessment.status not in move.sources:
        raise ValidationError(f"这份考核现在是“{assessment.get_status_display()}”，{STALE}")
    note = prose(note, "note", "说明", MAX_NOTE, required=move.why)
    at = now or timezone.now()
    won = QuarterAssessment.objects.filter(pk=assessment.pk, status=assessment.status).update(
        status=move.target
    )
    if won != 1:
        raise ValidationError(STALE)
    assessment.status = move.target
    step(assessment, move, by=by, at=at, note=note).save()
    audit.record(by=by, action=f"assessment.{name}", target=assessment, street=assessment.street_id)
    tell_step(assessment, move, by=by, at=at)
    return assessment


def _reviewed(assessment: QuarterAssessment, by: User) -> QuarterAssessment:
    """Return the row locked, for the street to settle what only people can judge."""
    if Side.STREET not in sides_of(assessment, by):
        raise PermissionDenied("人工评分和加扣分由街道党工委登记。")
    locked = (
        QuarterAssessment.objects.select_for_update(of=("self",))
        .select_related("scheme", "grid")
        .get(pk=assessment.pk)
    )
    if locked.status != Status.STREET_REVIEW:
        raise ValidationError(
            f"这份考核现在是“{locked.get_status_display()}”，只有“街道审定”时能评分和加扣分。"
        )
    return locked


def _save_scores(assessment: QuarterAssessment) -> None:
    settle(assessment, assessment.items.all(), assessment.adjustments.all())
    assessment.save(update_fields=SCORES)


@transaction.atomic
def score_item(
    *, assessment: QuarterAssessment, indicator: str, points: Decimal, reason: str, by: User
) -> QuarterAssessment:
    """Give the points of a manual item, with the ground for them."""
    locked = _reviewed(assessment, by)
    item = AssessmentItem.objects.filter(
        assessment=locked, indicator=indicator, manual=True
    ).first()
    if item is None:
        raise ValidationError("这个指标按数据计算，不能人工评分。")
    if not 0 <= points <= item.full:
        raise ValidationError({"points": f"得分应在 0 到 {plain(item.full)} 之间。"})
    item.points, item.reviewer = points, by
    item.reason = prose(reason, "reason", "评分理由", MAX_REASON, required=True)
    item.save(update_fields=["points", "reviewer", "reason"])
    _save_scores(locked)
    audit.record(
        by=by, action="assessment.score", target=locked, street=locked.street_id,
        detail={"indicator": indicator, "points": str(points)},
    )  # fmt: skip
    return locked


@transaction.atomic
def adjust(
    *, assessment: QuarterAssessment, kind: str, points: Decimal, reason: str, by: User,
    now: datetime | None = None,
) -> Adjustment:  # fmt: skip
    """Register a bonus, a deduction or a veto; the caps are the scheme's."""
    locked = _reviewed(assessment, by)
    made = new_adjustment(
        locked, kind=kind, points=points, reason=reason, by=by, at=now or timezone.now()
    )
    _save_scores(locked)
    audit.record(
        by=by, action="assessment.adjust", target=locked, street=locked.street_id,
        detail={"kind": kind, "points": str(made.points)},
    )  # fmt: skip
    return made


def new_adjustment(
    assessment: QuarterAssessment, *, kind: str, points: Decimal, reason: str, by: User,
    at: datetime,
) -> Adjustment:  # fmt: skip
    if kind not in AdjustmentKind.values:
        raise ValidationError({"kind": "请选择加分、扣分或一票否决。"})
    limits = assessment.scheme.limits
    most = {"bonus": limits.bonus_max, "deduction": limits.deduction_max}.get(kind, Decimal(0))
    if kind == AdjustmentKind.VETO:
        points = Decimal(0)
    elif not 0 < points <= most:
        raise ValidationError({"points": f"分值应大于 0、不超过方案上限 {plain(most)} 分。"})
    return Adjustment.objects.create(
        assessment=assessment, kind=kind, points=points, by=by, at=at,
        reason=prose(reason, "reason", "依据", MAX_REASON, required=True),
    )  # fmt: skip


@transaction.atomic
def end_adjustment(*, adjustment: Adjustment, by: User, now: datetime | None = None) -> None:
    """Take back what was registered by mistake; it stays in the history."""
    locked = _reviewed(adjustment.assessment, by)
    won = Adjustment.objects.filter(pk=adjustment.pk, ended_at=None).update(
        ended_at=now or timezone.now()
    )
    if won != 1:
        raise ValidationError("这一条已经撤销。")
    _save_scores(locked)
    audit.record(
        by=by, action="assessment.unadjust", target=locked, street=locked.street_id,
        detail={"kind": adjustment.kind, "points": str(adjustment.points)},
    )  # fmt: skip
