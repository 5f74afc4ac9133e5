from notices.models.channels import Channel, Preference
from notices.models.inbox import Notification
from notices.models.outbox import OutboxMessage

__all__ = ["Channel", "Notification", "OutboxMessage", "Preference"]
