"""What filling in a form costs, read from the form itself. Pure.

Nobody times people here. Seconds and taps follow from the kind of each field by one table, the same
for every form, so that two duties can be compared and a longer form shows. Required fields are
always filled in; of the others every fourth (what is not seen is not asked).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms

# Opening the page from the day's list, finding the place, sending.
OPEN_SECONDS, OPEN_TAPS = 15, 3
ONE_IN = 4
RULE = (
    f"打开和提交 {OPEN_SECONDS} 秒、点 {OPEN_TAPS} 下；勾选 2 秒，单选 6 秒，多选 10 秒，日期、数字 8 秒，"
    f"短文字 15 秒，长文字 40 秒，照片 20 秒；必填的都算，选填的按 {ONE_IN} 项里填 1 项算"
)


@dataclass(frozen=True)
class Cost:
    """One filling-in: fields shown, of them required, and the estimated taps and seconds."""

    fields: int = 0
    required: int = 0
    taps: float = OPEN_TAPS
    seconds: float = OPEN_SECONDS

    def with_field(self, seconds: int, taps: int, *, required: bool) -> "Cost":
        part = 1 if required else 1 / ONE_IN
        return Cost(
            self.fields + 1, self.required + required, self.taps + taps * part,
            self.seconds + seconds * part,
        )  # fmt: skip


def weight_of(field: forms.Field) -> tuple[int, int]:
    """Return (seconds, taps) of a field by its kind."""
    if isinstance(field, forms.FileField):
        return 20, 3
    if isinstance(field, forms.BooleanField):
        return 2, 1
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return 10, 2
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return 6, 2
    if isinstance(field, forms.DateField | forms.DateTimeField | forms.IntegerField):
        return 8, 1
    return (40, 1) if isinstance(field.widget, forms.Textarea) else (15, 1)


def fields_of(form: type[forms.Form]) -> dict[str, forms.Field]:
    """Return what somebody sees of a form, by name."""
    fields: Mapping[str, forms.Field] = form.base_fields  # type: ignore[attr-defined]
    return {name: field for name, field in fields.items() if not field.widget.is_hidden}


def cost_of(form: type[forms.Form]) -> Cost:
    cost = Cost()
    for field in fields_of(form).values():
        seconds, taps = weight_of(field)
        cost = cost.with_field(seconds, taps, required=field.required)
    return cost


def mean_cost(costs: Iterable[Cost]) -> Cost:
    """Return the mean of several forms of one duty; counts of fields rounded."""
    known = list(costs)
    many = len(known)
    return Cost(
        round(sum(one.fields for one in known) / many),
        round(sum(one.required for one in known) / many),
        sum(one.taps for one in known) / many,
        sum(one.seconds for one in known) / many,
    )
