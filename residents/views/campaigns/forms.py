"""Forms of the campaign pages. What is typed stays typed, whatever is refused."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from gridparty.lib.text import row_id
from grids.forms import BLANK, CHOOSE, DayInput
from grids.models import Building, Grid
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.roles import CREATE, GRID_ROLES, Noun
from orgs.scope import any_of, grants_with
from residents.campaigns.area import buildings_under, grids_under
from residents.campaigns.questions import MOST_OPTIONS, QuestionKind, field_of, options_of
from residents.campaigns.states import KEEP_DAYS, MANY_TRIES, DoorStatus
from residents.models import Campaign, CampaignQuestion


def areas_of(user: Any) -> Any:
    """Return the nodes a round may be started over: those at or below where the user leads."""
    grants = [
        grant for grant in grants_with(user, Noun.CAMPAIGN, CREATE)
        if grant.tree_id is not None and grant.role not in GRID_ROLES
    ]  # fmt: skip
    inside = any_of(
        Q(tree_id=grant.tree_id, lft__gte=grant.lft, rght__lte=grant.rght) for grant in grants
    )
    return OrgUnit.objects.active().filter(inside).order_by("tree_id", "lft")


class AreaChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Nodes indented by their tier, so that a branch stands below its community."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{'　' * (obj.tier - Tier.STREET)}{obj.name}"


class AreaForm(forms.Form):
    """The first step of a new round: where."""

    under = AreaChoice(OrgUnit.objects.none(), label="范围", empty_label=CHOOSE)

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        self.fields["under"].queryset = areas_of(user)  # type: ignore[attr-defined]


class CampaignForm(forms.Form):
    """The facts of a round; grids and buildings only narrow it."""

    name = forms.CharField(label="名称", max_length=60, help_text="例如：燃气软管入户排查")
    purpose = forms.CharField(
        label="排查依据和目的", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="会显示给上门的人，也用来向居民说明。",
    )  # fmt: skip
    starts_on = forms.DateField(label="开始日期", widget=DayInput())
    ends_on = forms.DateField(label="结束日期", widget=DayInput())
    keep_days = forms.IntegerField(
        label="结束后答案保留天数", min_value=1, max_value=365, initial=KEEP_DAYS,
        help_text="到期自动清除答案，只留统计数字。",
    )  # fmt: skip
    grids = forms.ModelMultipleChoiceField(
        Grid.objects.none(), label="只查这些网格", required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}), help_text="不选就是整个范围。",
    )  # fmt: skip
    buildings = forms.ModelMultipleChoiceField(
        Building.objects.none(), label="只查这些楼栋", required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="电脑上按住 Ctrl 可以选几个。",
    )  # fmt: skip

    def __init__(self, data: Any, *, under: OrgUnit, campaign: Campaign | None) -> None:
        facts: dict[str, Any] = {"starts_on": timezone.localdate(), "keep_days": KEEP_DAYS}
        if campaign is not None:
            facts = {name: getattr(campaign, name) for name in ("name", "purpose", "starts_on")}
            facts |= {"ends_on": campaign.ends_on, "keep_days": campaign.keep_days}
            facts |= {"grids": campaign.grids.all(), "buildings": campaign.buildings.all()}
        super().__init__(data, initial=facts)
        if campaign is not None and campaign.is_open:
            for name in list(self.fields):
                if name != "ends_on":
                    del self.fields[name]
            return
        grids: Any = self.fields["grids"]
        grids.queryset = grids_under(under)
        buildings: Any = self.fields["buildings"]
        buildings.queryset = buildings_under(under).order_by("compound__name", "sort_key")
        # A street has thousands of buildings: they are picked within a community or smaller.
        if under.tier == Tier.STREET:
            del self.fields["buildings"]


class QuestionForm(forms.Form):
    kind = forms.ChoiceField(
        label="题型", choices=QuestionKind.choices, widget=forms.RadioSelect,
        initial=QuestionKind.YES_NO,
    )  # fmt: skip
    text = forms.CharField(label="问题", max_length=100, help_text="例如：家里有没有超期的燃气软管")
    help = forms.CharField(
        label="说明", max_length=200, required=False, help_text="告诉上门的人看什么、怎么问"
    )
    options = forms.CharField(
        label="选项", required=False, max_length=MOST_OPTIONS * 42,
        widget=forms.Textarea(attrs={"rows": 4}), help_text="单选、多选时填写，一行一个",
    )  # fmt: skip
    required = forms.BooleanField(label="必答", required=False, initial=True)
    sensitive = forms.BooleanField(
        label="敏感（加密保存，列表和导出不显示）", required=False,
        help_text="健康、收入、行踪等个人敏感信息必须勾选。",
    )  # fmt: skip

    @staticmethod
    def facts(question: CampaignQuestion) -> dict[str, Any]:
        names = ("kind", "text", "help", "required", "sensitive")
        return {name: getattr(question, name) for name in names} | {
            "options": "\n".join(question.options)
        }


class DoorForm(forms.Form):
    """What was found at a door; the questions decide the fields, the service judges the answers."""

    use_required_attribute = False  # nobody at home answers nothing

    note = forms.CharField(label="备注", required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)
    client_key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, questions: list[CampaignQuestion], kept: set[str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.needed = [field_of(one) for one in questions if one.required]
        asked = {field_of(one): _field(one, field_of(one) in kept) for one in questions}
        self.fields = {**asked, **self.fields}

    def mark_required(self) -> None:
        """Show which questions must be answered; call after validation, which the service does."""
        for name in self.needed:
            self.fields[name].required = True

    def answers(self) -> dict[str, Any]:
        """Return the raw answers by field name."""
        return {name: value for name, value in self.cleaned_data.items() if name.startswith("q")}


def _field(question: CampaignQuestion, kept: bool) -> forms.Field:
    help_text = question.help
    if question.sensitive:
        help_text = f"{help_text} 已填写过，不改请留空。" if kept else f"{help_text} 加密保存。"
    attrs = {"data-no-draft": ""} if question.sensitive else {}
    common: dict[str, Any] = {
        "label": question.text, "required": False, "help_text": help_text.strip(),
    }  # fmt: skip
    choices = [(word, word) for word in options_of(question)]
    field: forms.Field
    if question.kind in (QuestionKind.YES_NO, QuestionKind.ONE):
        field = forms.ChoiceField(choices=choices, widget=forms.RadioSelect(attrs=attrs), **common)
    elif question.kind == QuestionKind.SEVERAL:
        widget = forms.CheckboxSelectMultiple(attrs=attrs)
        field = forms.MultipleChoiceField(choices=choices, widget=widget, **common)
    elif question.kind == QuestionKind.NUMBER:
        number = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", **attrs})
        field = forms.CharField(max_length=20, widget=number, **common)
    elif question.kind == QuestionKind.DATE:
        day = DayInput()
        day.attrs |= attrs
        field = forms.CharField(max_length=10, widget=day, **common)
    else:
        text = forms.Textarea(attrs={"rows": 2, **attrs})
        field = forms.CharField(max_length=500, widget=text, **common)
    return field


class DoorFilterForm(forms.Form):
    """What the doors of a campaign are narrowed to; nothing personal, so it may be an address."""

    status = forms.ChoiceField(
        label="状态", required=False,
        choices=[
            *BLANK, ("waiting", "还要上门"), *DoorStatus.choices,
            ("exceptions", f"无人 {MANY_TRIES} 次以上"),
        ],
    )  # fmt: skip
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )
    building = forms.ModelChoiceField(
        Building.objects.none(), label="楼栋", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, doors: Any) -> None:
        super().__init__(data)
        places = doors.order_by()
        grids = Grid.objects.filter(pk__in=places.values("grid"))
        communities: Any = self.fields["community"]
        communities.queryset = OrgUnit.objects.filter(pk__in=places.values("community"))
        fields: Any = self.fields["grid"]
        fields.queryset = grids
        buildings: Any = self.fields["building"]
        grid = row_id(data.get("grid", ""))
        inside = places if grid is None else places.filter(grid=grid)
        buildings.queryset = Building.objects.filter(
            pk__in=inside.values("building")
        ).select_related("compound")
        # A street's buildings are offered within one grid only, or kept when already chosen.
        if grid is None and not data.get("building"):
            del self.fields["building"]


class RevealForm(forms.Form):
    purpose = forms.CharField(
        label="用途", max_length=200, help_text="请写事由，不要写姓名和号码。查看会留下记录。"
    )
