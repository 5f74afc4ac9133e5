"""Photos of a case. Served only by a view that checks scope; there is no public address."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case
from cases.models.trail import CaseEvent
from gridparty.lib.china_time import local


def photo_path(attachment: "Attachment", filename: str) -> str:
    """Return cases/yyyy/mm/<random>.jpg; the sender's file name is never used."""
    moment: datetime = local(attachment.created_at)
    return f"cases/{moment:%Y/%m}/{secrets.token_hex(16)}.jpg"


class StoredPhoto(models.Model):
    """The facts of a re-encoded photo; who has one adds its `file` and what it belongs to."""

    file: Any
    content_type = models.CharField(max_length=20, default="image/jpeg", editable=False)
    size = models.PositiveIntegerField("字节数")
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    sha256 = models.CharField("指纹", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["id"]

    @property
    def is_lost(self) -> bool:
        """Whether the file is gone from the store; the row still says what it was."""
        return not (self.file.name and self.file.storage.exists(self.file.name))

    @property
    def is_erased(self) -> bool:
        """Whether the file was erased on purpose, when its time to be kept was over."""
        return not self.file.name


class Attachment(StoredPhoto):
    """A re-encoded photo: no EXIF, no place, no trailing data. `move` says at which step."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments", verbose_name="事项")
    event = models.ForeignKey(
        CaseEvent, models.PROTECT, related_name="attachments", verbose_name="记录"
    )
    move = models.CharField("环节", max_length=16)
    file = models.FileField("照片", upload_to=photo_path, max_length=100)

    class Meta(StoredPhoto.Meta):
        verbose_name = verbose_name_plural = "照片"

    def __str__(self) -> str:
        return f"{self.case_id} #{self.pk}"
