"""Two rounds of the integrity checks, a good week apart: what was found, and how it moved."""

from datetime import datetime, timedelta

from gridparty.lib.china_time import local_date
from orgs.models import CheckFinding, CheckRound
from orgs.services import run_checks
from residents.models import Residency

# One finding in so many is new since the first round, and as many were mended since.
NEW_ONE_IN, MENDED = 6, 5


def build_checks(now: datetime) -> None:
    """Run every check as of now and date most of what it finds back."""
    before = now - timedelta(days=8)
    CheckRound.objects.create(state=CheckRound.State.DONE, finished_at=before)
    run_checks(day=local_date(now))
    found = CheckFinding.objects.order_by("pk")
    old = [pk for pk in found.values_list("pk", flat=True) if pk % NEW_ONE_IN]
    CheckFinding.objects.filter(pk__in=old).update(found_at=before - timedelta(minutes=1))
    _mended(before, now)


def _mended(before: datetime, now: datetime) -> None:
    """People whose papers were completed since: they fail no more."""
    failing = CheckFinding.objects.filter(code="no_id").values("target")
    fine = Residency.objects.filter(end=None).exclude(pk__in=failing).order_by("pk")
    CheckFinding.objects.bulk_create(
        CheckFinding(
            code="no_id", target=pk, found_at=before - timedelta(days=1),
            gone_at=now - timedelta(days=2),
        )
        for pk in fine.values_list("pk", flat=True)[:MENDED]
    )  # fmt: skip
