"""The one writer of a status: compare-and-set along a table, with its step and audit line."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from orgs.audit import describe_actions, record
from orgs.models import User
from orgs.roles import Noun
from orgs.scope import refusal
from partybuilding.models import BasicsCheck, BoardItem, CheckIn, FeedbackCard, MemberDisplay, Step
from partybuilding.services.texts import line
from partybuilding.workflow import TABLES, Move, move_of

describe_actions(
    **{
        f"{subject}__{move.name}": f"{name}：{move.label}"
        for subject, (name, moves) in TABLES.items()
        for move in moves
    }
)
MODELS: dict[str, Any] = {
    "item": BoardItem,
    "checkin": CheckIn,
    "card": FeedbackCard,
    "display": MemberDisplay,
    "basics": BasicsCheck,
}
_SUBJECTS: dict[Any, str] = {model: subject for subject, model in MODELS.items()}


def subject_of(row: models.Model) -> str:
    return _SUBJECTS[type(row)]


@transaction.atomic
def take_step(
    *, row: Any, name: str, by: User | None, street: int | None, note: str = "",
    now: datetime | None = None, **columns: Any,
) -> Move:  # fmt: skip
    """Move `row` along its table; `columns` are written with the status. Exactly one row decides.

    `by` None is the system, or somebody without a log-in. ValidationError when the status does not
    allow it (any more); PermissionDenied when the user may not.
    """
    subject = subject_of(row)
    move = move_of(subject, name)
    if move is None:
        raise ValidationError("没有这个操作。", code="move")
    if by is not None:
        require_move(row, move, by)
    note = line(note, "note", move.asks or "说明", 200, required=bool(move.asks))
    rows: Any = type(row)._default_manager.filter(pk=row.pk, status__in=move.sources)
    if rows.update(status=move.target, **columns) != 1:
        row.refresh_from_db()
        raise ValidationError(
            f"现在是“{row.get_status_display()}”，不能{move.label}，请刷新后再看。", code="stale"
        )
    row.refresh_from_db()
    Step.objects.create(
        subject=subject, row=row.pk, move=name, note=note, by=by, at=now or timezone.now()
    )
    record(by=by, action=f"{subject}.{name}", target=row, street=street)
    return move


def may_take(row: Any, move: Move, user: Any) -> bool:
    """Whether the user stands where the move asks: staff by letters, a unit by its own rows."""
    rows = type(row)._default_manager
    if move.side == "unit":
        return bool(rows.of_units(user).filter(pk=row.pk).exists())
    if move.side != "staff":
        return False
    return bool(rows.visible_to(user, move.letters).filter(pk=row.pk).exists())


def require_move(row: Any, move: Move, by: User) -> None:
    if not may_take(row, move, by):
        raise PermissionDenied(refusal(by, Noun.PARTY, move.letters))


def steps_of(row: models.Model) -> list[Step]:
    """Return the history of a row, oldest first."""
    rows = Step.objects.filter(subject=subject_of(row), row=row.pk)
    return list(rows.select_related("by__person"))
