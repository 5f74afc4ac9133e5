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
from orgs.forms import PlainSelect
from orgs.levels import RegionLevel
from orgs.models import OrgUnit, Region, Unit

# A select with more entries than this helps nobody; a community is chosen first.
MANY_GRIDS, MANY_NODES = 120, 400
NO_DISTRICT = "没有这个区县。请点“清除”，回到全部事项后重新选择。"
AREAS = ("street", "community", "grid")
NODE_ORDER = ("division_code", "name")
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
    district = forms.ModelChoiceField(
        Region.objects.filter(level=RegionLevel.DISTRICT), required=False,
        widget=forms.HiddenInput, error_messages={"invalid_choice": NO_DISTRICT},
    )  # fmt: skip
    room = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    supervised = forms.BooleanField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="状态", choices=[("", "全部状态"), *Status.choices], required=False,
        widget=PlainSelect,
    )  # fmt: skip
    light = forms.ChoiceField(
        label="时限", choices=[("", "不限"), *LIGHTS], required=False, widget=PlainSelect
    )
    category = forms.ChoiceField(label="类别", required=False, widget=PlainSelect)
    street = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="街道", required=False, empty_label="全部街道",
        widget=PlainSelect,
    )  # fmt: skip
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="全部社区",
        widget=PlainSelect,
    )  # fmt: skip
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="全部网格",
        widget=PlainSelect,
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="牵头单位", required=False, empty_label="全部单位",
        widget=PlainSelect,
    )  # fmt: skip
    source = forms.ChoiceField(
        label="来源", choices=[("", "全部来源"), *Source.choices], required=False,
        widget=PlainSelect,
    )  # fmt: skip
    by = forms.ChoiceField(
        label="月份按",
        choices=[(key, f"{label}时间") for key, label in PERIODS],
        required=False,
        widget=PlainSelect,
    )
    month = forms.CharField(
        label="月份", max_length=22, required=False, widget=forms.DateInput(attrs={"type": "month"})
    )

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        self._user = user
        for name in (*AREAS, "unit"):  # what is not asked for needs no look at the database
            if self.data.get(name):
                self._field(name).queryset = self._offered(name)
        asked = str(self.data.get("month", ""))
        if asked and ("-" not in asked or ".." in asked):  # quarter, year or days, from a dashboard
            self._field("month").widget = forms.TextInput()
        self._field("category").choices = category_filter_choices()

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _offered(self, name: str) -> Any:
        """Return what a select may offer, narrowed by the street or community already chosen."""
        if name == "unit":
            return Unit.objects.visible_to(self._user).order_by("name")
        grids: Any = Grid.objects.visible_to(self._user)
        if name == "street":
            return OrgUnit.objects.filter(pk__in=grids.values("street_id")).order_by(*NODE_ORDER)
        above = [("street", row_id(self.data.get("street", "")))]
        if name == "grid":
            above.append(("community", row_id(self.data.get("community", ""))))
        for area, chosen in above:
            if chosen is not None:
                grids = grids.filter(**{f"{area}_id": chosen})
        if name == "grid":
            return grids.order_by("code")
        return OrgUnit.objects.filter(pk__in=grids.values("community_id")).order_by(*NODE_ORDER)

    def drop_idle_selects(self) -> None:
        """Leave out the selects that cannot narrow anything, or would be endless."""
        ground = self._ground()
        for name in (*AREAS, "unit"):
            most = MANY_GRIDS if name == "grid" else MANY_NODES
            chosen = row_id(self.data.get(name, ""))
            entries = ground.get(name)
            if entries is None:
                entries = list(self._offered(name).values_list("pk", "name")[: most + 1])
            if len(entries) > most and chosen is not None:  # a link of a dashboard asks for it
                entries = list(self._offered(name).filter(pk=chosen).values_list("pk", "name"))
            if len(entries) > most or (len(entries) < 2 and not self.data.get(name)):
                del self.fields[name]
            else:
                self._field(name).choices = [("", self._field(name).empty_label), *entries]

    def _ground(self) -> dict[str, list[tuple[Any, str]]]:
        """Return what the three area selects offer, read in one query; {} where that cannot be."""
        if self.data.get("street") or self.data.get("community"):
            return {}  # each select is narrowed by the one before it
        nodes = ("division_code", "name", "id")
        rows = list(
            self._offered("grid").values_list(
                "pk", "name", *(f"street__{name}" for name in nodes),
                *(f"community__{name}" for name in nodes),
            )[: MANY_GRIDS + 1]
        )  # fmt: skip
        grids = [(row[0], row[1]) for row in rows]
        if len(grids) > MANY_GRIDS:
            return {"grid": grids}
        streets = sorted({(row[2] or "", *row[3:5]) for row in rows})
        communities = sorted({(row[5] or "", *row[6:8]) for row in rows})
        return {
            "grid": grids,
            "street": [(key, name) for _, name, key in streets],
            "community": [(key, name) for _, name, key in communities],
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
            for name in (
                "q",
                "room",
                "stage",
                "status",
                "light",
                "category",
                "source",
                "month",
            )
        }
        return CaseFilter(
            **words, **ids, building=values.get("building"),
            district=values["district"].code if values.get("district") else "",
            by=(values.get("by") or "created") if words["month"] else "",
            mine=values["mine"], supervised=values["supervised"],
        )  # fmt: skip
