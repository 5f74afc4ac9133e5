"""Forms of policy documents and honours."""

from typing import Any

from django import forms
from django.utils import timezone

from grids.forms import BLANK, CHOOSE, DayInput
from orgs.forms import OrgUnitChoice
from orgs.models import OrgUnit
from orgs.roles import Role
from partybuilding.catalog import HonourLevel
from partybuilding.services.papers import READERS
from volunteers.forms.fields import ticks


class PaperFilterForm(forms.Form):
    SHOW = [
        ("", "全部"), ("mine", "要我签阅的"), ("unread", "我还没签阅的"), ("overdue", "过期没人签阅完的"),
    ]  # fmt: skip
    q = forms.CharField(label="标题或文号", max_length=60, required=False)
    show = forms.ChoiceField(label="范围", required=False, choices=SHOW)


class PaperForm(forms.Form):
    org = OrgUnitChoice(OrgUnit.objects.none(), label="发给哪里", empty_label=CHOOSE)
    roles = ticks([(role.value, str(role.label)) for role in READERS], "发给谁", required=True)
    title = forms.CharField(label="标题", max_length=100)
    doc_no = forms.CharField(label="文号", max_length=60, required=False)
    issuer = forms.CharField(label="发文机关", max_length=60)
    issued_on = forms.DateField(label="发文日期", widget=DayInput(), initial=timezone.localdate)
    read_by = forms.DateField(label="请在哪天前阅读", widget=DayInput())
    text = forms.CharField(
        label="要点", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    file = forms.FileField(
        label="文件", required=False, help_text="PDF 或图片，不超过 10 MB；不传文件的请写要点"
    )

    def __init__(self, *args: Any, orgs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].queryset = orgs  # type: ignore[attr-defined]
        self.initial.setdefault("roles", [Role.BRANCH_SECRETARY])


class HonourFilterForm(forms.Form):
    q = forms.CharField(label="名称", max_length=60, required=False)
    level = forms.ChoiceField(label="级别", required=False, choices=BLANK + HonourLevel.choices)
    year = forms.IntegerField(label="年度", required=False, min_value=1950, max_value=2999)


class HonourForm(forms.Form):
    org = OrgUnitChoice(OrgUnit.objects.none(), label="获得荣誉的组织", empty_label=CHOOSE)
    title = forms.CharField(label="荣誉名称", max_length=100)
    level = forms.ChoiceField(label="级别", choices=[("", CHOOSE), *HonourLevel.choices])
    granted_by = forms.CharField(label="授予单位", max_length=60)
    granted_on = forms.DateField(label="授予日期", widget=DayInput())

    def __init__(self, *args: Any, orgs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].queryset = orgs  # type: ignore[attr-defined]
