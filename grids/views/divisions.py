"""网格划分: sheets of a community, their rows, the preview of what they do, adopting."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from grids.acting import do
from grids.catalog import GridKind, GridStatus
from grids.division_workflow import OPEN, DivisionKind
from grids.factors import factors_of
from grids.forms import CHOOSE, DayInput
from grids.locate import communities_where
from grids.models import Building, Grid, GridDivision
from grids.services import divisions as verbs
from grids.views.edit import form_page
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.roles import APPROVE, CREATE, Noun
from orgs.scope import refusal, require


class DivisionForm(forms.Form):
    community = forms.ModelChoiceField(OrgUnit.objects.none(), label="社区", empty_label=CHOOSE)
    title = forms.CharField(label="名称", max_length=60, help_text="例如：2026 年下半年网格调整")
    effective_on = forms.DateField(
        label="生效日期", initial=timezone.localdate, widget=DayInput(),
        help_text="从这一天起由新网格负责；到这天才能采用",
    )  # fmt: skip
    reason = forms.CharField(label="依据", max_length=200, required=False, help_text="例如批复文号")

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        communities = communities_where(user, CREATE)
        field: Any = self.fields["community"]
        field.queryset = communities
        if communities.count() == 1:
            field.initial = communities.first()


class GridChoice(forms.Form):
    """First step of a row: which grid."""

    grid = forms.ModelChoiceField(Grid.objects.none(), label="网格", empty_label=CHOOSE)

    def __init__(self, data: Any, *, grids: Any) -> None:
        super().__init__(data)
        self.fields["grid"].queryset = grids  # type: ignore[attr-defined]


class RowForm(forms.Form):
    """Second step: what the kind of change asks for; other fields are left out."""

    new_name = forms.CharField(label="新网格名称", max_length=60)
    new_kind = forms.ChoiceField(
        label="类型", choices=[one for one in GridKind.choices if one[0] != GridKind.RESERVED]
    )
    target = forms.ModelChoiceField(Grid.objects.none(), label="划到", empty_label=CHOOSE)
    buildings = forms.ModelMultipleChoiceField(
        Building.objects.none(), label="楼栋", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, kind: str, grid: Grid) -> None:
        super().__init__(data)
        for name in self.base_fields.keys() - _FIELDS[kind]:
            del self.fields[name]
        here: Any = Building.objects.filter(grid=grid)
        if kind == DivisionKind.ACTIVATE:
            here = Building.objects.filter(community=grid.community_id).exclude(grid=grid)
            self.fields["buildings"].required = False
            self.fields["buildings"].label = "划入的楼栋（可以先不选）"
        if "buildings" in self.fields:
            rows = here.select_related("compound", "grid").order_by("compound__name", "sort_key")
            self.fields["buildings"].queryset = rows  # type: ignore[attr-defined]
        if "target" in self.fields:
            others = Grid.objects.assessed().filter(community=grid.community_id)
            self.fields["target"].queryset = others.exclude(pk=grid.pk)  # type: ignore[attr-defined]


_FIELDS: dict[str, set[str]] = {
    DivisionKind.SPLIT: {"new_name", "new_kind", "buildings"},
    DivisionKind.MERGE: {"target"},
    DivisionKind.ACTIVATE: {"new_kind", "buildings"},
    DivisionKind.MOVE: {"target", "buildings"},
}


@login_required
@require_GET
def divisions(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.GRID, CREATE)
    rows = GridDivision.objects.visible_to(user).select_related("community", "created_by__person")
    page = keyset_page(rows, request, count=rows.count())
    return render(request, "grids/divisions/list.html", {"page_title": "网格划分", "page": page})


@login_required
def division_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.GRID, CREATE)
    form = DivisionForm(request.POST or None, user=user)
    made: list[GridDivision] = []
    if request.method == "POST" and do(
        request, form, lambda: made.append(verbs.create_division(by=user, **form.cleaned_data)),
        "已建好划分表，请加上要做的调整。",
    ):  # fmt: skip
        return redirect("grids:division", pk=made[0].pk)
    return form_page(request, form, "新建网格划分", reverse("grids:divisions"), "新建")


@login_required
@require_GET
def division(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet: factors of every grid, the changes, and what they would do."""
    user: Any = request.user
    sheet = _sheet(request, pk)
    is_open = sheet.status in OPEN
    names = {one.pk: str(one) for one in _chosen_buildings(sheet)}
    context = {
        "page_title": sheet.title,
        "division": sheet,
        "is_open": is_open,
        "rows": [
            {"row": row, "buildings": [names.get(one, f"楼栋 {one}") for one in row.buildings]}
            for row in sheet.rows.select_related("grid", "target", "result")
        ],
        "factors": factors_of(sheet.community, user, timezone.localdate()) if is_open else [],
        "kinds": DivisionKind.choices if is_open else [],
        "preview": sheet.preview if sheet.status != "draft" else {},
        "may_adopt": sheet.status == "previewed" and _may_adopt(user, sheet),
        "may_undo": sheet.status == "adopted" and _may_adopt(user, sheet) and _in_time(sheet),
        "undo_until": verbs.undo_division_until(sheet),
        "early": sheet.effective_on > timezone.localdate(),
    }
    return render(request, "grids/divisions/detail.html", context)


@login_required
def division_row_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Add a change: first the grid, then what becomes of it."""
    user: Any = request.user
    sheet = _sheet(request, pk)
    if kind not in _FIELDS:
        raise Http404
    back, title = reverse("grids:division", args=[pk]), str(DivisionKind(kind).label)
    status = GridStatus.RESERVED if kind == DivisionKind.ACTIVATE else GridStatus.ACTIVE
    grids = Grid.objects.filter(community=sheet.community_id, status=status).order_by("code")
    choice = GridChoice(request.GET or None, grids=grids)
    if not choice.is_valid():
        context = {"page_title": title, "form": choice, "back": back, "empty": not grids.exists()}
        return render(
            request, "grids/divisions/choose.html", context, status=400 if choice.errors else 200
        )
    grid = choice.cleaned_data["grid"]
    form = RowForm(request.POST or None, kind=kind, grid=grid)
    if request.method == "POST" and do(
        request, form,
        lambda: verbs.add_row(division=sheet, kind=kind, grid=grid, by=user, **form.cleaned_data),
        "已加到划分表。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{title}：{grid}", back, "加到划分表")


@login_required
@require_POST
def division_row_drop(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    sheet = _sheet(request, pk)
    row = get_object_or_404(sheet.rows, pk=row_pk)
    row.division = sheet
    return _act(request, sheet, lambda: verbs.drop_row(row=row, by=_user(request)), "已去掉。")


@login_required
@require_POST
def division_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Preview, adopt, withdraw or undo."""
    user, sheet = _user(request), _sheet(request, pk)
    if act == "preview":
        return _act(
            request, sheet, lambda: verbs.preview_division(division=sheet, by=user),
            "下面是采用以后的样子。现在什么都还没有改。",
        )  # fmt: skip
    if act == "withdraw":
        return _act(
            request, sheet, lambda: verbs.withdraw_division(division=sheet, by=user), "已作废。"
        )
    if act not in ("adopt", "undo"):
        raise Http404
    if not _may_adopt(user, sheet):
        raise PermissionDenied(refusal(user, Noun.GRID, APPROVE))
    today = timezone.localdate()
    if act == "undo":
        return _act(
            request, sheet, lambda: verbs.undo_division(division=sheet, by=user, today=today),
            "已撤销，网格、住户和未结事项已恢复到采用以前。请看看队伍要不要重新安排。",
        )  # fmt: skip
    return _act(
        request, sheet, lambda: verbs.adopt_division(division=sheet, by=user, today=today),
        "已采用。住户、未结事项已随楼栋转入新网格；请接着安排新网格的队伍，画好边界。",
    )  # fmt: skip


def _act(request: HttpRequest, sheet: GridDivision, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        for said in error.messages:
            messages.error(request, said)
    else:
        messages.success(request, done)
    return redirect("grids:division", pk=sheet.pk)


def _sheet(request: HttpRequest, pk: int) -> GridDivision:
    user = _user(request)
    require(user, Noun.GRID, CREATE)
    rows = GridDivision.objects.visible_to(user).select_related(
        "community", "adopted_by__person", "undone_by__person"
    )
    return get_object_or_404(rows, pk=pk)


def _user(request: HttpRequest) -> Any:
    return request.user


def _may_adopt(user: Any, sheet: GridDivision) -> bool:
    return GridDivision.objects.visible_to(user, APPROVE).filter(pk=sheet.pk).exists()


def _in_time(sheet: GridDivision) -> bool:
    last = verbs.undo_division_until(sheet)
    return bool(sheet.before) and last is not None and last >= timezone.now()


def _chosen_buildings(sheet: GridDivision) -> Any:
    wanted = [pk for ids in sheet.rows.values_list("buildings", flat=True) for pk in ids]
    return Building.objects.filter(pk__in=wanted).select_related("compound")
