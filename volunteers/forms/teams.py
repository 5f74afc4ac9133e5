"""Forms of teams and volunteers."""

from typing import Any

from django import forms
from django.utils import timezone

from grids.forms import BLANK, DayInput
from grids.models import Building, Grid
from orgs.models import OrgUnit, Unit
from volunteers.catalog import ActivityKind, Skill, TeamKind, Times
from volunteers.forms.fields import (
    BuildingChoice,
    Named,
    VolunteerChoice,
    buildings_of,
    grids_of,
    partners_of,
    put,
    ticks,
    volunteers_of,
)
from volunteers.models import Team, Volunteer

DISTANCES = [(500, "500 米"), (1000, "1 公里"), (3000, "3 公里"), (10000, "10 公里")]


class TeamFilterForm(forms.Form):
    q = forms.CharField(label="找服务队", max_length=50, required=False)
    kind = forms.ChoiceField(label="类型", required=False, choices=BLANK + TeamKind.choices)


class TeamForm(forms.Form):
    name = forms.CharField(label="队名", max_length=60)
    kind = forms.ChoiceField(label="类型", choices=TeamKind.choices)
    leader = VolunteerChoice(
        Volunteer.objects.none(), label="队长", required=False, empty_label="暂缺",
        help_text="先登记为志愿者，才能当队长",
    )  # fmt: skip
    unit = Named(Unit.objects.none(), label="组队单位", required=False, empty_label="社区自己组队")
    specialities = ticks(Skill.choices, "特长")
    grids = forms.ModelMultipleChoiceField(
        Grid.objects.none(), label="服务网格", required=False,
        widget=forms.CheckboxSelectMultiple, help_text="不选就是整个社区",
    )  # fmt: skip
    about = forms.CharField(label="简介", max_length=200, required=False)
    founded_on = forms.DateField(label="成立日期", required=False, widget=DayInput())

    def __init__(self, *args: Any, community: OrgUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, leader=volunteers_of(community), unit=partners_of(community.get_root()),
            grids=grids_of(community))  # fmt: skip
        self.initial.setdefault("founded_on", timezone.localdate())

    @staticmethod
    def facts(team: Team) -> dict[str, Any]:
        names = ("name", "kind", "unit", "specialities", "about", "founded_on")
        leader = getattr(team.leader, "volunteer", None) if team.leader else None
        return {name: getattr(team, name) for name in names} | {
            "grids": list(team.grids.all()), "leader": leader,
        }  # fmt: skip


class JoinForm(forms.Form):
    volunteer = VolunteerChoice(Volunteer.objects.none(), label="志愿者", empty_label="请选择")

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = team.memberships.filter(end=None).values("volunteer")
        put(self, volunteer=volunteers_of(team.community).exclude(pk__in=inside))


class VolunteerFilterForm(forms.Form):
    q = forms.CharField(label="找志愿者", max_length=20, required=False)
    status = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "在册"), *Volunteer.Status.choices[:1], *Volunteer.Status.choices[2:]],
    )  # fmt: skip
    skill = forms.ChoiceField(label="特长", required=False, choices=BLANK + Skill.choices)
    asked = forms.ChoiceField(
        label="近 90 天", required=False,
        choices=[*BLANK, ("yes", "邀请过"), ("no", "没有邀请过")],
    )  # fmt: skip


class VolunteerForm(forms.Form):
    """What a volunteer can and likes to do; with `naming` also who it is."""

    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(
        label="联系电话", max_length=60, required=False, help_text="有同名的人时必填"
    )
    skills = ticks(Skill.choices, "特长")
    interests = ticks(ActivityKind.choices, "愿意参加")
    times = ticks(Times.choices, "方便时间")
    max_distance = forms.TypedChoiceField(
        label="离家最远", choices=DISTANCES, coerce=int, initial=3000
    )
    building = BuildingChoice(
        Building.objects.none(), label="住在哪栋楼", required=False,
        help_text="用来就近邀请，不对外显示",
    )  # fmt: skip
    unit = Named(Unit.objects.none(), label="所在单位", required=False, empty_label="不选")
    guardian_name = forms.CharField(
        label="监护人", max_length=60, required=False, help_text="未成年人必填"
    )
    guardian_phone = forms.CharField(label="监护人电话", max_length=60, required=False)

    def __init__(self, *args: Any, community: OrgUnit, naming: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, building=buildings_of(community), unit=partners_of(community.get_root()))
        if not naming:
            del self.fields["name"], self.fields["phone"]

    @staticmethod
    def facts(row: Volunteer) -> dict[str, Any]:
        names = ("skills", "interests", "times", "max_distance", "building", "unit",
                 "guardian_name")  # fmt: skip
        return {name: getattr(row, name) for name in names}
