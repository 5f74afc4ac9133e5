"""The life of a question (疑点) about what was written down, as a table. Pure.

A question never takes a point away: whoever answers for the grid's work says what happened, the street
decides whether to look closer, and a deduction is registered by a person, with its ground, or not.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from assessments.workflow import Side


class DoubtStatus(TextChoices):
    OPEN = "open", "待说明"
    EXPLAINED = "explained", "已说明"
    TO_CHECK = "to_check", "待核查"
    CHECKED = "checked", "已核查"


@dataclass(frozen=True)
class DoubtMove:
    """One line; `target` None leaves the status. Every answer is in words: `asks` labels them."""

    name: str
    label: str
    sources: tuple[DoubtStatus, ...]
    target: DoubtStatus | None
    sides: tuple[Side, ...]
    asks: str
    hint: str = ""
    tone: str = "primary"
    icon: str = "chat-left-text"


WAITING = (DoubtStatus.OPEN, DoubtStatus.TO_CHECK)
MOVES = {
    move.name: move
    for move in (
        DoubtMove(
            "tell", "补充情况", WAITING, None, (Side.GRID,), "情况",
            "写明当时的情况，由社区或街道认定。", tone="secondary",
        ),
        DoubtMove(
            "explain", "情况属实，已说明", (DoubtStatus.OPEN,), DoubtStatus.EXPLAINED,
            (Side.COMMUNITY, Side.STREET), "怎么回事",
            "例如：巡查后集中补录；同一处先后两次拍摄。写明依据。", icon="check2-circle",
        ),
        DoubtMove(
            "doubt", "需要核查", (DoubtStatus.OPEN, DoubtStatus.EXPLAINED), DoubtStatus.TO_CHECK,
            (Side.STREET,), "核查什么", "写明由谁核查、看什么。", tone="warning", icon="search",
        ),
        DoubtMove(
            "check", "核查完毕", (DoubtStatus.TO_CHECK,), DoubtStatus.CHECKED, (Side.STREET,),
            "核查结果", "写明查了什么、是否属实。要扣分，请另在该网格的考核里登记。",
            icon="patch-check",
        ),
    )
}  # fmt: skip
# The sweep's own line, nobody's button: it found more of the same after somebody had answered.
AGAIN = DoubtMove(
    "again",
    "又有新的，请再看",
    (DoubtStatus.EXPLAINED, DoubtStatus.CHECKED),
    DoubtStatus.OPEN,
    (),
    "",
)


def moves_from(status: str, sides: frozenset[str]) -> list[DoubtMove]:
    """Return what somebody on these sides may answer now."""
    return [move for move in MOVES.values() if status in move.sources and sides & {*move.sides}]
