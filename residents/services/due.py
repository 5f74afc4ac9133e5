"""When the next care visit is due: kept on the tag whenever a visit or a cadence changes."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from residents.models import CareTag, Household

CHUNK = 500


def date_tag(tag: CareTag) -> None:
    """Set `due_on` from start, last visit and cadence (no save)."""
    tag.due_on = tag.next_due()


@transaction.atomic
def note_visit(*, household: Household, day: date) -> int:
    """Move on the due dates of everybody in the care library who lives there; return how many."""
    moved = []
    open_tags = CareTag.objects.filter(
        end=None, person__residencies__household=household, person__residencies__end=None
    )
    for tag in open_tags.select_related("kind").distinct():
        if tag.visited_on is None or tag.visited_on < day:
            tag.visited_on = day
            date_tag(tag)
            moved.append(tag)
    CareTag.objects.bulk_update(moved, ["visited_on", "due_on"])
    return len(moved)


def refresh_due_dates(tags: Iterable[CareTag] | None = None) -> int:
    """Bring `due_on` of open tags in step with their kinds; return how many had to change.

    The morning sweep: imports write tags without it, and cadences are edited in the admin.
    """
    rows = tags if tags is not None else CareTag.objects.filter(end=None).select_related("kind")
    stale: list[CareTag] = []
    changed = 0
    for tag in rows:
        before = tag.due_on
        date_tag(tag)
        if tag.due_on != before:
            stale.append(tag)
        if len(stale) >= CHUNK:
            changed += CareTag.objects.bulk_update(stale, ["due_on"])
            stale = []
    return changed + (CareTag.objects.bulk_update(stale, ["due_on"]) if stale else 0)
