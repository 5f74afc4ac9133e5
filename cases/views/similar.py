"""What a report page shows before it is sent: open cases that may be the same problem (htmx)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cases.forms.similar import read_report
from cases.models import Case, Category
from cases.rows import place_of
from cases.similar import Report, Similar, hints_for_resident, similar_cases
from cases.suggesting import suggest_categories
from gridparty.lib.text import row_id
from grids.catalog import GridStatus
from grids.models import Grid
from orgs.roles import CREATE, Noun
from orgs.scope import require


def similar_to(case: Case, user: Any) -> list[dict[str, Any]]:
    """Return the open cases like this one that the user may see, as the pages show them."""
    report = Report(case.grid, case.building, case.text, case.category)
    return _shown(
        similar_cases(Case.objects.visible_to(user), report, now=timezone.now(), leave_out=case.pk)
    )


def _shown(found: list[Similar]) -> list[dict[str, Any]]:
    return [{"case": one.case, "reason": one.reason, "place": place_of(one.case)} for one in found]


def suggested_for(data: Any) -> list[Category]:
    """Return the categories that fit what is written, without the one chosen."""
    return suggest_categories(data.get("text", ""), chosen=row_id(data.get("category", "")))


@login_required
@never_cache
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """For the staff's report page. Posted, so that the text stands in no address."""
    require(request.user, Noun.CASE, CREATE)
    report = read_report(request.POST, Grid.objects.visible_to(request.user))
    visible = Case.objects.visible_to(request.user)
    found = similar_cases(visible, report, now=timezone.now()) if report else []
    context = {"similar": _shown(found), "suggested": suggested_for(request.POST)}
    return render(request, "cases/report_help.html", context)


@never_cache
@require_POST
def public_similar(request: HttpRequest) -> HttpResponse:
    """For the residents' report page: what kind, how long ago and how far, never what others wrote."""
    active = Grid.objects.filter(status=GridStatus.ACTIVE)
    report = read_report(request.POST, active, by_code=True)
    hints = hints_for_resident(report, now=timezone.now()) if report else []
    context = {"hints": hints, "suggested": suggested_for(request.POST)}
    return render(request, "cases/similar_public.html", context)
