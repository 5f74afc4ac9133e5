"""Grid teams as data: 1+2+N of 宣城, 1+2+N of 海恒, 1+6 of 黄山 are rows, not branches of code."""

from django.db import models

from grids.catalog import SlotSource
from grids.querysets import TeamMemberQuerySet
from orgs.models import Person, Unit
from orgs.roles import Role


class TeamTemplate(models.Model):
    """A way of staffing a grid, with named slots."""

    code = models.SlugField("代号", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "队伍模式"

    def __str__(self) -> str:
        return self.name


class TeamSlot(models.Model):
    """One kind of place in a team: how many, from where, Party member or not, and its role."""

    template = models.ForeignKey(
        TeamTemplate, models.CASCADE, related_name="slots", verbose_name="队伍模式"
    )
    code = models.SlugField("代号", max_length=30)
    name = models.CharField("名称", max_length=40)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    minimum = models.PositiveSmallIntegerField("至少", default=0)
    maximum = models.PositiveSmallIntegerField("至多", null=True, blank=True)
    sources = models.JSONField("人员来源", default=list, blank=True)
    member_required = models.BooleanField("须为党员", default=False)
    is_force = models.BooleanField("由单位派出", default=False)
    role = models.CharField("对应角色", max_length=30, choices=Role.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "队伍岗位"
        ordering = ["template", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "code"], name="slot_code_in_template",
                violation_error_message="该队伍模式已有同代号岗位。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class GridTeamMember(models.Model):
    """A person (or a unit's contact) serving a grid in a slot, from `start` to `end`."""

    grid = models.ForeignKey("grids.Grid", models.PROTECT, related_name="team", verbose_name="网格")
    slot = models.ForeignKey(TeamSlot, models.PROTECT, related_name="+", verbose_name="岗位")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="grid_posts", verbose_name="人员"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="派出单位"
    )
    source = models.CharField("来源", max_length=20, choices=SlotSource.choices, blank=True)
    duties = models.CharField("职责", max_length=200, blank=True)
    start = models.DateField("到岗日期")
    end = models.DateField("离岗日期", null=True, blank=True)
    # When the term is up; serving on is possible, but the list of ending terms says so.
    term_end = models.DateField("任期至", null=True, blank=True)
    # Consent for what the notice board shows of a person.
    shows_phone = models.BooleanField("同意公示手机号", default=False)
    shows_photo = models.BooleanField("同意公示照片", default=False)
    # A sealed file; there is none without the consent.
    photo = models.CharField("照片", max_length=120, blank=True, default="", editable=False)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "网格队伍"
        ordering = ["grid", "slot", "start"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="team_end_not_before_start",
                violation_error_message="离岗日期不能早于到岗日期。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.person}"
