"""The quarterly job opens and computes the quarter that ended last; the monthly one drafts bulletins.

The rollups are folded by the minute and built anew by night.
"""

from celery import shared_task
from django.utils import timezone

from assessments.issuing import draft_due
from assessments.models import QuarterAssessment
from assessments.services import LATE_WINDOW, advance_due, compute_quarter, search
from assessments.services.rollups import fold, rebuild
from assessments.workflow import Status
from gridparty.lib.periods import Quarter


@shared_task(name="assessments.tasks.open_due_quarter")  # type: ignore[untyped-decorator]
def open_due_quarter() -> int:
    """Open last quarter, and recompute it while its late window is open; returns grids computed.

    Runs hourly so that a worker which was down on the first of the month catches up.
    """
    now = timezone.now()
    quarter = Quarter.of(now).previous()
    computed = QuarterAssessment.objects.filter(quarter=str(quarter)).exclude(status=Status.OPEN)
    if now > quarter.end + LATE_WINDOW and computed.exists():
        return 0
    return compute_quarter(quarter=quarter, now=now, by=None).computed


@shared_task(name="assessments.tasks.advance_reviews")  # type: ignore[untyped-decorator]
def advance_reviews() -> int:
    """Begin self-reviews after the late window and pass over who is late; returns rows moved."""
    return advance_due(timezone.now())


@shared_task(name="assessments.tasks.draft_due_bulletins")  # type: ignore[untyped-decorator]
def draft_due_bulletins() -> int:
    """Draft the bulletins that are due on the third working day and missing."""
    return draft_due(timezone.now())


@shared_task(name="assessments.tasks.search_doubts")  # type: ignore[untyped-decorator]
def search_doubts() -> int:
    """Look for what asks for an explanation; returns how many questions are new."""
    return search(timezone.now())


@shared_task(name="assessments.tasks.fold_rollups")  # type: ignore[untyped-decorator]
def fold_rollups() -> int:
    """Fold what happened to cases into the rollups; the first run builds them."""
    return fold(now=timezone.now())


@shared_task(name="assessments.tasks.rebuild_rollups")  # type: ignore[untyped-decorator]
def rebuild_rollups() -> int:
    """Compute the rollups anew; returns the cells that were wrong."""
    return rebuild(now=timezone.now())
