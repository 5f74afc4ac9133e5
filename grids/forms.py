"""Forms of the grid pages. Choices are limited to what the user may see."""

from typing import Any

from django import forms
from django.utils import timezone

from gridparty.lib.images import BadImage, CleanImage, sanitise
from grids.catalog import GridKind, GridStatus, LegacySystem, PropertyStatus, SlotSource
from grids.models import Building, Grid, GridTeamMember, TeamSlot, TeamTemplate
from orgs.levels import Tier
from orgs.models import OrgUnit, Unit
from orgs.roles import CREATE

BLANK = [("", "不限")]
CHOOSE = "请选择"
GAPS = {
    "branch": "无党支部",
    "team": "队伍不齐",
    "head": "无网格长",
    "building": "无楼栋",
    "size": "户数偏离",
    "shape": "未画边界",
    "merge": "有待并网",
    "governance": "无综治编码",
}
NOT_CLOSED = "live"
TEAM_LISTS = {"vacant": "岗位空缺", "30": "30 天内到期", "60": "60 天内到期"}
STATUSES = [(NOT_CLOSED, "在用和预留"), *GridStatus.choices]


class DayInput(forms.DateInput):
    """A date as the browser's own picker; the value must be ISO for that."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class GridFilterForm(forms.Form):
    """What a list of grids is narrowed to; every value stands in the address."""

    q = forms.CharField(label="搜索", required=False, max_length=60)
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    kind = forms.ChoiceField(label="类型", required=False, choices=BLANK + GridKind.choices)
    status = forms.ChoiceField(label="状态", required=False, choices=STATUSES)
    gap = forms.ChoiceField(label="缺项", required=False, choices=BLANK + list(GAPS.items()))

    def __init__(self, data: Any, *, grids: Any) -> None:
        super().__init__(data)
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(self, community=communities.order_by("division_code"))


def offer(form: forms.Form, **choices: Any) -> None:
    """Set the rows each select offers; a select nobody can choose from is left out."""
    for name, rows in choices.items():
        if rows[:2].count() < 2 and not form.data.get(name):
            del form.fields[name]
        else:
            form.fields[name].queryset = rows  # type: ignore[attr-defined]


class GridForm(forms.Form):
    """A new grid, or the facts of one; fields the user may not set are left out."""

    community = forms.ModelChoiceField(OrgUnit.objects.none(), label="社区", empty_label=CHOOSE)
    name = forms.CharField(label="名称", max_length=60, help_text="例如：第三网格")
    kind = forms.ChoiceField(label="类型", choices=GridKind.choices)
    party_branch = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="网格党支部", required=False, empty_label="未设",
        help_text="几个网格可以由同一个党支部负责",
    )  # fmt: skip
    team_template = forms.ModelChoiceField(
        TeamTemplate.objects.all(), label="队伍模式", required=False, empty_label="未定"
    )
    property_status = forms.ChoiceField(
        label="物业状态", required=False, choices=[("", "未填"), *PropertyStatus.choices]
    )
    area_note = forms.CharField(
        label="四至范围", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, *, communities: Any, grid: Grid | None, draws: bool) -> None:
        facts = {name: getattr(grid, name) for name in self.base_fields} if grid else {}
        super().__init__(data, initial=facts)
        if grid is not None:
            self._limit_to(grid, draws=draws)
        else:
            self.fields["community"].queryset = communities  # type: ignore[attr-defined]
        if "party_branch" in self.fields:
            below = [grid.community_id] if grid else communities.values("pk")
            branches = OrgUnit.objects.active().filter(tier=Tier.BRANCH, parent__in=below)
            self.fields["party_branch"].queryset = branches  # type: ignore[attr-defined]

    def _limit_to(self, grid: Grid, *, draws: bool) -> None:
        del self.fields["community"]
        if draws:
            self.fields["kind"].choices = _kinds_of(grid)  # type: ignore[attr-defined]
        else:
            for name in ("party_branch", "kind", "team_template"):
                del self.fields[name]


def _kinds_of(grid: Grid) -> list[tuple[str, str]]:
    if grid.status == GridStatus.RESERVED:
        return [(GridKind.RESERVED.value, GridKind.RESERVED.label)]
    return [kind for kind in GridKind.choices if kind[0] != GridKind.RESERVED]


class ActivateForm(forms.Form):
    kind = forms.ChoiceField(
        label="启用为", choices=[one for one in GridKind.choices if one[0] != GridKind.RESERVED]
    )
    on = forms.DateField(label="启用日期", initial=timezone.localdate, widget=DayInput())


class CloseForm(forms.Form):
    successor = forms.ModelChoiceField(
        Grid.objects.none(), label="承接网格", required=False, empty_label="没有楼栋，不需要承接",
        help_text="本网格的楼栋和住户划到承接网格；没有楼栋时可不选",
    )  # fmt: skip
    on = forms.DateField(label="撤销日期", initial=timezone.localdate, widget=DayInput())

    def __init__(self, *args: Any, grid: Grid) -> None:
        super().__init__(*args)
        others = Grid.objects.assessed().filter(community=grid.community_id)
        self.fields["successor"].queryset = others.exclude(pk=grid.pk)  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Somebody comes into the team: by name, and by phone where names repeat."""

    slot = forms.ModelChoiceField(TeamSlot.objects.none(), label="岗位", empty_label=CHOOSE)
    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(
        label="联系电话", required=False, max_length=60, help_text="同名人员用手机号区分"
    )
    source = forms.ChoiceField(
        label="人员来源",
        required=False,
        choices=[("", "按岗位"), *SlotSource.choices],
        help_text="岗位只有一种来源时不用选",
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="派出单位", required=False, empty_label="无"
    )
    duties = forms.CharField(label="职责", required=False, max_length=200)
    start = forms.DateField(label="到岗日期", initial=timezone.localdate, widget=DayInput())
    term_end = forms.DateField(
        label="任期至", required=False, widget=DayInput(), help_text="没有任期的留空"
    )
    shows_phone = forms.BooleanField(label="本人同意在公示牌上公开手机号", required=False)

    def clean(self) -> dict[str, Any]:
        """A slot with one source needs no choice."""
        data: dict[str, Any] = super().clean() or {}
        sources = data["slot"].sources if data.get("slot") else []
        if not data.get("source") and len(sources) == 1:
            data["source"] = sources[0]
        return data

    def __init__(self, *args: Any, grid: Grid, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slots = TeamSlot.objects.filter(template=grid.team_template_id).order_by("order")
        self.fields["slot"].queryset = slots  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.visible_to(user).filter(is_active=True)  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    """What may change while somebody serves."""

    duties = forms.CharField(label="职责", required=False, max_length=200)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="派出单位", required=False, empty_label="无"
    )
    term_end = forms.DateField(
        label="任期至", required=False, widget=DayInput(), help_text="没有任期的留空"
    )
    shows_phone = forms.BooleanField(label="本人同意在公示牌上公开手机号", required=False)
    shows_photo = forms.BooleanField(
        label="本人同意在公示牌上公开照片", required=False,
        help_text="取消同意，照片随即删除",
    )  # fmt: skip
    photo = forms.FileField(
        label="照片", required=False, help_text="正面免冠照，JPG 或 PNG；不换照片的不用选",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "照片是空文件，请重新选择。"},
    )  # fmt: skip

    def __init__(self, data: Any, files: Any = None, *, member: GridTeamMember, user: Any) -> None:
        kept = {name: getattr(member, name) for name in self.base_fields if name != "photo"}
        super().__init__(data, files, initial=kept)
        units = Unit.objects.filter(pk__in=[member.unit_id or 0])
        units |= Unit.objects.visible_to(user).filter(is_active=True)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_photo(self) -> CleanImage | None:
        upload = self.cleaned_data["photo"]
        try:
            return sanitise(upload) if upload else None
        except BadImage as error:
            raise forms.ValidationError(str(error)) from None


class ReplaceForm(forms.Form):
    """Who takes over, and from when."""

    name = forms.CharField(label="接任人姓名", max_length=60)
    phone = forms.CharField(
        label="联系电话", required=False, max_length=60, help_text="同名人员用手机号区分"
    )
    start = forms.DateField(label="到岗日期", initial=timezone.localdate, widget=DayInput())
    term_end = forms.DateField(label="任期至", required=False, widget=DayInput())


class TeamFilterForm(forms.Form):
    """Which list of the teams' page: vacancies, or terms that end."""

    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    show = forms.ChoiceField(label="清单", required=False, choices=list(TEAM_LISTS.items()))

    def __init__(self, data: Any, *, grids: Any) -> None:
        super().__init__(data)
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(self, community=communities.order_by("division_code"))


class LeaveForm(forms.Form):
    end = forms.DateField(label="最后在岗日", initial=timezone.localdate, widget=DayInput())


class LegacyCodeForm(forms.Form):
    system = forms.ChoiceField(label="来源系统", choices=LegacySystem.choices)
    code = forms.CharField(label="原编码", max_length=40)
    name = forms.CharField(label="原名称", required=False, max_length=60)
    merged_on = forms.DateField(
        label="并网日期", required=False, widget=DayInput(), help_text="还没有并网时留空"
    )


class BuildingForm(forms.Form):
    """A new building of a grid."""

    compound = forms.CharField(label="小区", max_length=60)
    name = forms.CharField(label="楼栋", max_length=30, help_text="例如：3栋、A座、综合楼")
    floors = forms.IntegerField(label="层数", required=False, min_value=1, max_value=200)


class EntranceForm(forms.Form):
    name = forms.CharField(
        label="单元", required=False, max_length=20, help_text="例如：1单元；不分单元时留空"
    )
    floors = forms.IntegerField(label="层数", required=False, min_value=1, max_value=200)
    rooms_per_floor = forms.IntegerField(
        label="每层户数", required=False, min_value=1, max_value=200
    )


class MoveBuildingsForm(forms.Form):
    """Which buildings of a grid go to which other grid of the community."""

    buildings = forms.ModelMultipleChoiceField(
        Building.objects.none(), label="楼栋", widget=forms.CheckboxSelectMultiple
    )
    to = forms.ModelChoiceField(Grid.objects.none(), label="划到", empty_label=CHOOSE)

    def __init__(self, *args: Any, grid: Grid, user: Any) -> None:
        super().__init__(*args)
        rows = Building.objects.filter(grid=grid).select_related("compound").order_by(
            "compound__name", "sort_key"
        )  # fmt: skip
        self.fields["buildings"].queryset = rows  # type: ignore[attr-defined]
        others = Grid.objects.live().visible_to(user, CREATE).filter(community=grid.community_id)
        self.fields["to"].queryset = others.exclude(pk=grid.pk)  # type: ignore[attr-defined]
