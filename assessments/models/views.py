"""A person's own ways to look at the dashboard."""

from typing import Any

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A place and a period under a name of the user's own. `asked` is what the address says.

    The period is relative ("month": this month, whenever it is opened) or one that stays.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField("名称", max_length=20)
    asked: Any = models.JSONField("筛选", default=dict)
    is_default = models.BooleanField("默认打开", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "常用看板"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="saved_view_name",
                violation_error_message="您已有同名的常用看板，请换个名称。",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_default=True), name="saved_view_default"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
