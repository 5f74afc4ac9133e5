"""区域时限: where a category of cases has another time limit than everywhere else."""

from django.core.exceptions import ValidationError
from django.db import models

from cases.models.categories import Category, SlaClass
from cases.models.placed import PlacedQuerySet
from grids.models import Grid
from orgs.models import OrgUnit


class ZoneLimit(models.Model):
    """One row: this category, in this place, has this limit class. The nearest place wins (`cases/zoning.py`).

    An empty place is the whole installation, an empty category every category.
    """

    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="类别",
        help_text="选大类时，下面的小类都适用；不选就是所有类别",
    )  # fmt: skip
    street = models.ForeignKey(
        OrgUnit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="街道"
    )
    community = models.ForeignKey(
        OrgUnit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="社区"
    )
    grid = models.ForeignKey(
        Grid, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="网格"
    )
    sla_class = models.ForeignKey(
        SlaClass, models.PROTECT, related_name="+", verbose_name="办理时限"
    )
    reason = models.CharField("依据", max_length=100, help_text="例如：学校周边占道当日清理")
    is_active = models.BooleanField("在用", default=True)

    # Column of the place → the organisation it lies in.
    PLACES = {"street": "street", "community": "community", "grid": "grid__street"}
    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "区域时限"
        ordering = ["street", "community", "grid", "category", "id"]

    def __str__(self) -> str:
        return f"{self.place}·{self.category or '所有类别'}：{self.sla_class}"

    @property
    def place(self) -> str:
        return str(self.grid or self.community or self.street or "全平台")

    def clean(self) -> None:
        """One place only, and something that makes it a rule of its own."""
        places = [one for one in (self.street_id, self.community_id, self.grid_id) if one]
        if len(places) > 1:
            raise ValidationError("街道、社区、网格只选一个：选最小的那一级。")
        if not places and not self.category_id:
            raise ValidationError("请选择类别或区域，至少一项。")
        same = ZoneLimit.objects.filter(
            category=self.category_id, street=self.street_id, community=self.community_id,
            grid=self.grid_id, is_active=True,
        ).exclude(pk=self.pk)  # fmt: skip
        if self.is_active and same.exists():
            raise ValidationError("这个类别在这个区域已经有一条在用的时限，请改那一条。")
