"""Sweeps of voluntary work: idempotent, and a missed run is caught up by the next."""

from celery import shared_task
from django.utils import timezone

from volunteers.services.resources import expire_resources


@shared_task(name="volunteers.tasks.expire_resources")  # type: ignore[untyped-decorator]
def expire_offers() -> int:
    """Let resources lapse whose last day has passed."""
    return expire_resources(today=timezone.localdate())
