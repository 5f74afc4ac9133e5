"""The nightly search for questions, and the answers to them."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.detectors import DETECTORS, Asked, Detector, Finding, ended_months
from assessments.doubtflow import AGAIN, MOVES, DoubtStatus
from assessments.models import Doubt, DoubtStep
from assessments.prints import print_new
from assessments.services.telling import tell_doubts
from assessments.sides import sides_of
from assessments.workflow import Side
from councils.services.texts import prose
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month
from grids.models import Grid
from orgs import audit
from orgs.models import User

# Revisits of a month are settled by the middle of the next one; a night missed is caught up.
MONTHS = 3
MAX_NOTE = 500

audit.describe_actions(
    **{f"doubt__{move.name}": f"疑点：{move.label}" for move in (*MOVES.values(), AGAIN)},
    doubt__export="导出疑点",
)  # fmt: skip


def search(now: datetime) -> int:
    """Print new photos and run every detector; returns how many questions are new. Idempotent."""
    print_new()
    months = ended_months(now, MONTHS)
    found = [
        (one, list(one.find(Asked(month, now))), month)
        for one in DETECTORS.values()
        for month in (months if one.monthly else [Month.of(local_date(now))])
    ]
    new: list[Doubt] = []
    again: list[Doubt] = []
    # Kept and told, or neither: a question that is known is never told of again.
    with transaction.atomic():
        for one, findings, month in found:
            made, reopened = _keep(one, findings, month, now)
            new += made
            again += reopened
        tell_doubts([*new, *again], now)
    return len(new)


def _keep(
    one: Detector, findings: list[Finding], month: Month, now: datetime
) -> tuple[list[Doubt], list[Doubt]]:
    """Write what is new; what has grown since is asked again. Returns the new and the reopened ones."""
    grids = Grid.objects.in_bulk({found.grid for found in findings})
    known = {
        (doubt.grid_id, doubt.key): doubt
        for doubt in Doubt.objects.select_for_update().filter(detector=one.code, grid__in=grids)
    }
    new, grown, again, steps = [], [], [], []
    for found in findings:
        doubt = known.get((found.grid, found.key))
        if doubt is None:
            grid = grids[found.grid]
            new.append(
                Doubt(
                    detector=one.code, key=found.key, grid=grid, district_id=grid.district_id,
                    street_id=grid.street_id, community_id=grid.community_id, month=str(month),
                    words=found.words, evidence=dict(found.evidence), found_at=now,
                )
            )  # fmt: skip
        elif _has_more(doubt, found):
            doubt.words, doubt.evidence = found.words, dict(found.evidence)
            if doubt.status in AGAIN.sources:
                doubt.status = AGAIN.target or doubt.status
                steps.append(
                    DoubtStep(
                        doubt=doubt, move=AGAIN.name, label=AGAIN.label, to_status=doubt.status,
                        at=now,
                    )
                )  # fmt: skip
                again.append(doubt)
            grown.append(doubt)
    Doubt.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    Doubt.objects.bulk_update(grown, ["words", "evidence", "status"], batch_size=500)
    DoubtStep.objects.bulk_create(steps, batch_size=500)
    for doubt in again:
        audit.record(by=None, action=f"doubt.{AGAIN.name}", target=doubt, street=doubt.street_id)
    return new, again


def _has_more(doubt: Doubt, found: Finding) -> bool:
    return any(set(ids) - set(doubt.evidence.get(kind, ())) for kind, ids in found.evidence.items())


@transaction.atomic
def answer_doubt(
    *, doubt: Doubt, name: str, note: str, by: User, now: datetime | None = None
) -> Doubt:
    """Make one move of the table, in words; exactly one row decides who came first."""
    move = MOVES.get(name)
    if move is None:
        raise ValidationError("没有这个步骤。")
    if not sides_of(doubt, by) & {*move.sides}:
        who = "、".join(Side(side).label for side in move.sides)
        raise PermissionDenied(f"“{move.label}”由{who}操作。")
    text = prose(note, "note", move.asks, MAX_NOTE, required=True)
    target = move.target or DoubtStatus(doubt.status)
    won = Doubt.objects.filter(pk=doubt.pk, status=doubt.status, status__in=move.sources).update(
        status=target
    )
    if won != 1:
        doubt.refresh_from_db()
        raise ValidationError(
            f"这个疑点现在是“{doubt.get_status_display()}”，可能刚被他人处理，请刷新后再看。"
        )
    doubt.status = target
    DoubtStep.objects.create(
        doubt=doubt, move=move.name, label=move.label, to_status=target, note=text, by=by,
        at=now or timezone.now(),
    )  # fmt: skip
    audit.record(by=by, action=f"doubt.{move.name}", target=doubt, street=doubt.street_id)
    return doubt
