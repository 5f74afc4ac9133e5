"""Small forms several pages share."""

from typing import Any

from django import forms

from grids.forms import BLANK, DayInput
from orgs.levels import UnitKind


class NoteForm(forms.Form):
    """The one line a move asks for."""

    note = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label


class DayForm(forms.Form):
    on = forms.DateField(label="日期", widget=DayInput())


class PartnerFilterForm(forms.Form):
    q = forms.CharField(label="单位名称", max_length=60, required=False)
    kind = forms.ChoiceField(
        label="类型", required=False,
        choices=[*BLANK, ("local", "驻区企事业单位"), *UnitKind.choices],
    )  # fmt: skip
