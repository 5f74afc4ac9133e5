"""The score of one department, and what the ranking and its lists are narrowed to."""

from datetime import date
from typing import Any

from django import forms

from cases.catalog import MARKS, LowReason
from cases.forms.fields import ServiceForm
from cases.ranking import PARTS
from gridparty.lib.periods import Month, Quarter
from orgs.models import Unit

Period = Month | Quarter
MONTHS, QUARTERS = 12, 4
TO_SCORE = ("to_score", "待评分")


class ScoreForm(ServiceForm):
    """Marks as buttons; the arrival is not asked: the clock knows it."""

    resolution = forms.ChoiceField(label="问题解决", choices=MARKS, widget=forms.RadioSelect)
    attitude = forms.ChoiceField(label="配合态度", choices=MARKS, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label="低分原因", choices=[("", "无"), *LowReason.choices], required=False,
        help_text="有一项给“较差”或“很差”时必选",
    )  # fmt: skip
    note = forms.CharField(label="说明", required=False, help_text="最多 200 字，部门会看到")
    correction = forms.CharField(label="更正原因", help_text="最多 200 字，随评分留痕")

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["correction"]


def period_choices(today: date) -> list[tuple[str, str]]:
    """Return this month and the eleven before, then this quarter and the three before."""
    periods: list[Period] = []
    for latest, count in ((Month.of(today), MONTHS), (Quarter.of(today), QUARTERS)):
        period: Period = latest
        for _ in range(count):
            periods.append(period)
            period = period.previous()
    return [(str(period), period.label) for period in periods]


class PeriodForm(forms.Form):
    """`PeriodForm(request.GET, today=…)`; when valid, `chosen` is there, this month by default."""

    period = forms.ChoiceField(
        label="时段",
        required=False,
        error_messages={"invalid_choice": "没有这个时段，请重新选择。"},
    )

    def __init__(self, data: Any, *, today: date) -> None:
        asked = data.copy()
        if not asked.get("period"):
            asked["period"] = str(Month.of(today))
        super().__init__(asked)
        field: Any = self.fields["period"]
        field.choices = period_choices(today)

    @property
    def chosen(self) -> Period:
        text: str = self.cleaned_data["period"]
        return Quarter.parse(text) if "Q" in text else Month.parse(text)


class WhistleListForm(PeriodForm):
    """The list behind a figure: department, and which of its parts."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="部门", required=False, empty_label="全部部门"
    )
    what = forms.ChoiceField(
        label="情况", required=False,
        choices=[(part.key, part.label) for part in PARTS] + [TO_SCORE],
    )  # fmt: skip

    def __init__(self, data: Any, *, today: date, units: Any) -> None:
        super().__init__(data, today=today)
        field: Any = self.fields["unit"]
        field.queryset = units
