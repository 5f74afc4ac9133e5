"""What beat runs for Party work; each an idempotent sweep that catches up."""

from celery import shared_task
from django.utils import timezone

from partybuilding import services


@shared_task  # type: ignore[untyped-decorator]
def keep_five() -> int:
    """Open the month's boards, remind, mark late."""
    return services.keep_cadence(today=timezone.localdate())
