"""Deployments (下沉干部): who was sent from where into which grid, for what (海恒: 235 cadres)."""

from django.db import models

from grids.models import Grid
from orgs.models import OrgUnit, Person, Unit
from residents.campaigns.querysets import DeploymentQuerySet
from residents.models.campaigns import Campaign


class TaskKind(models.TextChoices):
    """The four tasks of the report (海恒, 疫情防控)."""

    PUBLICITY = "publicity", "政策宣传"
    SCREENING = "screening", "人员摸排"
    DUTY = "duty", "消毒执勤"
    HELP = "help", "帮扶解困"


class Deployment(models.Model):
    """A person working in a grid from `start` to `end` (inclusive; None: until called back)."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="deployments", verbose_name="人员"
    )
    from_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="deployments",
        verbose_name="派出单位",
    )  # fmt: skip
    from_org = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="deployments",
        verbose_name="派出党组织",
    )  # fmt: skip
    grid = models.ForeignKey(
        Grid, models.PROTECT, related_name="deployments", verbose_name="下沉网格"
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="deployments",
        verbose_name="专项排查",
    )  # fmt: skip
    tasks = models.JSONField("任务", default=list)
    start = models.DateField("开始日期")
    end = models.DateField("结束日期", null=True, blank=True)
    note = models.CharField("备注", max_length=100, blank=True)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "下沉干部"
        ordering = ["grid", "start", "id"]
        indexes = [models.Index(fields=["person", "grid"], name="deployment_person_grid")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="deployment_end_not_before_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=models.Q(from_unit__isnull=True) | models.Q(from_org__isnull=True),
                name="deployment_one_origin",
                violation_error_message="派出单位和派出党组织只填一个。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.grid_id}"

    @property
    def origin(self) -> str:
        return str(self.from_unit or self.from_org or "")

    @property
    def task_labels(self) -> str:
        return "、".join(str(TaskKind(one).label) for one in self.tasks)
