"""Forms of 三有 and 五基."""

from typing import Any

from django import forms
from django.utils import timezone

from grids.forms import DayInput, offer
from orgs.models import OrgUnit
from partybuilding.catalog import FIVE_BASICS
from partybuilding.models import BasicsCheck
from partybuilding.workflow import ItemStatus

HAVE = {
    "": "全部网格", "all": "三有齐全", "people": "有人办事", "money": "有钱办事", "venue": "有场所办事",
    "no_people": "缺人", "no_money": "缺钱", "no_venue": "缺场所",
}  # fmt: skip


class HaveFilterForm(forms.Form):
    show = forms.ChoiceField(label="范围", required=False, choices=list(HAVE.items()))
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, grids: Any) -> None:
        super().__init__(data)
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(self, community=communities.order_by("division_code"))


class VenueForm(forms.Form):
    name = forms.CharField(label="场所", max_length=60, help_text="例如：党群服务站、议事亭")
    address = forms.CharField(label="地址", max_length=100)
    area = forms.IntegerField(
        label="面积（平方米）", min_value=1, max_value=100_000, required=False
    )
    since = forms.DateField(label="启用日期", widget=DayInput(), initial=timezone.localdate)


class BasicsFilterForm(forms.Form):
    half = forms.ChoiceField(label="半年", required=False)
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "不限"), *ItemStatus.choices]
    )
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, checks: Any) -> None:
        super().__init__(data)
        days = checks.order_by("-half").values_list("half", flat=True).distinct()[:12]
        field: Any = self.fields["half"]
        field.choices = [
            ("", "最近一次"),
            *((f"{day}", BasicsCheck(half=day).label) for day in days),
        ]
        offer(self, community=OrgUnit.objects.filter(pk__in=checks.values("community")))


class BasicsForm(forms.Form):
    """Twenty statements under the five basics."""

    remark = forms.CharField(
        label="差距和打算", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="有没做到的，写明怎么改、什么时候改完",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, (label, statements) in FIVE_BASICS.items():
            self.fields[code] = forms.MultipleChoiceField(
                label=label, required=False, choices=statements, widget=forms.CheckboxSelectMultiple
            )
        self.order_fields([*FIVE_BASICS, "remark"])

    @property
    def ticked(self) -> list[str]:
        return [code for part in FIVE_BASICS for code in self.cleaned_data.get(part) or ()]
