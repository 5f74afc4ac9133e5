"""The list of corridor heads as rows of a file."""

from grids.resources import day_text
from orgs.workbook import Cell
from residents.models import CorridorHead

HEAD_COLUMNS = (
    ("姓名", 10), ("联系电话", 14), ("社区", 20), ("网格", 16), ("楼栋或街巷", 20), ("身份", 16),
    ("状态", 10), ("任职日期", 12), ("任期至", 12), ("联系户数", 10), ("本季已联系户数", 14),
)  # fmt: skip


def head_cells(head: CorridorHead) -> list[Cell]:
    """Return one row under HEAD_COLUMNS; `head` comes from `for_list`."""
    return [
        head.person.name, head.person.masked_phone, str(head.community), str(head.grid),
        head.where, head.get_background_display(), head.get_state_display(),
        day_text(head.start), day_text(head.term_end), int(getattr(head, "load", 0)),
        int(getattr(head, "spoken", 0)),
    ]  # fmt: skip
