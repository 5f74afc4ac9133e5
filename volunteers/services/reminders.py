"""Reminders of the day before: each shift once, whoever has a place."""

from datetime import datetime, timedelta

from django.db import transaction

from volunteers.models import Shift
from volunteers.notices import tell_reminder
from volunteers.workflow import ActivityStatus, SignUpStatus

AHEAD = timedelta(hours=24)


def remind(*, now: datetime) -> int:
    """Tell everybody with a place in a shift of the next 24 hours; return how many shifts."""
    due = Shift.objects.filter(
        activity__status=ActivityStatus.SCHEDULED, reminded_at=None, starts_at__gt=now,
        starts_at__lte=now + AHEAD,
    )  # fmt: skip
    many = 0
    for shift in due.select_related("activity"):
        with transaction.atomic():
            # Compare and set: two sweeps at once remind once.
            if Shift.objects.filter(pk=shift.pk, reminded_at=None).update(reminded_at=now) != 1:
                continue
            people = shift.signups.filter(status=SignUpStatus.SIGNED)
            tell_reminder(
                shift=shift, volunteers=people.values_list("volunteer", flat=True), now=now
            )
            many += 1
    return many
