"""Photos of whatever this app keeps: one table, served only by a view that checks the row's scope."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from gridparty.lib.china_time import local


def photo_path(photo: "Photo", filename: str) -> str:
    """Return party/yyyy/mm/<random>.jpg; the sender's file name is never used."""
    moment: datetime = local(photo.at)
    return f"party/{moment:%Y/%m}/{secrets.token_hex(16)}.jpg"


class Photo(models.Model):
    """A re-encoded photo: no EXIF, no place. `subject` names the kind of row, `row` its id."""

    subject = models.CharField("对象", max_length=12)
    row = models.PositiveBigIntegerField("编号")
    file = models.FileField("照片", upload_to=photo_path, max_length=100)
    content_type = models.CharField(max_length=20, default="image/jpeg", editable=False)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    sha256 = models.CharField("指纹", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "党建照片"
        ordering = ["id"]
        indexes = [models.Index(fields=["subject", "row"], name="party_photo_row")]

    def __str__(self) -> str:
        return f"{self.subject} {self.row} #{self.pk}"
