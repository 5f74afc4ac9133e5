"""Sweeps of the residents app: idempotent, and a missed run is caught up by the next."""

from celery import shared_task
from django.utils import timezone

from residents.services.due import refresh_due_dates
from residents.services.needs import expire_needs
from residents.services.retention import forget_imports
from residents.services.rounds import sweep_campaigns
from residents.services.suggestions import refresh_suggestions
from residents.services.visitchecks import draw_due_checks


@shared_task(name="residents.tasks.sweep_campaigns")  # type: ignore[untyped-decorator]
def sweep_campaign_doors() -> dict[str, int]:
    """Close campaigns that are over, take in new households, erase answers kept long enough."""
    return sweep_campaigns(timezone.now())


@shared_task(name="residents.tasks.prepare_the_day")  # type: ignore[untyped-decorator]
def prepare_the_day() -> dict[str, int]:
    """Make the morning's lists: due care visits, needs that have lapsed."""
    return {"dated": refresh_due_dates(), "expired": expire_needs(today=timezone.localdate())}


@shared_task(name="residents.tasks.suggest_care")  # type: ignore[untyped-decorator]
def suggest_care() -> dict[str, int]:
    """Look through the register for people who may belong in the care library."""
    return refresh_suggestions(today=timezone.localdate())


@shared_task(name="residents.tasks.draw_visit_checks")  # type: ignore[untyped-decorator]
def draw_visit_checks() -> int:
    """Draw last month's visits for the call-back, where that has not been done."""
    return draw_due_checks(today=timezone.localdate())


@shared_task(name="residents.tasks.forget_imports")  # type: ignore[untyped-decorator]
def forget_old_imports() -> dict[str, int]:
    """Drop undo records past their week and conflicts nobody decided."""
    return forget_imports(timezone.now())
