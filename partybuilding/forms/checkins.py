"""Forms of the check-ins, of posts and of the members' own pages."""

from typing import Any

from django import forms
from django.utils import timezone

from councils.forms.public import VoiceForm
from grids.forms import BLANK, CHOOSE, DayInput, offer
from grids.models import Building, Grid
from orgs.levels import Tier
from orgs.models import OrgUnit, Person, Unit
from partybuilding.catalog import DutyKind, Grade, PostCategory
from partybuilding.checkin_lists import SHOW
from partybuilding.models import CheckIn
from volunteers.catalog import Skill, Times
from volunteers.forms.fields import BuildingChoice, ticks


class CheckInFilterForm(forms.Form):
    """What the list is narrowed to; every value stands in the address, names do not."""

    show = forms.ChoiceField(label="范围", required=False, choices=list(SHOW.items()))
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", required=False, empty_label="不限"
    )
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        offer(
            self, unit=Unit.objects.filter(pk__in=rows.values("unit")),
            community=OrgUnit.objects.filter(pk__in=rows.values("community")),
            grid=Grid.objects.filter(pk__in=rows.values("grid")).order_by("code"),
        )  # fmt: skip


class RosterForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=CHOOSE)
    roster = forms.CharField(
        label="在职党员名单", widget=forms.Textarea(attrs={"rows": 10}), max_length=40_000,
        help_text="一行一人：姓名和手机号，可从表格里直接复制粘贴。已在名单里的自动跳过",
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units.order_by("name")  # type: ignore[attr-defined]


class MatchForm(forms.Form):
    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", empty_label=CHOOSE)
    building = BuildingChoice(
        Building.objects.none(), label="楼栋", required=False, empty_label="不写"
    )

    def __init__(self, *args: Any, check_in: CheckIn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        grids = Grid.objects.filter(community=check_in.community_id).live().order_by("code")
        fields["grid"].queryset = grids
        buildings = Building.objects.filter(community=check_in.community_id)
        fields["building"].queryset = buildings.select_related("compound").order_by(
            "compound__name", "sort_key"
        )


class TransferForm(forms.Form):
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="搬到哪个社区", empty_label=CHOOSE
    )
    place = forms.CharField(label="新住址", max_length=120, help_text="小区、楼栋、单元、房号")
    on = forms.DateField(label="搬家日期", widget=DayInput())

    def __init__(self, *args: Any, check_in: CheckIn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["community"].queryset = communities_for(check_in.unit)


def communities_for(unit: Unit) -> Any:
    """The communities a unit's members may live in: of its street, or of the whole district."""
    rows = OrgUnit.objects.active().filter(tier=Tier.COMMUNITY)
    if unit.street is not None:
        return rows.filter(tree_id=unit.street.tree_id).order_by("division_code")
    district = unit.district_id or "-"
    return rows.filter(division_code__startswith=district).order_by("division_code")


class ApplyForm(VoiceForm):
    """What a member fills in on his phone."""

    name = forms.CharField(
        label="姓名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label="手机号", max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text="与单位名单里的一致",
    )  # fmt: skip
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="住在哪个社区", empty_label=CHOOSE
    )
    place = forms.CharField(
        label="住址", max_length=120, help_text="小区、楼栋、单元、房号，例如：阳光花园1栋2单元301"
    )
    skills = ticks(Skill.choices, "特长")
    wishes = ticks(PostCategory.choices, "愿意承担的岗位")
    times = ticks(Times.choices, "方便的时间")
    agree = forms.BooleanField(
        label="同意所住社区和工作单位为两地报到使用以上信息",
        error_messages={"required": "请勾选同意后再提交。"},
        help_text="住址只给所住社区看，单位看不到",
    )  # fmt: skip

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["text"]
        self.fields["community"].queryset = communities_for(unit)  # type: ignore[attr-defined]


class DutyForm(forms.Form):
    """A responsibility area or post."""

    person = forms.ModelChoiceField(Person.objects.none(), label="党员", empty_label=CHOOSE)
    kind = forms.ChoiceField(label="类型", choices=DutyKind.choices)
    category = forms.ChoiceField(label="岗位类别", choices=[("", CHOOSE), *PostCategory.choices])
    duties = forms.CharField(label="做什么", max_length=200, help_text="例如：每周巡查一次楼道消防")
    buildings = forms.ModelMultipleChoiceField(
        Building.objects.none(), label="负责的楼栋", required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick-list"}), help_text="责任区至少选一栋",
    )  # fmt: skip
    start = forms.DateField(label="开始日期", widget=DayInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, grid: Grid, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        buildings = Building.objects.filter(grid=grid).select_related("compound")
        fields["buildings"].queryset = buildings.order_by("compound__name", "sort_key")
        if people is None:
            del fields["person"]
        else:
            fields["person"].queryset = people


class DutyFilterForm(forms.Form):
    show = forms.ChoiceField(
        label="范围", required=False,
        choices=[("", "在岗的"), ("ended", "已卸下的"), ("uncommented", "今年没有评价的")],
    )  # fmt: skip
    kind = forms.ChoiceField(label="类型", required=False, choices=BLANK + DutyKind.choices)
    category = forms.ChoiceField(
        label="岗位类别", required=False, choices=BLANK + PostCategory.choices
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        offer(self, grid=Grid.objects.filter(pk__in=rows.values("grid")).order_by("code"))


class AppraiseForm(forms.Form):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2999)
    grade = forms.ChoiceField(label="等次", choices=[("", CHOOSE), *Grade.choices])
    comment = forms.CharField(label="评语", max_length=200, required=False)


class CardFilterForm(forms.Form):
    SHOW = [("", "全部"), ("draft", "待发出"), ("sent", "已发出"), ("received", "单位已收到")]
    show = forms.ChoiceField(label="状态", required=False, choices=SHOW)
