"""Keeping photos: checked before anything is written, saved with the event they belong to."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, TypeVar

from django.core.files.base import ContentFile
from django.db import transaction

from cases.catalog import MAX_PHOTOS
from cases.models import Attachment, Case, CaseEvent
from cases.models.attachments import StoredPhoto
from cases.services.refusals import MoveRefused, invalid
from cases.workflow import BY_NAME, Who
from gridparty.lib.images import BadImage, CleanImage, sanitise
from orgs import audit
from orgs.models import User

P = TypeVar("P", bound=StoredPhoto)


def clean_photos(uploads: Sequence[IO[bytes]], *, already: int = 0) -> list[CleanImage]:
    """Return the sanitised photos; raises MoveRefused("invalid") at "photos" for the first bad one."""
    if len(uploads) + already > MAX_PHOTOS:
        raise invalid(
            {
                "photos": f"一件事项每个环节最多 {MAX_PHOTOS} 张照片，现在有 {len(uploads) + already} 张。"
            }
        )
    photos = []
    for number, upload in enumerate(uploads, 1):
        try:
            photos.append(sanitise(upload))
        except BadImage as error:
            raise invalid({"photos": f"第 {number} 张：{error}"}) from None
    return photos


def keep_photos(
    photos: Sequence[CleanImage], *, event: CaseEvent, by: User | None, now: datetime
) -> list[Attachment]:
    """Store the photos of an event, inside the caller's transaction."""
    return [
        store(
            Attachment(case_id=event.case_id, event=event, move=event.move), photo, by=by, now=now
        )
        for photo in photos
    ]


def store(row: P, photo: CleanImage, *, by: User | None, now: datetime) -> P:
    """Save the row of a photo with its facts and its file."""
    row.size, row.width, row.height = len(photo.data), photo.width, photo.height
    row.sha256, row.uploaded_by, row.created_at = photo.sha256, by, now
    row.file.save("photo.jpg", ContentFile(photo.data), save=False)
    row.save()
    return row


@transaction.atomic
def add_photos(
    *, case: Case, by: User | None, uploads: Sequence[IO[bytes]], as_reporter: bool = False
) -> list[Attachment]:
    """Add photos to the last event of an open case, by the one who acted in it.

    Phones on bad networks send the words first and the pictures after.
    """
    event = case.events.order_by("-id").first()
    mine = event is not None and (
        (by is not None and event.actor_id == by.pk)
        or (as_reporter and by is None and event.role == Who.REPORTER and event.actor_id is None)
    )
    entry = BY_NAME.get(event.move) if event else None
    if event is None or entry is None or not mine or entry.photos is None or not case.is_open:
        raise MoveRefused("not_allowed", "只能在自己刚刚办理的环节补充照片。")
    photos = clean_photos(uploads, already=event.attachments.count())
    kept = keep_photos(photos, event=event, by=by, now=event.at)
    audit.record(
        by=by, action="case.add_photos", target=case, street=case.street_id,
        detail={"event": event.pk, "count": len(kept)},
    )  # fmt: skip
    return kept
