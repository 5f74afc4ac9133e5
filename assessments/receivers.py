"""What a re-drawn ground means here: the rollups of the cases that moved are built anew."""

from typing import Any

from django.dispatch import receiver

from assessments.services.rollups import mark_stale
from grids.signals import GridChange, grid_changed

MOVES_CASES = (GridChange.RESCOPED, GridChange.BUILDINGS_MOVED, GridChange.CLOSED)


@receiver(grid_changed)
def forget_rollups(*, kind: str, **rest: Any) -> None:
    if kind in MOVES_CASES:
        mark_stale()
