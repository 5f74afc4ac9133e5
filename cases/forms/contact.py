"""Why somebody needs the reporter's phone."""

from django import forms

PURPOSES = ("核实情况", "联系办理", "反馈结果", "回访")


class PurposeForm(forms.Form):
    """The purpose goes into the audit trail."""

    reason = forms.ChoiceField(label="用途", choices=[(text, text) for text in PURPOSES])

    @property
    def purpose(self) -> str:
        return str(self.cleaned_data["reason"])
