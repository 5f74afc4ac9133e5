"""The inboxes as people who come every day would have them: the last two days are unread."""

from datetime import datetime, timedelta

from django.db.models import F

from notices.models import Notification

UNREAD = timedelta(days=2)


def settle_notices(now: datetime) -> None:
    """Let everybody have read what is older, an hour after it came. Nothing leaves the house."""
    old = Notification.objects.filter(created_at__lt=now - UNREAD)
    old.update(read_at=F("created_at") + timedelta(hours=1))
