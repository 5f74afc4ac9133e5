"""What the integrity checks found, and the rounds in which they ran."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orgs.models.tree import OrgUnit
from orgs.querysets import CheckFindingQuerySet, CheckRoundQuerySet


class CheckFinding(models.Model):
    """A row that failed a check from one round until another; `target` is its id in the check's
    own table. Pages count and list the open ones, the trend compares them with those of a week ago.
    """

    code = models.CharField("检查", max_length=40)
    target = models.BigIntegerField("对象编号")
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    gone_at = models.DateTimeField("不再发现的时间", null=True)

    objects = CheckFindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查发现"
        indexes = [models.Index(fields=["code", "gone_at", "target"], name="checkfinding_code")]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "target"], condition=Q(gone_at=None), name="checkfinding_once_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.target}"


class CheckRound(models.Model):
    """A run of the checks over one street or all: every night, or when somebody asks for it.

    The row is the queue: a killed worker loses nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待检查"
        RUNNING = "running", "正在检查"
        DONE = "done", "已检查"
        FAILED = "failed", "检查失败"

    street = models.ForeignKey(
        OrgUnit, models.CASCADE, null=True, related_name="+", verbose_name="街道"
    )
    # Only this check; "" means all.
    code = models.CharField("检查", max_length=40, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="提出人",
    )
    created_at = models.DateTimeField("提出时间", auto_now_add=True)
    heartbeat_at = models.DateTimeField("最近进展", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    done = models.PositiveSmallIntegerField("已查项数", default=0)
    total = models.PositiveSmallIntegerField("总项数", default=0)

    objects = CheckRoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数据检查"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["street", "-finished_at"], name="checkround_street"),
            models.Index(fields=["state", "id"], name="checkround_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["street", "code"],
                condition=Q(state__in=["waiting", "running"]),
                name="checkround_once_open",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=["waiting", "running"], street=None),
                name="checkround_once_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%Y-%m-%d %H:%M}"
