"""Days on which China's working calendar differs from Monday to Friday."""

from django.db import models


class WorkdayOverride(models.Model):
    """A holiday on a weekday, or a make-up working day (调休) at a weekend."""

    date = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("是否上班")
    name = models.CharField("说明", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "节假日与调休"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
