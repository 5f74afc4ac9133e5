"""The verbs of Party work."""

from partybuilding.services.five import (
    Evidence,
    MeetingFacts,
    keep_cadence,
    mark_late,
    move_item,
    open_boards,
    record_items,
    remind,
)
from partybuilding.services.lives import may_take, steps_of, take_step

__all__ = [
    "Evidence", "MeetingFacts", "keep_cadence", "mark_late", "may_take", "move_item", "open_boards",
    "record_items", "remind", "steps_of", "take_step",
]  # fmt: skip
