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


class CheckInStatus(TextChoices):
    """A member's check-in where he lives (两地报到, domain brief §4D)."""

    INVITED = "invited", "待报到"
    APPLIED = "applied", "已申请"
    MATCHED = "matched", "已匹配网格"
    ACCEPTED = "accepted", "已接收"
    ACTIVE = "active", "在岗服务"
    SUSPENDED = "suspended", "已暂停"
    TRANSFERRED = "transferred", "已转出"
    LEFT = "left", "已退出"


_WAITING = (CheckInStatus.APPLIED, CheckInStatus.MATCHED)
SERVING = (CheckInStatus.ACCEPTED, CheckInStatus.ACTIVE)
# One of these per member: a second one is refused.
LIVE_CHECKINS = (CheckInStatus.INVITED, *_WAITING, *SERVING, CheckInStatus.SUSPENDED)
REPORTED = (*_WAITING, *SERVING, CheckInStatus.SUSPENDED)
CHECKIN_MOVES: tuple[Move, ...] = (
    Move("apply", "申请报到", (CheckInStatus.INVITED,), CheckInStatus.APPLIED, side="self", form=True),
    Move(
        "match", "确定网格", _WAITING, CheckInStatus.MATCHED, APPROVE, form=True, icon="geo-alt"
    ),
    Move("accept", "接收报到", (CheckInStatus.MATCHED,), CheckInStatus.ACCEPTED, APPROVE),
    Move(
        "send_back", "退回补充", _WAITING, CheckInStatus.INVITED, APPROVE, asks="要补充什么",
        icon="reply", tone="outline-secondary",
    ),
    Move("engage", "认领岗位", (CheckInStatus.ACCEPTED,), CheckInStatus.ACTIVE, side="system"),
    Move(
        "suspend", "暂停服务", SERVING, CheckInStatus.SUSPENDED, APPROVE, asks="暂停原因",
        icon="hourglass-split", tone="outline-secondary",
    ),
    Move("resume", "恢复服务", (CheckInStatus.SUSPENDED,), CheckInStatus.ACTIVE, APPROVE),
    Move(
        "transfer", "搬家转出", (*SERVING, CheckInStatus.SUSPENDED), CheckInStatus.TRANSFERRED, APPROVE,
        form=True, icon="arrow-right", tone="outline-secondary",
    ),
    Move(
        "leave", "退出报到", LIVE_CHECKINS[1:], CheckInStatus.LEFT, APPROVE,
        asks="退出原因（退休、调离、去世等）", icon="x-octagon", tone="outline-danger",
    ),
    Move(
        "drop", "移出名单", (CheckInStatus.INVITED,), CheckInStatus.LEFT, CREATE + EDIT, side="unit",
        asks="移出原因", icon="x-octagon", tone="outline-danger",
    ),
)  # fmt: skip


class CardStatus(TextChoices):
    """A quarter's feedback card to the unit."""

    DRAFT = "draft", "待发出"
    SENT = "sent", "已发出"
    RECEIVED = "received", "单位已收到"


CARD_MOVES: tuple[Move, ...] = (
    Move(
        "send", "发给单位", (CardStatus.DRAFT,), CardStatus.SENT, APPROVE, asks="社区给单位的评价",
        icon="send",
    ),
    Move(
        "receive", "单位签收", (CardStatus.SENT,), CardStatus.RECEIVED, CREATE + EDIT, side="unit",
        icon="journal-check",
    ),
)  # fmt: skip


class DisplayStatus(TextChoices):
    """A member's five displays (五亮)."""

    DRAFT = "draft", "起草中"
    REVIEW = "review", "待审核"
    APPROVED = "approved", "待张贴"
    POSTED = "posted", "公示中"
    REMOVED = "removed", "已撤下"


SHOWN_ONCE = (
    DisplayStatus.DRAFT, DisplayStatus.REVIEW, DisplayStatus.APPROVED, DisplayStatus.POSTED,
)  # fmt: skip
DISPLAY_MOVES: tuple[Move, ...] = (
    Move(
        "submit", "送审", (DisplayStatus.DRAFT,), DisplayStatus.REVIEW, CREATE + EDIT, icon="send"
    ),
    Move("approve", "审核通过", (DisplayStatus.REVIEW,), DisplayStatus.APPROVED, APPROVE),
    Move(
        "send_back", "退回修改", (DisplayStatus.REVIEW,), DisplayStatus.DRAFT, APPROVE,
        asks="退回原因", icon="reply", tone="outline-secondary",
    ),
    Move(
        "post", "登记张贴", (DisplayStatus.APPROVED,), DisplayStatus.POSTED, CREATE + EDIT,
        asks="张贴在哪里（宣传栏、单元楼）", icon="megaphone",
    ),
    Move(
        "remove", "撤下", SHOWN_ONCE, DisplayStatus.REMOVED, CREATE + EDIT,
        asks="撤下原因（本人不再同意、调离等）", icon="x-octagon", tone="outline-danger",
    ),
)  # fmt: skip

# subject → (what it is called, its moves). `models.steps` and `services.lives` go by the subject.
TABLES: dict[str, tuple[str, tuple[Move, ...]]] = {
    "item": ("五个一", ITEM_MOVES),
    "checkin": ("两地报到", CHECKIN_MOVES),
    "card": ("反馈卡", CARD_MOVES),
    "display": ("五亮", DISPLAY_MOVES),
    "basics": ("五基自查", ITEM_MOVES),
}


def move_of(subject: str, name: str) -> Move | None:
    """Return the move of that name, None when the table has none."""
    return next((move for move in TABLES[subject][1] if move.name == name), None)


def moves_from(subject: str, status: str) -> list[Move]:
    """Return the moves that leave `status`, in the order of the table."""
    return [move for move in TABLES[subject][1] if status in move.sources]
