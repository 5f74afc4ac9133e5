"""The dashboard of every level."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from assessments.dashboard import Place, counts, default_place, lines, rates, trend
from assessments.indicators import Period
from cases.models import Case
from gridparty.lib.periods import Month, read_period
from gridparty.lib.text import row_id
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.roles import VIEW, Noun
from orgs.scope import require


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    require(request.user, Noun.CASE, VIEW)
    require(request.user, Noun.ASSESSMENT, VIEW)
    now = timezone.now()
    month, this_month = _month(request), Month.of(now)
    place = place_of(request)
    cases = place.narrow().apply(Case.objects.visible_to(request.user), now=now)
    context = {
        "page_title": "看板",
        "place": place,
        "month": month,
        "previous_url": place_url(place, month.previous()),
        "next_url": place_url(place, month.next()) if month < this_month else "",
        "now": now,
        "counts": counts(Case.objects.visible_to(request.user), place, month, now),
        "rates": rates(cases, place, month, now),
        "lines": lines(cases, place, month, now),
        "trend": trend(cases, now),
        "crumbs": _crumbs(request, place, month),
    }
    return render(request, "assessments/dashboard.html", context)


def period_of(request: HttpRequest) -> Period:
    """Return the month or quarter asked for, this month by default; 404 for what is none."""
    text = request.GET.get("month", "")
    if not text:
        return Month.of(timezone.now())
    try:
        period = read_period(text)
    except ValueError as error:
        raise Http404(str(error)) from error
    if period.start > timezone.now():
        raise Http404
    return period


def _month(request: HttpRequest) -> Month:
    period = period_of(request)
    if not isinstance(period, Month):
        raise Http404
    return period


def id_of(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    number = row_id(text)
    if text and number is None:
        raise Http404
    return number


def place_of(request: HttpRequest) -> Place:
    user: Any = request.user
    cases = Case.objects.visible_to(user)
    # Departments see no tree, but the streets and communities of their cases.
    mine = Q(pk__in=OrgUnit.objects.visible_to(user).values("pk"))
    named = Q(pk__in=cases.values("street")) | Q(pk__in=cases.values("community"))
    nodes = OrgUnit.objects.filter(mine | named, tier__in=(Tier.STREET, Tier.COMMUNITY))
    node_id = id_of(request, "node")
    if node_id is not None:
        return Place(get_object_or_404(nodes, pk=node_id))
    return default_place(user, nodes)


def place_url(place: Place, month: Period) -> str:
    """Return the dashboard's address; a quarter's is that of its last month."""
    month = month if isinstance(month, Month) else month.months[-1]
    return f"/dashboard/?month={month}" + (f"&{place.query}" if place.node else "")


def _crumbs(request: HttpRequest, place: Place, month: Month) -> list[dict[str, str]]:
    if place.node is None:
        return []
    above = place.node.get_ancestors().visible_to(request.user)
    crumbs = [{"label": str(node), "url": place_url(Place(node), month)} for node in above]
    return [*crumbs, {"label": str(place.node), "url": ""}] if crumbs else []
