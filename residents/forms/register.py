"""Forms of the household pages. What is typed stays typed, whatever is refused."""

from typing import Any

from django import forms
from django.utils import timezone

from gridparty.lib.text import row_id
from grids.doors import NO_UNIT
from grids.forms import BLANK, CHOOSE, DayInput, offer
from grids.models import Building, Grid
from orgs.models import Gender, OrgUnit
from residents.catalog import (
    EDUCATIONS,
    ETHNICITIES,
    ID_KINDS,
    MARRIAGES,
    POLITICS,
    RELATIONS,
    RESIDENCES,
)
from residents.models import Household, Residency
from residents.querysets import BLIND_DAYS
from residents.services.households import entrance_named
from residents.services.residency import Identity, read_identity, read_phone
from residents.services.reveal import FIELDS

UNKNOWN = [("", "未填")]
OTHER_PURPOSE = "other"
PURPOSES = [
    ("入户核实", "入户核实"),
    ("联系本人", "联系本人"),
    ("代办业务", "代办业务"),
    ("更正信息", "更正信息"),
    ("应急处置", "应急处置"),
    (OTHER_PURPOSE, "其他（请说明）"),
]


class HouseholdFilterForm(forms.Form):
    """What a list of households is narrowed to; none of it is personal, so it may be an address."""

    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )
    building = forms.ModelChoiceField(
        Building.objects.none(), label="楼栋", required=False, empty_label="不限"
    )
    occupancy = forms.ChoiceField(
        label="房屋状态", required=False, choices=BLANK + Household.Occupancy.choices
    )
    kind = forms.ChoiceField(label="户类型", required=False, choices=BLANK + Household.Kind.choices)
    contact = forms.ChoiceField(
        label="联系情况",
        required=False,
        choices=[("", "不限"), ("none", f"{BLIND_DAYS} 天没有联系")],
    )
    closed = forms.ChoiceField(
        label="状态", required=False, choices=[("", "在册"), ("1", "已销户")]
    )

    def __init__(self, data: Any, *, households: Any) -> None:
        super().__init__(data)
        grids = Grid.objects.filter(pk__in=households.grid_ids())
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(self, community=communities.order_by("division_code"), grid=grids)
        # A street has thousands of buildings: they are offered within one grid only.
        within = self._asked("grid") or (None if "grid" in self.fields else 0)
        building = self._asked("building")
        if within is None and building is None:
            del self.fields["building"]
            return
        rows = households.filter(grid=within) if within else households
        rows = rows.filter(building=building) if within is None else rows
        buildings = Building.objects.filter(pk__in=rows.values("building"))
        offer(
            self,
            building=buildings.select_related("compound").order_by("compound__name", "sort_key"),
        )

    def _asked(self, name: str) -> int | None:
        return row_id(self.data.get(name, ""))


class FindForm(forms.Form):
    """One box for people and doors; sent by POST, so that no name or number is in an address."""

    q = forms.CharField(label="找人找户", max_length=60)


class SearchForm(forms.Form):
    """The box of the top bar."""

    search = forms.CharField(
        label="搜索", max_length=60, error_messages={"required": "请先写要找的姓名、门牌或网格。"}
    )


class HouseholdForm(forms.Form):
    """A household behind a door; `version` is the one the page was made from."""

    building = forms.ModelChoiceField(Building.objects.none(), label="楼栋", empty_label=CHOOSE)
    unit = forms.CharField(
        label="单元", required=False, max_length=20, help_text="例如：1单元；不分单元时留空"
    )
    room = forms.CharField(label="房号", max_length=40, help_text="例如：501")
    number = forms.CharField(label="户编号", required=False, max_length=40)
    kind = forms.ChoiceField(label="户类型", choices=Household.Kind.choices)
    occupancy = forms.ChoiceField(
        label="房屋状态", required=False, choices=UNKNOWN + Household.Occupancy.choices
    )
    note = forms.CharField(
        label="备注", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    second_in_room = forms.BooleanField(label="同一房号另立一户（合租等）", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, buildings: Any, household: Household | None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.household = household
        if household is None:
            del self.fields["version"]
            rows = buildings.select_related("compound").order_by("compound__name", "sort_key")
            self.fields["building"].queryset = rows  # type: ignore[attr-defined]
        else:
            del self.fields["building"], self.fields["second_in_room"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        building = self.household.building if self.household else data.get("building")
        unit = data.pop("unit", "")
        if building is not None:
            try:
                data["entrance"] = entrance_named(building, unit)
            except forms.ValidationError as refusal:
                self.add_error(None, refusal)
        return data

    @classmethod
    def facts(cls, household: Household) -> dict[str, Any]:
        """Return the initial values for an edit."""
        unit = household.entrance.name if household.entrance else ""
        names = ("room", "number", "kind", "occupancy", "note", "version")
        return {name: getattr(household, name) for name in names} | {
            "unit": "" if unit == NO_UNIT else unit
        }


class ResidentForm(forms.Form):
    """A person of a household. Sealed values are never shown; left blank they stay as they are."""

    name = forms.CharField(label="姓名", max_length=60)
    relation = forms.ChoiceField(
        label="与户主关系", required=False, choices=UNKNOWN + RELATIONS.choices
    )
    id_kind = forms.ChoiceField(
        label="证件类型", required=False, choices=UNKNOWN + ID_KINDS.choices
    )
    id_number = forms.CharField(label="证件号码", required=False, max_length=40)
    gender = forms.ChoiceField(label="性别", choices=Gender.choices, initial=Gender.UNKNOWN)
    birth = forms.DateField(
        label="出生日期", required=False, widget=DayInput(), help_text="填了身份证号可不填"
    )
    phone = forms.CharField(
        label="联系电话", required=False, max_length=100, help_text="多个号码用顿号隔开"
    )
    status = forms.ChoiceField(
        label="居住状态", required=False, choices=UNKNOWN + RESIDENCES.choices
    )
    ethnicity = forms.ChoiceField(
        label="民族", required=False, choices=UNKNOWN + ETHNICITIES.choices
    )
    political_status = forms.ChoiceField(
        label="政治面貌", required=False, choices=UNKNOWN + POLITICS.choices
    )
    education = forms.ChoiceField(
        label="文化程度", required=False, choices=UNKNOWN + EDUCATIONS.choices
    )
    marriage = forms.ChoiceField(
        label="婚姻状况", required=False, choices=UNKNOWN + MARRIAGES.choices
    )
    workplace = forms.CharField(label="工作单位", required=False, max_length=120)
    registered_address = forms.CharField(label="户籍地址", required=False, max_length=200)
    remark = forms.CharField(label="备注", required=False, max_length=500)
    start = forms.DateField(label="入住日期", required=False, widget=DayInput())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, residency: Residency | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.residency = residency
        if residency is None:
            del self.fields["version"]
            self.fields["start"].initial = timezone.localdate
        else:
            del self.fields["start"]
            person = residency.person
            for name, now in (
                ("id_number", person.masked_id_number),
                ("phone", person.masked_phone),
                ("birth", f"{person.birth_year} 年" if person.birth_year else ""),
            ):
                if now:
                    self.fields[name].help_text = f"现在是 {now}；不改请留空"
            self._keep_unknown_choices()

    def _keep_unknown_choices(self) -> None:
        """Offer what is stored, too, when an import kept a word of no table."""
        for name, field in self.fields.items():
            stored = self.initial.get(name)
            if isinstance(field, forms.ChoiceField) and stored:
                choices: Any = list(field.choices)  # type: ignore[arg-type]
                if stored not in dict(choices):
                    field.choices = [*choices, (stored, stored)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        number, birth = data.pop("id_number", ""), data.pop("birth", None)
        kind = data.pop("id_kind", "")
        try:
            identity = read_identity(
                kind=kind, number=number, birth=birth, gender=data.get("gender", ""),
                today=timezone.localdate(),
            )  # fmt: skip
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
            identity = Identity()
        kept = self.residency is not None and not number and birth is None
        data["identity"] = None if kept else identity
        if identity.gender in (Gender.MALE, Gender.FEMALE):
            data["gender"] = identity.gender
        try:
            phone = read_phone(data.get("phone", ""))
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
            phone = ""
        data["phone"] = None if self.residency is not None and not phone else phone
        return data

    @classmethod
    def facts(cls, residency: Residency) -> dict[str, Any]:
        """Return the initial values for an edit: nothing sealed among them."""
        person = residency.person
        plain = (
            "name", "gender", "id_kind", "ethnicity", "political_status", "education", "marriage",
            "workplace", "registered_address", "remark",
        )  # fmt: skip
        return {name: getattr(person, name) for name in plain} | {
            "relation": residency.relation,
            "status": residency.status,
            "version": residency.household.version,
        }


class CloseHouseholdForm(forms.Form):
    on = forms.DateField(label="销户日期", initial=timezone.localdate, widget=DayInput())
    version = forms.IntegerField(widget=forms.HiddenInput)


class RevealForm(forms.Form):
    """Which number, and what for: the purpose stays on the record."""

    field = forms.ChoiceField(label="查看", choices=list(FIELDS.items()), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label="用途", choices=PURPOSES)
    detail = forms.CharField(
        label="说明", required=False, max_length=100, help_text="请写事由，不要写姓名和号码"
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        detail = data.pop("detail", "").strip()
        if data.get("purpose") == OTHER_PURPOSE:
            if not detail:
                self.add_error("detail", "请说明用途。")
            data["purpose"] = detail or "其他"
        elif detail:
            data["purpose"] = f"{data.get('purpose', '')}：{detail}"
        return data
