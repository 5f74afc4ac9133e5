"""Photos: checked before anything is written, kept inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile

from councils.services.photos import clean_photos
from gridparty.lib.images import CleanImage
from orgs.models import User
from partybuilding.models import Photo


def keep_photos(
    photos: Sequence[CleanImage], *, subject: str, row: int, by: User | None, now: datetime
) -> None:
    """Store cleaned photos of a row."""
    for photo in photos:
        kept = Photo(
            subject=subject, row=row, width=photo.width, height=photo.height, sha256=photo.sha256,
            by=by, at=now,
        )  # fmt: skip
        kept.file.save("photo.jpg", ContentFile(photo.data), save=False)
        kept.save()


__all__ = ["clean_photos", "keep_photos"]
