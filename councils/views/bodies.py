"""Councils: the list with its gaps, one council with its seats, founding and revising."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from councils import services
from councils.catalog import BLADES, HUB, Party
from councils.figures import council_figures
from councils.forms.desk import CouncilForm, DayForm, SeatForm
from councils.models import Council, CouncilSeat, Meeting
from councils.quorum import parties_seated
from councils.sections import sections
from gridparty.lib.text import row_id
from grids.acting import do
from grids.models import Grid
from orgs.audit import record
from orgs.fetch import fetch, may
from orgs.models import Unit
from orgs.paging import keyset_page
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from orgs.workbook import Columns
from residents.views.edit import form_page
from residents.views.files import as_workbook

MAX_ROWS = 5_000
COUNCIL_COLUMNS: Columns = (
    ("名称", 30), ("层级", 10), ("社区", 18), ("席位", 8), ("已开会", 8), ("进行中议题", 12),
    ("上次开会", 12), ("任期至", 12),
)  # fmt: skip
GAP_COLUMNS: Columns = (("网格", 26), ("社区", 20))


def grids_without(user: Any) -> Any:
    """Active grids in reach that have no standing council."""
    grids = Grid.objects.where_may(user, Noun.TOPIC, SEES).assessed()
    taken = Council.objects.standing().filter(grid__isnull=False)
    return grids.exclude(pk__in=taken.values("grid"))


@login_required
@never_cache
@require_GET
def council_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.TOPIC, SEES)
    day = timezone.localdate()
    mine = Council.objects.visible_to(user)
    gaps = grids_without(user)
    shown = request.GET.get("level", "")
    context: dict[str, Any] = {
        "page_title": "议事机构", "sections": sections("councils"), "shown": shown,
        "figures": council_figures(mine, gaps, day), "may_found": can(user, Noun.TOPIC, CREATE),
        "day": day,
    }  # fmt: skip
    wanted = request.GET.get("file") == "xlsx"
    if shown == "gap":
        if wanted:
            return _workbook(user, "未成立议事会的网格", GAP_COLUMNS, (
                (str(grid), str(grid.community))
                for grid in gaps.select_related("community").order_by("code")[: MAX_ROWS + 1]
            ))  # fmt: skip
        rows = gaps.select_related("community")
        context["gaps"] = keyset_page(rows, request, ("code",), count=gaps.count())
        return render(request, "councils/councils.html", context)
    found = mine.standing()
    if shown in ("grid", "community"):
        found = found.filter(level=shown)
    elif shown == "late":
        found = found.overdue(day)
    order = ("community_id", "-level", "id")
    if wanted:
        listed: Any = found.for_list().order_by(*order)[: MAX_ROWS + 1]
        return _workbook(user, "议事机构", COUNCIL_COLUMNS, (
            (one.name, one.get_level_display(), str(one.community), one.seat_count, one.held_count,
             one.open_count, f"{one.last_held:%Y-%m-%d}" if one.last_held else "",
             f"{one.term_end:%Y-%m-%d}" if one.term_end else "")
            for one in listed
        ))  # fmt: skip
    context["page"] = keyset_page(found.for_list(), request, order, count=found.count())
    return render(request, "councils/councils.html", context)


def _workbook(user: Any, title: str, columns: Columns, lines: Any) -> FileResponse:
    """The list under the same choice, as a workbook; `lines` hold one more than fit, if there is."""
    found = list(lines)
    rows: list[Any] = [[number, *cells] for number, cells in enumerate(found[:MAX_ROWS], start=1)]
    record(by=user, action="council.export", target=Council, detail={"rows": len(rows)})
    if len(found) > MAX_ROWS:
        rows.append(["", f"只导出了前 {MAX_ROWS} 条，其余的请分类导出。"])
    return as_workbook(title, (("序号", 6), *columns), rows, user=user, day=timezone.localdate())


def fetch_council(user: Any, pk: int, letters: str = SEES) -> Council:
    rows = Council.objects.select_related("community", "grid", "chair", "street")
    council: Council = fetch(rows, user, Noun.TOPIC, letters, pk=pk)
    return council


@login_required
@never_cache
@require_GET
def council_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    council = fetch_council(user, pk)
    day = timezone.localdate()
    seated = parties_seated(council)
    meetings = Meeting.objects.visible_to(user).filter(council=council)
    context = {
        "page_title": council.name,
        "council": council,
        "may_edit": council.ended_on is None and may(Council.objects, user, EDIT, council),
        "seats": council.seats.standing().select_related("unit", "person"),
        "parties": [
            {"label": str(Party(party).label), "seated": party in seated}
            for party in (HUB, *BLADES)
        ],
        "ahead": meetings.ahead().order_by("due_by", "starts_at"),
        "held": meetings.held().for_list().order_by("-starts_at")[:12],
        "topics": council.topics.open().for_list().order_by("-id")[:50],
        "day": day,
    }
    return render(request, "councils/council.html", context)


@login_required
@never_cache
def council_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.TOPIC, CREATE)
    grids = Grid.objects.where_may(user, Noun.TOPIC, CREATE).live()
    start = grids.filter(pk=row_id(request.GET.get("grid", "")) or 0).first()
    initial: dict[str, Any] = {"grid": start, "community": start.community if start else None}
    initial["name"] = f"{start}党群议事会" if start else ""
    form = CouncilForm(request.POST or None, grids=grids, initial=initial)
    made: list[Council] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.found_council(by=user, **form.cleaned_data)),
        "已成立，请接着增加席位。",
    ):  # fmt: skip
        return redirect("councils:council", pk=made[0].pk)
    return form_page(request, form, "成立议事机构", reverse("councils:councils"), "成立")


@login_required
@never_cache
def council_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    council = fetch_council(user, pk, EDIT)
    names = ("name", "every_months", "term_end", "rules")
    form = CouncilForm(
        request.POST or None, grids=None, council=council,
        initial={name: getattr(council, name) for name in names},
    )  # fmt: skip
    back = reverse("councils:council", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.save_council(
            council=council, by=user, chair=council.chair, **form.cleaned_data
        ),
        "已保存。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"修改：{council.name}", back, "保存")


@login_required
@never_cache
def council_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    council = fetch_council(user, pk, EDIT)
    form = DayForm(request.POST or None)
    back = reverse("councils:council", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.end_council(council=council, by=user, **form.cleaned_data), "已撤销。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"撤销：{council.name}", back, "撤销")


@login_required
@never_cache
def seat_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    council = fetch_council(user, pk, EDIT)
    form = SeatForm(request.POST or None, units=Unit.objects.serving(council.street))
    back = reverse("councils:council", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.give_seat(council=council, by=user, **form.cleaned_data), "已增加席位。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"增加席位：{council.name}", back, "增加")


@login_required
@never_cache
def seat_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    seat = get_object_or_404(
        CouncilSeat, pk=pk, council__in=Council.objects.visible_to(user).values("pk")
    )
    fetch_council(user, seat.council_id, EDIT)
    form = DayForm(request.POST or None)
    back = reverse("councils:council", args=[seat.council_id])
    if request.method == "POST" and do(
        request, form, lambda: services.take_seat(seat=seat, by=user, **form.cleaned_data),
        "席位已卸任。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"卸任：{seat.name}", back, "卸任")
