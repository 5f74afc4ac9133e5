"""Forms of the residents' pages: no name, no phone kept; a hidden field for robots."""

from typing import Any

from django import forms

from councils.models import Council
from grids.forms import CHOOSE


class _Trap(forms.Form):
    """People never see the field; what fills it is a program."""

    website = forms.CharField(required=False, widget=forms.HiddenInput())

    @property
    def is_robot(self) -> bool:
        return bool(self.cleaned_data.get("website"))


class VoiceForm(_Trap):
    text = forms.CharField(
        label="您的意见", max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不用留姓名和电话",
    )  # fmt: skip


class LikeForm(_Trap):
    proof = forms.CharField(
        label="查询码或手机号", max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="用来防止重复点赞，不保存号码",
    )  # fmt: skip


class ProposalForm(_Trap):
    council = forms.ModelChoiceField(Council.objects.none(), label="在哪里", empty_label=CHOOSE)
    title = forms.CharField(label="议题", max_length=60, help_text="例如：小区没有电动车充电的地方")
    text = forms.CharField(
        label="情况和建议", max_length=2000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="审题后会公开。请不要写姓名、电话和门牌号",
    )  # fmt: skip

    def __init__(self, *args: Any, councils: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = councils.order_by(  # type: ignore[attr-defined]
            "-level", "grid__code"
        )
