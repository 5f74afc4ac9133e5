"""What beat runs for the councils; each an idempotent sweep."""

from celery import shared_task
from django.utils import timezone

from councils import services


@shared_task  # type: ignore[untyped-decorator]
def open_slots() -> int:
    """Make the meetings that are owed in the current period of each council."""
    return services.open_slots(today=timezone.localdate())
