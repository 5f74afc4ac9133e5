"""The last serial given out for each day and community."""

from django.db import models


class CaseNumberCounter(models.Model):
    """`prefix` is YYYYMMDD + the last six digits of the community code."""

    prefix = models.CharField(max_length=14, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "事项编号"

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:04d}"
