"""热点问题: the list of places many people reported the same from, its export, and what it counts."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.forms.hot import PERIODS, HotForm, PlaceForm
from cases.hot import HotRow, cluster_at, clusters_of, hot_rows
from cases.lines import line_rows, lines
from cases.models import Case
from gridparty.lib.china_time import local, minute_text
from orgs import audit
from orgs.paging import keyset_page
from orgs.roles import EDIT, STATS, Noun
from orgs.scope import can, require
from orgs.workbook import download
from orgs.workdays import work_calendar

audit.describe_actions(case__export_hot="导出热点问题")

COLUMNS = (
    ("序号", 6), ("类别", 16), ("地点", 26), ("社区", 18), ("网格", 16), ("反映人数", 10),
    ("件数", 8), ("首次反映", 17), ("最近反映", 17),
)  # fmt: skip


@login_required
@never_cache
@require_GET
def hot(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list; `?export=1` gives it as a workbook."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    form = HotForm(request.GET, user=user)
    context: dict[str, Any] = {"page_title": "热点问题", "form": form, "rows": []}
    if not form.is_valid():
        return render(request, "cases/hot.html", context, status=400)
    asked = form.cleaned_data
    may_export = can(user, Noun.CASE, EDIT + STATS)
    rows = _rows(user, **asked)
    if "export" in request.GET:
        if not may_export:
            raise PermissionDenied("您的角色不能导出事项。如有需要，请联系上级管理员。")
        return _workbook(user, rows, asked)
    query = request.GET.copy()
    query["export"] = "1"
    context |= {
        "rows": rows, "least": asked["least"], "days": asked["days"],
        "export_url": f"?{query.urlencode()}" if may_export and rows else "",
    }  # fmt: skip
    return render(request, "cases/hot.html", context)


def _rows(user: Any, *, days: int, community: Any, least: int) -> list[HotRow]:
    cases = Case.objects.visible_to(user)
    if community is not None:
        cases = cases.filter(community=community)
    return hot_rows(clusters_of(cases, since=timezone.now() - timedelta(days=days)), least)


def _workbook(user: Any, rows: list[HotRow], asked: dict[str, Any]) -> FileResponse:
    cells: Iterable[list[Any]] = (
        [
            number, row.category.name, row.where, row.community, row.grid.name,
            len(row.cluster.reporters), len(row.cluster.case_ids), minute_text(row.cluster.first),
            minute_text(row.cluster.last),
        ]
        for number, row in enumerate(rows, start=1)
    )  # fmt: skip
    audit.record(
        by=user, action="case.export_hot", target=Case,
        detail={"rows": len(rows), "days": asked["days"], "least": asked["least"]},
    )  # fmt: skip
    note = f"{dict(PERIODS)[asked['days']]}，至少 {asked['least']} 人反映　　制表人：{user.display_name}"
    name = f"热点问题-{local(timezone.now()):%Y%m%d-%H%M}.xlsx"
    return download(name, COLUMNS, cells, title="热点问题清单", note=note)


@login_required
@never_cache
@require_GET
def hot_cases(request: HttpRequest) -> HttpResponse:
    """The reports one row of the list counts."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    form = PlaceForm(request.GET)
    if not form.is_valid():
        raise Http404("没有找到这个地点。")
    now = timezone.now()
    since = now - timedelta(days=form.cleaned_data["days"])
    cluster = cluster_at(clusters_of(Case.objects.visible_to(user), since=since), form.place)
    ids = cluster.case_ids if cluster else []
    page = keyset_page(
        lines(Case.objects.visible_to(user).filter(pk__in=ids)), request, count=len(ids)
    )
    context = {
        "page_title": "热点问题：反映记录",
        "page": page,
        "rows": line_rows(page.rows, now, work_calendar()),
        "reporters": len(cluster.reporters) if cluster else 0,
    }
    return render(request, "cases/hot_cases.html", context)
