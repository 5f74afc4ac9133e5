"""Which register is shown: list, place, month."""

from typing import Any

from django import forms
from django.utils import timezone

from cases.models import LedgerScheme
from gridparty.lib.periods import Month
from gridparty.lib.text import row_id
from grids.models import Grid
from orgs.models import OrgUnit


class LedgerForm(forms.Form):
    """`LedgerForm(request.GET, user=…)`; when valid: scheme, list (a dict), month, and the place."""

    scheme = forms.ModelChoiceField(
        LedgerScheme.objects.none(), label="方案", required=False, empty_label=None
    )
    list = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    month = forms.CharField(
        label="月份", max_length=7, required=False, widget=forms.DateInput(attrs={"type": "month"})
    )
    street = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="街道", required=False, empty_label="全部街道"
    )
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="全部社区"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="全部网格"
    )

    def __init__(self, data: Any, *, user: Any) -> None:
        asked = data.copy()
        asked.setdefault("month", str(Month.of(timezone.now())))
        super().__init__(asked)
        self.schemes = list(LedgerScheme.objects.filter(is_active=True))
        grids = Grid.objects.visible_to(user)
        nodes = OrgUnit.objects.order_by("division_code", "name")
        self._set("scheme", LedgerScheme.objects.filter(is_active=True))
        own = list(nodes.filter(pk__in=grids.values("community_id"))[:2])
        if len(own) == 1:  # nothing to choose: it is this community's register
            asked.setdefault("community", str(own[0].pk))
            self.fields["street"].widget = forms.HiddenInput()
        self._set("street", nodes.filter(pk__in=grids.values("street_id")))
        for above, name in (("street", "community"), ("community", "grid")):
            chosen = row_id(str(asked.get(above, "")))
            if chosen is not None:
                grids = grids.filter(**{f"{above}_id": chosen})
            rows = nodes.filter(pk__in=grids.values("community_id"))
            self._set(name, rows if name == "community" else grids.order_by("code"))
        if not self.data.get("community"):
            self.fields["grid"].widget = forms.HiddenInput()
        if len(self.schemes) < 2:
            self.fields["scheme"].widget = forms.HiddenInput()

    def _set(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def clean_month(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError as error:
            raise forms.ValidationError(f"{error}。") from None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        scheme = values.get("scheme") or next(iter(self.schemes), None)
        if scheme is None:
            raise forms.ValidationError("还没有启用台账方案，请联系系统管理员。")
        values["scheme"] = scheme
        wanted = values.get("list") or scheme.lists[0]["code"]
        found = next((one for one in scheme.lists if one["code"] == wanted), None)
        if found is None:
            raise forms.ValidationError("没有这张清单，请从上面的标签里选。")
        values["list"] = found
        return values

    @property
    def unit(self) -> Any:
        """Return the smallest organisation chosen whose register can be frozen, else None."""
        if self.cleaned_data.get("grid"):
            return None
        return self.cleaned_data.get("community") or self.cleaned_data.get("street")
