"""答复模板: texts an administrator (the system's, or a street's own) keeps, chosen while writing a note and changed there at will."""

from django.core.exceptions import ValidationError
from django.db import models

from cases.models.categories import Category
from cases.models.placed import PlacedQuerySet
from cases.templating import TEMPLATE_MOVES, unknown_places
from orgs.models import OrgUnit


class AnswerTemplate(models.Model):
    """One text for one move; `{类别}` and its like are filled in from the case (`cases/templating.py`)."""

    name = models.CharField("名称", max_length=40)
    move = models.CharField("用在哪一步", max_length=16, choices=TEMPLATE_MOVES)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="类别",
        help_text="不选就是所有类别；选大类时，下面的小类都适用",
    )  # fmt: skip
    street = models.ForeignKey(
        OrgUnit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="街道",
        help_text="不选就是全平台",
    )  # fmt: skip
    text = models.TextField(
        "正文", max_length=1000,
        help_text="可用：{编号} {类别} {地点} {网格} {社区} {牵头单位} {上报日期} {今天}",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("在用", default=True)

    PLACES = {"street": "street"}
    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "答复模板"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A placeholder nobody fills in would reach the resident as it stands."""
        wrong = unknown_places(self.text)
        if wrong:
            raise ValidationError(
                {"text": f"没有这样的占位：{'、'.join(wrong)}。请用提示里列出的。"}
            )
