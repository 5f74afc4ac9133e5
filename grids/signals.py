"""The one signal of this app: the ground was re-drawn. Receivers only write rows."""

from django.db.models import TextChoices
from django.dispatch import Signal


class GridChange(TextChoices):
    RESCOPED = "rescoped", "网格改属其他社区或街道"
    BUILDINGS_MOVED = "buildings_moved", "楼栋划到其他网格"
    CLOSED = "closed", "网格撤销"
    HANDED_OVER = "handed_over", "队伍人员交接"
    RENAMED = "renamed", "小区或楼栋更名"


# Sent inside the transaction, after the rows of this app, always with all of:
#   kind          GridChange
#   grid_ids      list[int]: the grids re-scoped; the grids the buildings left; the grid closed
#   building_ids  list[int]: the buildings moved, or renamed with or by their compound; else []
#   moved_to      Grid or None: where the buildings went; the successor of a closed grid
#   by            User or None
# HANDED_OVER also with: leaver and taker (Person), whose place in the team of the grid passes on.
# Tables with scope columns follow: RESCOPED copies district, street and community of the rows'
# grid; BUILDINGS_MOVED sets all four columns of the rows of these buildings from `moved_to`.
grid_changed = Signal()
