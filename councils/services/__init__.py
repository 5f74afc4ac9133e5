"""The verbs of the councils."""

from councils.services.bodies import end_council, found_council, give_seat, save_council, take_seat
from councils.services.meetings import (
    archive_minutes,
    call_meeting,
    cancel_meeting,
    open_slots,
    record_meeting,
)
from councils.services.photos import add_photos
from councils.services.tasks import add_task, finish_task, task_to_case
from councils.services.topics import edit_topic, look_again, move_topic, propose
from councils.services.voices import add_opinion, like, object_to
from councils.services.watching import watch_councils

__all__ = [
    "add_opinion", "add_photos", "add_task", "archive_minutes", "call_meeting", "cancel_meeting",
    "edit_topic", "end_council", "finish_task", "found_council", "give_seat", "like", "look_again",
    "move_topic", "object_to", "open_slots", "propose", "record_meeting", "save_council",
    "take_seat", "task_to_case", "watch_councils",
]  # fmt: skip
