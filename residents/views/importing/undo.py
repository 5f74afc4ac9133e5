"""What an undo of an import would do, and what it left alone."""

from typing import Any

from django.utils import timezone

from orgs.models import ImportJob
from orgs.services.jobs import undo_until
from residents.display import shown_door
from residents.models import Household, RosterUndo

SHOWN_LEFT = 100
State = ImportJob.State


def may_undo(job: ImportJob) -> bool:
    last = undo_until(job)
    return (
        job.state in (State.DONE, State.CANCELLED)
        and last is not None
        and last > timezone.now()
        and RosterUndo.objects.filter(job=job, homes__gt=0).exists()
    )


def left_alone(job: ImportJob, user: Any) -> list[tuple[Household, str, str]]:
    """Return what the undo of this job left as it was: household, door, reason."""
    return doors_of(job.options.get("left", [])[:SHOWN_LEFT], user)


def doors_of(reasons: Any, user: Any) -> list[tuple[Household, str, str]]:
    rows = Household.objects.visible_to(user).select_related("building__compound", "entrance")
    found = rows.in_bulk([pk for pk, _reason in reasons]) if reasons else {}
    full = set(
        rows.in_full_to(user).filter(pk__in=list(found)).values_list("pk", flat=True)
        if found
        else ()
    )
    return [
        (found[pk], shown_door(found[pk], full=pk in full), reason)
        for pk, reason in reasons
        if pk in found
    ]
