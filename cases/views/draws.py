"""抽样与复算: each month's seed and commitment, each grid's draw, and whether it can be replayed."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.models import Revisit, RevisitDraw, RevisitSeed
from cases.replay import replay_month
from cases.revisits import draw_month
from cases.scope import STREET_ROLES
from gridparty.lib.periods import Month
from orgs.roles import Noun
from orgs.scope import grants_with, require

SHOWN = 300
MAKE_UP_MONTHS = 6


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
        "may_draw": _may_draw(user),
        "drawable": [str(one) for one in _drawable(timezone.now())],
        "faults": replay_month(Month.parse(month), rows) if rows else [],
    }
    return render(request, "cases/draws.html", context)


def _may_draw(user: Any) -> bool:
    return any(grant.role in STREET_ROLES for grant in grants_with(user, Noun.REVISIT, "EA"))


def _drawable(now: datetime) -> list[Month]:
    """Return the finished months a missed draw can be made up for, newest first."""
    months = [Month.of(now).previous()]
    while len(months) < MAKE_UP_MONTHS:
        months.append(months[-1].previous())
    return months


@login_required
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """补跑: draw a finished month by hand; what is drawn already stays as it is."""
    user: Any = request.user
    require(user, Noun.REVISIT, "VE")
    if not _may_draw(user):
        raise PermissionDenied("补跑由街道党工委或街道指挥中心操作，您不能操作。")
    month = next(
        (one for one in _drawable(timezone.now()) if str(one) == request.POST.get("month")), None
    )
    if month is None:
        messages.error(request, "请从列出的月份里选一个再补跑。")
        return redirect("cases:draws")
    made = draw_month(month, by=user).created
    said = f"新增回访 {made} 件" if made else "没有遗漏，样本没有变"
    messages.success(request, f"{month.label}已补跑：{said}。")
    response = redirect("cases:draws")
    response["Location"] += f"?month={month}"
    return response
