"""The life of a need (需求), as a table: what its keepers do, and what follows from a match."""

from dataclasses import dataclass

from django.db.models import TextChoices


class NeedStatus(TextChoices):
    DRAFT = "draft", "已登记"
    PUBLISHED = "published", "已发布"
    MATCHED = "matched", "已对接"
    IN_PROJECT = "in_project", "项目中"
    MET = "met", "已满足"
    EVALUATED = "evaluated", "已评价"
    WITHDRAWN = "withdrawn", "已撤回"
    EXPIRED = "expired", "已过期"


OPEN = (NeedStatus.DRAFT, NeedStatus.PUBLISHED, NeedStatus.MATCHED, NeedStatus.IN_PROJECT)


@dataclass(frozen=True)
class NeedMove:
    """One change of status by a keeper of the care library; `asks` is the label of its note."""

    name: str
    label: str
    sources: tuple[NeedStatus, ...]
    target: NeedStatus
    asks: str = ""
    icon: str = "check2-circle"


MOVES = (
    NeedMove("publish", "发布", (NeedStatus.DRAFT,), NeedStatus.PUBLISHED, icon="megaphone"),
    NeedMove("meet", "已满足", OPEN, NeedStatus.MET, asks="怎么满足的"),
    NeedMove("withdraw", "撤回", OPEN, NeedStatus.WITHDRAWN, asks="撤回原因", icon="x-circle"),
)
BY_NAME = {move.name: move for move in MOVES}
# What the three lists of the volunteers do with a need, between published and met.
LINKED = (
    NeedMove("match", "对接", (NeedStatus.PUBLISHED,), NeedStatus.MATCHED),
    NeedMove(
        "release", "重新开放", (NeedStatus.MATCHED, NeedStatus.IN_PROJECT), NeedStatus.PUBLISHED
    ),
    NeedMove(
        "start", "进入项目", (NeedStatus.PUBLISHED, NeedStatus.MATCHED), NeedStatus.IN_PROJECT
    ),
    NeedMove("fulfil", "对接完成", (NeedStatus.MATCHED, NeedStatus.IN_PROJECT), NeedStatus.MET),
    NeedMove("evaluate", "评价", (NeedStatus.MET,), NeedStatus.EVALUATED),
)
LINKED_BY_NAME = {move.name: move for move in LINKED}
# What others may see and take over.
ON_OFFER = (NeedStatus.PUBLISHED, NeedStatus.MATCHED, NeedStatus.IN_PROJECT)
# The nightly sweep: what was wanted by a day that has passed.
EXPIRE = NeedMove("expire", "过期", (NeedStatus.PUBLISHED,), NeedStatus.EXPIRED)


def moves_from(status: str) -> list[NeedMove]:
    """Return what may be done with a need in this status."""
    return [move for move in MOVES if status in move.sources]
