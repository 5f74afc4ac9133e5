"""The table of all rates by group and period, its export, and the lists behind each number."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from assessments.dashboard import rows_url
from assessments.indicators import GROUPINGS, RATES
from assessments.numbers import LABELS, Group, names_of, table
from assessments.scoring import MIN_SAMPLE, rate_percent
from assessments.views.dashboard import id_of, may_export, period_of, place_of, place_url
from cases.filters import CaseFilter
from cases.models import Case
from cases.querysets import CaseQuerySet
from gridparty.lib.china_time import local
from gridparty.lib.periods import Month, Period, Quarter
from grids.models import Grid
from orgs import audit
from orgs.paging import keyset_page
from orgs.roles import VIEW, Noun
from orgs.scope import require
from orgs.workbook import download

audit.describe_actions(numbers__export="导出指标表")
RANKED_BY = "on_time_rate"
MONTHS = 12


def _require(user: Any) -> None:
    require(user, Noun.CASE, VIEW)
    require(user, Noun.ASSESSMENT, VIEW)


def _asked(request: HttpRequest) -> tuple[str, str, Period]:
    """Return the grouping, the indicator ranked by, and the period; 404 for what is none of ours."""
    grouping = request.GET.get("by") or "community"
    ranked_by = request.GET.get("sort") or RANKED_BY
    if grouping not in GROUPINGS or ranked_by not in RATES:
        raise Http404
    return grouping, ranked_by, period_of(request)


def _periods(now: Any) -> list[Period]:
    """Return the last year's months and the quarters begun in it, newest first."""
    months = [Month.of(now)]
    while len(months) < MONTHS:
        months.append(months[-1].previous())
    quarters = sorted({Quarter.of(month.first_day) for month in months}, reverse=True)
    return [*months, *quarters]


@login_required
def numbers(request: HttpRequest) -> HttpResponse:
    """One row per street, community, grid, branch or department; one column per rate."""
    user: Any = request.user
    _require(user)
    grouping, ranked_by, period = _asked(request)
    now = timezone.now()
    cases = Case.objects.visible_to(user)
    groups = table(cases, grouping, period, now, ranked_by=ranked_by)
    context = {
        "page_title": "指标表",
        "now": now,
        "period": period,
        "periods": [(str(one), one.label) for one in _periods(now)],
        "groupings": list(LABELS.items()),
        "grouping": grouping,
        "grouping_label": LABELS[grouping],
        "indicators": [
            {"found": found, "url": _url(grouping, found.code, period), "chosen": found.code == ranked_by}
            for found in RATES.values()
        ],
        "ranked_by": RATES[ranked_by],
        "rows": [_row(group, grouping, period) for group in groups],
        "min_sample": MIN_SAMPLE,
        "export_url": f"export/?{_query(grouping, ranked_by, period)}" if may_export(user) else "",
    }  # fmt: skip
    return render(request, "assessments/numbers.html", context)


def _query(grouping: str, ranked_by: str, period: Period) -> str:
    return urlencode({"by": grouping, "month": str(period), "sort": ranked_by})


def _url(grouping: str, ranked_by: str, period: Period) -> str:
    return f"?{_query(grouping, ranked_by, period)}"


def _row(group: Group, grouping: str, period: Period) -> dict[str, Any]:
    place = _place_query(grouping, group.pk)
    return {
        "group": group,
        "cells": [(cell, rows_url(cell.code, place, period)) for cell in group.cells],
        "reported_url": rows_url("self_discovery_rate", place, period),
    }


def _place_query(grouping: str, key: int) -> str:
    """Return the part of the address that names a group to `rate_rows`."""
    return f"node={key}" if grouping in ("street", "community") else f"{grouping}={key}"


@login_required
def export(request: HttpRequest) -> FileResponse:
    """The table as a workbook: each rate with its numerator and denominator."""
    user: Any = request.user
    _require(user)
    if not may_export(user):
        raise PermissionDenied("您的角色不能导出指标表。如有需要，请联系上级管理员。")
    grouping, ranked_by, period = _asked(request)
    now = timezone.now()
    groups = table(Case.objects.visible_to(user), grouping, period, now, ranked_by=ranked_by)
    columns = [("名次", 6), (LABELS[grouping], 26), ("上报件数", 9)]
    for found in RATES.values():
        columns += [(found.name, 11), ("分子", 7), ("分母", 7)]
    title = f"{period.label}{LABELS[grouping]}指标表"
    audit.record(
        by=user, action="numbers.export", target=Case,
        detail={"by": grouping, "period": str(period), "rows": len(groups)},
    )  # fmt: skip
    note = (
        f"截至 {local(now):%Y年%m月%d日 %H:%M}，按{RATES[ranked_by].name}排名；"
        f"不足 {MIN_SAMPLE} 件的不排名"
    )
    return download(
        f"{title}.xlsx", columns, (_cells(group) for group in groups), title=title, note=note,
        foot=f"填报人：{user.display_name}　　　　审核人：　　　　　　日期：{local(now):%Y年%m月%d日}",
    )  # fmt: skip


def _cells(group: Group) -> list[Any]:
    cells: list[Any] = [group.rank or "—", group.name, group.reported]
    for cell in group.cells:
        rate = "—" if cell.rate is None else f"{cell.rate}%"
        cells += [rate, cell.numerator, cell.denominator]
    return cells


@login_required
def rate_rows(request: HttpRequest, code: str) -> HttpResponse:
    """List the cases a rate counts: all of its denominator, or only hits or misses."""
    _require(request.user)
    found = RATES.get(code)
    if found is None:
        raise Http404
    now, month = timezone.now(), period_of(request)
    cases, where, query = _rate_scope(request)
    rows = found.rows(month, now)
    counted = rows.of_cases(cases)
    hits = counted.filter(rows.hits)
    shown = {"1": hits, "0": counted.exclude(pk__in=hits.values("pk"))}.get(
        request.GET.get("hit", ""), counted
    )
    keys = shown.values(rows.listed or rows.case or "pk")
    listed = Case.objects.filter(pk__in=keys).for_list()
    hit, total = found.total(month, now, cases)
    own_url = rows_url(code, query, month)
    context = {
        "page_title": f"{month.label} {found.name}",
        "found": found,
        "where": where,
        "rate": rate_percent(hit, total),
        "hit": hit,
        "total": total,
        "missed": total - hit,
        "tabs_of_rows": [
            ("", "全部", total, own_url),
            ("1", "计入分子", hit, f"{own_url}&hit=1"),
            ("0", "未计入", total - hit, f"{own_url}&hit=0"),
        ],
        "chosen": request.GET.get("hit", ""),
        "page": keyset_page(listed, request),
        "back_url": place_url(place_of(request), month),
    }
    return render(request, "assessments/rate_rows.html", context)


def _rate_scope(request: HttpRequest) -> tuple[CaseQuerySet, str, str]:
    """Return the cases in view, the name of the place and its part of the address."""
    place = place_of(request)
    cases = place.narrow().apply(Case.objects.visible_to(request.user))
    grid_id = id_of(request, "grid")
    if grid_id is not None:
        grid = get_object_or_404(Grid.objects.visible_to(request.user), pk=grid_id)
        unit = f"&unit={place.unit.pk}" if place.unit else ""
        everywhere = Case.objects.visible_to(request.user)
        asked = CaseFilter(grid=grid.pk, unit=place.unit.pk if place.unit else None)
        return asked.apply(everywhere), str(grid), f"grid={grid.pk}{unit}"
    for name in ("unit", "branch"):
        key = id_of(request, name)
        if key is not None and (name == "branch" or not key):
            everywhere = Case.objects.visible_to(request.user)
            return (*_group(everywhere, name, key), f"{name}={key}")
    return cases, place.label if place.query else "全部", place.query


def _group(cases: CaseQuerySet, grouping: str, key: int) -> tuple[CaseQuerySet, str]:
    """Return the visible cases of a department or branch and its name; 404 when there are none."""
    column = GROUPINGS[grouping]
    found = cases.filter(**({column: key} if key else {f"{column}__isnull": True}))
    if not found.exists():
        raise Http404
    return found, names_of(grouping, [key])[key]
