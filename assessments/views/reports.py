"""报表: the quarter's report, a grid's 一表通; each as a page, as Word and as Excel by its template."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments.dashboard import Figure
from assessments.forms.reports import QuarterReportForm
from assessments.models import QuarterAssessment, ReportTemplate
from assessments.reports.common import URL
from assessments.reports.grid import grid_facts
from assessments.reports.kinds import GRID, QUARTER, ReportKind
from assessments.reports.quarter import quarter_facts
from assessments.services.templates import template_for
from assessments.views.dashboard import period_of
from assessments.views.files import MEDIA, report_file
from assessments.views.quarters import ranks_of
from cases.filters import CaseFilter
from gridparty.lib.filling import Facts
from gridparty.lib.filling.fields import put
from gridparty.lib.periods import Month, Period, Quarter, Year
from grids.models import Grid
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.roles import SEES, VIEW, Noun
from orgs.scope import require


@login_required
@never_cache
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Which reports there are, and by which template each is written."""
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    seen = QuarterAssessment.objects.visible_to(user)
    form: Any = QuarterReportForm(None, rows=seen)
    context = {
        "page_title": "报表",
        "form": form,
        "has_quarters": form.fields["node"].queryset.exists(),
        "grid_count": _grids(user).count(),
    }
    return render(request, "assessments/reports.html", context)


@login_required
@never_cache
@require_GET
def quarter_report(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    seen = QuarterAssessment.objects.visible_to(user)
    form = QuarterReportForm(request.GET, rows=seen)
    if not form.is_valid():
        raise Http404("没有这个季度的考核。")
    node: OrgUnit = form.cleaned_data["node"]
    quarter, now = Quarter.parse(form.cleaned_data["quarter"]), timezone.now()
    column = "street" if node.tier == Tier.STREET else "community"
    of_quarter = seen.filter(quarter=str(quarter))
    rows = of_quarter.filter(**{column: node})
    if (
        rows.count()
        < QuarterAssessment.objects.filter(quarter=str(quarter), **{column: node}).count()
    ):
        raise PermissionDenied(f"您看不到{node}的全部考核，请选您管理的社区。")
    facts = quarter_facts(rows, ranks_of(of_quarter), node, quarter, user, now)
    listed = f"{reverse('assessments:quarters')}?quarter={quarter}&{column}={node.pk}"
    figures = [
        Figure("网格", facts.single["网格数"], listed, unit="个"),
        Figure("优秀", facts.single["优秀数"], f"{listed}&grade=excellent", unit="个"),
        Figure("不合格", facts.single["不合格数"], f"{listed}&grade=fail", unit="个"),
    ]
    about = {"node": node.pk, "period": str(quarter)}
    return shown_or_file(request, QUARTER, facts, node.get_root(), figures, about)


def _grids(user: Any) -> Any:
    return Grid.objects.where_may(user, Noun.ASSESSMENT, SEES).live()


@login_required
@never_cache
@require_GET
def grid_reports(request: HttpRequest) -> HttpResponse:
    """The grids a 一表通 can be made of, with a search."""
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    asked = request.GET.get("q", "").strip()[:60]
    found = _grids(user).matching(asked) if asked else _grids(user)
    rows = found.select_related("community")
    context = {
        "page_title": "网格工作一表通",
        "q": asked,
        "page": keyset_page(rows, request, ("code",), count=found.count()),
    }
    return render(request, "assessments/report_grids.html", context)


@login_required
@never_cache
@require_GET
def grid_report(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    rows = _grids(user).select_related("community", "street", "party_branch", "team_template")
    grid = get_object_or_404(rows, pk=pk)
    period, now = period_of(request), timezone.now()
    facts = grid_facts(grid, period, user, now, file="file" in request.GET)
    at = CaseFilter(grid=grid.pk)
    figures = [
        Figure(name, facts.single[f"{name}件数"], at.but(by=by, month=str(period)).url())
        for name, by in (("上报", "created"), ("到期", "due"), ("销号", "closed"))
    ]
    figures.append(Figure("未结", facts.single["未结件数"], at.but(stage="open").url()))
    figures.append(Figure("还要问的", facts.single["待问数"], "#待问", unit="项"))
    kinds = [
        {"label": f"按{label}", "url": f"?month={one}", "active": type(one) is type(period)}
        for label, one in _around(period)
    ]
    about = {"grid": grid.pk, "period": str(period)}
    return shown_or_file(request, GRID, facts, grid.street, figures, about, kinds=kinds)


def _around(period: Period) -> Iterable[tuple[str, Period]]:
    """Return the month, quarter and year a report can be switched to: those of its first day."""
    day = period.first_day
    return ("月", Month.of(day)), ("季", Quarter.of(day)), ("年", Year.of(day))


def shown_or_file(
    request: HttpRequest, kind: ReportKind, facts: Facts, street: OrgUnit | None,
    figures: list[Figure], about: dict[str, Any], **context: Any,
) -> HttpResponse:  # fmt: skip
    """Return the report as a page, or (`?file=`) as a file by the template in use."""
    wanted = request.GET.get("file", "")
    if wanted in MEDIA:
        return report_file(request, kind, facts, street, wanted, about)
    if wanted:
        raise Http404
    query = request.GET.copy()
    files = []
    for one in ReportTemplate.Kind:
        query["file"] = one.value
        used = template_for(kind.code, one.value, street)
        words = f"第 {used.version} 版模板" if used else "默认模板"
        files.append({"label": one.label, "url": f"?{query.urlencode()}", "template": words})
    context |= {
        "page_title": facts.single["标题"],
        "as_of": facts.single["截至"],
        "figures": figures,
        "words": [put(said, facts.value) for said in kind.words],
        "tables": [_table(name, kind, facts) for name in kind.lists],
        "files": files,
    }
    return render(request, "assessments/report.html", context)


def _table(name: str, kind: ReportKind, facts: Facts) -> dict[str, Any]:
    columns = list(kind.lists[name].columns)
    rows = [
        {"url": entry.get(URL), "cells": [(column, entry[column]) for column in columns]}
        for entry in facts.lists[name]
    ]
    title = "名称" if "名称" in columns else columns[0]
    about = kind.lists[name].about
    return {"name": name, "about": about, "columns": columns, "title": title, "rows": rows}
