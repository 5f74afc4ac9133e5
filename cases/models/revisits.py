"""The monthly revisit: one draw per month and grid, frozen; one revisit per drawn case."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.catalog import RevisitMethod, Satisfaction, Solved, UnsatisfiedReason
from cases.models.case import Case
from cases.querysets import RevisitQuerySet
from grids.models import Grid


class RevisitSeed(models.Model):
    """A month's seed: `commitment` is written first, `seed` published with the draw."""

    month = models.CharField("月份", max_length=7, unique=True)
    commitment = models.CharField("种子承诺", max_length=64)
    committed_at = models.DateTimeField("承诺时间")
    seed = models.CharField("公布的种子", max_length=64, blank=True)
    published_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "回访抽样种子"
        ordering = ["-month"]

    def __str__(self) -> str:
        return self.month


class RevisitDraw(models.Model):
    """What was drawn from a grid's cases closed in `month` ("2026-06"), and with which seed.

    `case_nos` is the sample, `listed` the list it was drawn from (`mandatory`: those taken all),
    `list_hash` its sha256; `cases.replay` does the sums again. `joined`: the numbers of the reports
    merged into a listed case whose reporters are asked with it, {case number: [report number]}.
    """

    month = models.CharField("月份", max_length=7)
    grid = models.ForeignKey(
        Grid, models.PROTECT, related_name="revisit_draws", verbose_name="网格"
    )
    population = models.PositiveIntegerField("当月销号数")
    quota = models.PositiveIntegerField("应抽数")
    seed = models.CharField("随机种子", max_length=64)
    listed = models.JSONField("名单", default=list)
    mandatory = models.JSONField("必访编号", default=list)
    list_hash = models.CharField("名单指纹", max_length=64, blank=True)
    case_nos = models.JSONField("抽中编号", default=list)
    joined = models.JSONField("并入的反映", default=dict)
    drawn_at = models.DateTimeField("抽取时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "回访抽样"
        ordering = ["-month", "grid"]
        constraints = [
            models.UniqueConstraint(fields=["month", "grid"], name="revisit_draw_month_grid")
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.grid_id}"


class Revisit(models.Model):
    """One reporter of a drawn case to be asked. Answers are fixed from `locks_at` on.

    `merged` is the report of whoever is asked when it was merged into the case, None for the
    case's own reporter.
    """

    class State(models.TextChoices):
        PENDING = "pending", "待回访"
        DONE = "done", "已回访"
        UNREACHED = "unreached", "未联系上"

    case = models.ForeignKey(Case, models.PROTECT, related_name="revisits", verbose_name="事项")
    merged = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="并入的反映"
    )
    draw = models.ForeignKey(
        RevisitDraw, models.PROTECT, related_name="revisits", verbose_name="抽样"
    )
    month = models.CharField("月份", max_length=7)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="revisits",
        verbose_name="回访员", db_index=False,
    )  # fmt: skip
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    solved = models.CharField("是否解决", max_length=8, choices=Solved.choices, blank=True)
    satisfaction = models.CharField(
        "满意度", max_length=12, choices=Satisfaction.choices, blank=True
    )
    reason = models.CharField(
        "不满意原因", max_length=14, choices=UnsatisfiedReason.choices, blank=True
    )
    note = models.CharField("备注", max_length=1000, blank=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    # Unsolved or unsatisfied and not reopened at once: until when the community decides.
    decision_due_at = models.DateTimeField("处置期限", null=True, blank=True)
    decision = models.CharField("处置", max_length=10, blank=True)
    locks_at = models.DateTimeField("结果锁定")

    objects = RevisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "回访"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "case"], condition=Q(merged=None), name="revisit_month_case",
                violation_error_message="这件事项本月已抽中。",
            ),
            models.UniqueConstraint(
                fields=["month", "merged"], condition=Q(merged__isnull=False),
                name="revisit_month_merged", violation_error_message="这个反映人本月已抽中。",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["assignee", "state", "-id"], name="revisit_assignee")]

    def __str__(self) -> str:
        return f"{self.month} {self.case_id}"

    @property
    def asked(self) -> Case:
        """Return the report whose reporter is asked."""
        return self.merged or self.case

    def is_locked(self, now: datetime) -> bool:
        return now >= self.locks_at


class RevisitAttempt(models.Model):
    """One try to reach the person: three at different times over two days, then 未联系上."""

    revisit = models.ForeignKey(
        Revisit, models.PROTECT, related_name="attempts", verbose_name="回访"
    )
    at = models.DateTimeField("时间", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="回访员"
    )
    method = models.CharField("方式", max_length=8, choices=RevisitMethod.choices)
    reached = models.BooleanField("联系上")
    note = models.CharField("备注", max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "回访记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.revisit_id} {self.at:%m-%d %H:%M}"
