"""Forms around a grid: new, facts, activate or close, old codes, its buildings."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from grids import services
from grids.acting import do
from grids.catalog import GridStatus
from grids.forms import (
    ActivateForm,
    BuildingForm,
    CloseForm,
    EntranceForm,
    GridForm,
    LegacyCodeForm,
    MoveBuildingsForm,
)
from grids.locate import communities_where
from grids.models import Building, Grid, LegacyGridCode
from orgs.fetch import fetch
from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import require


def form_page(
    request: HttpRequest, form: forms.Form, title: str, back: str, submit: str, **context: Any
) -> HttpResponse:
    """Show a form; 400 when it was sent and refused, with everything typed in place."""
    context |= {"page_title": title, "form": form, "back": back, "submit": submit}
    return render(request, "grids/form.html", context, status=400 if form.errors else 200)


@login_required
def grid_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.GRID, CREATE)
    form = GridForm(
        request.POST or None, communities=communities_where(user, CREATE), grid=None, draws=True
    )
    made: list[Grid] = []
    if request.method == "POST" and do(
        request, form, lambda: made.append(services.create_grid(by=user, opened_on=timezone.localdate(), **form.cleaned_data)),
        "已新建网格。",
    ):  # fmt: skip
        return redirect("grids:detail", pk=made[0].pk)
    return form_page(request, form, "新建网格", reverse("grids:list"), "新建")


@login_required
def grid_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    grid = fetch(Grid.objects.select_related("community"), user, Noun.GRID, EDIT, pk=pk)
    draws = Grid.objects.visible_to(user, CREATE).filter(pk=pk).exists()
    form = GridForm(request.POST or None, communities=None, grid=grid, draws=draws)

    def save() -> None:
        data = form.cleaned_data
        services.rename_grid(grid=grid, name=data["name"], by=user)
        if draws:
            services.change_kind(grid=grid, kind=data["kind"], by=user)
            services.set_branch(grid=grid, branch=data["party_branch"], by=user)
        services.describe_grid(
            grid=grid, by=user, area_note=data["area_note"],
            property_status=data["property_status"],
            team_template=data["team_template"] if draws else grid.team_template,
        )  # fmt: skip

    if request.method == "POST" and do(request, form, save, "已保存。"):
        return redirect("grids:detail", pk=pk)
    return form_page(request, form, f"修改{grid}", reverse("grids:detail", args=[pk]), "保存")


@login_required
def grid_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Activate a reserved grid, or close one."""
    user: Any = request.user
    grid = fetch(Grid.objects, user, Noun.GRID, CREATE, pk=pk)
    back = reverse("grids:detail", args=[pk])
    if grid.status == GridStatus.RESERVED and "close" not in request.GET:
        activate = ActivateForm(request.POST or None)
        if request.method == "POST" and do(
            request, activate,
            lambda: services.activate_grid(grid=grid, by=user, **activate.cleaned_data),
            f"“{grid}”已启用，编码不变。",
        ):  # fmt: skip
            return redirect(back)
        return form_page(request, activate, f"启用{grid}", back, "启用")
    close = CloseForm(request.POST or None, grid=grid)
    if request.method == "POST" and do(
        request, close, lambda: services.close_grid(grid=grid, by=user, **close.cleaned_data),
        f"“{grid}”已撤销。",
    ):  # fmt: skip
        return redirect(back)
    ask = "撤销后不能恢复，编码也不再使用。确定撤销吗？"
    return form_page(request, close, f"撤销{grid}", back, "撤销", confirm=ask)


@login_required
def legacy_code_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    grid = fetch(Grid.objects, user, Noun.GRID, EDIT, pk=pk)
    form = LegacyCodeForm(request.POST or None)
    back = reverse("grids:detail", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.add_legacy_code(grid=grid, by=user, **form.cleaned_data),
        "已登记原网格编码。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, "登记原网格编码", back, "登记")


@login_required
@require_POST
def legacy_code_merge(request: HttpRequest, pk: int, code_pk: int) -> HttpResponse:
    user: Any = request.user
    grid = fetch(Grid.objects, user, Noun.GRID, EDIT, pk=pk)
    legacy = get_object_or_404(LegacyGridCode, pk=code_pk, grid=grid)
    try:
        services.merge_legacy_code(legacy=legacy, on=timezone.localdate(), by=user)
        messages.success(request, f"{legacy}已并网。")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("grids:detail", pk=pk)


@login_required
def building_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    grid = fetch(Grid.objects, user, Noun.GRID, CREATE, pk=pk)
    form = BuildingForm(request.POST or None)
    made: list[Building] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.create_building(grid=grid, by=user, **form.cleaned_data)),
        "已新建楼栋，请接着登记单元。",
    ):  # fmt: skip
        return redirect("grids:building", pk=made[0].pk)
    back = reverse("grids:detail", args=[pk])
    return form_page(request, form, f"{grid}：新建楼栋", back, "新建")


@login_required
def entrance_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    building = fetch(Building.objects, user, Noun.GRID, CREATE, pk=pk)
    form = EntranceForm(request.POST or None)
    back = reverse("grids:building", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.add_entrance(building=building, by=user, **form.cleaned_data),
        "已登记单元。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{building}：登记单元", back, "登记")


@login_required
def buildings_move(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    grid = fetch(Grid.objects, user, Noun.GRID, CREATE, pk=pk)
    form = MoveBuildingsForm(request.POST or None, grid=grid, user=user)
    back = reverse("grids:detail", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.move_buildings(by=user, **form.cleaned_data),
        "楼栋已划转，住户和事项随楼栋转入新网格。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{grid}：楼栋划转", back, "划转")
