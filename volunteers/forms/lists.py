"""Forms of the three lists: filters, resources, claims, projects, reviews."""

from typing import Any

from django import forms
from django.utils import timezone

from gridparty.lib.periods import Quarter
from grids.forms import BLANK, DayInput
from grids.models import Building, Grid
from orgs.models import OrgUnit, Unit
from residents.models import Need
from residents.needflow import NeedStatus
from volunteers.catalog import ActivityKind, ResourceKind
from volunteers.forms.fields import (
    BuildingChoice,
    Named,
    VolunteerChoice,
    buildings_of,
    grids_of,
    partners_of,
    put,
    teams_of,
    ticks,
    volunteers_of,
)
from volunteers.models import (
    Claim,
    Project,
    ProjectCategory,
    ProjectReview,
    Resource,
    Team,
    Volunteer,
)
from volunteers.workflow import TAKES_NEEDS, ClaimStatus, ProjectStatus, ResourceStatus

NEED_SHOWN = [
    ("", "未了结"), ("due", "到期应满足"), ("met", "已满足"), (NeedStatus.PUBLISHED, "待对接"),
    (NeedStatus.MATCHED, "已对接"), (NeedStatus.IN_PROJECT, "项目中"), (NeedStatus.EXPIRED, "已过期"),
    ("all", "全部"),
]  # fmt: skip


class CommunityForm(forms.Form):
    """First which community: rows of the form hang on it."""

    community = Named(OrgUnit.objects.none(), label="社区", empty_label=None)

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, community=communities)


class NeedFilterForm(forms.Form):
    q = forms.CharField(label="找需求", max_length=50, required=False)
    show = forms.ChoiceField(label="状态", required=False, choices=NEED_SHOWN)
    kind = forms.ChoiceField(label="类别", required=False, choices=BLANK + Need.Kind.choices)
    source = forms.ChoiceField(label="来源", required=False, choices=BLANK + Need.Source.choices)


class ResourceFilterForm(forms.Form):
    q = forms.CharField(label="找资源", max_length=50, required=False)
    status = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "能用的"), ("used", "用上的"), ("usable", "可用和用完的"),
                 *ResourceStatus.choices, ("all", "全部")],
    )  # fmt: skip
    kind = forms.ChoiceField(label="类别", required=False, choices=BLANK + ResourceKind.choices)


class ClaimFilterForm(forms.Form):
    status = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "未了结"), ("pending", "等确认或接受"), ("matched", "对接成功的"), *ClaimStatus.choices, ("all", "全部")],
    )  # fmt: skip


class ProjectFilterForm(forms.Form):
    q = forms.CharField(label="找项目", max_length=50, required=False)
    status = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "未完成"), *ProjectStatus.choices, ("all", "全部")],
    )  # fmt: skip
    category = forms.ModelChoiceField(
        ProjectCategory.objects.all(), label="类别", required=False, empty_label="不限"
    )
    landed = forms.BooleanField(label="本季有活动", required=False)


class ResourceForm(forms.Form):
    unit = Named(Unit.objects.none(), label="提供单位", empty_label=None)
    title = forms.CharField(label="名称", max_length=60, help_text="例如：学院报告厅、法律咨询")
    kind = forms.ChoiceField(label="类别", choices=ResourceKind.choices)
    need_kinds = ticks(Need.Kind.choices, "能解决哪些需求", required=True)
    capacity = forms.IntegerField(label="数量", min_value=1, max_value=100_000, initial=1)
    measure = forms.CharField(label="计量单位", max_length=10, initial="次")
    times = forms.CharField(label="可用时间", max_length=100, required=False)
    conditions = forms.CharField(label="使用条件", max_length=200, required=False)
    contact = forms.CharField(label="联系人", max_length=60, required=False)
    available_from = forms.DateField(label="从哪天起", required=False, widget=DayInput())
    valid_until = forms.DateField(label="有效期至", required=False, widget=DayInput())
    building = BuildingChoice(
        Building.objects.none(), label="在哪栋楼", required=False,
        help_text="有位置才能按远近排列",
    )  # fmt: skip
    grids = forms.ModelMultipleChoiceField(
        Grid.objects.none(), label="服务网格", required=False,
        widget=forms.CheckboxSelectMultiple, help_text="不选就是整个社区",
    )  # fmt: skip

    def __init__(self, *args: Any, community: OrgUnit, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, unit=units, building=buildings_of(community), grids=grids_of(community))

    @staticmethod
    def facts(row: Resource) -> dict[str, Any]:
        names = ("unit", "title", "kind", "need_kinds", "capacity", "measure", "times",
                 "conditions", "contact", "available_from", "valid_until", "building")  # fmt: skip
        return {name: getattr(row, name) for name in names} | {"grids": list(row.grids.all())}


class ClaimForm(forms.Form):
    """Take over a need, or (`sending`) hand it to somebody."""

    unit = Named(Unit.objects.none(), label="单位", required=False, empty_label="不选")
    team = Named(Team.objects.none(), label="服务队", required=False, empty_label="不选")
    resource = Named(
        Resource.objects.none(), label="用哪项资源", required=False, empty_label="不用资源"
    )
    quantity = forms.IntegerField(label="数量", min_value=1, initial=1)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(
        self, *args: Any, units: Any, teams: Any, resources: Any, free: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        put(self, unit=units, team=teams, resource=resources)
        self.fields["quantity"].help_text = f"还剩 {free} 份没人认领"


class IntoProjectForm(forms.Form):
    """Which project sees to a need."""

    project = Named(Project.objects.none(), label="项目", empty_label="请选择")

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, project=Project.objects.filter(
            community=claim.community_id, status__in=TAKES_NEEDS
        ).order_by("name"))  # fmt: skip
        self.initial.setdefault("project", claim.project_id)


class AgreementForm(forms.Form):
    file = forms.FileField(label="共建协议", help_text="签字盖章后的 PDF 或照片，不超过 10 MB")


class ProjectForm(forms.Form):
    name = forms.CharField(label="项目名称", max_length=60)
    category = forms.ModelChoiceField(ProjectCategory.objects.all(), label="类别", empty_label=None)
    kind = forms.ChoiceField(label="活动类型", choices=ActivityKind.choices)
    brand = forms.CharField(
        label="品牌名称", max_length=40, required=False, help_text="有品牌的项目会在品牌页展示"
    )
    about = forms.CharField(
        label="做什么", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    lead_unit = Named(Unit.objects.none(), label="实施单位", required=False, empty_label="不选")
    lead_team = Named(Team.objects.none(), label="实施队伍", required=False, empty_label="不选")
    grids = forms.ModelMultipleChoiceField(
        Grid.objects.none(), label="投放网格", required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = forms.DateField(label="开始日期", widget=DayInput())
    ends_on = forms.DateField(label="结束日期", widget=DayInput())
    sessions = forms.IntegerField(label="计划场次", min_value=1, max_value=999, initial=1)
    target_people = forms.IntegerField(label="目标人数", min_value=1, required=False)
    budget = forms.DecimalField(
        label="预算（元）", min_value=0, max_digits=10, decimal_places=2, required=False
    )
    funding = forms.CharField(label="资金来源", max_length=60, required=False)
    goal = forms.CharField(label="目标", max_length=200, required=False)

    def __init__(self, *args: Any, community: OrgUnit, units: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = partners_of(community.get_root()) if units is None else units
        put(self, lead_unit=own, lead_team=teams_of(community), grids=grids_of(community))

    @staticmethod
    def facts(row: Project) -> dict[str, Any]:
        names = ("name", "category", "kind", "brand", "about", "lead_unit", "lead_team",
                 "starts_on", "ends_on", "sessions", "target_people", "budget", "funding",
                 "goal")  # fmt: skip
        return {name: getattr(row, name) for name in names} | {"grids": list(row.grids.all())}


class LeadForm(forms.Form):
    """Who takes the lead of a project."""

    person = VolunteerChoice(Volunteer.objects.none(), label="牵头人", empty_label="请选择")
    team = Named(Team.objects.none(), label="服务队", required=False, empty_label="不选")

    def __init__(self, *args: Any, project: Project, only: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = volunteers_of(project.community) if only is None else only
        put(self, person=people, team=teams_of(project.community))
        if project.category.member_leads:
            self.fields["person"].help_text = "这类项目须由党员牵头"


class ReviewForm(forms.Form):
    quarter = forms.ChoiceField(label="季度")
    verdict = forms.ChoiceField(label="结论", choices=ProjectReview.Verdict.choices)
    note = forms.CharField(label="评议意见", max_length=300)
    held_on = forms.DateField(label="评议日期", widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = Quarter.of(timezone.localdate())
        offered = [now, now.previous(), now.previous().previous()]
        self.fields["quarter"].choices = [(str(one), one.label) for one in offered]  # type: ignore[attr-defined]
        self.initial.setdefault("held_on", timezone.localdate())


class NoteForm(forms.Form):
    """The one line a move asks for."""

    note = forms.CharField(max_length=200)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label
