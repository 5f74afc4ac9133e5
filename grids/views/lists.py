"""The list of grids: search, quick figures that link to their rows, export of what is shown."""

import io
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gridparty.lib.text import clean_text
from grids.catalog import TARGET_HOUSEHOLDS, GridKind, GridStatus, size_warning
from grids.forms import GAPS, NOT_CLOSED, GridFilterForm
from grids.models import Grid
from grids.querysets import GridQuerySet
from grids.resources import GRID_COLUMNS, grid_cells
from grids.scope import counts_homes
from grids.staffing import completeness_of
from orgs.audit import describe_actions, record
from orgs.paging import Page, keyset_page
from orgs.roles import CREATE, VIEW, Noun
from orgs.scope import can, require
from orgs.workbook import as_csv, write_workbook

describe_actions(grid__export="导出网格清单")
MAX_ROWS = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def grid_list(request: HttpRequest) -> HttpResponse:
    """The list; a bad filter is named at its field, with no rows and status 400."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    mine = Grid.objects.visible_to(user)
    form = GridFilterForm(request.GET, grids=mine)
    context = {
        "page_title": "网格",
        "form": form,
        "stats": _figures(mine),
        "gaps": _gaps(mine, user),
        "shows_sizes": counts_homes(user),
        "can_create": can(user, Noun.GRID, CREATE),
    }
    if not form.is_valid():
        return render(request, "grids/list.html", {**context, "page": Page([])}, status=400)
    found = _narrow(mine, form.cleaned_data, user)
    page = keyset_page(found.for_list(user), request, ("code",), count=found.count())
    teams = completeness_of(page.rows, timezone.localdate())
    rows = [
        {
            "grid": grid,
            "team": teams[grid.pk],
            "warning": _warning(grid, user),
            "size_word": "偏少" if grid.household_count < TARGET_HOUSEHOLDS else "偏多",
        }
        for grid in page.rows
    ]
    context |= {"page": page, "rows": rows, "query": _query_without_page(request)}
    return render(request, "grids/list.html", context)


@login_required
@require_GET
def grid_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows of the list under the same filter, as CSV or workbook, in the same order."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    mine = Grid.objects.visible_to(user)
    form = GridFilterForm(request.GET, grids=mine)
    if not form.is_valid():
        raise Http404
    grids = list(_narrow(mine, form.cleaned_data, user).for_list(user).order_by("code")[:MAX_ROWS])
    teams, sizes = completeness_of(grids, timezone.localdate()), counts_homes(user)
    rows = [grid_cells(grid, teams[grid.pk], sizes=sizes) for grid in grids]
    record(by=user, action="grid.export", target=Grid, detail={"rows": len(rows), "kind": kind})
    name = f"网格清单_{timezone.localdate():%Y%m%d}.{kind}"
    if kind == "csv":
        return _file(as_csv(GRID_COLUMNS, rows), name, "text/csv; charset=utf-8")
    foot = f"制表人：{user.display_name}　日期：{timezone.localdate():%Y-%m-%d}　共 {len(rows)} 个"
    file = io.BytesIO()
    write_workbook(file, GRID_COLUMNS, rows, title="网格清单", note=foot)
    return _file(file.getvalue(), name, XLSX)


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})


def _narrow(grids: GridQuerySet, asked: dict[str, Any], user: Any) -> GridQuerySet:
    """Apply the form; the same rows stand behind the list, its count, the export and the figures."""
    if asked["status"] in ("", NOT_CLOSED):
        grids = grids.live()
    else:
        grids = grids.filter(status=asked["status"])
    if text := clean_text(asked["q"]):
        grids = grids.matching(text)
    if asked.get("community"):
        grids = grids.filter(community=asked["community"])
    if asked["kind"]:
        grids = grids.filter(kind=asked["kind"])
    return _with_gap(grids, asked["gap"], user)


def _with_gap(grids: GridQuerySet, gap: str, user: Any) -> GridQuerySet:
    day = timezone.localdate()
    if gap == "size":
        return grids.with_sizes(user).off_size()
    narrowed = {
        "branch": grids.without_branch,
        "team": lambda: grids.short_of_team(day),
        "head": lambda: grids.without_head(day),
        "building": grids.without_buildings,
        "shape": grids.without_shape,
        "merge": grids.to_merge,
        "governance": grids.without_governance,
    }
    return narrowed[gap]() if gap else grids


def _figures(mine: GridQuerySet) -> list[dict[str, Any]]:
    """Return the figures above the list, for example 67 = 59 + 3 + 5 (海恒)."""
    address = reverse("grids:list")
    live = mine.live()
    kinds = dict(live.values_list("kind").order_by("kind").annotate(n=Count("pk")))
    figures = [{"label": "全部网格", "value": sum(kinds.values()), "url": address}]
    figures += [
        {"label": f"{label}网格", "value": kinds.get(kind, 0), "url": f"{address}?kind={kind}"}
        for kind, label in (
            (GridKind.RESIDENTIAL, "住宅小区"), (GridKind.EXCLUSIVE, "专属"), (GridKind.RESERVED, "预留"),
        )
    ]  # fmt: skip
    return figures


def _gaps(mine: GridQuerySet, user: Any) -> list[dict[str, Any]]:
    """Return what is missing, each with the list it counts; sizes for those who know them."""
    address, live = reverse("grids:list"), mine.live()
    hidden = {"governance"} if _warns(user) else {"governance", "size"}
    shown = [gap for gap in GAPS if gap not in hidden]
    found = [(gap, _with_gap(live, gap, user).count()) for gap in shown]
    return [
        {"label": GAPS[gap], "count": count, "url": f"{address}?gap={gap}"}
        for gap, count in found
        if count
    ]


def _warns(user: Any) -> bool:
    """Whether the user sees whole grids' households, so that a size means something."""
    return can(user, Noun.RESIDENT, "VES")


def _warning(grid: Any, user: Any) -> str:
    """The size warning of a row, for those who see the whole grid's households."""
    counted = grid.kind == GridKind.RESIDENTIAL and grid.status == GridStatus.ACTIVE
    if not counted or not _warns(user):
        return ""
    return size_warning(grid.household_count)


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return query.urlencode()
