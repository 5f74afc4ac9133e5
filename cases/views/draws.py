"""抽样与复算: each month's seed and commitment, each grid's draw, and whether it can be replayed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.models import Revisit, RevisitDraw, RevisitSeed
from cases.replay import replay_month
from gridparty.lib.periods import Month
from orgs.roles import Noun
from orgs.scope import require

SHOWN = 300


@login_required
@never_cache
@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """The draws in view of one month, the newest unless another is asked for."""
    user: Any = request.user
    require(user, Noun.REVISIT, "VE")
    seen = RevisitDraw.objects.filter(
        pk__in=Revisit.objects.visible_to(user).values("draw_id")
    ).select_related("grid__community")
    months = list(seen.order_by("-month").values_list("month", flat=True).distinct()[:24])
    wanted = request.GET.get("month", "")
    month = wanted if wanted in months else (months[0] if months else "")
    rows = list(seen.filter(month=month).order_by("grid__code")[:SHOWN]) if month else []
    context = {
        "page_title": "抽样与复算",
        "months": months,
        "month": month,
        "rows": rows,
        "count": seen.filter(month=month).count() if month else 0,
        "sampled": sum(len(row.case_nos) for row in rows),
        "seed": RevisitSeed.objects.filter(month=month).first() if month else None,
        "next_seed": RevisitSeed.objects.filter(seed="").order_by("-month").first(),
        "faults": replay_month(Month.parse(month), rows) if rows else [],
    }
    return render(request, "cases/draws.html", context)
