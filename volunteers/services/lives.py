"""The one writer of a status: compare-and-set along a table, with its step and audit line."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from volunteers.models import Step
from volunteers.sides import Row, sides, subject_of
from volunteers.workflow import TABLES, Move, Who, move_of

NAMES = {
    "resource": "资源",
    "claim": "对接",
    "project": "项目",
    "activity": "活动",
    "hours": "时长",
    "ask": "邀请",
}
describe_actions(
    **{
        f"{subject}__{move.name}": f"{NAMES[subject]}：{move.label}"
        for subject, moves in TABLES.items()
        for move in moves
    }
)


@transaction.atomic
def take_step(*, row: Row, name: str, by: User | None, note: str = "", **columns: Any) -> Move:
    """Move `row` along its table; `columns` are written with the status. Exactly one row decides.

    `by` None is the system. ValidationError when the status does not allow it (any more),
    PermissionDenied when the user stands on no side that may.
    """
    subject = subject_of(row)
    move = move_of(subject, name)
    if move is None:
        raise ValidationError("没有这个操作。", code="move")
    if by is not None and not move.is_system and not sides(row, by) & set(move.who):
        allowed = "、".join(str(who.label) for who in move.who)
        raise PermissionDenied(f"“{move.label}”由{allowed}办理。")
    note = one_line(note, label=move.asks or "说明", longest=200, required=bool(move.asks))
    rows: Any = type(row)._default_manager.filter(pk=row.pk, status__in=move.sources)
    if rows.update(status=move.target, **columns) != 1:
        row.refresh_from_db()
        raise ValidationError(
            f"这{NAMES[subject]}现在是“{row.get_status_display()}”，不能{move.label}。",
            code="moved",
        )
    row.refresh_from_db()
    Step.objects.create(subject=subject, row=row.pk, move=name, note=note, by=by, at=timezone.now())
    record(by=by, action=f"{subject}.{name}", target=row, street=row.street_id)
    return move


def require_side(row: Row, by: User, *who: Who) -> None:
    """Refuse unless the user stands on one of the sides."""
    if not sides(row, by) & set(who):
        raise PermissionDenied("您不能修改这条内容，请联系社区或带队人。")


def steps_of(row: Row) -> list[Step]:
    """Return the history of a row, oldest first."""
    rows = Step.objects.filter(subject=subject_of(row), row=row.pk)
    return list(rows.select_related("by__person"))
