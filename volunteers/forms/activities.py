"""Forms of activities, shifts, roll call, hours and evaluations."""

from typing import Any

from django import forms

from gridparty.lib.text import clean_text
from grids.forms import BLANK
from grids.models import Building, Grid
from orgs.forms import PhotosField
from orgs.models import OrgUnit
from residents.models import Need
from volunteers.catalog import ActivityKind, Side, Skill
from volunteers.forms.fields import (
    BuildingChoice,
    MomentField,
    Named,
    VolunteerChoice,
    buildings_of,
    grids_of,
    put,
    teams_of,
    ticks,
    volunteers_of,
)
from volunteers.models import Activity, Project, Team, Volunteer
from volunteers.workflow import ActivityStatus, HoursStatus

BIGGEST = 2**63 - 1  # what a database takes for an id
WHEN = [("", "近期"), ("past", "过去的"), ("all", "全部")]


class NeedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_kind_display()}：{obj.public_text[:30]}"


class ActivityFilterForm(forms.Form):
    q = forms.CharField(label="找活动", max_length=50, required=False)
    when = forms.ChoiceField(label="时间", required=False, choices=WHEN)
    kind = forms.ChoiceField(label="类型", required=False, choices=BLANK + ActivityKind.choices)
    status = forms.ChoiceField(label="状态", required=False, choices=BLANK + ActivityStatus.choices)
    mine = forms.BooleanField(label="我带队的", required=False)
    # Where figures come from: a month, a grid, a unit, a project.
    month = forms.CharField(required=False, widget=forms.HiddenInput)
    grid = forms.IntegerField(required=False, max_value=BIGGEST, widget=forms.HiddenInput)
    unit = forms.IntegerField(required=False, max_value=BIGGEST, widget=forms.HiddenInput)
    project = forms.IntegerField(required=False, max_value=BIGGEST, widget=forms.HiddenInput)


class ActivityForm(forms.Form):
    title = forms.CharField(label="活动名称", max_length=60)
    kind = forms.ChoiceField(label="类型", choices=ActivityKind.choices)
    project = Named(
        Project.objects.none(), label="属于项目", required=False, empty_label="不属于项目"
    )
    team = Named(Team.objects.none(), label="服务队", required=False, empty_label="不限")
    need = NeedChoice(Need.objects.none(), label="为哪条需求", required=False, empty_label="不选")
    lead = VolunteerChoice(
        Volunteer.objects.none(), label="带队人", required=False, empty_label="项目牵头人或队长"
    )
    grid = Named(Grid.objects.none(), label="网格", required=False, empty_label="不限")
    building = BuildingChoice(Building.objects.none(), label="楼栋", required=False)
    place = forms.CharField(label="集合地点", max_length=100, help_text="不写服务对象的门牌")
    about = forms.CharField(
        label="内容", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    safety_note = forms.CharField(label="安全提示", max_length=300)
    skills = ticks(Skill.choices, "需要的特长")
    minors_welcome = forms.BooleanField(label="未成年人可参加（须监护人同意）", required=False)
    is_public = forms.BooleanField(label="在公开栏招募", required=False, initial=True)

    def __init__(self, *args: Any, community: OrgUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = Project.objects.filter(community=community).running().order_by("name")
        needs = Need.objects.on_offer().open().filter(household__community=community)
        put(self, project=projects, team=teams_of(community), need=needs.order_by("-id"),
            lead=volunteers_of(community), grid=grids_of(community),
            building=buildings_of(community))  # fmt: skip

    def facts_to_store(self) -> dict[str, Any]:
        """Return what the services take; only after `is_valid`."""
        lead = self.cleaned_data["lead"]
        return {**self.cleaned_data, "lead": lead.person if lead else None}

    @staticmethod
    def facts(row: Activity) -> dict[str, Any]:
        names = ("title", "kind", "project", "team", "need", "grid", "building", "place", "about",
                 "safety_note", "skills", "minors_welcome", "is_public")  # fmt: skip
        lead = getattr(row.lead, "volunteer", None) if row.lead else None
        return {name: getattr(row, name) for name in names} | {"lead": lead}


class ShiftForm(forms.Form):
    starts_at = MomentField(label="开始")
    ends_at = MomentField(label="结束")
    capacity = forms.IntegerField(label="名额", min_value=1, max_value=999, initial=10)


class SignUpForm(forms.Form):
    guardian_agreed = forms.BooleanField(label="监护人同意参加", required=False)


class PhotosForm(forms.Form):
    photos = PhotosField(label="活动照片", help_text="不拍服务对象的正脸和门牌。")


class ServedForm(forms.Form):
    people = forms.MultipleChoiceField(
        label="服务对象（有档案的）", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.IntegerField(label="另外服务了多少人", min_value=0, max_value=100_000, initial=0)
    summary = forms.CharField(
        label="小结", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = offered  # type: ignore[attr-defined]
        if not offered:
            del self.fields["people"]


class EvaluationForm(forms.Form):
    side = forms.ChoiceField(label="谁的评价", choices=Side.choices, widget=forms.RadioSelect)
    rating = forms.TypedChoiceField(
        label="评分", coerce=int, widget=forms.RadioSelect,
        choices=[(5, "非常满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意")],
    )  # fmt: skip
    text = forms.CharField(label="说了什么", max_length=300, required=False)
    problem = forms.CharField(
        label="发现的问题", max_length=300, required=False, help_text="填了可以一键转成事项"
    )


class EnterHoursForm(forms.Form):
    start = MomentField(label="开始")
    end = MomentField(label="结束")
    note = forms.CharField(label="为什么补录", max_length=200)

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])


class HoursFilterForm(forms.Form):
    status = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "待处理"), *HoursStatus.choices, ("all", "全部")],
    )  # fmt: skip


class DecideForm(forms.Form):
    credited = forms.DecimalField(
        label="认定小时", min_value=0, max_digits=4, decimal_places=1, help_text="0 表示不认定"
    )
    note = forms.CharField(label="裁定说明", max_length=200)


class RedeemForm(forms.Form):
    points = forms.DecimalField(label="积分", min_value=0, max_digits=6, decimal_places=1)
    note = forms.CharField(label="兑换什么", max_length=100, help_text="只兑换服务和物品，不兑现金")
