"""Sweeps of voluntary work: idempotent, and a missed run is caught up by the next."""

from celery import shared_task
from django.utils import timezone

from volunteers.services.asking import run_waves
from volunteers.services.reminders import remind
from volunteers.services.resources import expire_resources


@shared_task(name="volunteers.tasks.expire_resources")  # type: ignore[untyped-decorator]
def expire_offers() -> int:
    """Let resources lapse whose last day has passed."""
    return expire_resources(today=timezone.localdate())


@shared_task(name="volunteers.tasks.ask_next")  # type: ignore[untyped-decorator]
def ask_next() -> int:
    """Ask the next wave where places are free and the last wave has answered or had its time."""
    return run_waves(now=timezone.now())


@shared_task(name="volunteers.tasks.remind")  # type: ignore[untyped-decorator]
def remind_of_tomorrow() -> int:
    """Remind those who have a place, the day before; each shift once."""
    return remind(now=timezone.now())
