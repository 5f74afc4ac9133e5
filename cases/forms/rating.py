"""What the reporter thinks of the handling, in plain words and large buttons."""

from typing import Any

from django import forms

from cases.catalog import Satisfaction, UnsatisfiedReason
from cases.forms.fields import ServiceForm, prose
from cases.models import Rating

# The revisit's codes, as a resident would say them.
REASONS = (
    (UnsatisfiedReason.RESULT, "问题没有解决好"),
    (UnsatisfiedReason.SPEED, "办得太慢"),
    (UnsatisfiedReason.ATTITUDE, "态度不好"),
    (UnsatisfiedReason.UNREASONABLE, "我的要求没有被采纳"),
)


class RatingForm(ServiceForm):
    """A reason is asked for only when unsatisfied; the words are never required."""

    satisfaction = forms.ChoiceField(
        label="您对办理结果满意吗", choices=Satisfaction.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label="哪里不满意", choices=REASONS, widget=forms.RadioSelect, required=False
    )
    note = prose("还想说的话", rows=3, required=False, placeholder="可以不写")
    # Robots fill in every field; people never see this one.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))

    def __init__(self, *args: Any, given: Rating | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if given is not None:
            for name in ("satisfaction", "reason", "note"):
                self.initial.setdefault(name, getattr(given, name))

    @property
    def is_robot(self) -> bool:
        return bool(self.cleaned_data.get("website"))
