"""Reporting by signed-in users, and the buildings of a grid for its form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases.catalog import Source
from cases.forms.report import ReportForm, building_select
from cases.services import MoveRefused
from gridparty.lib.text import row_id
from grids.models import Grid
from orgs.roles import CREATE, Noun
from orgs.scope import require


@login_required
def report(request: HttpRequest) -> HttpResponse:
    """The report form; after sending it shows the new case."""
    user: Any = request.user
    require(user, Noun.CASE, CREATE)
    if request.method != "POST":
        return _page(request, ReportForm(user=user, initial=_asked(request)))
    form = ReportForm(request.POST, request.FILES, user=user)
    if not form.is_valid():
        return _page(request, form, 400)
    try:
        case = form.save_report(by=user)
    except MoveRefused as refusal:
        form.refuse(refusal)
        return _page(request, form, refusal.http_status)
    messages.success(request, f"已上报，编号 {case.case_no}。")
    return redirect("cases:detail", case.pk)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What a page that leads here fills in: grid, building, visit or door, by id; nothing personal."""
    asked = {name: request.GET.get(name, "") for name in ("grid", "building", "visit", "door")}
    ids = {name: int(text) for name, text in asked.items() if text.isdecimal() and len(text) < 19}
    source = Source.CAMPAIGN if "door" in ids else Source.VISIT
    return {**ids, "source": source} if ids else {}


def _page(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {"page_title": "上报事项", "form": form}
    return render(request, "cases/report.html", context, status=status)


@login_required
@require_GET
def buildings(request: HttpRequest) -> HttpResponse:
    """The building select for `?grid=<id>`; nothing for a grid out of scope."""
    require(request.user, Noun.CASE, CREATE)
    wanted = row_id(request.GET.get("grid", ""))
    grid = Grid.objects.visible_to(request.user).filter(pk=wanted or 0).first()
    return HttpResponse(building_select(grid))
