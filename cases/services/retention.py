"""Photos are kept for some years after the case has ended; then the files go, the rows stay.

The row keeps time, size and fingerprint, so the trail still says what was there (domain brief §5.4).
A case that was reopened is not over: its photos wait with it.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from cases.models import AccountPhoto, Attachment, Case
from gridparty.lib.china_time import local
from orgs import audit

audit.describe_actions(case__erase_photos="清除到期的照片")
BATCH = 500


def erase_old_photos(now: datetime | None = None) -> int:
    """Erase the files whose time is over and return how many; a second run finds none.

    A file goes before its row says so: whoever is stopped between the two is finished by the next run.
    """
    moment = now or timezone.now()
    before = _years_before(moment, settings.KEEP_PHOTOS_YEARS)
    of_cases = Attachment.objects.filter(case__ended_at__lt=before)
    of_records = AccountPhoto.objects.filter(record__case__ended_at__lt=before)
    # A record may be decided long after its case: its evidence is kept as long from then on.
    of_records = of_records.exclude(record__decided_at__gte=before)
    erased = _erase(of_cases) + _erase(of_records)
    if erased:
        audit.record(by=None, action="case.erase_photos", target=Case, detail={"photos": erased})
    return erased


def _erase(photos: Any) -> int:
    waiting, done = photos.exclude(file="").order_by("pk"), 0
    while batch := list(waiting[:BATCH]):
        for photo in batch:
            photo.file.storage.delete(photo.file.name)
        photos.model.objects.filter(pk__in=[photo.pk for photo in batch]).update(file="")
        done += len(batch)
    return done


def _years_before(moment: datetime, years: int) -> datetime:
    day = local(moment)
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
