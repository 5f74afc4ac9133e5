"""Looking up a case by its tracking code."""

from typing import Any

from django import forms

from cases.catalog import ReopenReason
from cases.forms.fields import ServiceForm, prose
from cases.models import Case
from cases.numbers import read_tracking_code
from cases.workflow import BY_NAME, Move

NOT_FOUND = "没有查到这个查询码。请核对后再试：共 8 位，只有字母和数字。"


class TrackForm(forms.Form):
    """`found` is the case after a successful check. A wrong code always gets the same sentence."""

    code = forms.CharField(
        label="查询码", max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false",
                "class": "code-input", "placeholder": "8 位字母和数字", "data-no-draft": "",
            }
        ),
    )  # fmt: skip
    found: Case | None = None

    def clean_code(self) -> str:
        code = read_tracking_code(self.cleaned_data["code"])
        self.found = Case.objects.for_detail().filter(tracking_code=code).first() if code else None
        if self.found is None:
            raise forms.ValidationError(NOT_FOUND)
        return code


class ReporterMoveForm(ServiceForm):
    """What the reporter may do: withdraw, answer a question, appeal a refusal, ask to reopen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, move: Move, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.move = move
        self.initial.setdefault("version", case.version)
        need = move.need("note")
        required = need is not None and need.required
        self.fields["note"] = prose(NOTE_LABELS[move.name], rows=4, required=required)

    def inputs(self) -> dict[str, Any]:
        given: dict[str, Any] = {"note": self.cleaned_data["note"]}
        if self.move.need("reason") is not None:
            given["reason"] = ReopenReason.REPORTER
        return given


NOTE_LABELS = {
    "withdraw": "撤回原因",
    "answer": "补充的情况",
    "supplement": "补充的情况",
    "appeal": "为什么应当受理",
    "reopen": "哪里没有解决",
}
REPORTER_MOVES = {name: BY_NAME[name] for name in NOTE_LABELS}
