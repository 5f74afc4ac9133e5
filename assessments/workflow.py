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
