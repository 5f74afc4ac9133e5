"""数据质量: what the integrity checks find in the user's area, and the rows of each."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from orgs.models import CheckCount
from orgs.paging import keyset_page
from orgs.quality import Asked, Check, Severity, all_checks, check_named
from orgs.roles import SEES
from orgs.scope import can, require

NOBODY = "您的角色不能查看数据质量。如有需要，请联系上级管理员。"
LEVELS = {Severity.ERROR: "red", Severity.WARN: "yellow", Severity.INFO: "blue"}
TREND_DAYS = 7


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Per check the count in the user's area, worst first, with its list and how it moved."""
    user: Any = request.user
    mine = [one for one in all_checks() if can(user, one.of.noun, SEES)]
    if not mine:
        raise PermissionDenied(NOBODY)
    asked = Asked(timezone.localdate())
    trend = _trend(user, asked.day)
    rows = [
        {
            "check": one,
            "level": LEVELS[one.severity],
            "count": one.listed(asked).visible_to(user).count(),
            "url": reverse("orgs:quality_list", args=[one.code]),
            "trend": trend.get(one.code, trend.get("", "")),
        }
        for one in mine
    ]
    ran = set(_nights().values_list("code", flat=True))
    open_rows = [row for row in rows if row["count"]]
    clear_rows = [row for row in rows if not row["count"]]
    chosen = request.GET.get("severity", "")
    context = {
        "page_title": "数据质量",
        "rows": [row for row in open_rows if chosen in ("", row["check"].severity)],
        "chosen": chosen,
        "passed": [row for row in clear_rows if _has_run(row["check"], ran)],
        "unchecked": [row for row in clear_rows if not _has_run(row["check"], ran)],
        "shows_trend": bool(trend),
        "severities": [
            {
                "label": severity.label, "level": LEVELS[severity],
                "url": f"{reverse('orgs:quality')}?severity={severity}",
                "count": sum(row["count"] for row in open_rows if row["check"].severity == severity),
            }
            for severity in Severity
        ],
    }  # fmt: skip
    return render(request, "orgs/quality.html", context)


@login_required
@never_cache
@require_GET
def findings(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind one count."""
    user: Any = request.user
    check = check_named(code)
    if check is None:
        raise Http404
    require(user, check.of.noun, SEES)
    found = check.listed(Asked(timezone.localdate())).visible_to(user)
    count = found.count()
    page = keyset_page(check.of.prepare(found, user), request, check.of.order, count=count)
    context = {
        "page_title": check.title,
        "check": check,
        "night": _nights().filter(code=code).aggregate(day=Max("day"))["day"],
        "level": LEVELS[check.severity],
        "page": page,
        "rows": [_line(check, row) for row in page.rows],
    }
    return render(request, "orgs/quality_list.html", context)


def _nights() -> Any:
    """The rows that mark a nightly check as run: a day and a code, shown without their numbers."""
    return CheckCount.objects.filter(community=None)


def _has_run(check: Check, ran: set[str]) -> bool:
    """A live check has just run; a nightly one without a night says nothing about the rows."""
    return not check.nightly or check.code in ran


def _line(check: Check, row: Any) -> dict[str, str]:
    subject = check.of
    return {"label": subject.label(row), "place": subject.place(row), "url": subject.url(row)}


def _trend(user: Any, day: date) -> dict[str, str]:
    """Return how each check moved between the last night and the one a week before.

    The key "" stands for checks without a row in either night; {} when there is nothing to
    compare, or when the user is placed over no whole community.
    """
    nights = CheckCount.objects.filter(day__lte=day)
    last = nights.order_by("-day").values_list("day", flat=True).first()
    before = last and (
        nights.filter(day__lte=last - timedelta(days=TREND_DAYS))
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    mine = CheckCount.objects.visible_to(user)
    if not last or not before or not mine.exists():
        return {}
    sums = (
        mine.filter(day__in=[last, before])
        .order_by()
        .values_list("code", "day")
        .annotate(total=Sum("count"))
    )
    counted: dict[str, dict[date, int]] = {}
    for code, night, total in sums:
        counted.setdefault(code, {})[night] = total
    moves = {code: _move(days.get(last, 0) - days.get(before, 0)) for code, days in counted.items()}
    return moves | {"": _move(0)}


def _move(change: int) -> str:
    if not change:
        return "持平"
    return f"增加 {change}" if change > 0 else f"减少 {-change}"
