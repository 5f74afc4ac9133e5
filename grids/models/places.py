"""Compounds, buildings and entrances: where people live."""

from django.db import models

from grids.models.grid import Grid
from grids.querysets import BuildingQuerySet, CompoundQuerySet
from orgs.models import OrgUnit, Region


class Compound(models.Model):
    """小区: an estate of one community; its buildings may lie in several grids."""

    community = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="compounds", verbose_name="社区"
    )
    name = models.CharField("小区名称", max_length=60)
    aliases = models.JSONField("别名", default=list, blank=True)

    objects = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "小区"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="compound_name_in_community",
                violation_error_message="该社区已有同名小区。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """楼栋: lies in exactly one grid. `sort_key` orders 2栋 before 10栋."""

    compound = models.ForeignKey(
        Compound, models.PROTECT, related_name="buildings", verbose_name="小区"
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="buildings", verbose_name="网格")
    district = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区县")
    street = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="街道")
    community = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="社区")
    party_group = models.ForeignKey(
        OrgUnit, models.SET_NULL, null=True, blank=True, related_name="group_buildings",
        verbose_name="楼栋党小组",
    )  # fmt: skip
    name = models.CharField("楼栋", max_length=30)
    sort_key = models.CharField(max_length=60, editable=False)
    floors = models.PositiveSmallIntegerField("层数", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "楼栋"
        ordering = ["compound", "sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "name"], name="building_name_in_compound",
                violation_error_message="该小区已有同名楼栋。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.compound}{self.name}"


class Entrance(models.Model):
    """单元: a staircase of a building; "无" where a building has no units."""

    building = models.ForeignKey(
        Building, models.CASCADE, related_name="entrances", verbose_name="楼栋"
    )
    name = models.CharField("单元", max_length=20)
    sort_key = models.CharField(max_length=40, editable=False)
    floors = models.PositiveSmallIntegerField("层数", null=True, blank=True)
    rooms_per_floor = models.PositiveSmallIntegerField("每层户数", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单元"
        ordering = ["building", "sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "name"], name="entrance_name_in_building",
                violation_error_message="该楼栋已有同名单元。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
