"""The whistle-blower scores each department: arrival by its clock, 解决 and 态度 by judgement."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.catalog import LOW_MARK, MARKS, LowReason
from cases.models import Case, CaseTask, WhistleScore
from cases.models.whistles import total_of
from cases.services.actors import sides_of
from cases.services.inputs import BadInput, clean_text
from cases.services.refusals import MoveRefused, invalid, not_allowed, wrong_state
from cases.workflow import Who
from orgs import audit
from orgs.models import User

MOST_WORDS = 200
_MARKS = {mark for mark, _ in MARKS}


def scoring_refusal(task: CaseTask, user: User | None) -> MoveRefused | None:
    """Return why the user cannot score this department now, None when it can be scored."""
    if Who.STREET not in sides_of(task.case, user):
        return not_allowed("由吹哨的街道给部门评分。")
    given = WhistleScore.objects.filter(case=task.case_id, unit=task.unit_id, cycle=task.cycle)
    if (
        given.filter(resolution__isnull=False).exists()
        or CaseTask.objects.to_score().filter(pk=task.pk).exists()
    ):
        return None
    if not task.whistled or task.returned_at is not None:
        return wrong_state("只给吹哨后接下任务的部门评分。")
    return wrong_state("部门还没有反馈，办结反馈后再评分。")


@transaction.atomic
def score_whistle(
    *,
    task: CaseTask,
    by: User,
    resolution: Any,
    attitude: Any,
    reason: str = "",
    note: str = "",
    correction: str = "",
    now: datetime | None = None,
) -> WhistleScore:
    """Score a department once; given again it corrects the score and `correction` must say why.

    Marks are 1 to 5. Raises MoveRefused with its sentences by field.
    """
    case = Case.objects.select_for_update().get(pk=task.case_id)
    task = CaseTask.objects.select_related("case").get(pk=task.pk)
    refusal = scoring_refusal(task, by)
    if refusal is not None:
        raise refusal
    moment = now or timezone.now()
    given = WhistleScore.objects.filter(case=case, unit=task.unit_id, cycle=task.cycle).first()
    corrects = given is not None and given.resolution is not None
    clean = _clean(resolution, attitude, reason, note, correction if corrects else None)
    score = given or WhistleScore(case=case, task=task, unit_id=task.unit_id, cycle=task.cycle)
    before = [score.resolution, score.attitude]

    for name, value in clean.items():
        setattr(score, name, value)
    score.task, score.arrival = task, task.arrival
    score.total = total_of(score.arrival, score.resolution, score.attitude)
    score.scored_by, score.scored_label = by, sides_of(case, by)[Who.STREET]
    if corrects:
        score.corrected_at = moment
    else:
        score.scored_at = moment
    score.save()

    detail = {"unit": score.unit_id, "marks": [score.resolution, score.attitude]}
    audit.record(
        by=by, action="whistle.correct" if corrects else "whistle.score", target=score,
        street=case.street_id, detail={**detail, "before": before} if corrects else detail,
    )  # fmt: skip
    return score


def _clean(
    resolution: Any, attitude: Any, reason: str, note: str, correction: str | None
) -> dict[str, Any]:
    """Return the columns to write; `correction` None: the score is new and needs no reason."""
    faults: dict[str, str] = {}
    marks = {"resolution": _mark(resolution), "attitude": _mark(attitude)}
    for name, mark in marks.items():
        if mark is None:
            faults[name] = "请选择一档。"
    low = any(mark is not None and mark <= LOW_MARK for mark in marks.values())
    if reason and reason not in LowReason.values:
        faults["reason"] = "低分原因不在可选范围内。"
    elif low and not reason:
        faults["reason"] = "给“较差”“很差”的，请选择原因。"
    words = {"note": ("说明", note), "correction": ("更正原因", correction or "")}
    texts: dict[str, str] = {}
    for name, (label, raw) in words.items():
        try:
            texts[name] = clean_text(raw, label, MOST_WORDS)
        except BadInput as bad:
            faults[name] = str(bad)
    if low and reason == LowReason.OTHER and not texts.get("note"):
        faults.setdefault("note", "选择“其他”的，请写明原因。")
    if correction is not None and not texts.get("correction"):
        faults.setdefault("correction", "这个部门已评过分，更正须写明原因。")
    if faults:
        raise invalid(faults)
    columns: dict[str, Any] = {**marks, "note": texts["note"], "reason": reason if low else ""}
    return columns if correction is None else {**columns, "correction": texts["correction"]}


def _mark(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and int(text) in _MARKS else None
