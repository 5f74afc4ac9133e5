"""三有: the light of each grid, its venues. 五基: the half-yearly self-check of each branch."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids.acting import attempt, do
from grids.models import Grid
from orgs.fetch import fetch
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import require
from partybuilding import services
from partybuilding.catalog import FIVE_BASICS
from partybuilding.figures import Figure
from partybuilding.forms.common import DayForm, NoteForm
from partybuilding.forms.ready import (
    HAVE,
    BasicsFilterForm,
    BasicsForm,
    HaveFilterForm,
    VenueForm,
)
from partybuilding.models import BasicsCheck, GridVenue
from partybuilding.querysets.joint import grids_to_pair
from partybuilding.querysets.ready import all_three, with_money, with_people, with_venue
from partybuilding.views.pages import (
    Block,
    Line,
    Link,
    Listing,
    cell,
    detail_page,
    form_page,
    list_page,
    move_links,
)
from partybuilding.workflow import ItemStatus, move_of

COLUMNS = (
    ("网格", 18),
    ("社区", 20),
    ("有人办事", 14),
    ("有钱办事", 14),
    ("有场所办事", 14),
    ("三有", 12),
)
BASICS_COLUMNS = (
    ("党支部", 28), ("社区", 20), *((label, 10) for label, _ in FIVE_BASICS.values()), ("总分", 8),
    ("状态", 12),
)  # fmt: skip
TONES = {
    ItemStatus.PENDING: "grey", ItemStatus.SUBMITTED: "blue", ItemStatus.RETURNED: "yellow",
    ItemStatus.CONFIRMED: "green",
}  # fmt: skip


def shown(grids: Any, show: str, day: date) -> Any:
    """The grids behind one choice; figures and list share it."""
    parts = {
        "people": lambda: with_people(grids, day), "money": lambda: with_money(grids, day.year),
        "venue": lambda: with_venue(grids), "all": lambda: all_three(grids, day),
    }  # fmt: skip
    if show.startswith("no_"):
        return grids.exclude(pk__in=parts[show.removeprefix("no_")]().values("pk"))
    return parts[show]() if show in parts else grids


@login_required
@never_cache
@require_GET
def three_have(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    day = timezone.localdate()
    mine = grids_to_pair(user)
    form = HaveFilterForm(request.GET, grids=mine)
    rows = mine
    if form.is_valid():
        rows = shown(mine, form.cleaned_data["show"], day)
        if form.cleaned_data.get("community"):
            rows = rows.filter(community=form.cleaned_data["community"])
    have = {
        name: set(shown(mine, name, day).values_list("pk", flat=True))
        for name in ("people", "money", "venue")
    }
    page = reverse("partybuilding:three_have")
    figures = [
        Figure(
            "在用网格" if not name else label, shown(mine, name, day).count(), "个",
            f"{page}?show={name}" if name else page,
        )
        for name, label in HAVE.items()
    ]  # fmt: skip
    listing = Listing(
        "ready", "三有：有人、有钱、有场所", COLUMNS, "范围里没有在用的网格。", order=("code",)
    )

    def cells(grid: Grid) -> list[dict[str, Any]]:
        lights = [grid.pk in have[name] for name in ("people", "money", "venue")]
        return [
            cell("网格", grid.name, url=reverse("partybuilding:grid_ready", args=[grid.pk])),
            cell("社区", grid.community.name),
            *(
                cell(label, "有" if light else "缺", level="green" if light else "red")
                for label, light in zip(("有人办事", "有钱办事", "有场所办事"), lights, strict=True)
            ),
            cell("三有", "齐全" if all(lights) else f"缺 {3 - sum(lights)} 项",
                 level="green" if all(lights) else "yellow"),
        ]  # fmt: skip

    rows = rows.select_related("community")
    return list_page(request, listing, form, rows, cells, figures=figures)


def _grid(user: Any, pk: int) -> Grid:
    require(user, Noun.PARTY, SEES)
    found: Grid = get_object_or_404(grids_to_pair(user).select_related("community"), pk=pk)
    return found


@login_required
@never_cache
@require_GET
def grid_ready(request: HttpRequest, pk: int) -> HttpResponse:
    """What a grid has and lacks, and its venues."""
    user: Any = request.user
    grid = _grid(user, pk)
    day = timezone.localdate()
    one = Grid.objects.filter(pk=pk)
    may = Grid.objects.where_may(user, Noun.PARTY, EDIT).filter(pk=pk).exists()
    facts = [
        (label, "有" if test.exists() else "缺")
        for label, test in (
            ("有人办事（队伍齐配）", with_people(one, day)), ("有钱办事（当年有经费）", with_money(one, day.year)),
            ("有场所办事", with_venue(one)),
        )
    ]  # fmt: skip
    venues = [
        Line(
            f"{venue.name}，{venue.address}", note=f"{venue.area} 平方米" if venue.area else "",
            links=[Link("停用", reverse("partybuilding:venue_end", args=[venue.pk]), "x-circle-fill")]
            if may else [],
        )
        for venue in GridVenue.objects.open().filter(grid=grid)
    ]  # fmt: skip
    links = (
        [Link("登记场所", reverse("partybuilding:venue_new", args=[pk]), "plus-lg")] if may else []
    )
    return detail_page(
        request, "ready", f"{grid.name} 三有", facts, ("三有", reverse("partybuilding:three_have")),
        blocks=[Block("活动场所", venues, links, "还没有登记场所。")],
        actions=[Link("网格队伍", reverse("grids:detail", args=[pk]), "people")],
    )  # fmt: skip


@login_required
@never_cache
def venue_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    grid = _grid(user, pk)
    form = VenueForm(request.POST or None)
    back = reverse("partybuilding:grid_ready", args=[pk])
    if not Grid.objects.where_may(user, Noun.PARTY, EDIT).filter(pk=pk).exists():
        raise Http404
    if request.method == "POST" and do(
        request,
        form,
        lambda: services.add_venue(grid=grid, by=user, **form.cleaned_data),
        "已登记。",
    ):
        return redirect(back)
    return form_page(request, form, f"登记场所：{grid}", back, "登记")


@login_required
@never_cache
def venue_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    rows = GridVenue.objects.select_related("grid")
    venue: GridVenue = fetch(rows, user, Noun.PARTY, EDIT, pk=pk)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    back = reverse("partybuilding:grid_ready", args=[venue.grid_id])
    if request.method == "POST" and do(
        request,
        form,
        lambda: services.end_venue(venue=venue, by=user, **form.cleaned_data),
        "已停用。",
    ):
        return redirect(back)
    return form_page(request, form, f"停用：{venue}", back, "停用")


@login_required
@never_cache
@require_GET
def basics_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = BasicsCheck.objects.visible_to(user)
    form = BasicsFilterForm(request.GET, checks=mine)
    half = mine.order_by("-half").values_list("half", flat=True).first()
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        half = date.fromisoformat(asked["half"]) if asked["half"] else half
        rows = rows.of_half(half) if half else rows
        if asked["status"]:
            rows = rows.filter(status=asked["status"])
        if asked.get("community"):
            rows = rows.filter(community=asked["community"])
    now = mine.of_half(half) if half else mine
    page = f"{reverse('partybuilding:basics_list')}?half={half or ''}"
    figures = [Figure("应自查的支部", now.count(), "个", page)]
    figures += [
        Figure(str(one.label), now.filter(status=one).count(), "个", f"{page}&status={one}")
        for one in ItemStatus
    ]
    title = f"{BasicsCheck(half=half).label}五基自查" if half else "五基自查"
    listing = Listing(
        "basics", title, BASICS_COLUMNS, "还没有五基自查。每年 6 月 1 日、12 月 1 日为每个网格党支部生成。",
        order=("community_id", "branch_id", "id"), numbers=("总分",),
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), _basics_cells, figures=figures)


def _basics_cells(one: BasicsCheck) -> list[dict[str, Any]]:
    done = one.status != ItemStatus.PENDING
    return [
        cell("党支部", one.branch.name, url=reverse("partybuilding:basics", args=[one.pk])),
        cell("社区", one.community.name),
        *(cell(label, f"{points}" if done else "—", number=True) for label, points, _ in one.parts),
        cell("总分", one.score if done else "—", number=True),
        cell("状态", one.get_status_display(), level=TONES[ItemStatus(one.status)]),
    ]  # fmt: skip


def fetch_basics(user: Any, pk: int, letters: str = SEES) -> BasicsCheck:
    found: BasicsCheck = fetch(BasicsCheck.objects.for_list(), user, Noun.PARTY, letters, pk=pk)
    return found


@login_required
@never_cache
@require_GET
def basics_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_basics(user, pk)
    blocks = [
        Block(
            f"{label} {points} 分",
            [Line(words, "做到" if holds else "没做到", "green" if holds else "grey") for words, holds in rows],
        )
        for label, points, rows in one.parts
    ]  # fmt: skip
    facts = [
        ("社区", one.community), ("应完成", f"{one.due_on:%Y-%m-%d}"), ("总分", f"{one.score} 分（满分 100）"),
        ("差距和打算", one.remark),
    ]  # fmt: skip
    return detail_page(
        request, "basics", str(one), facts, ("五基自查", reverse("partybuilding:basics_list")),
        status=one.get_status_display(), level=TONES[ItemStatus(one.status)], blocks=blocks,
        moves=move_links(one, user), steps=services.steps_of(one),
    )  # fmt: skip


@login_required
@never_cache
def basics_form(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user: Any = request.user
    one = fetch_basics(user, pk, CREATE + EDIT)
    if name != "submit":
        raise Http404
    kept = {
        part: [c for c, _ in rows if c in one.ticked] for part, (_, rows) in FIVE_BASICS.items()
    }
    form = BasicsForm(request.POST or None, initial={**kept, "remark": one.remark})
    back = reverse("partybuilding:basics", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.answer_basics(
            check=one, ticked=form.ticked, remark=form.cleaned_data["remark"], by=user
        ),
        "已填报，等社区确认。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, str(one), back, "提交", hint="做到的打勾，每条 5 分。")


@login_required
@never_cache
def basics_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user: Any = request.user
    one = fetch_basics(user, pk)
    move = move_of("basics", name)
    if move is None or move.form:
        raise Http404
    back = reverse("partybuilding:basics", args=[pk])
    if not move.asks:
        if request.method == "POST":
            attempt(
                request, lambda: services.move_basics(check=one, name=name, by=user), "已办理。"
            )
        return redirect(back)
    form = NoteForm(request.POST or None, label=move.asks)
    if request.method == "POST" and do(
        request, form,
        lambda: services.move_basics(check=one, name=name, by=user, **form.cleaned_data), "已退回。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{move.label}：{one}", back, move.label)
