"""The life of a meeting as a table: due → called → held → archived. Pure.

A slot of the cadence is `due` without a day; calling it fixes day and place and tells the members
in advance; a meeting in the future cannot be minuted; minutes are archived once confirmed.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class MeetingStatus(TextChoices):
    DUE = "due", "待安排"
    CALLED = "called", "已通知"
    HELD = "held", "已召开"
    ARCHIVED = "archived", "纪要已归档"
    CANCELLED = "cancelled", "已取消"


@dataclass(frozen=True)
class MeetingMove:
    name: str
    label: str
    sources: tuple[MeetingStatus, ...]
    target: MeetingStatus
    icon: str = "check2-circle"
    tone: str = "primary"


MOVES: tuple[MeetingMove, ...] = (
    MeetingMove(
        "call", "发会议通知", (MeetingStatus.DUE, MeetingStatus.CALLED), MeetingStatus.CALLED,
        icon="megaphone",
    ),
    MeetingMove(
        "minute", "记会议纪要", (MeetingStatus.CALLED, MeetingStatus.HELD), MeetingStatus.HELD,
        icon="pen",
    ),
    MeetingMove(
        "archive", "纪要归档", (MeetingStatus.HELD,), MeetingStatus.ARCHIVED, icon="journal-check",
    ),
    MeetingMove(
        "cancel", "取消会议", (MeetingStatus.DUE, MeetingStatus.CALLED), MeetingStatus.CANCELLED,
        icon="x-circle", tone="danger",
    ),
)  # fmt: skip
BY_NAME: dict[str, MeetingMove] = {move.name: move for move in MOVES}
TAKEN_PLACE = (MeetingStatus.HELD, MeetingStatus.ARCHIVED)
AHEAD = (MeetingStatus.DUE, MeetingStatus.CALLED)


def moves_from(status: str) -> list[MeetingMove]:
    """Return the moves that leave `status`, in the order of the table."""
    return [move for move in MOVES if status in move.sources]
