"""Forms of the quarterly assessment: filters of the list, and what people add to a score."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.indicators import INDICATORS
from assessments.models import AssessmentItem, QuarterAssessment
from assessments.scoring import AdjustmentKind, Grade, plain
from assessments.workflow import Move, Status
from grids.forms import offer
from orgs.models import OrgUnit, Region

# What an appeal without an indicator objects to.
WHOLE = "整体结果"


def name_of(indicator: str) -> str:
    """Return an indicator's name; a manual item is known by its own."""
    found = INDICATORS.get(indicator)
    return found.name if found else indicator


class QuarterFilterForm(forms.Form):
    """`quarter` is chosen beside; the rest narrows the list and its export alike."""

    q = forms.CharField(label="网格", max_length=40, required=False)
    district = forms.ModelChoiceField(
        Region.objects.none(), label="区县", required=False, empty_label="全部区县"
    )
    street = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="街道", required=False, empty_label="全部街道"
    )
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="全部社区"
    )
    status = forms.ChoiceField(
        label="状态", choices=[("", "全部状态"), *Status.choices], required=False
    )
    grade = forms.ChoiceField(
        label="等级", choices=[("", "全部等级"), *Grade.choices], required=False
    )
    mine = forms.BooleanField(label="只看等我处理", required=False)

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        offer(self, district=Region.objects.filter(pk__in=rows.order_by().values("district")))
        for name in ("street", "community"):
            found = OrgUnit.objects.filter(pk__in=rows.order_by().values(name))
            field: Any = self.fields[name]
            field.queryset = found.order_by("name")


class NoteForm(forms.Form):
    note = forms.CharField(
        label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = move.why
        self.fields["note"].help_text = move.hint
        if not move.why:
            self.fields["note"].label = "说明（可不填）"


class EvidenceForm(forms.Form):
    title = forms.CharField(label="说明什么", max_length=60, help_text="例如：8 月巡查签到表")
    file = forms.FileField(label="文件", help_text="PDF、JPG 或 PNG，最大 10 MB")


class ScoreForm(forms.Form):
    points = forms.DecimalField(label="得分", min_value=0, max_digits=5, decimal_places=2)
    reason = forms.CharField(
        label="评分理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, item: AssessmentItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].help_text = f"0 到 {plain(item.full)} 分"


class AdjustForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=AdjustmentKind.choices, widget=forms.RadioSelect)
    points = forms.DecimalField(
        label="分值", min_value=0, max_digits=4, decimal_places=1, required=False
    )
    reason = forms.CharField(
        label="依据", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如表彰文号、查实的投诉编号。不要写居民姓名。",
    )  # fmt: skip

    def __init__(self, *args: Any, assessment: QuarterAssessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scheme = assessment.scheme
        self.fields["points"].help_text = (
            f"加分合计最多 {plain(scheme.bonus_max)} 分，扣分合计最多 {plain(scheme.deduction_max)} 分；"
            "一票否决不填"
        )

    def clean_points(self) -> Decimal:
        return self.cleaned_data["points"] or Decimal(0)


class AppealForm(forms.Form):
    indicator = forms.ChoiceField(label="对哪一项有异议", required=False)
    text = forms.CharField(
        label="申诉理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明哪个数字不对、依据是什么。",
    )  # fmt: skip

    def __init__(self, *args: Any, assessment: QuarterAssessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicator"]
        field.choices = [
            ("", WHOLE),
            *((item.indicator, name_of(item.indicator)) for item in assessment.items.all()),
        ]


class ReviseForm(forms.Form):
    """How a public result is corrected; `reason` is what everybody reads."""

    recompute = forms.BooleanField(label="按现有数据重新计算各项指标", required=False)
    kind = forms.ChoiceField(
        label="另外", required=False, widget=forms.RadioSelect,
        choices=[("", "不加扣分"), *AdjustmentKind.choices],
    )  # fmt: skip
    points = forms.DecimalField(
        label="分值", min_value=0, max_digits=4, decimal_places=1, required=False
    )
    reason = forms.CharField(
        label="更正原因", max_length=450, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["points"] = values.get("points") or Decimal(0)
        return values


class AnswerForm(ReviseForm):
    upheld = forms.ChoiceField(
        label="结论", choices=[("", "维持原结果"), ("1", "申诉成立，更正结果")], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    field_order = ("upheld", "reason", "recompute", "kind", "points")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "答复"

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values.get("upheld") and (values.get("recompute") or values.get("kind")):
            raise ValidationError("维持原结果时不更正；要更正请选“申诉成立”。")
        return values
