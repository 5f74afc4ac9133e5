"""The small vocabulary of notices, and the limits of sending. Pure."""

from datetime import timedelta

from django.db.models import IntegerChoices, TextChoices


class Urgency(IntegerChoices):
    ROUTINE = 0, "一般"
    IMPORTANT = 1, "重要"
    EMERGENCY = 2, "紧急"  # the only one that is sent at night


class MessageState(TextChoices):
    WAITING = "waiting", "等待发送"
    SENDING = "sending", "正在发送"
    SENT = "sent", "已发送"
    DEAD = "dead", "发不出去"
    DROPPED = "dropped", "不再发送"


# A claim older than this belongs to a worker that died; longer than any transport may take.
STALE_AFTER = timedelta(minutes=3)
MOST_ATTEMPTS = 8
# More messages than this waiting for one recipient become one digest.
FLOOD = 5
KEEP_READ = timedelta(days=90)
KEEP_SENT = timedelta(days=90)
