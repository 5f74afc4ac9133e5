"""Programmes: what a Party organisation makes its name with, and the work done under that name."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from orgs.models import OrgUnit, Unit
from partybuilding.catalog import ProgrammeKind
from partybuilding.models.joint import JointRecord
from partybuilding.models.means import FundAllocation, InStreet, Training
from partybuilding.models.papers import PolicyPaper
from partybuilding.querysets.programmes import ProgrammeQuerySet
from volunteers.models import Activity, Project


class Programme(InStreet):
    """党建品牌 or 项目 (宣城 “蜂巢共筑”, XC-01) of one organisation, with the units that take part."""

    org = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="programmes", verbose_name="主办组织"
    )
    kind = models.CharField("类型", max_length=10, choices=ProgrammeKind.choices)
    name = models.CharField("名称", max_length=60)
    slogan = models.CharField("一句话介绍", max_length=100, blank=True)
    text = models.TextField("做什么", blank=True)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    outcome = models.CharField("成效", max_length=500, blank=True)
    units = models.ManyToManyField(
        Unit, related_name="programmes", blank=True, verbose_name="参与单位"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党建品牌和项目"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"], condition=Q(ended_on=None), name="programme_once",
                violation_error_message="这个组织已有同名的品牌或项目。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="programme_ends_after_start",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


LINKED = ("record", "activity", "project", "training", "fund", "paper")


def _exactly_one() -> Q:
    chosen = [Q(**{f"{other}__isnull": other != name for other in LINKED}) for name in LINKED]
    return reduce(or_, chosen)


class ProgrammeLink(models.Model):
    """A piece of work done under a programme: exactly one of LINKED. It keeps its own page."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="links", verbose_name="品牌或项目"
    )
    record = models.ForeignKey(
        JointRecord, models.CASCADE, null=True, blank=True, related_name="programme_links",
        verbose_name="五联共治活动",
    )  # fmt: skip
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, blank=True, related_name="programme_links",
        verbose_name="志愿活动",
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="programme_links",
        verbose_name="服务项目",
    )  # fmt: skip
    training = models.ForeignKey(
        Training, models.CASCADE, null=True, blank=True, related_name="programme_links",
        verbose_name="教育培训",
    )  # fmt: skip
    fund = models.ForeignKey(
        FundAllocation, models.CASCADE, null=True, blank=True, related_name="programme_links",
        verbose_name="党建经费",
    )  # fmt: skip
    paper = models.ForeignKey(
        PolicyPaper, models.CASCADE, null=True, blank=True, related_name="programme_links",
        verbose_name="政策文件",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "品牌关联的工作"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=_exactly_one(), name="programme_link_one"),
            *(
                models.UniqueConstraint(
                    fields=["programme", name], condition=Q(**{f"{name}__isnull": False}),
                    name=f"programme_{name}_once",
                )
                for name in LINKED
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.programme_id} #{self.pk}"
