"""Reporting a problem: the signed-in form and the residents' form."""

import secrets
from functools import partial
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property

from cases.catalog import BY_HAND, Source
from cases.forms.choices import category_choices
from cases.forms.fields import ServiceForm, prose
from cases.models import Case, Category
from cases.services import report_case
from gridparty.lib.text import clean_prose, row_id
from grids.catalog import GridStatus
from grids.models import Building, Grid
from orgs.forms import PhotosField
from orgs.models import User
from orgs.roles import GRID_ROLES, Role
from residents.models import CampaignDoor, Visit

# What residents need not know: a report without a category is filed under this one.
UNSORTED = "other-other"


def new_key() -> str:
    return secrets.token_hex(16)


def grouped(rows: Any, group: Any, empty_label: str) -> list[tuple[Any, Any]]:
    """Return choices of `rows` (ordered by group) under `group(row)`; flat when there is one."""
    groups: dict[str, list[tuple[Any, str]]] = {}
    for row in rows:
        groups.setdefault(str(group(row)), []).append((row.pk, row.name))
    if len(groups) == 1:
        return [("", empty_label), *next(iter(groups.values()))]
    return [("", empty_label), *groups.items()]


def building_choices(grid: Grid | None) -> list[tuple[Any, Any]]:
    """Return the grid's buildings under their compounds, in door order."""
    if grid is None:
        return [("", "先选网格")]
    rows = Building.objects.filter(grid=grid).select_related("compound")
    return grouped(
        rows.order_by("compound__name", "sort_key"), lambda row: row.compound, "不在楼栋里 / 不清楚"
    )


def building_select(grid: Grid | None) -> str:
    """Return the select of the report form anew, for the grid just chosen."""
    select = forms.Select(choices=building_choices(grid))
    return str(select.render("building", "", {"id": "id_building"}))


def default_source(user: User) -> str:
    """Return the source that fits the user's first role."""
    roles = {grant.role for grant in user.grants}
    if roles & GRID_ROLES:
        return Source.PATROL
    if Role.CORRIDOR_HEAD in roles:
        return Source.CORRIDOR_HEAD
    return Source.MEMBER if Role.VOLUNTEER in roles else Source.COUNTER


class _ReportBase(ServiceForm):
    """Text, photos, place; `save_report` sends them to the service."""

    client_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def _building(self, grid: Grid | None) -> None:
        field = self.fields["building"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Building.objects.filter(grid=grid) if grid else Building.objects.none()
        field.choices = partial(building_choices, grid)  # read only where the form is shown

    def save_report(self, **extra: Any) -> Case:
        """Return the case; raises MoveRefused.

        The key finds the case of a repeated send. Somebody who went back and wrote something
        else sends the old key, too: then it is a report of its own.
        """
        values = self.cleaned_data | extra
        case = report_case(**values)
        if case.text != clean_prose(values["text"]):
            case = report_case(**values | {"client_key": ""})
        return case


class ReportForm(_ReportBase):
    """By a signed-in user, mostly a grid worker on a phone: six fields, the rest folded away."""

    photos = PhotosField(label="现场照片", required=False)
    text = prose("发生了什么", placeholder="例如：3 单元门口井盖破损，已放警示牌")
    category = forms.ChoiceField(label="类别")
    grid = forms.ChoiceField(label="网格")
    building = forms.ModelChoiceField(Building.objects.none(), label="楼栋", required=False)
    address = forms.CharField(
        label="具体位置", required=False,
        widget=forms.TextInput(attrs={"placeholder": "例如：北门岗亭旁"}),
    )  # fmt: skip
    source = forms.ChoiceField(label="来源", choices=BY_HAND)
    reporter_name = forms.CharField(label="反映人姓名", required=False)
    reporter_phone = forms.CharField(
        label="反映人电话", required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "data-no-draft": ""}),
    )  # fmt: skip
    confidential = forms.BooleanField(
        label="对承办单位保密", required=False, help_text="举报类事项请勾选，承办单位看不到反映人"
    )

    visit = forms.ModelChoiceField(Visit.objects.none(), required=False, widget=forms.HiddenInput)
    door = forms.ModelChoiceField(
        CampaignDoor.objects.none(), required=False, widget=forms.HiddenInput
    )

    FOLDED = ("source", "reporter_name", "reporter_phone", "confidential")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial.setdefault("client_key", new_key())
        self.initial.setdefault("source", default_source(user))
        grids = Grid.objects.visible_to(user).exclude(status=GridStatus.CLOSED)
        field = self.fields["grid"]
        assert isinstance(field, forms.ChoiceField)
        # Asked only when a page leads here from one: looking up deployments costs a query.
        for name, model in (("visit", Visit), ("door", CampaignDoor)):
            if self[name].value():
                origin = self.fields[name]
                assert isinstance(origin, forms.ModelChoiceField)
                origin.queryset = model.objects.visible_to(user)
        mine = list(grids.select_related("community").order_by("community__name", "code"))
        field.choices = grouped(mine, lambda grid: grid.community, "请选择网格")
        field.widget.attrs |= {
            "hx-get": reverse("cases:buildings"), "hx-target": "#id_building",
            "hx-swap": "outerHTML",
        }  # fmt: skip
        if len(mine) == 1:
            self.initial["grid"] = mine[0].pk
            field.widget = forms.HiddenInput()
        self.only_grid = mine[0] if len(mine) == 1 else None
        wanted = str(self["grid"].value() or "")
        self._mine = {str(grid.pk): grid for grid in mine}
        self._building(self._mine.get(wanted))
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = category_choices("请选择类别")

    def clean_grid(self) -> Grid:
        return self._mine[self.cleaned_data["grid"]]

    @property
    def folded_open(self) -> bool:
        """Whether the folded part must be shown: something in it is filled in or wrong."""
        return any(name in self.errors for name in self.FOLDED) or any(
            self[name].value() for name in ("reporter_name", "reporter_phone", "confidential")
        )


class PublicReportForm(_ReportBase):
    """By a resident without a log-in; the grid is known from the QR code or the steps before."""

    text = prose("您要反映什么问题", rows=5, placeholder="请写清楚时间、地点和情况")
    photos = PhotosField(label="照片", required=False, help_text="请不要拍到他人面部。")
    building = forms.ModelChoiceField(Building.objects.none(), label="在哪栋楼", required=False)
    address = forms.CharField(
        label="具体位置", required=False,
        widget=forms.TextInput(attrs={"placeholder": "例如：2 单元三楼楼道"}),
    )  # fmt: skip
    category = forms.ChoiceField(label="问题类别", required=False)
    reporter_name = forms.CharField(
        label="怎么称呼您", required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    reporter_phone = forms.CharField(
        label="联系电话", required=False, help_text="方便我们核实和回访，不留也可以",
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "tel", "data-no-draft": ""}
        ),
    )  # fmt: skip
    confidential = forms.BooleanField(label="为我保密：不让承办单位知道是我反映的", required=False)
    # Robots fill in every field; people never see this one.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))

    def __init__(self, *args: Any, grid: Grid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_key", new_key())
        self._building(grid)
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = category_choices("不清楚，由工作人员判断")

    def full_clean(self) -> None:
        """Whoever pressed “我也遇到了” need not write it once more."""
        if self.is_bound and self.me_too is not None:
            self.fields["text"].required = False
        super().full_clean()

    @cached_property
    def has_buildings(self) -> bool:
        """Whether there is a building to choose; a park or a street has none."""
        return len(list(self.fields["building"].choices)) > 1  # type: ignore[attr-defined]

    @cached_property
    def me_too(self) -> Category | None:
        """Return the category of the hint whose button was pressed."""
        pressed = row_id(str(self.data.get("me_too", "")))
        return Category.objects.filter(is_active=True, pk=pressed or 0).first()

    @property
    def is_robot(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    def report(self, grid: Grid) -> Case:
        """Send the report in the public's name; raises MoveRefused."""
        del self.cleaned_data["website"]
        values = self.cleaned_data
        nameless = not (values["reporter_name"].strip() or values["reporter_phone"].strip())
        same = self.me_too
        if same is not None and not values["text"].strip():
            values["text"] = f"我也遇到了“{same.name}”类问题。"
        return self.save_report(
            by=None, grid=grid, category=values["category"] or same or UNSORTED,
            source=Source.WEB, anonymous=nameless,
        )  # fmt: skip
