"""Division sheets, and the history that answers who was responsible for a door on a day."""

from typing import Any

from django.conf import settings
from django.db import models

from grids.catalog import GridKind
from grids.division_workflow import DivisionKind, DivisionStatus
from grids.models.grid import Grid
from grids.models.places import Building
from grids.querysets import DivisionQuerySet
from orgs.models import OrgUnit


class BuildingTerm(models.Model):
    """A grid the building belonged to until (not on) `end`; without rows it was always where it is.

    Only what ended is written: the present grid is `Building.grid`, and loads need no history.
    """

    building = models.ForeignKey(
        Building, models.CASCADE, related_name="terms", verbose_name="楼栋"
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="网格")
    start = models.DateField("划入日期", null=True, blank=True)
    end = models.DateField("划出日期")

    class Meta:
        verbose_name = verbose_name_plural = "楼栋归属历史"
        ordering = ["end", "id"]
        indexes = [models.Index(fields=["building", "end"], name="building_term_end")]

    def __str__(self) -> str:
        return f"{self.building_id} {self.grid_id}"


class BranchTerm(models.Model):
    """The branch that led a grid until (not on) `end`; None: there was none."""

    grid = models.ForeignKey(Grid, models.CASCADE, related_name="branch_terms", verbose_name="网格")
    branch = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, related_name="+", verbose_name="网格党支部"
    )
    end = models.DateField("截止日期")

    class Meta:
        verbose_name = verbose_name_plural = "网格党支部历史"
        ordering = ["end", "id"]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.branch_id}"


class GridDivision(models.Model):
    """A sheet that re-draws the grids of one community; `version` guards against two editors.

    `preview` holds what was shown before adopting: counts, names of grids and of people in office,
    nothing of residents;
    `ground` is the fingerprint of the grids and buildings it was made from.
    """

    community = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="divisions", verbose_name="社区"
    )
    title = models.CharField("名称", max_length=60)
    reason = models.CharField("依据", max_length=200, blank=True)
    effective_on = models.DateField("生效日期")
    status = models.CharField(
        "状态", max_length=10, choices=DivisionStatus.choices, default=DivisionStatus.DRAFT,
        editable=False,
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    preview: "models.JSONField[Any, Any]" = models.JSONField(default=dict, editable=False)
    ground = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="建立人"
    )
    adopted_at = models.DateTimeField("采用时间", null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="采用人"
    )

    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    # How things stood before it was adopted (see services/division_undo.py).
    before: "models.JSONField[Any, Any]" = models.JSONField(default=dict, editable=False)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "网格划分"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class DivisionRow(models.Model):
    """One change of a sheet. `buildings` are ids; `result` is the grid a split made, once adopted."""

    division = models.ForeignKey(
        GridDivision, models.CASCADE, related_name="rows", verbose_name="划分"
    )
    kind = models.CharField("做法", max_length=10, choices=DivisionKind.choices)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name="网格")
    target = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="划到"
    )
    new_name = models.CharField("新网格名称", max_length=60, blank=True)
    new_kind = models.CharField("类型", max_length=12, choices=GridKind.choices, blank=True)
    buildings: "models.JSONField[Any, Any]" = models.JSONField("楼栋", default=list)
    result = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="新网格"
    )

    class Meta:
        verbose_name = verbose_name_plural = "划分内容"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.grid}"
