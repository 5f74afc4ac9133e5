"""Questions about what was written down, who answered them, and the prints photos are compared by."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.doubtflow import DoubtStatus
from assessments.querysets import DoubtQuerySet
from grids.models import Grid
from orgs.models import OrgUnit, Region


class Doubt(models.Model):
    """One question of a detector to one grid. `key` is the detector's own name for it: found once.

    `evidence` is {kind: [ids]} of the rows it rests on; `words` holds numbers, never a person.
    """

    detector = models.CharField("类型", max_length=20)
    key = models.CharField(max_length=40, editable=False)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="网格")
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    month = models.CharField("月份", max_length=7)
    words = models.CharField("疑点", max_length=300)
    evidence = models.JSONField("依据", default=dict)
    status = models.CharField(
        "状态", max_length=10, choices=DoubtStatus.choices, default=DoubtStatus.OPEN
    )
    found_at = models.DateTimeField("发现时间", default=timezone.now)

    objects = DoubtQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "疑点"
        constraints = [
            models.UniqueConstraint(fields=["grid", "detector", "key"], name="doubt_found_once")
        ]
        indexes = [
            models.Index(fields=["street", "status", "-id"], name="doubt_street"),
            models.Index(fields=["community", "status", "-id"], name="doubt_community"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def level(self) -> str:
        """The light of its status."""
        return {DoubtStatus.OPEN: "yellow", DoubtStatus.TO_CHECK: "red"}.get(
            DoubtStatus(self.status), "green"
        )


class DoubtStep(models.Model):
    """One answer; never changed. `by` None is the sweep."""

    doubt = models.ForeignKey(Doubt, models.CASCADE, related_name="steps")
    move = models.CharField("步骤", max_length=10)
    label = models.CharField("步骤名", max_length=20)
    to_status = models.CharField("状态", max_length=10, choices=DoubtStatus.choices)
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "疑点答复"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label


class PhotoPrint(models.Model):
    """What a kept photo looks like in 64 bits (`gridparty.lib.dhash`); "" says nothing of it.

    `about` names the row it proves ("case 12"), `step` at which step of it: the same picture before
    and after is a question, twice in one step is not.
    """

    kind = models.CharField(max_length=8)
    photo = models.PositiveBigIntegerField()
    about = models.CharField(max_length=30)
    step = models.CharField(max_length=16, blank=True)
    grid = models.ForeignKey(Grid, models.CASCADE, related_name="+")
    community = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+", db_index=False)
    bits = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "照片比对"
        constraints = [models.UniqueConstraint(fields=["kind", "photo"], name="photo_print_once")]
        indexes = [models.Index(fields=["community", "at"], name="photo_print_community")]

    def __str__(self) -> str:
        return f"{self.kind} {self.photo}"
