"""Forms of 五亮."""

from typing import Any

from django import forms

from grids.forms import BLANK, CHOOSE, DayInput, offer
from grids.models import Grid
from orgs.forms import PhotosField
from orgs.models import Person
from partybuilding.catalog import DisplayPart
from partybuilding.workflow import DisplayStatus
from volunteers.forms.fields import ticks


class DisplayFilterForm(forms.Form):
    status = forms.ChoiceField(label="状态", required=False, choices=BLANK + DisplayStatus.choices)
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        offer(self, grid=Grid.objects.filter(pk__in=rows.values("grid")).order_by("code"))


class DisplayForm(forms.Form):
    """The five lights, and what of them may be public."""

    person = forms.ModelChoiceField(Person.objects.none(), label="党员", empty_label=CHOOSE)
    identity = forms.CharField(
        label="亮身份", max_length=100, help_text="例如：中共党员，第一网格党支部党小组组长"
    )
    pledge = forms.CharField(label="亮承诺", max_length=200, help_text="例如：邻里有事，我先到")
    action = forms.CharField(label="亮行动", max_length=200, required=False)
    service = forms.CharField(label="亮服务", max_length=200, required=False)
    result = forms.CharField(label="亮成效", max_length=200, required=False)
    photos = PhotosField(label="本人照片", required=False, help_text="一张，本人同意才公开")
    agreed = ticks(DisplayPart.choices, "本人同意公开的内容")
    agreed_on = forms.DateField(
        label="本人同意的日期", required=False, widget=DayInput(),
        help_text="没有同意的可以先存着，不能送审",
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people is None:
            del self.fields["person"]
        else:
            self.fields["person"].queryset = people  # type: ignore[attr-defined]


class GridChoiceForm(forms.Form):
    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", empty_label=CHOOSE)

    def __init__(self, *args: Any, grids: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grid"]
        field.queryset = grids.select_related("community").order_by("code")
        field.label_from_instance = lambda grid: f"{grid.community.name} {grid.name}"
