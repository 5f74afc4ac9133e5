"""Schemes: which indicators count for which kind of grid, and how (a profile is data)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models

from assessments.scoring import Limits, Part, Rule, ZeroPolicy
from grids.catalog import GridKind


class AssessmentScheme(models.Model):
    """One version of the 双百分 rules for one kind of grid, in force from `valid_from`."""

    name = models.CharField("名称", max_length=60)
    version = models.CharField("版本", max_length=20)
    grid_kind = models.CharField("适用网格", max_length=12, choices=GridKind.choices)
    valid_from = models.DateField("生效日期")
    bonus_max = models.DecimalField("加分上限", max_digits=4, decimal_places=1, default=5)
    deduction_max = models.DecimalField("扣分上限", max_digits=4, decimal_places=1, default=10)
    excellent_from = models.DecimalField("优秀起分", max_digits=5, decimal_places=2, default=90)
    good_from = models.DecimalField("良好起分", max_digits=5, decimal_places=2, default=80)
    pass_from = models.DecimalField("合格起分", max_digits=5, decimal_places=2, default=60)
    excellent_share = models.DecimalField(
        "优秀比例上限（%）", max_digits=5, decimal_places=2, default=30,
        help_text="按街道内同类网格计算，超出的按良好；同分看为民服务",
    )  # fmt: skip
    subsidy_excellent = models.PositiveIntegerField("优秀补贴（元/季度）", default=0)
    subsidy_good = models.PositiveIntegerField("良好补贴（元/季度）", default=0)
    subsidy_pass = models.PositiveIntegerField("合格补贴（元/季度）", default=0)
    subsidy_fail = models.PositiveIntegerField("不合格补贴（元/季度）", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "考核方案"
        ordering = ["grid_kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["grid_kind", "version"],
                name="scheme_version_once",
                violation_error_message="该类网格已有同版本方案。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.version}）"

    def clean(self) -> None:
        if not self.excellent_from > self.good_from > self.pass_from:
            raise ValidationError("等级起分应是优秀高于良好、良好高于合格。")

    @property
    def limits(self) -> Limits:
        return Limits(
            self.bonus_max, self.deduction_max, self.excellent_from, self.good_from, self.pass_from
        )

    def subsidy(self, grade: str) -> int:
        """Return yuan a quarter; nothing without a grade."""
        return int(getattr(self, f"subsidy_{grade}")) if grade else 0


class SchemeItem(models.Model):
    """One indicator in a scheme. `full` 0 means: shown, not scored.

    `manual`: no figure answers it, a reviewer of the street gives the points with the reason.
    """

    scheme = models.ForeignKey(
        AssessmentScheme, models.CASCADE, related_name="items", verbose_name="方案"
    )
    part = models.CharField("部分", max_length=16, choices=Part.choices)
    indicator = models.CharField("指标", max_length=40)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    manual = models.BooleanField("人工评分", default=False)
    full = models.DecimalField("满分", max_digits=5, decimal_places=2)
    target = models.DecimalField("目标（%）", max_digits=5, decimal_places=2)
    slope = models.DecimalField("每低 1 个百分点扣分", max_digits=5, decimal_places=2)
    floor = models.DecimalField("保底分", max_digits=5, decimal_places=2, default=0)
    zero_policy = models.CharField(
        "无样本时", max_length=6, choices=ZeroPolicy.choices, default=ZeroPolicy.SKIP
    )
    shrink = models.PositiveSmallIntegerField(
        "小样本折算", default=0, validators=[MaxValueValidator(50)],
        help_text="把本社区的比率当作几件算进来，样本越少影响越大；0 表示不折算",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "方案指标"
        ordering = ["scheme", "part", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "indicator"],
                name="scheme_indicator_once",
                violation_error_message="方案里已有这个指标。",
            )
        ]

    def __str__(self) -> str:
        return self.indicator

    @property
    def rule(self) -> Rule:
        return Rule(self.full, self.target, self.slope, self.floor, self.zero_policy, self.shrink)
