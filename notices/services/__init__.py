"""Writes of the notices app."""

from notices.services.keeping import (
    choose,
    drop,
    forget_old,
    mark_read,
    save_channel,
    send_again,
    try_channel,
)
from notices.services.notify import Letter, Resident, notify, notify_counts, notify_each
from notices.services.sending import deliver

__all__ = [
    "Letter", "Resident", "choose", "deliver", "drop", "forget_old", "mark_read", "notify",
    "notify_counts", "notify_each", "save_channel", "send_again", "try_channel",
]  # fmt: skip
