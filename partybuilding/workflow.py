"""The lives of what this app keeps, each as a table of moves. Pure.

Buttons, audit labels, history and tests read the tables; `services.lives.take_step` is the only
writer of a status.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from orgs.roles import APPROVE, CREATE, EDIT


class ItemStatus(TextChoices):
    """One item of the monthly 五个一."""

    PENDING = "pending", "待填报"
    SUBMITTED = "submitted", "待确认"
    RETURNED = "returned", "已退回"
    CONFIRMED = "confirmed", "已确认"


@dataclass(frozen=True)
class Move:
    """One line: where from, where to, whose (`letters` on 党建; `side` for others than staff).

    `asks` is the label of the note that must be written; `form`: has a page of its own.
    """

    name: str
    label: str
    sources: tuple[TextChoices, ...]
    target: TextChoices
    letters: str = EDIT
    side: str = "staff"  # staff | unit | self | system
    asks: str = ""
    form: bool = False
    icon: str = "check2-circle"
    tone: str = "primary"
    confirm: str = ""


ITEM_MOVES: tuple[Move, ...] = (
    Move(
        "submit", "填报", (ItemStatus.PENDING, ItemStatus.RETURNED), ItemStatus.SUBMITTED,
        CREATE + EDIT, form=True, icon="pen",
    ),
    Move(
        "withdraw", "撤回填报", (ItemStatus.SUBMITTED,), ItemStatus.PENDING, CREATE + EDIT,
        icon="arrow-counterclockwise", tone="outline-secondary",
    ),
    Move("confirm", "确认完成", (ItemStatus.SUBMITTED,), ItemStatus.CONFIRMED, APPROVE),
    Move(
        "send_back", "退回", (ItemStatus.SUBMITTED, ItemStatus.CONFIRMED), ItemStatus.RETURNED,
        APPROVE, asks="退回原因", icon="reply", tone="outline-secondary",
    ),
)  # fmt: skip
OPEN_ITEMS = (ItemStatus.PENDING, ItemStatus.RETURNED)

# subject → (what it is called, its moves). `models.steps` and `services.lives` go by the subject.
TABLES: dict[str, tuple[str, tuple[Move, ...]]] = {"item": ("五个一", ITEM_MOVES)}


def move_of(subject: str, name: str) -> Move | None:
    """Return the move of that name, None when the table has none."""
    return next((move for move in TABLES[subject][1] if move.name == name), None)


def moves_from(subject: str, status: str) -> list[Move]:
    """Return the moves that leave `status`, in the order of the table."""
    return [move for move in TABLES[subject][1] if status in move.sources]
