"""Ground: where grids and communities lie, as GeoJSON in WGS-84 with the box around it."""

from typing import Any

from django.conf import settings
from django.db import models

from grids.models.grid import Grid
from grids.querysets import GridShapeQuerySet
from orgs.models import OrgUnit


class Outline(models.Model):
    """A polygon. `version` grows with every save; an edit that read an older one is told so."""

    geometry: "models.JSONField[Any, Any]" = models.JSONField("图形")
    west = models.FloatField("西")
    south = models.FloatField("南")
    east = models.FloatField("东")
    north = models.FloatField("北")
    area_m2 = models.FloatField("面积（平方米）")
    version = models.PositiveIntegerField("版本", default=1)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="更新人"
    )

    class Meta:
        abstract = True


class GridShape(Outline):
    """The outline of a grid."""

    grid = models.OneToOneField(Grid, models.CASCADE, related_name="shape", verbose_name="网格")

    objects = GridShapeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "网格边界"
        indexes = [models.Index(fields=["west", "east"], name="grid_shape_box")]

    def __str__(self) -> str:
        return f"{self.grid_id}"


class CommunityShape(Outline):
    """The outline of a community: its grids should fill it without gaps (横向到边)."""

    community = models.OneToOneField(
        OrgUnit, models.CASCADE, related_name="shape", verbose_name="社区"
    )

    class Meta:
        verbose_name = verbose_name_plural = "社区边界"

    def __str__(self) -> str:
        return f"{self.community_id}"


class GroundVersion(models.Model):
    """One row with a new random token whenever an outline changes: caches of the ground compare it.

    Random, not counted: a number could come again after a rollback or a restored backup.
    """

    token = models.CharField(max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "地图版本"

    def __str__(self) -> str:
        return self.token
