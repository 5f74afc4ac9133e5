"""The life of a campaign and of each door in it, as tables. Pure."""

from dataclasses import dataclass

from django.db.models import TextChoices


class State(TextChoices):
    DRAFT = "draft", "草稿"
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"
    PURGED = "purged", "答案已清除"


@dataclass(frozen=True)
class Move:
    """One step of a campaign's life; there is no way back."""

    label: str
    source: State
    target: State


MOVES = {
    "open": Move("开始排查", State.DRAFT, State.OPEN),
    "close": Move("结束排查", State.OPEN, State.CLOSED),
    "purge": Move("清除答案", State.CLOSED, State.PURGED),
}
LIGHTS = {State.DRAFT: "grey", State.OPEN: "green", State.CLOSED: "blue", State.PURGED: "grey"}


class DoorStatus(TextChoices):
    """What the last knock at a door gave (domain brief §4F)."""

    TODO = "todo", "未访"
    VISITED = "visited", "已访"
    ABSENT = "absent", "无人"
    REFUSED = "refused", "拒访"


OUTCOMES = (DoorStatus.VISITED, DoorStatus.ABSENT, DoorStatus.REFUSED)
# Who was met stays met: after a visit only the answers are corrected.
FOLLOWED_BY = {
    DoorStatus.TODO: OUTCOMES,
    DoorStatus.ABSENT: OUTCOMES,
    DoorStatus.REFUSED: OUTCOMES,
    DoorStatus.VISITED: (DoorStatus.VISITED,),
}
WAITING = (DoorStatus.TODO, DoorStatus.ABSENT)
DOOR_LIGHTS = {
    DoorStatus.TODO: "grey", DoorStatus.VISITED: "green",
    DoorStatus.ABSENT: "yellow", DoorStatus.REFUSED: "red",
}  # fmt: skip
# 敲门无人 so often: somebody looks whether anyone lives there (domain brief §4F).
MANY_TRIES = 3
KEEP_DAYS = 90
LONGEST_KEEP = 365
