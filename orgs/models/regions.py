"""Divisions of China: a code-prefix table above the trees (not tree nodes)."""

from django.db import models

from orgs.levels import RegionLevel


class Region(models.Model):
    """One statistical division; `code` has 2, 4, 6, 9 or 12 digits and begins with its parent's.

    Development zones have no GB/T 2260 code but a statistical one (合肥经开区 340172), so codes are
    never checked against a closed list.
    """

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    level = models.PositiveSmallIntegerField("级别", choices=RegionLevel.choices)

    class Meta:
        verbose_name = verbose_name_plural = "区划"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
