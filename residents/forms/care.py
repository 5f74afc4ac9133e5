"""Forms of the care library and of needs."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from grids.forms import BLANK, CHOOSE, DayInput, offer
from grids.models import Grid, GridTeamMember
from orgs.models import OrgUnit, Person
from residents.forms.register import OTHER_PURPOSE, PURPOSES
from residents.models import (
    CareKind,
    CareSuggestion,
    CareTag,
    Household,
    LinkedHousehold,
    Need,
    Residency,
)
from residents.needflow import NeedStatus
from residents.services.care import read_contact_phone

DUE = [("", "不限"), ("today", "今天要访（含超期）"), ("overdue", "已超期")]
WHO = [("", "不限"), ("mine", "我负责和未定责任人"), ("none", "未定责任人")]
STATES = [("", "在册"), ("review", "待复核"), ("ended", "已移出")]


class CarerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


def carers_of(household: Household, user: Any) -> Any:
    """People who may look after somebody there: the grid's team, the corridor head, the user."""
    today = timezone.localdate()
    team = GridTeamMember.objects.serving_on(today).filter(grid=household.grid_id)
    links = LinkedHousehold.objects.filter(household=household).exclude(end__lt=today)
    return Person.objects.filter(
        Q(pk__in=team.values("person")) | Q(pk__in=links.values("head"))
        | Q(pk=getattr(user, "person_id", None))
    ).order_by("name_initials", "id")  # fmt: skip


class CareTermsForm(forms.Form):
    """What of a tag may change: level, people in charge, cadence, contact."""

    level = forms.ChoiceField(
        label="等级", choices=CareTag.Level.choices, initial=CareTag.Level.BLUE,
        widget=forms.RadioSelect, help_text="默认红色每 7 天、黄色每 15 天、蓝色每 30 天走访一次",
    )  # fmt: skip
    basis = forms.CharField(
        label="依据", required=False, max_length=120, help_text="例如：低保证、残疾证、入户核实"
    )
    responsible = CarerChoice(
        Person.objects.none(), label="责任人", required=False, empty_label="暂不指定"
    )
    visit_days = forms.IntegerField(
        label="另定走访间隔（天）", required=False, min_value=1, max_value=366,
        help_text="不填就按等级",
    )  # fmt: skip
    contact_name = forms.CharField(label="紧急联系人", required=False, max_length=60)
    contact_phone = forms.CharField(label="紧急联系电话", required=False, max_length=100)

    def __init__(self, data: Any = None, *, household: Household, user: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["responsible"].queryset = carers_of(household, user)  # type: ignore[attr-defined]

    def clean_contact_phone(self) -> str:
        text: str = self.cleaned_data["contact_phone"]
        try:
            return read_contact_phone(text)
        except forms.ValidationError as refusal:
            raise forms.ValidationError(refusal.messages) from None


class CareTagForm(CareTermsForm):
    """Register somebody in the care library."""

    kind = forms.ModelChoiceField(
        CareKind.objects.filter(is_active=True), label="类别", empty_label=CHOOSE
    )
    start = forms.DateField(label="开始日期", initial=timezone.localdate, widget=DayInput())

    field_order = ["kind", "level", "start", "basis", "responsible"]


class EditCareForm(CareTermsForm):
    """Change a tag; the sealed contact is not shown, and stays when nothing is typed."""

    drop_contact = forms.BooleanField(label="删除原来的紧急联系人", required=False)

    def __init__(self, data: Any = None, *, tag: CareTag, **kwargs: Any) -> None:
        names = ("level", "basis", "responsible", "visit_days")
        super().__init__(data, initial={name: getattr(tag, name) for name in names}, **kwargs)
        carers: Any = self.fields["responsible"]
        if tag.responsible_id:
            carers.queryset |= Person.objects.filter(pk=tag.responsible_id)
        if tag.masked_contact:
            note = f"现在是 {tag.masked_contact}；不改请留空"
            self.fields["contact_phone"].help_text = note
        else:
            del self.fields["drop_contact"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        dropped = data.pop("drop_contact", False)
        for name in ("contact_name", "contact_phone"):
            if not data.get(name):
                data[name] = "" if dropped else None
        return data


class EndCareForm(forms.Form):
    reason = forms.CharField(label="移出原因", max_length=120)
    end = forms.DateField(label="移出日期", initial=timezone.localdate, widget=DayInput())


class AreaFilterForm(forms.Form):
    """A filter by community and grid; selects nobody can choose from are left out."""

    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, households: Any) -> None:
        super().__init__(data)
        grids = Grid.objects.filter(pk__in=households.grid_ids())
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(self, community=communities.order_by("division_code"), grid=grids)

    @property
    def area(self) -> dict[str, Any]:
        """The chosen community or grid as columns of a household."""
        names = ("community", "grid")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class CareFilterForm(AreaFilterForm):
    """What the library is narrowed to; nothing personal, so it may stand in an address."""

    kind = forms.ModelChoiceField(
        CareKind.objects.filter(is_active=True), label="类别", required=False, empty_label="不限"
    )
    level = forms.ChoiceField(label="等级", required=False, choices=BLANK + CareTag.Level.choices)
    due = forms.ChoiceField(label="走访", required=False, choices=DUE)
    who = forms.ChoiceField(label="责任人", required=False, choices=WHO)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class SuggestionFilterForm(AreaFilterForm):
    kind = forms.ModelChoiceField(
        CareKind.objects.filter(is_active=True), label="类别", required=False, empty_label="不限"
    )
    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "待确认"), *CareSuggestion.State.choices[1:]],
    )  # fmt: skip


class PurposeForm(forms.Form):
    """What for somebody wants to see a sealed contact."""

    purpose = forms.ChoiceField(
        label="用途", choices=[one for one in PURPOSES if one[0] != OTHER_PURPOSE]
    )


class NeedFactsForm(forms.Form):
    """A need as staff write it down, and what others may read of it."""

    kind = forms.ChoiceField(label="类别", choices=[("", CHOOSE), *Need.Kind.choices])
    text = forms.CharField(
        label="需要什么", widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )
    urgency = forms.ChoiceField(
        label="缓急", choices=Need.Urgency.choices, initial=Need.Urgency.ORDINARY,
        widget=forms.RadioSelect,
    )  # fmt: skip
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=9999, initial=1)
    wanted_by = forms.DateField(label="期望时间", required=False, widget=DayInput())
    privacy = forms.ChoiceField(
        label="公开程度", choices=Need.Privacy.choices, initial=Need.Privacy.STAFF,
        widget=forms.RadioSelect,
    )  # fmt: skip
    public_text = forms.CharField(
        label="公开内容", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="发布后志愿者看到的话。不写姓名、电话、门牌，例如：王奶奶想有人陪着去体检",
    )  # fmt: skip

    @classmethod
    def facts(cls, need: Need) -> dict[str, Any]:
        return {name: getattr(need, name) for name in cls.base_fields}


class NeedForm(NeedFactsForm):
    """A new need: whose, and where it comes from."""

    residency = forms.ModelChoiceField(
        Residency.objects.none(), label="谁的需求", required=False, empty_label="全家"
    )
    source = forms.ChoiceField(
        label="来源", choices=Need.Source.choices, initial=Need.Source.RESIDENT
    )

    field_order = ["residency", "source"]

    def __init__(self, data: Any = None, *, residencies: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["residency"]
        field.queryset = residencies
        field.label_from_instance = lambda row: row.person.name


class NeedFilterForm(AreaFilterForm):
    kind = forms.ChoiceField(label="类别", required=False, choices=BLANK + Need.Kind.choices)
    urgency = forms.ChoiceField(label="缓急", required=False, choices=BLANK + Need.Urgency.choices)
    source = forms.ChoiceField(label="来源", required=False, choices=BLANK + Need.Source.choices)
    status = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "未了结"), ("all", "全部"), *NeedStatus.choices],
    )  # fmt: skip


class NeedMoveForm(forms.Form):
    note = forms.CharField(max_length=200)

    def __init__(self, data: Any = None, *, label: str) -> None:
        super().__init__(data)
        self.fields["note"].label = label
