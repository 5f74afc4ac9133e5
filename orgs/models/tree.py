"""The party organisation tree: one MPTT tree per street, or per community with three levels.

Only `orgs.services` and the bulk loader write here: they lock the root row first, because two
unlocked writers silently corrupt the nesting (28 of 93 nodes in the prototype).
"""

from django.conf import settings
from django.db import models
from mptt.fields import TreeForeignKey
from mptt.models import MPTTModel

from orgs.levels import CoverageKind, OrgForm, OrgStatus, Tier
from orgs.models.regions import Region
from orgs.querysets import OrgUnitQuerySet, TreeManager


class OrgUnit(MPTTModel):
    """A party organisation. `tier` (1-4) and `org_form` are separate facts; `level` is MPTT's."""

    name = models.CharField("名称", max_length=80)
    tier = models.PositiveSmallIntegerField("层级", choices=Tier.choices)
    org_form = models.CharField("组织形式", max_length=20, choices=OrgForm.choices)
    parent = TreeForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级组织",
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区划",
        help_text="街道和社区对应的区划代码",
    )  # fmt: skip
    # The region code again, unique: a second load of the same divisions finds its nodes by it.
    division_code = models.CharField("区划代码", max_length=12, null=True, blank=True, unique=True)
    coverage_kind = models.CharField(
        "覆盖范围", max_length=10, choices=CoverageKind.choices, blank=True
    )
    status = models.CharField(
        "状态", max_length=10, choices=OrgStatus.choices, default=OrgStatus.ACTIVE
    )
    established_on = models.DateField("成立日期", null=True, blank=True)
    abolished_on = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承接组织"
    )

    objects = TreeManager.from_queryset(OrgUnitQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "党组织"
        indexes = [models.Index(fields=["tree_id", "lft"], name="orgunit_tree_lft")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == OrgStatus.ACTIVE


class OrgUnitChange(models.Model):
    """The history of a node: one row per add, rename, move, merge, split or abolish."""

    class Kind(models.TextChoices):
        ADD = "add", "设立"
        RENAME = "rename", "更名"
        MOVE = "move", "调整隶属"
        MERGE = "merge", "合并"
        SPLIT = "split", "分设"
        ABOLISH = "abolish", "撤销"

    org_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="changes", verbose_name="党组织"
    )
    kind = models.CharField("变更", max_length=10, choices=Kind.choices)
    at = models.DateTimeField("时间", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)
    reason = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "组织变更"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.org_unit_id}"
