"""Forms of programmes."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from grids.forms import BLANK, CHOOSE, DayInput
from orgs.forms import OrgUnitChoice
from orgs.models import OrgUnit, Unit
from partybuilding.catalog import ProgrammeKind
from partybuilding.models.programmes import LINKED, ProgrammeLink

OFFERED = 30


class ProgrammeFilterForm(forms.Form):
    SHOW = [("", "全部"), ("running", "进行中"), ("ended", "已结束")]
    q = forms.CharField(label="名称", max_length=60, required=False)
    kind = forms.ChoiceField(label="类型", required=False, choices=BLANK + ProgrammeKind.choices)
    show = forms.ChoiceField(label="范围", required=False, choices=SHOW)


class ProgrammeForm(forms.Form):
    org = OrgUnitChoice(OrgUnit.objects.none(), label="主办组织", empty_label=CHOOSE)
    kind = forms.ChoiceField(label="类型", choices=ProgrammeKind.choices)
    name = forms.CharField(label="名称", max_length=60, help_text="例如：蜂巢共筑")
    slogan = forms.CharField(label="一句话介绍", max_length=100, required=False)
    text = forms.CharField(
        label="做什么", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    started_on = forms.DateField(label="开始日期", widget=DayInput(), initial=timezone.localdate)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="参与单位", required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, units: Any, orgs: Any = None, linked: Any = (), **kwargs: Any
    ) -> None:
        """Without `orgs` for a correction: whose it is, and since when, stays.

        `linked` units are offered whatever became of them: only an untick takes one out.
        """
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        offered = Q(pk__in=units.filter(is_active=True).values("pk")) | Q(pk__in=linked)
        fields["units"].queryset = Unit.objects.filter(offered).order_by("name")
        if orgs is None:
            del fields["org"], fields["started_on"]
        else:
            fields["org"].queryset = orgs


class EndProgrammeForm(forms.Form):
    on = forms.DateField(label="结束日期", widget=DayInput(), initial=timezone.localdate)
    outcome = forms.CharField(
        label="成效", max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class WorkForm(forms.Form):
    """The newest work of each kind that is not under the programme yet, to be ticked."""

    def __init__(self, *args: Any, work: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LINKED:
            rows = list(work[name][:OFFERED].values_list("pk", flat=True))
            if not rows:
                continue
            column: Any = ProgrammeLink._meta.get_field(name)
            self.fields[name] = forms.ModelMultipleChoiceField(
                column.related_model._default_manager.filter(pk__in=rows).order_by("-pk"),
                label=column.verbose_name, required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
            )  # fmt: skip
