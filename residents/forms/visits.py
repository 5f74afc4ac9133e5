"""The visit form, made for one thumb, and the filters of the visit pages."""

import secrets
from typing import Any

from django import forms
from django.utils import timezone

from gridparty.lib.periods import Quarter
from grids.forms import BLANK, DayInput
from orgs.forms import PhotosField
from residents.catalog import RELATIONS
from residents.display import shown_name
from residents.forms.care import AreaFilterForm
from residents.models import (
    CareKind,
    CareTag,
    ChangeRequest,
    Household,
    Need,
    Residency,
    VacancyDecision,
    VisitCheck,
)
from residents.services.changes import Proposal
from residents.services.visits import Found
from residents.visit_rules import Hazard, Outcome

OTHER = "other"
NOBODY = [("", "没有变化")]
Kind = ChangeRequest.Kind
# What is folded under "情况有变化" and under "有需求".
CHANGES = (
    "phone_of", "new_phone", "out_who", "out_reason", "in_name", "in_relation", "in_phone",
    "occupancy", "care_of", "care_kind", "care_level",
)  # fmt: skip
NEEDS = ("need_kind", "need_of", "need_text", "need_urgency")


def _private(label: str, hint: str = "", **attrs: str) -> forms.CharField:
    """A text the browser must not keep as a draft."""
    widget = forms.TextInput(attrs={"data-no-draft": "", "placeholder": hint, **attrs})
    return forms.CharField(label=label, required=False, max_length=100, widget=widget)


class VisitForm(forms.Form):
    """One visit. Everything but the outcome may stay empty when nobody was reached."""

    outcome = forms.ChoiceField(
        label="结果", choices=Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择走访结果。"},
    )  # fmt: skip
    met = forms.ChoiceField(label="见到了谁", required=False, widget=forms.RadioSelect)
    met_other = _private("其他人", "例如：保姆、房东")
    hazards = forms.MultipleChoiceField(
        label="安全检查：有隐患的点一下", required=False, choices=Hazard.choices,
        widget=forms.CheckboxSelectMultiple, help_text="都看过没问题，就不用点",
    )  # fmt: skip
    opinion = forms.CharField(
        label="意见建议", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField(label="照片", required=False)
    photo_consent = forms.BooleanField(label="住户同意拍室内照片", required=False)
    day = forms.DateField(label="走访日期", initial=timezone.localdate, widget=DayInput())
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    phone_of = forms.ChoiceField(label="谁换了电话", required=False)
    new_phone = _private("新号码", inputmode="tel")
    out_who = forms.ChoiceField(label="谁不住这里了", required=False)
    out_reason = forms.ChoiceField(
        label="原因", required=False,
        choices=[one for one in Residency.EndReason.choices if one[0] in ("moved_out", "died")],
    )  # fmt: skip
    in_name = _private("新来的人姓名")
    in_relation = forms.ChoiceField(
        label="与户主关系", required=False, choices=[("", "请选择"), *RELATIONS.choices]
    )
    in_phone = _private("新来的人电话", inputmode="tel")
    occupancy = forms.ChoiceField(
        label="房屋状态", required=False, choices=NOBODY + Household.Occupancy.choices
    )
    care_of = forms.ChoiceField(label="谁要列为重点", required=False)
    care_kind = forms.ModelChoiceField(
        CareKind.objects.filter(is_active=True), label="类别", required=False, empty_label="请选择"
    )
    care_level = forms.ChoiceField(label="等级", required=False, choices=CareTag.Level.choices,
                                   initial=CareTag.Level.BLUE)  # fmt: skip

    need_kind = forms.ChoiceField(
        label="需求类别", required=False, choices=[("", "没有需求"), *Need.Kind.choices]
    )
    need_of = forms.ChoiceField(label="谁的需求", required=False)
    need_urgency = forms.ChoiceField(label="缓急", required=False, choices=Need.Urgency.choices,
                                     initial=Need.Urgency.ORDINARY)  # fmt: skip
    need_text = forms.CharField(
        label="需要什么", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    then_report = forms.BooleanField(label="登记后接着上报一件事项", required=False)
    client_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(
        self, *args: Any, residencies: list[Residency], full: bool, sees_care: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_key", secrets.token_hex(16))
        self.residencies = {str(one.pk): one for one in residencies}
        people = [(str(one.pk), shown_name(one.person, full=full)) for one in residencies]
        self._offer(met=[*people, (OTHER, "其他人")], phone_of=NOBODY + people)
        self._offer(out_who=NOBODY + people, care_of=NOBODY + people)
        self._offer(need_of=[("", "全家"), *people])
        if not sees_care:
            for name in ("care_of", "care_kind", "care_level"):
                del self.fields[name]

    def _offer(self, **choices: Any) -> None:
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name, wanted, sentence in (
            ("phone_of", "new_phone", "请填写新号码。"),
            ("new_phone", "phone_of", "请选择是谁换了电话。"),
            ("in_name", "in_relation", "请选择与户主的关系。"),
            ("in_phone", "in_name", "请填写姓名。"),
            ("care_of", "care_kind", "请选择重点人群类别。"),
            ("care_kind", "care_of", "请选择是哪位居民。"),
            ("need_kind", "need_text", "请写清楚需要什么。"),
            ("need_text", "need_kind", "请选择需求类别。"),
        ):
            if data.get(name) and not data.get(wanted) and wanted not in self.errors:
                self.add_error(wanted, sentence)
        if data.get("met") == OTHER and not data.get("met_other"):
            self.add_error("met_other", "请写见到的是谁，例如：保姆。")
        return data

    def found(self) -> Found:
        """Return what the service stores; only after `is_valid`."""
        data = self.cleaned_data
        names = ("met_other", "hazards", "opinion", "note", "photo_consent", "photos")
        return Found(
            **{name: data[name] for name in names},
            met=self.residencies.get(data["met"]), changes=self._changes(), need=self._need(),
        )  # fmt: skip

    def _changes(self) -> list[Proposal]:
        data, made = self.cleaned_data, []
        if data["phone_of"]:
            who = self.residencies[data["phone_of"]]
            made.append(Proposal(Kind.PHONE, who, {"phone": data["new_phone"]}))
        if data["out_who"]:
            values = {"reason": data["out_reason"], "on": data["day"].isoformat()}
            made.append(Proposal(Kind.PERSON_OUT, self.residencies[data["out_who"]], values))
        if data["in_name"]:
            values = {"name": data["in_name"], "relation": data["in_relation"],
                      "phone": data["in_phone"]}  # fmt: skip
            made.append(Proposal(Kind.PERSON_IN, None, values))
        if data["occupancy"]:
            made.append(Proposal(Kind.OCCUPANCY, None, {"occupancy": data["occupancy"]}))
        if data.get("care_of"):
            values = {"kind": str(data["care_kind"].pk), "level": data["care_level"]}
            made.append(Proposal(Kind.CARE, self.residencies[data["care_of"]], values))
        return made

    def _need(self) -> dict[str, Any] | None:
        data = self.cleaned_data
        if not data["need_kind"]:
            return None
        return {
            "kind": data["need_kind"], "text": data["need_text"],
            "urgency": data["need_urgency"] or Need.Urgency.ORDINARY,
            "residency": self.residencies.get(data["need_of"]),
        }  # fmt: skip

    @property
    def lost_photos(self) -> bool:
        """Whether photos came with a form that is shown again: browsers do not send them back."""
        return bool(self.errors) and bool(self.files)

    @property
    def changes_open(self) -> bool:
        return self._touched(CHANGES, quiet=("out_reason", "care_level"))

    @property
    def need_open(self) -> bool:
        return self._touched(NEEDS, quiet=("need_urgency",))

    def _touched(self, names: tuple[str, ...], quiet: tuple[str, ...]) -> bool:
        """Whether something in a folded part is filled in or wrong."""
        here = [name for name in names if name in self.fields]
        return any(name in self.errors for name in here) or any(
            self[name].value() for name in here if name not in quiet
        )

    @property
    def change_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in CHANGES if name in self.fields]

    @property
    def need_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in NEEDS]


class VisitFilterForm(AreaFilterForm):
    outcome = forms.ChoiceField(label="结果", required=False, choices=BLANK + Outcome.choices)
    quarter = forms.ChoiceField(label="季度", required=False)
    what = forms.ChoiceField(
        label="内容", required=False,
        choices=[("", "不限"), ("reached", "见到人的"), ("hazard", "有安全隐患"),
                 ("opinion", "有意见建议"), ("mine", "我走访的")],
    )  # fmt: skip

    def __init__(self, data: Any, *, households: Any) -> None:
        super().__init__(data, households=households)
        quarter = Quarter.of(timezone.localdate())
        offered: list[tuple[str, str]] = [("", "不限")]
        for _ in range(4):
            offered.append((str(quarter), quarter.label))
            quarter = quarter.previous()
        self.fields["quarter"].choices = offered  # type: ignore[attr-defined]


class ChangeFilterForm(AreaFilterForm):
    """What the list of proposed changes is narrowed to; nothing personal stands in it."""

    state = forms.ChoiceField(
        required=False, choices=BLANK + ChangeRequest.State.choices, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(label="类别", required=False, choices=BLANK + Kind.choices)
    whose = forms.ChoiceField(
        label="提出人", required=False,
        choices=[("", "不限"), ("mine", "我提出的"), ("others", "别人提出的")],
    )  # fmt: skip


class VacancyForm(forms.Form):
    choice = forms.ChoiceField(choices=VacancyDecision.Choice.choices)
    version = forms.IntegerField(min_value=1)


class CheckForm(forms.Form):
    result = forms.ChoiceField(
        label="抽查结果", choices=VisitCheck.Result.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label="说明", required=False, max_length=200)


class RejectForm(forms.Form):
    reason = forms.CharField(label="退回原因", max_length=200)
