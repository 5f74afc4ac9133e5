"""Forms of committees: elections, terms put off, appointments."""

from typing import Any

from django import forms
from django.utils import timezone

from grids.forms import BLANK, CHOOSE, DayInput
from orgs.levels import PostKind, SourceIdentity, Tier
from orgs.models import OrgPost


class CommitteeFilterForm(forms.Form):
    SHOW = [
        ("", "全部"), ("expired", "届满没换届"), ("expiring", "半年内届满"), ("unknown", "没有登记届期"),
        ("vacant", "有空缺职务"),
    ]  # fmt: skip
    q = forms.CharField(label="组织名称", max_length=50, required=False)
    tier = forms.TypedChoiceField(
        label="级别", required=False, coerce=int, choices=[*BLANK, *Tier.choices]
    )
    show = forms.ChoiceField(label="范围", required=False, choices=SHOW)


LED_TIERS = 34  # in an address: branches and groups together


class PostFilterForm(forms.Form):
    q = forms.CharField(label="姓名或组织", max_length=50, required=False)
    tier = forms.TypedChoiceField(
        label="级别",
        required=False,
        coerce=int,
        choices=[*BLANK, (LED_TIERS, "支部和党小组"), *Tier.choices],
    )
    kind = forms.ChoiceField(label="职务", required=False, choices=BLANK + PostKind.choices)
    source = forms.ChoiceField(
        label="来源身份", required=False,
        choices=[*BLANK, *SourceIdentity.choices, ("none", "没有登记")],
    )  # fmt: skip


class ElectForm(forms.Form):
    name = forms.CharField(label="届次", max_length=20, help_text="例如：第三届")
    elected_on = forms.DateField(label="换届日期", widget=DayInput(), initial=timezone.localdate)
    due_on = forms.DateField(label="届满日期", widget=DayInput())
    staying = forms.ModelMultipleChoiceField(
        OrgPost.objects.none(), label="留任的", required=False,
        help_text="没有选的，职务在换届前一天结束；新当选的，登记后逐个任命",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staying"].queryset = posts  # type: ignore[attr-defined]
        if not posts:
            del self.fields["staying"]


class PutOffForm(forms.Form):
    due_on = forms.DateField(label="延到哪一天", widget=DayInput())
    reason = forms.CharField(label="延期原因", max_length=200, help_text="例如批复文号")


class AppointForm(forms.Form):
    name = forms.CharField(
        label="党员姓名", max_length=60, help_text="本组织和本街道党员名册里的姓名"
    )
    kind = forms.ChoiceField(label="职务")
    source_identity = forms.ChoiceField(
        label="来源身份", choices=[("", CHOOSE), *SourceIdentity.choices]
    )
    start = forms.DateField(label="任职日期", widget=DayInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, tier: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            one
            for one in PostKind.choices
            if (one[0] == PostKind.GROUP_LEADER) == (tier == Tier.GROUP)
        ]
        self.fields["kind"].choices = [("", CHOOSE), *kinds]  # type: ignore[attr-defined]
