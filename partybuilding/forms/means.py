"""Forms of funds, trainings and patrols."""

from typing import Any

from django import forms
from django.utils import timezone

from cases.forms.choices import category_choices
from grids.forms import BLANK, CHOOSE, DayInput, offer
from grids.models import Grid
from orgs.forms import PhotosField
from orgs.models import OrgUnit, Person
from partybuilding.catalog import FundPurpose, FundSource, TrainingKind
from partybuilding.models import MemberDuty
from volunteers.forms.fields import MomentField

YEARS: Any = {"min_value": 2000, "max_value": 2999}


class FundFilterForm(forms.Form):
    q = forms.CharField(label="名称或文号", max_length=60, required=False)
    year = forms.IntegerField(label="年度", required=False, **YEARS)
    purpose = forms.ChoiceField(
        label="用途",
        required=False,
        choices=[*BLANK, ("support", "活动和阵地"), *FundPurpose.choices],
    )
    source = forms.ChoiceField(label="来源", required=False, choices=BLANK + FundSource.choices)
    show = forms.ChoiceField(
        label="范围", required=False,
        choices=[*BLANK, ("left", "有余额"), ("waiting", "有待核准支出")],
    )  # fmt: skip


class FundForm(forms.Form):
    org = forms.ModelChoiceField(OrgUnit.objects.none(), label="给哪里", empty_label=CHOOSE)
    title = forms.CharField(label="名称", max_length=60, help_text="例如：2026 年网格活动经费")
    source = forms.ChoiceField(label="来源", choices=[("", CHOOSE), *FundSource.choices])
    purpose = forms.ChoiceField(label="用途", choices=[("", CHOOSE), *FundPurpose.choices])
    year = forms.IntegerField(label="年度", **YEARS)
    amount = forms.DecimalField(label="金额（元）", max_digits=14, decimal_places=2)
    doc_no = forms.CharField(label="文号", max_length=60, required=False)
    allotted_on = forms.DateField(label="下达日期", widget=DayInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, orgs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].queryset = orgs  # type: ignore[attr-defined]


class LineForm(forms.Form):
    what = forms.CharField(label="开支内容", max_length=100)
    amount = forms.DecimalField(label="金额（元）", max_digits=14, decimal_places=2)
    topic = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="哪个议题的决议", required=False, empty_label="与议题无关",
        help_text="选了议题的，支出以前议题不能办结",
    )  # fmt: skip

    def __init__(self, *args: Any, topics: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]


class TrainingFilterForm(forms.Form):
    q = forms.CharField(label="主题", max_length=60, required=False)
    year = forms.IntegerField(label="年度", required=False, **YEARS)
    kind = forms.ChoiceField(label="形式", required=False, choices=BLANK + TrainingKind.choices)
    every = forms.BooleanField(label="全部年度", required=False)


class TrainingForm(forms.Form):
    topic = forms.CharField(label="主题", max_length=60)
    kind = forms.ChoiceField(label="形式", choices=TrainingKind.choices)
    held_on = forms.DateField(label="日期", widget=DayInput(), initial=timezone.localdate)
    hours = forms.DecimalField(label="学时", max_digits=4, decimal_places=1)
    place = forms.CharField(label="地点", max_length=60)
    teacher = forms.CharField(label="授课人", max_length=60, required=False)
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label="参加的人", help_text="支部班子成员、党小组组长",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
    )  # fmt: skip
    text = forms.CharField(
        label="内容", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label="签到表和现场照片", required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class OrgChoiceForm(forms.Form):
    org = forms.ModelChoiceField(OrgUnit.objects.none(), label="主办组织", empty_label=CHOOSE)

    def __init__(self, *args: Any, orgs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].queryset = orgs  # type: ignore[attr-defined]


class PatrolFilterForm(forms.Form):
    SHOW = [("", "全部"), ("case", "转为事项的"), ("finding", "发现情况的")]
    show = forms.ChoiceField(label="范围", required=False, choices=SHOW)
    month = forms.ChoiceField(label="月份", required=False)
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, rows: Any, months: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["month"]
        field.choices = [("", "不限"), *months]
        offer(self, grid=Grid.objects.filter(pk__in=rows.values("grid")).order_by("code"))


class PatrolForm(forms.Form):
    """Filled in on the way: what is not seen is not asked."""

    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", empty_label=CHOOSE)
    duty = forms.ModelChoiceField(
        MemberDuty.objects.none(),
        label="责任区或责任岗",
        required=False,
        empty_label="不属于哪一个",
    )
    route = forms.CharField(label="路线", max_length=100, help_text="例如：1 栋到 6 栋楼道")
    minutes = forms.IntegerField(label="用了多少分钟", min_value=1, max_value=720, initial=30)
    at = MomentField(label="什么时候", required=False)
    finding = forms.CharField(
        label="发现的情况", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    category = forms.ChoiceField(
        label="转为事项", required=False, help_text="选了类别，提交时同时上报为事项"
    )
    photos = PhotosField(label="照片", required=False)

    def __init__(self, *args: Any, grids: Any, duties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["grid"].queryset = grids
        fields["duty"].queryset = duties
        fields["category"].choices = category_choices("不用转")
        if not duties.exists():
            del fields["duty"]
