"""How far back a routing rule is tried, and which of its cases are listed."""

from typing import Any

from django import forms

from cases.trial import KINDS, PERIODS


class TrialForm(forms.Form):
    days = forms.TypedChoiceField(
        label="用过去多久的事项试", choices=[(days, f"近 {days} 天") for days in PERIODS], coerce=int,
        required=False,
    )  # fmt: skip
    show = forms.ChoiceField(choices=KINDS, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        asked = data.copy()
        asked.setdefault("days", str(PERIODS[1]))
        super().__init__(asked)

    def clean_days(self) -> int:
        return int(self.cleaned_data["days"] or PERIODS[1])

    def clean_show(self) -> str:
        return self.cleaned_data["show"] or KINDS[0][0]
