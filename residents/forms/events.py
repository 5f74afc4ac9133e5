"""Forms of the life events: short, one thing each, made for a phone at the door."""

from typing import Any

from django import forms
from django.utils import timezone

from grids.forms import DayInput
from orgs.models import Gender
from residents.catalog import ID_KINDS, RELATIONS, RESIDENCES
from residents.doors import household_behind
from residents.models import Household, Residency, Separation
from residents.services.coming import CHILD, GRANDCHILD
from residents.services.households import entrance_named
from residents.services.residency import Identity, read_identity, read_phone

UNKNOWN = [("", "未填")]
GENDERS = [(Gender.MALE.value, "男"), (Gender.FEMALE.value, "女")]
REASONS = [
    (Residency.EndReason.MOVED_OUT.value, "迁出"),
    (Residency.EndReason.DIED.value, "死亡"),
    (Residency.EndReason.ERROR.value, "登记错误"),
]


def day(label: str) -> forms.DateField:
    return forms.DateField(label=label, initial=timezone.localdate, widget=DayInput())


class ResidentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the people of the household, by name and relation."""

    def label_from_instance(self, obj: Any) -> str:
        relation = "户主" if obj.is_head else obj.relation
        return f"{obj.person.name}（{relation}）" if relation else str(obj.person.name)


class ResidentsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    label_from_instance = ResidentChoice.label_from_instance


class PapersMixin(forms.Form):
    """Reads `id_kind`, `id_number` and `phone` of somebody new into `identity` and `phone`."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        number, kind = data.pop("id_number", ""), data.pop("id_kind", "")
        try:
            data["identity"] = read_identity(
                kind=kind, number=number, birth=None, gender=data.pop("gender", ""),
                today=timezone.localdate(),
            )  # fmt: skip
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
            data["identity"] = Identity()
        try:
            data["phone"] = read_phone(data.get("phone", ""))
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
        return data


class MoveInForm(PapersMixin):
    """Somebody moves in; a known number brings the person we know, with his history."""

    name = forms.CharField(label="姓名", max_length=60)
    on = day("迁入日期")
    relation = forms.ChoiceField(
        label="与户主关系", required=False, choices=UNKNOWN + RELATIONS.choices
    )
    id_kind = forms.ChoiceField(
        label="证件类型", required=False, choices=UNKNOWN + ID_KINDS.choices
    )
    id_number = forms.CharField(
        label="证件号码", required=False, max_length=40,
        help_text="填了号码，系统里已有的人会直接转过来，原来那一户自动办理迁出",
    )  # fmt: skip
    gender = forms.ChoiceField(label="性别", required=False, choices=[("", "未填"), *GENDERS])
    phone = forms.CharField(label="联系电话", required=False, max_length=100)
    status = forms.ChoiceField(
        label="居住状态", required=False, choices=UNKNOWN + RESIDENCES.choices
    )
    origin = forms.CharField(label="从哪里迁来", required=False, max_length=200)


class BirthForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=60, help_text="没取名的写“某某之子”")
    gender = forms.ChoiceField(label="性别", choices=GENDERS, widget=forms.RadioSelect)
    on = day("出生日期")
    relation = forms.ChoiceField(
        label="与户主关系", choices=[(CHILD, CHILD), (GRANDCHILD, GRANDCHILD)]
    )


class EndForm(forms.Form):
    """Somebody moves out or has died; a door we know takes him along."""

    reason = forms.ChoiceField(label="原因", choices=REASONS, widget=forms.RadioSelect)
    on = day("日期")
    to = forms.CharField(
        label="迁到哪一户", required=False, max_length=60,
        help_text="搬到本辖区别的门牌时填，例如 3栋2单元501；会同时登记到那一户",
    )  # fmt: skip
    note = forms.CharField(
        label="去向或说明", required=False, max_length=200, help_text="搬到外地的写去向"
    )

    def __init__(self, data: Any, *, homes: Any) -> None:
        super().__init__(data)
        self.homes = homes

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        written = data.pop("to", "")
        data["to"] = None
        if written and data.get("reason") != Residency.EndReason.MOVED_OUT:
            self.add_error("to", "只有迁出才填迁到哪一户。")
        elif written:
            data["to"] = _home(self, "to", self.homes, written)
        return data


class MarriageForm(PapersMixin):
    spouse = ResidentChoice(
        Residency.objects.none(), label="配偶在本户", required=False, empty_label="不在本户，新迁入"
    )
    name = forms.CharField(label="迁入的配偶姓名", required=False, max_length=60)
    id_kind = forms.ChoiceField(
        label="证件类型", required=False, choices=UNKNOWN + ID_KINDS.choices
    )
    id_number = forms.CharField(label="证件号码", required=False, max_length=40)
    phone = forms.CharField(label="联系电话", required=False, max_length=100)
    on = day("结婚日期")

    def __init__(self, data: Any, *, others: Any) -> None:
        super().__init__(data)
        self.fields["spouse"].queryset = others  # type: ignore[attr-defined]


class HeadForm(forms.Form):
    on = day("变更日期")
    former_relation = forms.ChoiceField(
        label="原户主是新户主的", required=False, choices=UNKNOWN + RELATIONS.choices
    )


class ApartForm(forms.Form):
    kind = forms.ChoiceField(
        label="情形", widget=forms.RadioSelect,
        choices=[
            (Separation.Kind.AWAY.value, "户在人不在：户口在这里，人住别处"),
            (Separation.Kind.GUEST.value, "人在户不在：人住这里，户口在别处"),
        ],
    )  # fmt: skip
    elsewhere = forms.CharField(
        label="另一处地址", max_length=200, help_text="户在人不在写现住地，人在户不在写户籍地"
    )
    on = day("从哪天起")


class TogetherForm(forms.Form):
    on = day("从哪天起人户一致")


class SplitForm(forms.Form):
    """Who leaves into a household of their own, and who is its head."""

    leaving = ResidentsChoice(
        Residency.objects.none(), label="分出去的人", widget=forms.CheckboxSelectMultiple
    )
    head = ResidentChoice(Residency.objects.none(), label="新户的户主", empty_label="请选择")
    on = day("分户日期")
    unit = forms.CharField(label="新户单元", required=False, max_length=20)
    room = forms.CharField(
        label="新户房号", required=False, max_length=40, help_text="仍住原来的房子就留空"
    )
    number = forms.CharField(label="新户编号", required=False, max_length=40)

    def __init__(self, data: Any, *, household: Household) -> None:
        super().__init__(data)
        self.household = household
        people = household.residencies.filter(end=None).select_related("person").order_by("id")
        for name in ("leaving", "head"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        unit = data.pop("unit", "")
        if data.get("room"):
            try:
                data["entrance"] = entrance_named(self.household.building, unit)
            except forms.ValidationError as refusal:
                self.add_error(None, refusal)
        return data


class MergeForm(forms.Form):
    into = forms.CharField(
        label="并到哪一户", max_length=60, help_text="写门牌，例如 3栋2单元501；本户随后销户"
    )
    on = day("并户日期")

    def __init__(self, data: Any, *, homes: Any) -> None:
        super().__init__(data)
        self.homes = homes

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if written := data.get("into"):
            data["into"] = _home(self, "into", self.homes, written)
        return data


class RentalForm(forms.Form):
    landlord = forms.CharField(label="房东", max_length=60)
    phone = forms.CharField(label="房东电话", required=False, max_length=100)
    start = day("起租日期")
    until = forms.DateField(label="到期日期", required=False, widget=DayInput())

    def clean_phone(self) -> str:
        try:
            return read_phone(self.cleaned_data["phone"])
        except forms.ValidationError as refusal:
            raise forms.ValidationError(refusal.messages) from None


class RentalEndForm(forms.Form):
    on = day("退租日期")
    occupancy = forms.ChoiceField(
        label="退租后", widget=forms.RadioSelect,
        choices=[("owned", "房主自住"), ("vacant", "空置")],
    )  # fmt: skip


def _home(form: forms.Form, name: str, homes: Any, written: str) -> Household | None:
    """Return the one household behind the door as written; else say at the field what to write."""
    try:
        return household_behind(homes, written)
    except forms.ValidationError as refusal:
        form.add_error(name, refusal.messages)
        return None
