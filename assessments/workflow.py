"""The life of a quarter's assessment and of a bulletin, as tables (field notes §4H). Pure.

Steps of one grid (submit, endorse …) are made row by row; steps with `together` take a whole street
at once, because grades and ranks compare its grids.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class Status(TextChoices):
    OPEN = "open", "已开启"
    COMPUTED = "computed", "已计算（草稿）"
    SELF_REVIEW = "self_review", "网格自评"
    COMMUNITY_REVIEW = "community_review", "社区审核"
    STREET_REVIEW = "street_review", "街道审定"
    PUBLICITY = "publicity", "公示中"
    FINAL = "final", "已定案"
    APPLIED = "applied", "结果已运用"


class Side(TextChoices):
    GRID = "grid", "网格长"
    COMMUNITY = "community", "社区书记"
    STREET = "street", "街道党工委"


@dataclass(frozen=True)
class Move:
    """One line. `side` "" is the clock; `why` asks for a note; `hint` is said beside the button."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    side: str = ""
    why: bool = False
    together: bool = False
    some: bool = False  # of a street's grids those that are ready, not all or none
    hint: str = ""
    tone: str = "primary"
    icon: str = "check2-circle"


REVIEWS = (Status.SELF_REVIEW, Status.COMMUNITY_REVIEW, Status.STREET_REVIEW)
# Until publicity a draft follows the data; afterwards a change is a new version with its reason.
RECOMPUTED = (Status.OPEN, Status.COMPUTED, *REVIEWS)
FROZEN = (Status.PUBLICITY, Status.FINAL, Status.APPLIED)

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("compute", "计算", (Status.OPEN, Status.COMPUTED), Status.COMPUTED),
        Move("begin", "开始自评", (Status.COMPUTED,), Status.SELF_REVIEW, together=True, some=True),
        Move(
            "submit", "提交自评", (Status.SELF_REVIEW,), Status.COMMUNITY_REVIEW, Side.GRID, why=True,
            hint="写明本季做得好的、没做好的和原因；对数字有疑问也写在这里。", icon="send",
        ),
        Move("pass_over", "逾期未自评", (Status.SELF_REVIEW,), Status.COMMUNITY_REVIEW),
        Move(
            "return", "退回自评", (Status.COMMUNITY_REVIEW,), Status.SELF_REVIEW, Side.COMMUNITY,
            why=True, tone="warning", icon="arrow-counterclockwise", hint="写明要补充什么。",
        ),
        Move(
            "endorse", "审核通过", (Status.COMMUNITY_REVIEW,), Status.STREET_REVIEW, Side.COMMUNITY,
            hint="社区意见会给街道和网格长看到。",
        ),
        Move(
            "send_back", "退回社区", (Status.STREET_REVIEW,), Status.COMMUNITY_REVIEW, Side.STREET,
            why=True, tone="warning", icon="arrow-counterclockwise", hint="写明要核实什么。",
        ),
        Move(
            "publish", "公示", (Status.STREET_REVIEW,), Status.PUBLICITY, Side.STREET, together=True,
            icon="megaphone", hint="分数、等级和计算依据从此固定；公示 5 个工作日，网格可以申诉。",
        ),
        Move(
            "finalise", "定案", (Status.PUBLICITY,), Status.FINAL, Side.STREET, together=True,
            icon="award", hint="公示期满、没有未答复的申诉后才能定案。",
        ),
        Move(
            "apply", "结果运用", (Status.FINAL,), Status.APPLIED, Side.STREET, together=True,
            icon="journal-text", hint="生成补贴、表扬和约谈名单。",
        ),
    )
}  # fmt: skip


def moves_from(status: str, side: str) -> list[Move]:
    """Return the steps a side may make on one grid's row."""
    return [
        move
        for move in MOVES.values()
        if status in move.sources and move.side == side and side and not move.together
    ]


class AppealStatus(TextChoices):
    OPEN = "open", "待答复"
    UPHELD = "upheld", "申诉成立"
    REJECTED = "rejected", "维持原结果"


class BulletinStatus(TextChoices):
    """A bulletin is refreshed while a draft; issued it is frozen, and corrected by a new version."""

    DRAFT = "draft", "草稿"
    ISSUED = "issued", "已发布"


BULLETIN_MOVES = {
    move.name: move
    for move in (
        Move("refresh", "更新数据", (BulletinStatus.DRAFT,), BulletinStatus.DRAFT),
        Move("issue", "发布", (BulletinStatus.DRAFT,), BulletinStatus.ISSUED),
    )
}
