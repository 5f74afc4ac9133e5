"""The life of a division sheet (网格划分), as a table: draft → previewed → adopted or withdrawn;
what was adopted may be undone for some days. Pure."""

from typing import NamedTuple

from django.db.models import TextChoices


class DivisionStatus(TextChoices):
    DRAFT = "draft", "草稿"
    PREVIEWED = "previewed", "已预览"
    ADOPTED = "adopted", "已采用"
    WITHDRAWN = "withdrawn", "已作废"
    UNDONE = "undone", "已撤销"


class DivisionKind(TextChoices):
    SPLIT = "split", "拆分网格"
    MERGE = "merge", "合并网格"
    ACTIVATE = "activate", "启用预留网格"
    MOVE = "move", "调整楼栋"


class DivisionMove(NamedTuple):
    """A move of the sheet: from which statuses, to which."""

    sources: tuple[DivisionStatus, ...]
    target: DivisionStatus


OPEN = (DivisionStatus.DRAFT, DivisionStatus.PREVIEWED)
DIVISION_MOVES = {
    "edit": DivisionMove(OPEN, DivisionStatus.DRAFT),  # a changed sheet must be previewed again
    "preview": DivisionMove(OPEN, DivisionStatus.PREVIEWED),
    "adopt": DivisionMove((DivisionStatus.PREVIEWED,), DivisionStatus.ADOPTED),
    "withdraw": DivisionMove(OPEN, DivisionStatus.WITHDRAWN),
    "undo": DivisionMove((DivisionStatus.ADOPTED,), DivisionStatus.UNDONE),
}
