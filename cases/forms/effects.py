"""跟踪问效: choosing the days, narrowing the list, recording a look."""

from typing import Any

from django import forms

from cases.effects import Effect
from cases.forms.fields import ServiceForm, prose
from orgs.models import OrgUnit

TABS = (("due", "到期待查"), ("waiting", "未到期"), ("done", "已核查"), ("relapsed", "反弹"))


class ChooseForm(ServiceForm):
    days = forms.TypedMultipleChoiceField(
        label="销号后多少天核查", coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, left: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["days"]
        field.choices = [(days, f"{days} 天") for days in left]


class EffectFilter(forms.Form):
    """`EffectFilter(request.GET, seen=…)`; `tab` is one of TABS."""

    tab = forms.ChoiceField(required=False, choices=TABS, widget=forms.HiddenInput)
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="全部社区"
    )

    def __init__(self, *args: Any, seen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["community"]
        ids = seen.order_by().values("case__community_id")
        field.queryset = OrgUnit.objects.filter(pk__in=ids).order_by("division_code", "name")


class RecordForm(ServiceForm):
    effect = forms.ChoiceField(label="成效", choices=Effect.choices, widget=forms.RadioSelect)
    note = prose(
        "核查情况",
        rows=3,
        help_text="什么时候、怎么看的、现在怎样；最多 500 字。选“反弹”会立即重开这件事项",
    )
