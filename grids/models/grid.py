"""Grid: the unit of daily work. Many grids may share one party branch (海恒: 67 and 16)."""

from django.core.validators import RegexValidator
from django.db import models

from grids.catalog import GridKind, GridStatus, LegacySystem, PropertyStatus
from grids.models.teams import TeamTemplate
from grids.querysets import GridQuerySet
from orgs.models import OrgUnit, Region


class Grid(models.Model):
    """A grid of one community. `code` = 12-digit community code + 3-digit serial, never reused.

    `street` is the root of the tree, which is the community itself in a three-level tree.
    """

    code = models.CharField(
        "网格编码", max_length=15, unique=True,
        validators=[RegexValidator(r"^\d{15}$", "网格编码应为 15 位数字：12 位社区代码加 3 位序号。")],
    )  # fmt: skip
    name = models.CharField("名称", max_length=60)
    kind = models.CharField(
        "类型", max_length=12, choices=GridKind.choices, default=GridKind.RESIDENTIAL
    )
    status = models.CharField(
        "状态", max_length=10, choices=GridStatus.choices, default=GridStatus.ACTIVE
    )
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="grids", verbose_name="社区"
    )
    party_branch = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="branch_grids",
        verbose_name="网格党支部",
    )  # fmt: skip
    team_template = models.ForeignKey(
        TeamTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="队伍模式"
    )  # fmt: skip
    property_status = models.CharField(
        "物业状态", max_length=14, choices=PropertyStatus.choices, blank=True
    )
    area_note = models.CharField("四至范围", max_length=200, blank=True)
    activated_on = models.DateField("启用日期", null=True, blank=True)
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承接网格"
    )

    objects = GridQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "网格"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="grid_name_in_community",
                violation_error_message="该社区已有同名网格。",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["street", "status"], name="grid_street_status")]

    def __str__(self) -> str:
        return self.name


class LegacyGridCode(models.Model):
    """The code an older network (综治, 信访, 城管…) gave the same ground; "merged" has a date."""

    grid = models.ForeignKey(Grid, models.CASCADE, related_name="legacy_codes", verbose_name="网格")
    system = models.CharField("来源系统", max_length=12, choices=LegacySystem.choices)
    code = models.CharField("原编码", max_length=40, db_index=True)
    name = models.CharField("原名称", max_length=60, blank=True)
    partial_on = models.DateField("部分合并日期", null=True, blank=True)
    merged_on = models.DateField("并网日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "原网格编码"
        constraints = [
            models.UniqueConstraint(
                fields=["system", "code", "grid"], name="legacy_code_once",
                violation_error_message="该系统的这个编码已登记过。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.code}"

    @property
    def merge_status(self) -> str:
        """none | partial | merged, from the dates."""
        return "merged" if self.merged_on else "partial" if self.partial_on else "none"
