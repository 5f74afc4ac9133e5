"""问责: narrowing the list, deciding a proposed record, raising one."""

from typing import Any

from django import forms

from cases.accountability import AccountGround, AccountKind, AccountState
from cases.forms.fields import ServiceForm, prose
from cases.models import Accountability
from cases.services.accounting import kinds_left
from gridparty.lib.periods import Month
from orgs.forms import PhotosField
from orgs.models import Unit

DROP = "drop"


class AccountFilter(forms.Form):
    """`AccountFilter(request.GET, seen=…)`: state, kind, holder, month of the proposal."""

    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部状态"), *AccountState.choices]
    )
    kind = forms.ChoiceField(
        label="方式", required=False, choices=[("", "全部方式"), *AccountKind.choices]
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="责任单位", required=False, empty_label="全部责任单位"
    )
    month = forms.CharField(
        label="提出月份", max_length=7, required=False,
        widget=forms.DateInput(attrs={"type": "month"}),
    )  # fmt: skip

    def __init__(self, *args: Any, seen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        ids = seen.exclude(unit=None).order_by().values("unit_id")
        field.queryset = Unit.objects.filter(pk__in=ids).order_by("name")

    def clean_month(self) -> Month | None:
        text = self.cleaned_data["month"]
        if not text:
            return None
        try:
            return Month.parse(text)
        except ValueError as error:
            raise forms.ValidationError(f"{error}。") from None

    def narrow(self, rows: Any) -> Any:
        asked = self.cleaned_data
        for name in ("state", "kind", "unit"):
            if asked[name]:
                rows = rows.filter(**{name: asked[name]})
        if asked["month"]:
            rows = rows.filter(
                raised_at__gte=asked["month"].start, raised_at__lt=asked["month"].end
            )
        return rows


class DecideForm(ServiceForm):
    """Issue a proposed record in one of the kinds left, or drop it with the reason."""

    kind = forms.ChoiceField(label="决定", widget=forms.RadioSelect)
    text = prose("处理意见或理由", rows=3, help_text="最多 500 字；只有上级看得到")
    photos = PhotosField(label="证明材料的照片", required=False)

    def __init__(self, *args: Any, record: Accountability, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record.case.cycle = record.cycle
        field: Any = self.fields["kind"]
        kinds = [(one.value, one.label) for one in kinds_left(record.case)]
        field.choices = [*kinds, (DROP, "不予问责")]

    @property
    def chosen(self) -> str:
        kind: str = self.cleaned_data["kind"]
        return "" if kind == DROP else kind


class RaiseForm(ServiceForm):
    """What the upper level writes by itself."""

    kind = forms.ChoiceField(label="方式", widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label="事由", choices=AccountGround.choices, widget=forms.RadioSelect
    )
    text = prose("事实", rows=4, help_text="写清时间、期限和没有做到什么；最多 500 字")
    photos = PhotosField(label="证明材料的照片", required=False)

    def __init__(self, *args: Any, case: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(one.value, one.label) for one in kinds_left(case)]
