"""单位看板: a unit's joint work, its members, its pairings, and its cases where it handles some."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments.dashboard import Place, counts, rates
from assessments.unitboard import DIMENSIONS, unit_board
from assessments.views.dashboard import place_url, tally_of
from cases.models import Case
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Quarter, Year, read_period
from orgs.models import Unit
from orgs.paging import keyset_page
from orgs.roles import SEES, VIEW, Noun
from orgs.scope import can, require
from partybuilding.axes import rings, shape_of


@login_required
@never_cache
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The units the user knows, with a search; each has a dashboard."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    asked = request.GET.get("q", "").strip()[:40]
    rows = Unit.objects.visible_to(user).filter(is_active=True)
    rows = rows.filter(name__icontains=asked) if asked else rows
    page = keyset_page(rows.select_related("street"), request, ("name", "id"), count=rows.count())
    return render(
        request, "assessments/units.html", {"page_title": "单位看板", "q": asked, "page": page}
    )


@login_required
@never_cache
@require_GET
def unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    unit = get_object_or_404(Unit.objects.visible_to(user), pk=pk)
    now = timezone.now()
    period = _asked_period(request, now)
    board = unit_board(unit, period, user, local_date(now))
    day = local_date(now) if period.end > now else period.first_day  # never in the future
    context: dict[str, Any] = {
        "page_title": f"{unit}看板",
        "unit": unit,
        "period": period,
        "now": now,
        "board": board,
        "dimensions": [str(one.label) for one in DIMENSIONS],
        "axes": board.axes,
        "shape": shape_of(board.axes),
        "rings": rings(),
        "kinds": [
            {"label": label, "url": f"?month={one}", "active": type(one) is type(period)}
            for label, one in (("季", Quarter.of(day)), ("年", Year.of(day)))
        ],
        "previous_url": f"?month={period.previous()}",
        "next_url": f"?month={period.next()}" if period.end <= now else "",
        "all_url": reverse("assessments:units") if Unit.objects.visible_to(user)[:2].count() > 1 else "",
    }  # fmt: skip
    if can(user, Noun.CASE, VIEW) and can(user, Noun.ASSESSMENT, VIEW):
        context |= _cases(unit, period, user, now)
    return render(request, "assessments/unit.html", context)


def _asked_period(request: HttpRequest, now: Any) -> Quarter | Year:
    """Return the quarter or year asked for, this quarter by default; 404 for what is none."""
    text = request.GET.get("month", "")
    try:
        period = read_period(text) if text else Quarter.of(now)
    except ValueError as error:
        raise Http404(str(error)) from error
    if not isinstance(period, Quarter | Year) or period.start > now or period.year < 1910:
        raise Http404
    return period


def _cases(unit: Unit, period: Quarter | Year, user: Any, now: Any) -> dict[str, Any]:
    """Return what the cases it leads come to; nothing for a unit that leads none the user sees."""
    if not Case.objects.visible_to(user).filter(lead_unit=unit).exists():
        return {}
    place = Place(None, unit)
    tally, _ = tally_of(user, place, period, now)
    return {
        "counts": counts(tally, place),
        "rates": rates(tally, place),
        "cases_url": place_url(place, period),
    }
