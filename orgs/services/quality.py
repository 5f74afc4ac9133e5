"""The nightly round of the integrity checks: what is slow to find is kept, counts are recorded."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count

from orgs.models import CheckCount, CheckFinding
from orgs.quality import Asked, Check, all_checks

KEEP_COUNTS = timedelta(days=365)


def run_checks(*, day: date) -> dict[str, int]:
    """Run every check and record its counts for `day`; return them by code. A rerun replaces."""
    found = {one.code: _run(one, day) for one in all_checks()}
    CheckCount.objects.filter(day__lt=day - KEEP_COUNTS).delete()
    # A check that was taken out leaves nothing behind.
    CheckFinding.objects.exclude(code__in=list(found)).delete()
    return found


@transaction.atomic
def _run(check: Check, day: date) -> int:
    asked = Asked(day)
    if check.nightly:
        targets = sorted(set(check.find(asked)))
        CheckFinding.objects.filter(code=check.code).delete()
        CheckFinding.objects.bulk_create(
            (CheckFinding(code=check.code, target=target) for target in targets), batch_size=5000
        )
    rows = check.listed(asked).order_by()
    groups = rows.values_list(check.of.community).annotate(total=Count("pk", distinct=True))
    counts = [
        CheckCount(day=day, code=check.code, community_id=community, count=total)
        for community, total in groups
    ]
    if check.nightly and all(one.community_id is not None for one in counts):
        # Says that the check ran, also when it found nothing.
        counts.append(CheckCount(day=day, code=check.code, community=None, count=0))
    CheckCount.objects.filter(day=day, code=check.code).delete()
    CheckCount.objects.bulk_create(counts, batch_size=1000)
    return sum(one.count for one in counts)
