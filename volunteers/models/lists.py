"""资源清单, 对接 (claims) and 项目清单; the needs stand in residents."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from grids.models import Building, Grid
from orgs.models import OrgUnit, Person, Region, Unit
from residents.models import Need
from volunteers.catalog import ActivityKind, ResourceKind, words
from volunteers.models.area import InCommunity
from volunteers.models.teams import Team
from volunteers.querysets import ClaimQuerySet, ProjectQuerySet, ResourceQuerySet
from volunteers.workflow import (
    HOLDING,
    ClaimStatus,
    ProjectStatus,
    ResourceStatus,
)


class Resource(models.Model):
    """What a unit offers. Community null: to the whole street; no grids: everywhere in there."""

    district = models.ForeignKey(Region, models.PROTECT, related_name="+", editable=False)
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="社区"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="resources", verbose_name="提供单位"
    )
    kind = models.CharField("类别", max_length=8, choices=ResourceKind.choices)
    title = models.CharField("名称", max_length=60)
    # Kinds of needs it helps with, codes of `Need.Kind`.
    need_kinds = models.JSONField("能解决", default=list, blank=True)
    capacity = models.PositiveIntegerField("数量", default=1)
    measure = models.CharField("计量", max_length=10, default="次")
    times = models.CharField("可用时间", max_length=100, blank=True)
    conditions = models.CharField("使用条件", max_length=200, blank=True)
    contact = models.CharField("联系人", max_length=60, blank=True)
    available_from = models.DateField("开始日期", default=timezone.localdate)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    grids = models.ManyToManyField(Grid, related_name="+", blank=True, verbose_name="服务网格")
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在楼栋"
    )
    status = models.CharField(
        "状态", max_length=10, choices=ResourceStatus.choices, default=ResourceStatus.OFFERED
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资源"
        indexes = [models.Index(fields=["street", "status", "-id"], name="resource_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def need_words(self) -> str:
        return words(self.need_kinds, Need.Kind)


class ProjectCategory(models.Model):
    """服务项目类别; `member_leads`: whoever leads such a project is a Party member."""

    code = models.SlugField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=20)
    member_leads = models.BooleanField("须党员牵头", default=False)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "项目类别"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Project(InCommunity):
    """A service project delivered to grids."""

    category = models.ForeignKey(
        ProjectCategory, models.PROTECT, related_name="projects", verbose_name="类别"
    )
    name = models.CharField("项目名称", max_length=60)
    brand = models.CharField("品牌名称", max_length=40, blank=True)
    about = models.CharField("做什么", max_length=500)
    kind = models.CharField("活动类型", max_length=10, choices=ActivityKind.choices)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name="实施单位",
    )  # fmt: skip
    lead_team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="projects",
        verbose_name="实施队伍",
    )  # fmt: skip
    lead_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="牵头人"
    )
    grids = models.ManyToManyField(Grid, related_name="+", blank=True, verbose_name="投放网格")
    sessions = models.PositiveSmallIntegerField("计划场次", default=1)
    target_people = models.PositiveIntegerField("目标人数", null=True, blank=True)
    budget = models.DecimalField(
        "预算（元）", max_digits=10, decimal_places=2, null=True, blank=True
    )
    funding = models.CharField("资金来源", max_length=60, blank=True)
    goal = models.CharField("目标", max_length=200, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    status = models.CharField(
        "状态", max_length=10, choices=ProjectStatus.choices, default=ProjectStatus.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="起草人"
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务项目"
        indexes = [models.Index(fields=["community", "status", "-id"], name="project_list")]

    def __str__(self) -> str:
        return self.name


class Claim(InCommunity):
    """A need taken over: by a unit or a team, with a resource or by hand, `quantity` of it."""

    class Way(models.TextChoices):
        ASKED = "asked", "单位认领"
        SENT = "sent", "社区派单"

    need = models.ForeignKey(Need, models.PROTECT, related_name="claims", verbose_name="需求")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="单位"
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="服务队"
    )
    resource = models.ForeignKey(
        Resource, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="资源"
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="项目"
    )
    way = models.CharField("方式", max_length=6, choices=Way.choices)
    quantity = models.PositiveSmallIntegerField("数量", default=1)
    status = models.CharField("状态", max_length=10, choices=ClaimStatus.choices)
    note = models.CharField("说明", max_length=200, blank=True)
    # 共建协议, sealed; served by a view only.
    agreement_as = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField("提出时间", default=timezone.now)
    matched_at = models.DateTimeField("对接时间", null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "对接"
        indexes = [models.Index(fields=["community", "status", "-id"], name="claim_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "unit"],
                condition=models.Q(status__in=HOLDING[:3]) & models.Q(unit__isnull=False),
                name="claim_once_a_unit", violation_error_message="这个单位已经认领了这条需求。",
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="claim_of_something"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_way_display()} #{self.pk}"

    @property
    def claimer(self) -> str:
        return str(self.unit or self.team or "")


class ProjectReview(models.Model):
    """联席会议 looks at a project once a quarter."""

    class Verdict(models.TextChoices):
        GO_ON = "go_on", "继续"
        ADJUST = "adjust", "调整"
        STOP = "stop", "建议终止"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="reviews", verbose_name="项目"
    )
    quarter = models.CharField("季度", max_length=6)
    verdict = models.CharField("结论", max_length=6, choices=Verdict.choices)
    note = models.CharField("评议意见", max_length=300)
    held_on = models.DateField("评议日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "季度评议"
        ordering = ["-quarter", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "quarter"], name="project_review_once",
                violation_error_message="这个季度已经评议过了。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project_id} {self.quarter}"
