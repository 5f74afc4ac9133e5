"""What a roster import leaves behind: contradictions to decide, people missing from a full list,
what it wrote (so that it can be taken back), and how the columns of a known header are read."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Building, Grid
from orgs.fields import SealedField
from orgs.models import ImportJob, OrgUnit, Person, Region
from residents.models.households import Household, Residency
from residents.querysets import ImportedQuerySet


class Imported(models.Model):
    """A row somebody in the area has to decide, with the scope columns of its door."""

    job = models.ForeignKey(
        ImportJob, models.SET_NULL, null=True, related_name="+", verbose_name="导入任务"
    )
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="网格")
    building = models.ForeignKey(Building, models.PROTECT, related_name="+", verbose_name="楼栋")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )
    decided_at = models.DateTimeField("处理时间", null=True)
    note = models.CharField("处理说明", max_length=200, blank=True)
    created_at = models.DateTimeField("提出时间", auto_now_add=True)

    objects = ImportedQuerySet.as_manager()

    class Meta:
        abstract = True


class RosterConflict(Imported):
    """A row of a file that contradicts the register; nothing of it is written until decided."""

    class Kind(models.TextChoices):
        HOME = "home", "登记在另一户"
        NAME = "name", "同一证件两个姓名"
        ID = "id", "同户同名证件不同"
        MOVED_OUT = "moved_out", "已登记迁出"
        DIED = "died", "已登记死亡"
        NEWER = "newer", "系统内容更新"

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        KEPT = "kept", "保留系统"
        TAKEN = "taken", "采用文件"
        BOTH = "both", "两处都住"
        DISMISSED = "dismissed", "不是同一人"
        EXPIRED = "expired", "已失效"

    sheet = models.CharField("工作表", max_length=60, blank=True)
    row = models.PositiveIntegerField("行号")
    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="系统里的人")
    household = models.ForeignKey(
        Household, models.SET_NULL, null=True, related_name="+", verbose_name="文件里的户"
    )
    # What the row says, as JSON (see roster/conflicts.py); emptied when it is decided.
    payload = SealedField("文件内容")
    # The same contradiction is asked once: equal for equal rows about the same person.
    key = models.CharField(max_length=64, db_index=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = verbose_name_plural = "导入冲突"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["community", "state", "-id"], name="rosterconflict_community"),
            models.Index(fields=["grid", "state", "-id"], name="rosterconflict_grid"),
            models.Index(fields=["job", "state", "-id"], name="rosterconflict_job"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="open"), name="rosterconflict_once_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sheet}!{self.row}"


class RosterAbsence(Imported):
    """疑似迁出/疑似死亡: a resident whom a complete list does not name, or whom a list says is gone."""

    class Kind(models.TextChoices):
        MISSING = "missing", "名单里没有"
        MOVED = "moved", "名单写明迁出"
        DIED = "died", "名单写明死亡"

    class State(models.TextChoices):
        OPEN = "open", "待核实"
        LATER = "later", "稍后再核"
        MOVED = "moved", "已办迁出"
        DIED = "died", "已登记死亡"
        STAYS = "stays", "仍住这里"
        EXPIRED = "expired", "已失效"

    residency = models.ForeignKey(
        Residency, models.PROTECT, related_name="+", verbose_name="居住关系"
    )
    kind = models.CharField("来由", max_length=10, choices=Kind.choices, default=Kind.MISSING)
    # The day the list gives for it.
    said_on = models.DateField("名单上的日期", null=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = verbose_name_plural = "疑似迁出"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["community", "state", "-id"], name="rosterabsence_community"),
            models.Index(fields=["grid", "state", "-id"], name="rosterabsence_grid"),
            models.Index(fields=["job", "state", "-id"], name="rosterabsence_job"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["residency"],
                condition=Q(state__in=["open", "later"]),
                name="rosterabsence_once_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.residency_id} {self.get_state_display()}"


class RosterUndo(models.Model):
    """What one batch of an import wrote, with what stood there before: one sealed blob a batch."""

    SEALED_BYTES = ("payload",)

    job = models.ForeignKey(
        ImportJob, models.CASCADE, related_name="undo_batches", verbose_name="导入任务"
    )
    # The `updated_at` of everything the batch wrote: whoever differs has been touched since.
    stamp = models.DateTimeField()
    homes = models.PositiveIntegerField("户数")
    payload = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "导入撤销记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.job_id} {self.homes}"


class RosterMapping(models.Model):
    """How a community's files with this header are read; a known header needs no confirmation."""

    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    fingerprint = models.CharField(max_length=64)
    title = models.CharField("文件", max_length=200)
    mapping = models.JSONField("列对应")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    used_at = models.DateTimeField("最近使用")

    class Meta:
        verbose_name = verbose_name_plural = "记住的列对应"
        constraints = [
            models.UniqueConstraint(fields=["community", "fingerprint"], name="rostermapping_once")
        ]

    def __str__(self) -> str:
        return self.title
