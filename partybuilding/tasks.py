"""What beat runs for Party work; each an idempotent sweep that catches up."""

from celery import shared_task
from django.utils import timezone

from partybuilding import services


@shared_task  # type: ignore[untyped-decorator]
def keep_five() -> int:
    """Open the month's boards, remind, mark late."""
    return services.keep_cadence(today=timezone.localdate())


@shared_task  # type: ignore[untyped-decorator]
def keep_check_ins() -> int:
    """Ask for the half-yearly confirmation, draft the quarter's feedback cards."""
    today = timezone.localdate()
    return services.ask_confirmations(today=today) + services.draft_cards(today=today)


@shared_task  # type: ignore[untyped-decorator]
def watch_joint() -> int:
    """Tell of pairings that run out and of dimensions without activity in the ended quarter."""
    return services.watch_joint(today=timezone.localdate())


@shared_task  # type: ignore[untyped-decorator]
def open_basics() -> int:
    """Open the half-yearly self-checks."""
    return services.open_basics(today=timezone.localdate())


@shared_task  # type: ignore[untyped-decorator]
def chase_readers() -> int:
    """Remind those who have not read a document by its day."""
    return services.chase_readers(today=timezone.localdate())


@shared_task  # type: ignore[untyped-decorator]
def watch_terms() -> int:
    """Tell of committees whose term is over, or will be within half a year."""
    return services.watch_terms(today=timezone.localdate())
