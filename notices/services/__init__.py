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
from notices.services.notify import Resident, notify, notify_counts
from notices.services.sending import deliver

__all__ = [
    "Resident", "choose", "deliver", "drop", "forget_old", "mark_read", "notify", "notify_counts",
    "save_channel", "send_again", "try_channel",
]  # fmt: skip
