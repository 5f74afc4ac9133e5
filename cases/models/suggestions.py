"""What the nightly task has learned: how often each category's cases hold which pair of characters."""

from typing import Any

from django.db import models
from django.utils import timezone


class CategoryCounts(models.Model):
    """One row of counts per category. Pairs of characters, never whole texts or names.

    `cases`: how many closed cases they come from.
    """

    category = models.OneToOneField(
        "cases.Category", models.CASCADE, primary_key=True, related_name="+", verbose_name="类别"
    )
    cases = models.PositiveIntegerField("学过的事项", default=0)
    pairs: Any = models.JSONField("字对次数", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "类别推荐"

    def __str__(self) -> str:
        return str(self.category)


class LearningMark(models.Model):
    """How far the nightly task has read: the last closing it has learned from (one row)."""

    last_event = models.PositiveBigIntegerField(default=0)
    learned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "类别推荐进度"

    def __str__(self) -> str:
        return f"{self.last_event}"
