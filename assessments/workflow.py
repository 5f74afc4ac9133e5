"""The life of a quarter's assessment, as a table. Self-review to publicity are not built yet."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Status(TextChoices):
    OPEN = "open", "已开启"
    COMPUTED = "computed", "已计算（草稿）"


@dataclass(frozen=True)
class Move:
    name: str
    label: str
    sources: tuple[str, ...]
    target: str


MOVES = {
    move.name: move
    for move in (
        # Recomputing is allowed as long as nothing has been published.
        Move("compute", "计算", (Status.OPEN, Status.COMPUTED), Status.COMPUTED),
    )
}
