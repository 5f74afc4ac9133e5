"""The dashboard of every level, and the lists behind its rates."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from assessments.dashboard import Place, counts, default_place, lines, rates, rows_url, trend
from assessments.indicators import INDICATORS
from assessments.scoring import rate_percent
from cases.filters import CaseFilter
from cases.models import Case
from cases.querysets import CaseQuerySet
from gridparty.lib.periods import Month
from gridparty.lib.text import row_id
from grids.models import Grid
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.roles import VIEW, Noun
from orgs.scope import require


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    require(request.user, Noun.CASE, VIEW)
    require(request.user, Noun.ASSESSMENT, VIEW)
    now = timezone.now()
    month, this_month = _month(request), Month.of(now)
    place = _place(request)
    cases = place.narrow().apply(Case.objects.visible_to(request.user), now=now)
    context = {
        "page_title": "看板",
        "place": place,
        "month": month,
        "previous_url": _url(place, month.previous()),
        "next_url": _url(place, month.next()) if month < this_month else "",
        "now": now,
        "counts": counts(Case.objects.visible_to(request.user), place, month, now),
        "rates": rates(cases, place, month, now),
        "lines": lines(cases, place, month, now),
        "trend": trend(cases, now),
        "crumbs": _crumbs(request, place, month),
    }
    return render(request, "assessments/dashboard.html", context)


@login_required
def rate_rows(request: HttpRequest, code: str) -> HttpResponse:
    """List the cases a rate counts: all of its denominator, or only hits or misses."""
    require(request.user, Noun.CASE, VIEW)
    require(request.user, Noun.ASSESSMENT, VIEW)
    found = INDICATORS.get(code)
    if found is None:
        raise Http404
    now, month = timezone.now(), _month(request)
    cases, where, query = _rate_scope(request)
    rows = found.rows(month, now)
    counted = rows.of_cases(cases)
    hits = counted.filter(rows.hits)
    shown = {"1": hits, "0": counted.exclude(pk__in=hits.values("pk"))}.get(
        request.GET.get("hit", ""), counted
    )
    keys = shown.values(rows.case or "pk")
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
        "back_url": _url(_place(request), month),
    }
    return render(request, "assessments/rate_rows.html", context)


def _month(request: HttpRequest) -> Month:
    """Return the month asked for, this month by default; 404 for what is no month."""
    text = request.GET.get("month", "")
    if not text:
        return Month.of(timezone.now())
    try:
        month = Month.parse(text)
    except ValueError as error:
        raise Http404(str(error)) from error
    if month > Month.of(timezone.now()):
        raise Http404
    return month


def _id(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    number = row_id(text)
    if text and number is None:
        raise Http404
    return number


def _place(request: HttpRequest) -> Place:
    user: Any = request.user
    cases = Case.objects.visible_to(user)
    # Departments see no tree, but the streets and communities of their cases.
    mine = Q(pk__in=OrgUnit.objects.visible_to(user).values("pk"))
    named = Q(pk__in=cases.values("street")) | Q(pk__in=cases.values("community"))
    nodes = OrgUnit.objects.filter(mine | named, tier__in=(Tier.STREET, Tier.COMMUNITY))
    node_id = _id(request, "node")
    if node_id is not None:
        return Place(get_object_or_404(nodes, pk=node_id))
    return default_place(user, nodes)


def _rate_scope(request: HttpRequest) -> tuple[CaseQuerySet, str, str]:
    """Return the cases in view, the name of the place and its part of the address."""
    cases = Case.objects.visible_to(request.user)
    grid_id = _id(request, "grid")
    if grid_id is not None:
        grid = get_object_or_404(Grid.objects.visible_to(request.user), pk=grid_id)
        return CaseFilter(grid=grid.pk).apply(cases), str(grid), f"grid={grid.pk}"
    place = _place(request)
    name = str(place.node) if place.node else "全部"
    return place.narrow().apply(cases), name, place.query


def _url(place: Place, month: Month) -> str:
    return f"/dashboard/?month={month}" + (f"&{place.query}" if place.node else "")


def _crumbs(request: HttpRequest, place: Place, month: Month) -> list[dict[str, str]]:
    if place.node is None:
        return []
    above = place.node.get_ancestors().visible_to(request.user)
    crumbs = [{"label": str(node), "url": _url(Place(node), month)} for node in above]
    return [*crumbs, {"label": str(place.node), "url": ""}] if crumbs else []
