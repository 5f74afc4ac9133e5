"""党员巡查: the log, and the form filled in on the way, which reports a case in the same tap."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.periods import Month
from grids.acting import do
from grids.models import Grid
from orgs.fetch import fetch
from orgs.roles import CREATE, SEES, Noun
from orgs.scope import can, require
from partybuilding import services
from partybuilding.figures import Figure
from partybuilding.forms.five import month_choices
from partybuilding.forms.means import PatrolFilterForm, PatrolForm
from partybuilding.models import MemberDuty, Patrol, Photo
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
    ("时间", 18), ("网格", 16), ("巡查人", 12), ("路线", 26), ("时长（分钟）", 10), ("发现的情况", 36),
    ("事项", 22),
)  # fmt: skip


@login_required
@never_cache
@require_GET
def patrol_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = Patrol.objects.visible_to(user)
    today = timezone.localdate()
    form = PatrolFilterForm(request.GET, rows=mine, months=month_choices(today))
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        if asked["month"]:
            month = Month.parse(asked["month"])
            rows = rows.between(month.start, month.end)
        if asked.get("grid"):
            rows = rows.filter(grid=asked["grid"])
        if asked["show"] == "case":
            rows = rows.with_case()
        elif asked["show"] == "finding":
            rows = rows.exclude(finding="")
    month = Month.of(today)
    now = mine.between(month.start, month.end)
    page = f"{reverse('partybuilding:patrols')}?month={month}"
    figures = [
        Figure("本月巡查", now.count(), "次", page),
        Figure("发现情况", now.exclude(finding="").count(), "次", f"{page}&show=finding"),
        Figure("转为事项", now.with_case().count(), "件", f"{page}&show=case"),
    ]
    actions = []
    if can(user, Noun.PARTY, CREATE) and can(user, Noun.CASE, CREATE):
        actions.append(Link("登记巡查", reverse("partybuilding:patrol_new"), "camera"))
    listing = Listing(
        "patrols", "党员巡查", COLUMNS, "还没有登记巡查。", actions, order=("-at", "-id"),
        numbers=("时长（分钟）",),
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), _cells, figures=figures)


def _cells(one: Patrol) -> list[dict[str, Any]]:
    case = one.case
    return [
        cell("时间", f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}",
             url=reverse("partybuilding:patrol", args=[one.pk])),
        cell("网格", one.grid.name), cell("巡查人", one.by.display_name if one.by else "—"),
        cell("路线", one.route), cell("时长（分钟）", one.minutes, number=True),
        cell("发现的情况", one.finding or "正常"), cell("事项", case.case_no if case else "—"),
    ]  # fmt: skip


@login_required
@never_cache
@require_GET
def patrol_detail(request: HttpRequest, pk: int) -> HttpResponse:
    one: Patrol = fetch(Patrol.objects.for_list(), request.user, Noun.PARTY, pk=pk)
    facts = [
        ("时间", f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}"), ("网格", one.grid),
        ("巡查人", one.by.display_name if one.by else ""), ("路线", one.route),
        ("时长", f"{one.minutes} 分钟"), ("责任区或责任岗", str(one.duty or "")),
        ("发现的情况", one.finding or "正常"),
    ]  # fmt: skip
    blocks = []
    if one.case:
        url = reverse("cases:detail", args=[one.case_id])
        words = f"{one.case.case_no} {one.case.category}"
        blocks.append(Block("转为事项", [Line(words, one.case.get_status_display(), "blue", url)]))
    return detail_page(
        request, "patrols", "党员巡查", facts, ("党员巡查", reverse("partybuilding:patrols")),
        blocks=blocks, photos=list(Photo.objects.filter(subject="patrol", row=pk)),
    )  # fmt: skip


@login_required
@never_cache
def patrol_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, CREATE)
    grids = Grid.objects.where_may(user, Noun.PARTY, CREATE).live().order_by("code")
    duties = MemberDuty.objects.open().filter(person=user.person_id or -1)
    form = PatrolForm(
        request.POST or None, request.FILES or None, grids=grids, duties=duties,
        initial={"grid": grids.first() if grids.count() == 1 else None},
    )  # fmt: skip
    made: list[Patrol] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.record_patrol(by=user, **form.cleaned_data)), "已登记。",
    ):  # fmt: skip
        return redirect("partybuilding:patrol", pk=made[0].pk)
    return form_page(request, form, "登记巡查", reverse("partybuilding:patrols"), "提交")
