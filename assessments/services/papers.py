"""Papers and photos beside a grid's self-review."""

from typing import IO

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assessments.models import Evidence, QuarterAssessment
from assessments.sides import sides_of
from assessments.workflow import Side, Status
from councils.services.texts import prose
from orgs import audit, sealedfiles
from orgs.models import User
from volunteers.services.claims import checked_agreement

MOST = 10

audit.describe_actions(
    assessment__evidence="上传自评材料", assessment__read_evidence="查看自评材料",
    assessment__drop_evidence="删除自评材料",
)  # fmt: skip


def _own_review(assessment: QuarterAssessment, by: User) -> QuarterAssessment:
    """Return the row locked, while the grid still writes its self-review."""
    if Side.GRID not in sides_of(assessment, by):
        raise PermissionDenied("自评材料由网格长上传。")
    locked = QuarterAssessment.objects.select_for_update().get(pk=assessment.pk)
    if locked.status != Status.SELF_REVIEW:
        raise ValidationError(
            f"考核现在是“{locked.get_status_display()}”，自评材料只能在“网格自评”时上传和删除。"
        )
    return locked


@transaction.atomic
def add_evidence(
    *, assessment: QuarterAssessment, title: str, file: IO[bytes], by: User
) -> Evidence:
    """Keep a PDF or a photo of 10 MB at most, sealed; ValidationError says what is wrong."""
    locked = _own_review(assessment, by)
    if locked.evidence.count() >= MOST:
        raise ValidationError(f"自评材料最多 {MOST} 份，请先删去不需要的。")
    text = prose(title, "title", "说明什么", 60, required=True)
    data = checked_agreement(file)
    kept = Evidence.objects.create(
        assessment=locked, title=text, by=by, stored_as=sealedfiles.store(data, folder="evidence")
    )
    audit.record(by=by, action="assessment.evidence", target=locked, street=locked.street_id)
    return kept


@transaction.atomic
def drop_evidence(*, one: Evidence, by: User) -> None:
    """Take a paper back before the self-review is handed in."""
    locked = _own_review(one.assessment, by)
    name = one.stored_as
    Evidence.objects.filter(pk=one.pk).delete()
    transaction.on_commit(lambda: sealedfiles.delete(name))
    audit.record(by=by, action="assessment.drop_evidence", target=locked, street=locked.street_id)
