"""What the revisitor asks and hears."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from cases.catalog import RevisitMethod, Satisfaction, Solved, UnsatisfiedReason
from cases.forms.fields import ServiceForm, prose
from cases.models import Case, Revisit
from cases.roster import from_within
from cases.services import eligible_revisitors
from gridparty.lib.periods import Month
from orgs.models import User

REACHED = (("yes", "联系上了"), ("no", "没有联系上"))
SAME_UNIT = "（所在单位参与过办理）"
SEEN = (("yes", "看了现场"), ("no", "没能看到"))


class RevisitFilter(forms.Form):
    """`RevisitFilter(request.GET, tab=…)`: the month of the draw, and what was answered."""

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    month = forms.CharField(
        label="回访月份（按销号）", max_length=7, required=False,
        widget=forms.DateInput(attrs={"type": "month"}),
    )  # fmt: skip
    solved = forms.ChoiceField(
        label="是否解决", required=False, choices=[("", "全部"), *Solved.choices]
    )
    satisfaction = forms.ChoiceField(
        label="满意度", required=False, choices=[("", "全部"), *Satisfaction.choices]
    )

    def __init__(self, data: Any, *, tab: str) -> None:
        asked = data.copy()
        asked["tab"] = tab
        super().__init__(asked)

    def clean_month(self) -> str:
        text: str = self.cleaned_data["month"]
        try:
            return str(Month.parse(text)) if text else ""
        except ValueError as error:
            raise forms.ValidationError(f"{error}。") from None

    def narrow(self, rows: Any) -> Any:
        asked = {name: self.cleaned_data[name] for name in ("month", "solved", "satisfaction")}
        return rows.filter(**{name: value for name, value in asked.items() if value})

    def url(self, tab: str) -> str:
        """Return the address of a tab under the same conditions."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return "?" + urlencode(asked | {"tab": tab})


class RevisitForm(ServiceForm):
    """Answers are asked for only when the person was reached, a reason only when unsatisfied."""

    method = forms.ChoiceField(
        label="回访方式", choices=RevisitMethod.choices, widget=forms.RadioSelect,
        initial=RevisitMethod.PHONE,
    )  # fmt: skip
    reached = forms.ChoiceField(label="是否联系上", choices=REACHED, widget=forms.RadioSelect)
    solved = forms.ChoiceField(
        label="问题解决了吗", choices=Solved.choices, widget=forms.RadioSelect
    )
    satisfaction = forms.ChoiceField(
        label="对办理满意吗", choices=Satisfaction.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label="哪里不满意", choices=UnsatisfiedReason.choices, widget=forms.RadioSelect
    )
    note = prose("备注", rows=3, required=False, placeholder="反映人的原话，或没联系上的情况")
    reopen = forms.BooleanField(
        label="马上重开这件事项", required=False, initial=True,
        help_text="不勾选，或诉求不合理的，由社区在 3 个工作日内决定重开或解释",
    )  # fmt: skip

    def __init__(self, *args: Any, asked: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contactless = asked.anonymous or not (asked.reporter_name or asked.reporter_phone)
        method, reached = self.fields["method"], self.fields["reached"]
        assert isinstance(method, forms.ChoiceField) and isinstance(reached, forms.ChoiceField)
        on_site = (RevisitMethod.SITE.value, RevisitMethod.SITE.label)
        if not contactless:
            method.choices = [one for one in RevisitMethod.choices if one != on_site]
            return
        method.initial = RevisitMethod.SITE
        if asked.anonymous:  # nobody to ask what he thinks
            method.choices, reached.choices = [on_site], list(SEEN)
            reached.label = "看到现场了吗"
            del self.fields["satisfaction"], self.fields["reason"]

    def full_clean(self) -> None:
        if self.is_bound:
            self._ask_only_what_applies()
        super().full_clean()

    def _ask_only_what_applies(self) -> None:
        reached = self.data.get("reached") != "no"
        unsatisfied = self.data.get("satisfaction") == Satisfaction.UNSATISFIED
        self.fields["solved"].required = reached
        if "satisfaction" in self.fields:
            asked = reached and self.data.get("method") != RevisitMethod.SITE
            self.fields["satisfaction"].required = asked
            self.fields["reason"].required = asked and unsatisfied

    def answers(self) -> dict[str, Any]:
        """Return the arguments of `record_revisit`."""
        return {**self.cleaned_data, "reached": self.cleaned_data["reached"] == "yes"}


class DecisionForm(ServiceForm):
    """What becomes of an unsatisfied answer that was not reopened at once."""

    outcome = forms.ChoiceField(
        label="怎么处置", choices=(("reopen", "重新办理"), ("explain", "解释说明")),
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = prose("说明", rows=3)


class AssignForm(ServiceForm):
    """Another revisitor, from among those who took no part in the case."""

    to = forms.ModelChoiceField(User.objects.none(), label="回访员", empty_label="请选择回访员")

    def __init__(self, *args: Any, revisit: Revisit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = eligible_revisitors(revisit)
        people = list(field.queryset.select_related("person"))
        within = from_within(revisit.case_id, [person.pk for person in people])
        people.sort(key=lambda person: person.pk in within)  # strangers to the case first
        field.choices = [("", "请选择回访员")] + [
            (person.pk, f"{person.display_name}{SAME_UNIT if person.pk in within else ''}")
            for person in people
        ]
