"""The dashboard of every level, its export, and its form for a wall."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments.dashboard import Figure, Place, counts, default_place, hot, lines, rates
from assessments.models import QuarterAssessment, RollupCell, SavedView
from assessments.reports.board import board_facts
from assessments.reports.kinds import DASHBOARD
from assessments.services.views import address_of
from assessments.tallies import Tally, by_day, live, rolled, rollups_of
from assessments.views.files import MEDIA, report_file
from assessments.workflow import FROZEN
from assessments.zeros import four_zeros
from cases.models import Case
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month, Period, Quarter, Span, Year, read_period
from gridparty.lib.text import row_id
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, Region, Unit
from orgs.roles import EDIT, SEES, STATS, VIEW, Noun
from orgs.scope import can, grants_with, require
from orgs.workbook import Columns
from residents.views.files import as_workbook

describe_actions(dashboard__export="导出看板")
# So many grids at each end of a ranking.
SHOWN = 3
COLUMNS_FIRST: Columns = (("名称", 24), ("周期", 14))
# A wall is read from afar and left alone: it fetches itself anew.
WALL_SECONDS = 300
# Periods know no year before 1900, and a period is set against the one before and the year before.
FIRST_YEAR = 1910


def asked_badly(request: HttpRequest) -> str:
    """Return the sentence on two days that make no period, "" when they do."""
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    if not first and not last:
        return ""
    if not first or not last:
        return "请把开始日期和结束日期都填上。"
    try:
        span = Span.parse(f"{first}..{last}")
    except ValueError as error:
        return f"{error}。"
    if span.first_day.year < FIRST_YEAR:
        return f"开始日期太早，请选 {FIRST_YEAR} 年以后的日期。"
    return "开始日期还没到，请选今天或以前的日期。" if span.start > timezone.now() else ""


@login_required
@never_cache
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """One place in one period; `?wall=1` fills a screen on the wall and refreshes itself."""
    user: Any = request.user
    _require(user)
    now = timezone.now()
    if wrong := asked_badly(request):
        messages.warning(request, wrong)
        return redirect(place_url(place_of(request), Month.of(now)))
    saved = list(user.saved_views.all())
    if not request.GET and (address := _default_address(request, saved, now)):
        return redirect(address)
    period, place = period_of(request), place_of(request)
    tally, days = tally_of(user, place, period, now)
    wall, rows = request.GET.get("wall") == "1", lines(tally, place)
    context = {
        "page_title": "看板",
        "place": place,
        "month": period,
        "kinds": _kinds(place, period, now),
        "is_span": isinstance(period, Span),
        "last_day": period.end_day - timedelta(days=1),
        "today": local_date(now),
        "previous_url": place_url(place, period.previous()),
        "next_url": place_url(place, period.next()) if period.end <= now else "",
        "now": now,
        "as_of": tally.as_of,
        "counts": counts(tally, place),
        "rates": rates(tally, place),
        "zeros": zeros_of(tally, place, user, now),
        "hot": hot(tally, place),
        "by_district": bool(rows) and "district=" in rows[0].url,
        "lines": rows,
        "trend": days,
        "trend_rows": list(zip(days["days"], days["created"], days["closed"], strict=True)),
        "crumbs": _crumbs(request, place, period),
        "ranking": _ranking(user, place),
        "may_export": may_export(user),
        "export_url": export_url(place, period),
        "own_url": place_url(place, period),
        "saved": [
            (view, f"{reverse('assessments:dashboard')}?{urlencode(address_of(view, now))}")
            for view in saved
        ],
        "save_url": f"{reverse('assessments:view_save')}?month={period}&{place.query}",
        "refresh": WALL_SECONDS if wall else 0,
    }
    return render(
        request, "assessments/wall.html" if wall else "assessments/dashboard.html", context
    )


def _default_address(request: HttpRequest, saved: list[SavedView], now: datetime) -> str:
    """Return the address the user's dashboard opens with, "" for his own place."""
    for view in saved:
        if view.is_default:
            asked = address_of(view, now)
            try:
                place_from(request.user, asked)
            except Http404:
                messages.warning(request, f"您已看不到常用看板“{view}”的范围，先显示您自己的范围。")
                return ""
            return f"{reverse('assessments:dashboard')}?{urlencode(asked)}"
    return ""


def tally_of(
    user: Any, place: Place, period: Period, now: datetime
) -> tuple[Tally, dict[str, list[Any]]]:
    """Return what is counted at the place and its last thirty days: out of the rollups where they serve."""
    cases = place.narrow().apply(Case.objects.visible_to(user), now=now)
    state = rollups_of(user, now) if place.is_whole else None
    if state is None:
        return live(cases, place.child_column, period, now), by_day(cases, None, now)
    cells = RollupCell.objects.visible_to(user)
    if place.district is not None:
        cells = cells.filter(district=place.district)
    return rolled(cells, state, cases, period, now), by_day(cases, cells, now)


def zeros_of(tally: Tally, place: Place, user: Any, now: datetime) -> list[Figure]:
    """Return the 四零; a department has none."""
    if place.unit is not None:
        return []
    return four_zeros(tally.state("disputes"), place, user, now, tally.homes)


def may_export(user: Any) -> bool:
    return can(user, Noun.CASE, EDIT + STATS)


def _require(user: Any) -> None:
    require(user, Noun.CASE, VIEW)
    require(user, Noun.ASSESSMENT, VIEW)


def _kinds(place: Place, period: Period, now: datetime) -> list[dict[str, Any]]:
    """Return the choice of month, quarter and year that hold the period shown."""
    day = min(period.end_day - timedelta(days=1), local_date(now))
    choices = (("月", Month.of(day)), ("季", Quarter.of(day)), ("年", Year.of(day)))
    return [
        {"label": label, "url": place_url(place, one), "active": type(one) is type(period)}
        for label, one in choices
    ]


def _ranking(user: Any, place: Place) -> dict[str, Any] | None:
    """Return the best and the last grids of the newest published quarter, with how many there are."""
    if place.unit is not None:
        return None
    seen = QuarterAssessment.objects.visible_to(user).filter(status__in=FROZEN)
    here = {}
    if place.node is not None:
        here = {"street" if place.node.tier == Tier.STREET else "community": place.node.pk}
    elif place.district is not None:
        here = {"district": place.district.pk}
    seen = seen.filter(**here)
    newest = seen.order_by("-quarter").values_list("quarter", flat=True).first()
    if newest is None:
        return None
    ranked = list(seen.filter(quarter=newest).enough_samples().for_list().prefetch_related(None))
    if len(ranked) < 2 * SHOWN:
        return None  # too few to set against each other
    return {
        "label": Quarter.parse(newest).label, "n": len(ranked), "best": ranked[:SHOWN],
        "last": ranked[-SHOWN:], "url": f"{reverse('assessments:quarters')}?{urlencode({'quarter': newest, **here})}",
    }  # fmt: skip


def export_url(place: Place, period: Period) -> str:
    return f"{reverse('assessments:dashboard_export')}?month={period}&{place.query}"


@login_required
@require_GET
def dashboard_export(request: HttpRequest) -> FileResponse | HttpResponse:
    """The table of the dashboard as a workbook; `?file=` the whole of it, by its template."""
    user: Any = request.user
    _require(user)
    if not may_export(user):
        raise PermissionDenied("您的角色不能导出看板。如有需要，请联系上级管理员。")
    now, period, place = timezone.now(), period_of(request), place_of(request)
    tally, _ = tally_of(user, place, period, now)
    table = lines(tally, place)
    about = {"period": str(period), **place.asked}
    if wanted := request.GET.get("file", ""):
        if wanted not in MEDIA:
            raise Http404
        shown = {
            "counts": counts(tally, place), "rates": rates(tally, place), "hot": hot(tally, place),
            "zeros": zeros_of(tally, place, user, now),
        }  # fmt: skip
        facts = board_facts(shown, table, place.label, period, user, now)
        street = place.node.get_root() if place.node else None
        return report_file(request, DASHBOARD, facts, street, wanted, about)
    columns = [
        *COLUMNS_FIRST,
        *((figure.label, 12) for figure in (table[0].figures if table else ())),
    ]
    cells = [
        [line.name, period.label, *(_cell(figure) for figure in line.figures)] for line in table
    ]
    record(
        by=user, action="dashboard.export", target=Case,
        detail={**about, "rows": len(cells)},
    )  # fmt: skip
    title = f"{place.label}{period.label}看板"
    return as_workbook(title, columns, cells, user=user, day=local_date(now))


def _cell(figure: Figure) -> Any:
    if figure.unit != "%":
        return figure.value
    return "—" if figure.value is None else f"{figure.value}%（{figure.formula}）"


def period_of(request: HttpRequest) -> Period:
    """Return the month or quarter asked for, this month by default; 404 for what is none."""
    text = request.GET.get("month", "")
    if request.GET.get("from") or request.GET.get("to"):  # two days out of the form
        text = f"{request.GET.get('from', '')}..{request.GET.get('to', '')}"
    if not text:
        return Month.of(timezone.now())
    try:
        period = read_period(text)
    except ValueError as error:
        raise Http404(str(error)) from error
    if period.start > timezone.now() or period.first_day.year < FIRST_YEAR:
        raise Http404
    return period


def id_of(request: HttpRequest, name: str) -> int | None:
    return _id(request.GET, name)


def _id(asked: Mapping[str, str], name: str) -> int | None:
    text = asked.get(name, "")
    number = row_id(text)
    if text and number is None:
        raise Http404
    return number


def place_of(request: HttpRequest) -> Place:
    return place_from(request.user, request.GET)


def place_from(user: Any, asked: Mapping[str, str]) -> Place:
    """Return what an address names, limited to what the user sees; his own place by default."""
    cases = Case.objects.visible_to(user)
    # Departments see no tree, but the streets and communities of their cases.
    mine = Q(pk__in=OrgUnit.objects.visible_to(user).values("pk"))
    named = Q(pk__in=cases.values("street")) | Q(pk__in=cases.values("community"))
    nodes = OrgUnit.objects.filter(mine | named, tier__in=(Tier.STREET, Tier.COMMUNITY))
    node_id, unit = _id(asked, "node"), _unit(user, asked, cases)
    district = _district(user, asked, cases)
    node = get_object_or_404(nodes, pk=node_id) if node_id is not None else None
    if node is None and unit is None and district is None:
        return default_place(user, nodes)
    return Place(node, unit, district)


def _unit(user: Any, asked: Mapping[str, str], cases: Any) -> Unit | None:
    """Return the department asked for: one the user sees, or that leads a case he sees."""
    key = _id(asked, "unit")
    if not key:
        return None
    leading = cases.filter(lead_unit__isnull=False).values("lead_unit")
    seen = Q(pk__in=Unit.objects.visible_to(user).values("pk")) | Q(pk__in=leading)
    found: Unit = get_object_or_404(Unit.objects.filter(seen), pk=key)
    return found


def _district(user: Any, asked: Mapping[str, str], cases: Any) -> Region | None:
    code = asked.get("district", "")
    if not code:
        return None
    grants = grants_with(user, Noun.CASE, SEES)
    wide = any(one.is_everywhere or (one.region_code and code.startswith(one.region_code)) for one in grants)  # fmt: skip
    if not re.fullmatch("[0-9]{6}", code) or not (wide or cases.filter(district=code).exists()):
        raise Http404
    found: Region = get_object_or_404(Region, pk=code)
    return found


def place_url(place: Place, period: Period) -> str:
    """Return the dashboard's address."""
    return f"/dashboard/?month={period}" + (f"&{place.query}" if place.query else "")


def _crumbs(request: HttpRequest, place: Place, month: Period) -> list[dict[str, str]]:
    """Return the way up, with the department kept; from a district to everything."""
    if place.node is None:
        top = [{"label": "全部范围", "url": place_url(Place(None, place.unit), month)}]
        return [*top, {"label": place.label, "url": ""}] if place.district else []
    above = place.node.get_ancestors().visible_to(request.user)
    crumbs = [
        {"label": str(node), "url": place_url(Place(node, place.unit), month)} for node in above
    ]
    return [*crumbs, {"label": str(place.node), "url": ""}] if crumbs else []
