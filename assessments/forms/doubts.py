"""Forms of the questions: what the list is narrowed to, and an answer in words."""

from typing import Any

from django import forms

from assessments.detectors import DETECTORS
from assessments.doubtflow import DoubtMove, DoubtStatus
from gridparty.lib.periods import Month
from grids.forms import offer
from orgs.models import OrgUnit


class DoubtFilterForm(forms.Form):
    q = forms.CharField(label="网格", max_length=40, required=False)
    status = forms.ChoiceField(
        label="状态", choices=[("", "全部状态"), *DoubtStatus.choices], required=False
    )
    detector = forms.ChoiceField(label="类型", required=False)
    month = forms.ChoiceField(label="月份", required=False)
    street = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="街道", required=False, empty_label="全部街道"
    )
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="全部社区"
    )
    mine = forms.BooleanField(label="只看等我处理", required=False)

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        labels = [(one.code, one.label) for one in DETECTORS.values()]
        months = sorted(rows.order_by().values_list("month", flat=True).distinct(), reverse=True)
        fields: Any = self.fields
        fields["detector"].choices = [("", "全部类型"), *labels]
        fields["month"].choices = [
            ("", "全部月份"), *((text, Month.parse(text).label) for text in months)
        ]  # fmt: skip
        offer(
            self,
            **{
                name: OrgUnit.objects.filter(pk__in=rows.order_by().values(name)).order_by("name")
                for name in ("street", "community")
            },
        )

    def narrow(self, rows: Any, user: Any) -> Any:
        """Return the rows asked for; list and export alike."""
        asked = self.cleaned_data
        if asked["q"]:
            rows = rows.filter(grid__name__icontains=asked["q"])
        for name in ("status", "detector", "month", "street", "community"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
        return rows.waiting_for(user) if asked["mine"] else rows


class DoubtAnswerForm(forms.Form):
    note = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, move: DoubtMove, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = move.asks
        self.fields["note"].help_text = move.hint
