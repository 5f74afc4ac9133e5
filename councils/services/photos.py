"""Photos of a topic: checked before anything is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from councils.catalog import MAX_PHOTOS, PhotoKind
from councils.models import Topic, TopicPhoto
from gridparty.lib.images import BadImage, CleanImage, sanitise
from orgs.audit import describe_actions, record
from orgs.models import User

describe_actions(topic__photos="上传议题照片")


def clean_photos(uploads: Sequence[IO[bytes]]) -> list[CleanImage]:
    """Return the photos re-encoded; ValidationError at "photos" for the first bad one."""
    if len(uploads) > MAX_PHOTOS:
        raise ValidationError({"photos": f"一次最多 {MAX_PHOTOS} 张照片。"})
    photos = []
    for number, upload in enumerate(uploads, 1):
        try:
            photos.append(sanitise(upload))
        except BadImage as error:
            raise ValidationError({"photos": f"第 {number} 张：{error}"}) from None
    return photos


def keep_photos(
    photos: Sequence[CleanImage], *, topic: Topic, kind: str, by: User | None, now: datetime
) -> None:
    """Store photos inside the caller's transaction."""
    for photo in photos:
        row = TopicPhoto(
            topic=topic, kind=kind, width=photo.width, height=photo.height, sha256=photo.sha256,
            by=by, at=now,
        )  # fmt: skip
        row.file.save("photo.jpg", ContentFile(photo.data), save=False)
        row.save()


@transaction.atomic
def add_photos(*, topic: Topic, kind: str, uploads: Sequence[IO[bytes]], by: User) -> None:
    """Add photos before, after, or of a meeting."""
    if kind not in PhotoKind.values:
        raise ValidationError({"kind": "请选择照片的环节。"})
    photos = clean_photos(uploads)
    if topic.photos.count() + len(photos) > 3 * MAX_PHOTOS:
        raise ValidationError({"photos": f"一个议题最多 {3 * MAX_PHOTOS} 张照片。"})
    keep_photos(photos, topic=topic, kind=kind, by=by, now=timezone.now())
    record(
        by=by, action="topic.photos", target=topic, street=topic.street_id,
        detail={"kind": kind, "count": len(photos)},
    )  # fmt: skip
