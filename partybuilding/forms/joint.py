"""Forms of pairings and alliances."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from gridparty.lib.text import row_id
from grids.forms import BLANK, CHOOSE, DayInput, offer
from grids.models import Grid
from orgs.forms import PhotosField
from orgs.models import OrgUnit, Unit
from partybuilding.catalog import Dimension, Grade, Half, JointKind
from partybuilding.models import Alliance, PlanItem


class PairingFilterForm(forms.Form):
    SHOW = [
        ("", "有效的"), ("expiring", "30 天内到期"), ("expired", "已到期没续签"),
        ("paper", "没有协议书"), ("ended", "已解除"),
    ]  # fmt: skip
    q = forms.CharField(label="单位名称", max_length=60, required=False)
    show = forms.ChoiceField(label="范围", required=False, choices=SHOW)
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        offer(self, community=OrgUnit.objects.filter(pk__in=rows.values("community")))


class PairingForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=CHOOSE)
    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", empty_label=CHOOSE)
    leader = forms.CharField(label="联系领导", max_length=40, required=False)
    contact = forms.CharField(label="联络员", max_length=40)
    phone = forms.CharField(label="办公电话", max_length=30, required=False)
    tasks = forms.CharField(
        label="共建内容", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    start = forms.DateField(label="开始日期", widget=DayInput(), initial=timezone.localdate)
    end = forms.DateField(label="到期日期", widget=DayInput())

    def __init__(self, *args: Any, units: Any, grids: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units.filter(is_active=True).order_by("name")
        fields["grid"].queryset = grids.select_related("community").order_by("code")
        fields["grid"].label_from_instance = lambda grid: f"{grid.community.name} {grid.name}"


class RenewForm(forms.Form):
    end = forms.DateField(label="新的到期日期", widget=DayInput())


class EndForm(forms.Form):
    on = forms.DateField(label="解除日期", widget=DayInput(), initial=timezone.localdate)
    reason = forms.CharField(label="解除原因", max_length=200)


class AllianceForm(forms.Form):
    community = forms.ModelChoiceField(OrgUnit.objects.none(), label="社区", empty_label=CHOOSE)
    name = forms.CharField(label="名称", max_length=60)
    chair = forms.CharField(label="召集人", max_length=40)
    founded_on = forms.DateField(label="成立日期", widget=DayInput())
    charter = forms.CharField(
        label="章程", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="成员单位", required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
    )  # fmt: skip

    def __init__(self, *args: Any, communities: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["community"].queryset = communities
        fields["units"].queryset = units.filter(is_active=True).order_by("name")


class MemberForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=CHOOSE)
    start = forms.DateField(label="加入日期", widget=DayInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units.order_by("name")  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2999)
    dimension = forms.ChoiceField(label="五联", choices=[("", CHOOSE), *Dimension.choices])
    content = forms.CharField(label="内容", max_length=200, help_text="例如：联合开展消防演练两次")
    lead = forms.ModelChoiceField(
        Unit.objects.none(), label="牵头单位", required=False, empty_label="社区"
    )
    due = forms.DateField(label="完成时间", widget=DayInput())
    target = forms.CharField(label="目标", max_length=100, required=False)

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = member_units(alliance)  # type: ignore[attr-defined]


def member_units(alliance: Alliance) -> Any:
    return Unit.objects.filter(alliances__alliance=alliance, alliances__end=None).order_by("name")


class RecordForm(forms.Form):
    kind = forms.ChoiceField(label="形式", choices=JointKind.choices)
    dimension = forms.ChoiceField(label="五联", choices=[("", CHOOSE), *Dimension.choices])
    item = forms.ModelChoiceField(
        PlanItem.objects.none(), label="对应计划", required=False, empty_label="计划外"
    )
    title = forms.CharField(label="名称", max_length=60)
    held_on = forms.DateField(label="日期", widget=DayInput(), initial=timezone.localdate)
    people = forms.IntegerField(label="参加人数", min_value=1, max_value=100_000)
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="参加单位",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}),
    )  # fmt: skip
    text = forms.CharField(
        label="情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="做了什么、解决了什么",
    )  # fmt: skip
    photos = PhotosField(label="现场照片", help_text="至少一张")

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["item"].queryset = alliance.items.order_by("-year", "dimension", "due")
        fields["units"].queryset = member_units(alliance)


class RecordFilterForm(forms.Form):
    q = forms.CharField(label="名称", max_length=60, required=False)
    year = forms.IntegerField(label="年度", required=False, min_value=2000, max_value=2999)
    quarter = forms.ChoiceField(
        label="季度",
        required=False,
        choices=[*BLANK, *((str(n), f"第{n}季度") for n in range(1, 5))],
    )
    dimension = forms.ChoiceField(label="五联", required=False, choices=BLANK + Dimension.choices)
    kind = forms.ChoiceField(label="形式", required=False, choices=BLANK + JointKind.choices)
    alliance = forms.ModelChoiceField(
        Alliance.objects.none(), label="联盟", required=False, empty_label="不限"
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, alliances: Any, units: Any) -> None:
        """Offer the members of the alliances; one of `units` asked for needs not be a member."""
        super().__init__(data)
        members = Unit.objects.filter(alliances__alliance__in=alliances.values("pk"))
        if asked := row_id(data.get("unit", "")):
            either = Q(pk__in=members.values("pk")) | Q(pk__in=units.filter(pk=asked).values("pk"))
            members = Unit.objects.filter(either)
        offer(self, alliance=alliances, unit=members.distinct().order_by("name"))


class ReviewForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=CHOOSE)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2999)
    half = forms.ChoiceField(label="时段", choices=Half.choices)
    grade = forms.ChoiceField(label="评价", choices=[("", CHOOSE), *Grade.choices])
    comment = forms.CharField(label="意见", max_length=200)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
