"""Small forms several pages share."""

from typing import Any

from django import forms

from grids.forms import DayInput


class NoteForm(forms.Form):
    """The one line a move asks for."""

    note = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label


class DayForm(forms.Form):
    on = forms.DateField(label="日期", widget=DayInput())
