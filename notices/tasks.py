"""Celery's hands: the outbox sweep, and what is forgotten."""

from celery import shared_task

from notices import services


@shared_task(name="notices.tasks.deliver")  # type: ignore[untyped-decorator]
def deliver() -> dict[str, int]:
    """Send what is due."""
    return services.deliver()


@shared_task(name="notices.tasks.forget_old")  # type: ignore[untyped-decorator]
def forget_old() -> int:
    """Delete what has been read or sent long ago."""
    return services.forget_old()
