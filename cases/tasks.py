"""Celery's hands: idempotent sweeps over rows. A lost message loses nothing."""

from celery import shared_task
from django.utils import timezone

from cases.models import Case, LedgerScheme
from cases.revisits import draw_due
from cases.services import scan_clocks as sweep
from cases.services.lasting import remind_due
from cases.services.learning import learn_categories as learn
from cases.services.ledgers import number_cases
from cases.services.rerouting import release_all_left
from cases.services.retention import erase_old_photos
from cases.trail_roots import write_due_roots


@shared_task(name="cases.tasks.scan_clocks")  # type: ignore[untyped-decorator]
def scan_clocks() -> dict[str, int]:
    """Urge and supervise what is late."""
    return sweep(timezone.now())


@shared_task(name="cases.tasks.write_trail_roots")  # type: ignore[untyped-decorator]
def write_trail_roots() -> int:
    """Write the root of every day that has ended and has none."""
    return write_due_roots(timezone.now())


@shared_task(name="cases.tasks.draw_due_revisits")  # type: ignore[untyped-decorator]
def draw_due_revisits() -> list[dict[str, object]]:
    """Draw the finished months that are not drawn yet (the last one and two before)."""
    return [result.as_json() for result in draw_due(timezone.now())]


@shared_task(name="cases.tasks.learn_categories")  # type: ignore[untyped-decorator]
def learn_categories() -> int:
    """Learn from the cases closed since the last night."""
    return learn(timezone.now())


@shared_task(name="cases.tasks.number_ledgers")  # type: ignore[untyped-decorator]
def number_ledgers() -> int:
    """Give the new cases their serials in the registers in use."""
    communities = set(Case.objects.order_by().values_list("community_id", flat=True).distinct())
    return sum(
        number_cases(scheme=scheme, communities=communities, before=timezone.now())
        for scheme in LedgerScheme.objects.filter(is_active=True)
    )


@shared_task(name="cases.tasks.release_what_is_left")  # type: ignore[untyped-decorator]
def release_what_is_left() -> int:
    """Give back the cases and revisits of people whose role, post or log-in has ended."""
    return release_all_left(timezone.now())


@shared_task(name="cases.tasks.remind_effects")  # type: ignore[untyped-decorator]
def remind_effects() -> int:
    """Tell the communities of the 跟踪核查 whose day has come."""
    return remind_due(timezone.now())


@shared_task(name="cases.tasks.erase_photos")  # type: ignore[untyped-decorator]
def erase_photos() -> int:
    """Erase the photos that have been kept long enough."""
    return erase_old_photos(timezone.now())
