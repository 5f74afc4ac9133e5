"""党员责任区 and 责任岗: the list, one of them, claiming, ending, the year's comment."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids.acting import do
from grids.models import Grid
from orgs.fetch import fetch
from orgs.roles import APPROVE, CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from partybuilding import services
from partybuilding.catalog import DutyKind
from partybuilding.figures import Figure
from partybuilding.forms.checkins import DutyFilterForm, DutyForm
from partybuilding.forms.common import DayForm, NoteForm
from partybuilding.models import MemberDuty
from partybuilding.people import members_of
from partybuilding.views.pages import (
    Block,
    Line,
    Link,
    Listing,
    cell,
    detail_page,
    form_page,
    list_page,
)

COLUMNS = (
    ("党员", 12), ("类型", 12), ("岗位类别", 20), ("职责", 36), ("网格", 16), ("楼栋", 30),
    ("开始", 12), ("年度评价", 24),
)  # fmt: skip


def _shown(rows: Any, show: str) -> Any:
    if show == "ended":
        return rows.exclude(end=None)
    rows = rows.open()
    if show == "uncommented":
        return rows.exclude(commented_on__year=timezone.localdate().year)
    return rows


def _figures(rows: Any) -> list[Figure]:
    page = reverse("partybuilding:duties")
    open_rows = rows.open()
    found = [
        Figure(str(kind.label), open_rows.filter(kind=kind).count(), "个", f"{page}?kind={kind}")
        for kind in DutyKind
    ]
    count = _shown(rows, "uncommented").count()
    return [*found, Figure("今年没有评价", count, "个", f"{page}?show=uncommented")]


@login_required
@never_cache
@require_GET
def duty_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = MemberDuty.objects.visible_to(user)
    form = DutyFilterForm(request.GET, rows=mine)
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        rows = _shown(mine, asked["show"])
        for name in ("kind", "category", "grid"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
    listing = Listing(
        "duties", "责任区和责任岗", COLUMNS, "还没有党员认领责任区和责任岗。报到的党员接收后可以认领，"
        "也可以在网格页由支部安排。", order=("grid_id", "-id"),
    )  # fmt: skip
    return list_page(
        request, listing, form, rows.for_list(), _cells, figures=_figures(mine),
        may_add=can(user, Noun.PARTY, EDIT),
    )  # fmt: skip


def _cells(one: MemberDuty) -> list[dict[str, Any]]:
    page = reverse("partybuilding:duty", args=[one.pk])
    return [
        cell("党员", one.person.masked_name, url=page), cell("类型", one.get_kind_display()),
        cell("岗位类别", one.get_category_display()), cell("职责", one.duties),
        cell("网格", one.grid.name), cell("楼栋", _buildings(one)),
        cell("开始", f"{one.start:%Y-%m-%d}"), cell("年度评价", one.comment or "—"),
    ]  # fmt: skip


def _buildings(one: MemberDuty) -> str:
    return "、".join(str(building) for building in one.buildings.all())


def fetch_duty(user: Any, pk: int, letters: str = SEES) -> MemberDuty:
    found: MemberDuty = fetch(MemberDuty.objects.for_list(), user, Noun.PARTY, letters, pk=pk)
    return found


@login_required
@never_cache
@require_GET
def duty_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_duty(user, pk)
    grids = Grid.objects.filter(pk=one.grid_id)
    keeps = grids.where_may(user, Noun.PARTY, CREATE + EDIT).exists()
    judges = grids.where_may(user, Noun.PARTY, APPROVE + EDIT).exists()
    moves = []
    if keeps and one.end is None:
        moves.append(Link("卸下", reverse("partybuilding:duty_end", args=[pk]), "x-circle-fill"))
    if judges:
        moves.append(Link("年度评价", reverse("partybuilding:duty_comment", args=[pk]), "pen"))
    facts = [
        ("党员", one.person.name if keeps else one.person.masked_name),
        ("岗位类别", one.get_category_display()), ("职责", one.duties), ("网格", one.grid),
        ("楼栋", _buildings(one) or "全网格"), ("开始", f"{one.start:%Y-%m-%d}"),
        ("结束", f"{one.end:%Y-%m-%d}" if one.end else "在岗"), ("年度评价", one.comment),
    ]  # fmt: skip
    blocks = []
    if one.check_in_id:
        page = reverse("partybuilding:checkin", args=[one.check_in_id])
        blocks.append(Block("报到", [Line("这名党员的报到", url=page)]))
    return detail_page(
        request, "duties", str(one), facts, ("责任区和责任岗", reverse("partybuilding:duties")),
        status="在岗" if one.end is None else "已卸下", level="green" if one.end is None else "grey",
        moves=moves, blocks=blocks,
    )  # fmt: skip


@login_required
@never_cache
def duty_new(request: HttpRequest, grid: int) -> HttpResponse:
    """A member of the grid's branch takes an area or a post; those who checked in do it there."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    rows = Grid.objects.where_may(user, Noun.PARTY, CREATE + EDIT)
    found: Grid = fetch(Grid.objects.filter(pk__in=rows.values("pk")), user, Noun.GRID, pk=grid)
    people = members_of(found)
    form = DutyForm(request.POST or None, grid=found, people=people)
    back = reverse("partybuilding:duties")

    def act() -> None:
        services.claim_duty(grid=found, by=user, **form.cleaned_data)

    if request.method == "POST" and do(request, form, act, "已登记。"):
        return redirect(back)
    hint = "" if people else "这个网格的党支部还没有党员。"
    return form_page(request, form, f"安排责任区或责任岗：{found}", back, "登记", hint=hint)


@login_required
@never_cache
def duty_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_duty(user, pk)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    back = reverse("partybuilding:duty", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.end_duty(duty=one, by=user, **form.cleaned_data), "已卸下。"
    ):
        return redirect(back)
    return form_page(request, form, f"卸下：{one}", back, "卸下")


@login_required
@never_cache
def duty_comment(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_duty(user, pk)
    form = NoteForm(request.POST or None, label="年度评价")
    back = reverse("partybuilding:duty", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.comment_duty(duty=one, comment=form.cleaned_data["note"], by=user),
        "已评价。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"年度评价：{one}", back, "保存")
