"""What beat runs for the councils; each an idempotent sweep."""

from celery import shared_task
from django.utils import timezone

from councils import services


@shared_task  # type: ignore[untyped-decorator]
def open_slots() -> int:
    """Make the meetings that are owed in the current period of each council."""
    return services.open_slots(today=timezone.localdate())


@shared_task  # type: ignore[untyped-decorator]
def watch_councils() -> int:
    """Tell of meetings missed, announcements over, tasks late, closed topics to look at."""
    return services.watch_councils(today=timezone.localdate())
