"""Sweeps of the residents app; each may run twice."""

from celery import shared_task
from django.utils import timezone

from residents.services.rounds import sweep_campaigns


@shared_task(name="residents.tasks.sweep_campaigns")  # type: ignore[untyped-decorator]
def sweep_campaign_doors() -> dict[str, int]:
    """Close campaigns that are over, take in new households, erase answers kept long enough."""
    return sweep_campaigns(timezone.now())
