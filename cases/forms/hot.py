"""What the list of hot issues is narrowed to."""

from typing import Any

from django import forms

from cases.hot import LEAST, Place
from grids.models import Grid
from orgs.models import OrgUnit

PERIODS = ((30, "近 30 天"), (90, "近 90 天"), (365, "近一年"))
USUAL = 90


class HotForm(forms.Form):
    """`HotForm(request.GET, user=…)`; when valid, `days`, `least` and `community` are there."""

    days = forms.TypedChoiceField(label="上报时间", choices=PERIODS, coerce=int, required=False)
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="全部社区"
    )
    least = forms.IntegerField(
        label="至少几人反映", required=False, min_value=1, max_value=1000,
        error_messages={"invalid": "请填写整数，例如 3。"},
    )  # fmt: skip

    def __init__(self, data: Any, *, user: Any) -> None:
        asked = data.copy()
        asked.setdefault("days", str(USUAL))
        asked.setdefault("least", str(LEAST))
        super().__init__(asked)
        grids = Grid.objects.visible_to(user)
        community: Any = self.fields["community"]
        community.queryset = OrgUnit.objects.filter(
            pk__in=grids.values("community_id")
        ).order_by("division_code", "name")  # fmt: skip

    def clean_days(self) -> int:
        return int(self.cleaned_data["days"] or USUAL)

    def clean_least(self) -> int:
        return self.cleaned_data["least"] or LEAST


class PlaceForm(forms.Form):
    """One place of the list; an address that names none leads nowhere."""

    grid = forms.IntegerField(min_value=1, max_value=2**62)
    building = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    category = forms.IntegerField(min_value=1, max_value=2**62)
    days = forms.TypedChoiceField(choices=PERIODS, coerce=int, required=False)

    def clean_days(self) -> int:
        return int(self.cleaned_data["days"] or USUAL)

    @property
    def place(self) -> Place:
        values = self.cleaned_data
        return values["grid"], values["building"], values["category"]
