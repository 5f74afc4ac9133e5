"""The filters of the desk: read from the address, limited to what the user may see."""

import re
from typing import Any

from django import forms

from cases.catalog import Source
from cases.filters import LIGHTS, PERIODS, STAGES, CaseFilter
from cases.forms.choices import category_filter_choices
from cases.workflow import Status
from gridparty.lib.masking import mask_in_text
from gridparty.lib.periods import read_period
from gridparty.lib.text import clean_text, row_id
from grids.models import Grid
from grids.querysets import GridQuerySet
from orgs.models import OrgUnit, Unit

# A select with more entries than this helps nobody; a community is chosen first.
MANY_GRIDS = 120
# As long as an identity number, but none begins with 20: no province has that code.
CASE_NO = re.compile(r"20[0-9]{16,18}")


class DeskFilterForm(forms.Form):
    """`DeskFilterForm(request.GET, user=…)`; when valid, `to_filter()` gives the CaseFilter."""

    q = forms.CharField(label="搜索", max_length=60, required=False)
    stage = forms.ChoiceField(
        choices=[("", "全部"), ("open", "未结"), *((stage.key, stage.label) for stage in STAGES)],
        required=False, widget=forms.HiddenInput,
    )  # fmt: skip
    mine = forms.BooleanField(label="只看待我办理", required=False, widget=forms.HiddenInput)
    building = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput
    )
    room = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    supervised = forms.BooleanField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="状态", choices=[("", "全部状态"), *Status.choices], required=False
    )
    light = forms.ChoiceField(label="时限", choices=[("", "不限"), *LIGHTS], required=False)
    category = forms.ChoiceField(label="类别", required=False)
    street = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="街道", required=False, empty_label="全部街道"
    )
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="全部社区"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="全部网格"
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="牵头单位", required=False, empty_label="全部单位"
    )
    source = forms.ChoiceField(
        label="来源", choices=[("", "全部来源"), *Source.choices], required=False
    )
    by = forms.ChoiceField(
        label="月份按",
        choices=[(key, f"{label}时间") for key, label in PERIODS],
        required=False,
    )
    month = forms.CharField(
        label="月份", max_length=7, required=False, widget=forms.DateInput(attrs={"type": "month"})
    )

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        grids = Grid.objects.visible_to(user)
        nodes = OrgUnit.objects.order_by("division_code", "name")
        self._field("street").queryset = nodes.filter(pk__in=grids.values("street_id"))
        grids = self._narrowed(grids, "street")
        self._field("community").queryset = nodes.filter(pk__in=grids.values("community_id"))
        self._field("grid").queryset = self._narrowed(grids, "community").order_by("code")
        self._field("unit").queryset = Unit.objects.visible_to(user).order_by("name")
        asked = str(self.data.get("month", ""))
        if asked and "-" not in asked:  # a quarter or a year, from a dashboard
            self._field("month").widget = forms.TextInput()
        self._field("category").choices = category_filter_choices()

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _narrowed(self, grids: GridQuerySet, name: str) -> GridQuerySet:
        """Offer only what lies in the street or community already chosen."""
        chosen = row_id(self.data.get(name, ""))
        return grids if chosen is None else grids.filter(**{f"{name}_id": chosen})

    def drop_idle_selects(self) -> None:
        """Leave out the selects that cannot narrow anything, or would be endless."""
        limits = (("street", 400), ("community", 400), ("grid", MANY_GRIDS), ("unit", 400))
        ground = self._ground()
        for name, most in limits:
            entries = ground.get(name) or list(self._field(name).queryset[: most + 1])
            if len(entries) > most or (len(entries) < 2 and not self.data.get(name)):
                del self.fields[name]
            else:
                self._field(name).choices = [("", self._field(name).empty_label)] + [
                    (entry.pk, str(entry)) for entry in entries
                ]

    def _ground(self) -> dict[str, list[Any]]:
        """Return what the three area selects offer, read in one query; {} where that cannot be."""
        if self.data.get("street") or self.data.get("community"):
            return {}  # each select is narrowed by the one before it
        rows = self._field("grid").queryset.select_related("street", "community")
        grids = list(rows[: MANY_GRIDS + 1])
        if len(grids) > MANY_GRIDS:
            return {"grid": grids}
        nodes = {
            name: {node.pk: node for node in (getattr(grid, name) for grid in grids)}
            for name in ("street", "community")
        }
        return {"grid": grids} | {
            name: sorted(found.values(), key=lambda node: (node.division_code or "", node.name))
            for name, found in nodes.items()
        }

    def clean_q(self) -> str:
        text = clean_text(self.cleaned_data["q"])
        if mask_in_text(text) != text and not CASE_NO.fullmatch(text):
            raise forms.ValidationError("这里不能按电话或证件号查询：它们会留在浏览器的地址栏里。")
        return text

    def clean_month(self) -> str:
        text: str = self.cleaned_data["month"]
        try:
            return str(read_period(text)) if text else ""
        except ValueError as error:
            raise forms.ValidationError(f"{error}。") from None

    def to_filter(self) -> CaseFilter:
        """Return the filter of a valid form."""
        values = self.cleaned_data
        ids: dict[str, Any] = {
            name: values[name].pk if values.get(name) else None
            for name in ("street", "community", "grid", "unit")
        }
        words: dict[str, Any] = {
            name: values.get(name, "")
            for name in ("q", "room", "stage", "status", "light", "category", "source", "month")
        }
        return CaseFilter(
            **words, **ids, building=values.get("building"),
            by=(values.get("by") or "created") if words["month"] else "",
            mine=values["mine"], supervised=values["supervised"],
        )  # fmt: skip
