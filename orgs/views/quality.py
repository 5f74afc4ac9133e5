"""数据质量: what the last round of integrity checks found in the user's area, and the rows of each."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from orgs.models import CheckFinding, CheckRound, OrgUnit
from orgs.paging import keyset_page
from orgs.quality import Asked, Check, Severity, all_checks, check_named
from orgs.roles import SEES
from orgs.scope import can, require
from orgs.services.quality import ask_for_round

NOBODY = "您的角色不能查看数据质量。如有需要，请联系上级管理员。"
LEVELS = {Severity.ERROR: "red", Severity.WARN: "yellow", Severity.INFO: "blue"}
TREND_DAYS = 7
# A user over more streets than this asks for one round over all of them.
MOST_STREETS = 20


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Per check the count in the user's area, worst first, with its list and how it moved."""
    user: Any = request.user
    mine = [one for one in all_checks() if can(user, one.of.noun, SEES)]
    if not mine:
        raise PermissionDenied(NOBODY)
    streets = _streets(user)
    progress = _progress(streets)
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    if asked_by_htmx:
        if progress is None:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "orgs/quality_progress.html", {"progress": progress})
    asked = Asked(timezone.localdate())
    last = _last_rounds(streets)
    found = set(CheckFinding.objects.open().values_list("code", flat=True).distinct())
    trend = _Trend(user, streets)
    rows: list[dict[str, Any]] = [
        {
            "check": one,
            "level": LEVELS[one.severity],
            "count": one.listed(asked).visible_to(user).count() if one.code in found else 0,
            "url": reverse("orgs:quality_list", args=[one.code]),
        }
        for one in mine
    ]
    open_rows = [row for row in rows if row["count"]]
    clear_rows = [row for row in rows if not row["count"]]
    for row in open_rows:
        row["trend"] = trend.of(row["check"], row["count"])
    chosen = request.GET.get("severity", "")
    context = {
        "page_title": "数据质量",
        "rows": [row for row in open_rows if chosen in ("", row["check"].severity)],
        "chosen": chosen,
        "passed": [row for row in clear_rows if _ran(row["check"], last)],
        "unchecked": [row for row in clear_rows if not _ran(row["check"], last)],
        "shows_trend": trend.before is not None,
        "last": max(last.values(), default=None),
        "progress": progress,
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
    check = _check(user, code)
    streets = _streets(user)
    last = _last_rounds(streets)
    found = check.listed(Asked(timezone.localdate())).visible_to(user)
    count = found.count()
    page = keyset_page(check.of.prepare(found, user), request, check.of.order, count=count)
    context = {
        "page_title": check.title,
        "check": check,
        "last": max((last[one] for one in ("", code) if one in last), default=None),
        "progress": _progress(streets),
        "level": LEVELS[check.severity],
        "page": page,
        "rows": [_line(check, row) for row in page.rows],
    }
    return render(request, "orgs/quality_list.html", context)


@login_required
@require_POST
def check_again(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for a round over the user's streets, by all checks or one; back to where it was asked."""
    user: Any = request.user
    if code:
        _check(user, code)
    elif not any(can(user, one.of.noun, SEES) for one in all_checks()):
        raise PermissionDenied(NOBODY)
    streets = list(OrgUnit.objects.streets_of(user)[: MOST_STREETS + 1])
    for street in streets if len(streets) <= MOST_STREETS else [None]:
        ask_for_round(street=street, by=user, code=code)
    messages.success(request, "已开始检查，完成后这里自动更新。可以离开这个页面。")
    return redirect("orgs:quality_list", code) if code else redirect("orgs:quality")


def _check(user: Any, code: str) -> Check:
    check = check_named(code)
    if check is None:
        raise Http404
    require(user, check.of.noun, SEES)
    return check


def _streets(user: Any) -> list[int]:
    return list(OrgUnit.objects.streets_of(user).values_list("pk", flat=True))


def _progress(streets: list[int]) -> dict[str, int] | None:
    """How far the rounds under way are; None when none is."""
    rounds = CheckRound.objects.unfinished().of_streets(streets)
    sums = rounds.aggregate(rounds=Max("pk"), done=Sum("done"), total=Sum("total"))
    if sums["rounds"] is None:
        return None
    total = sums["total"] or 0
    return {"done": sums["done"], "total": total, "percent": 100 * sums["done"] // max(1, total)}


def _last_rounds(streets: list[int]) -> dict[str, datetime]:
    """When each check ran last here; the key "" stands for all of them."""
    rounds = CheckRound.objects.of_streets(streets).filter(state=CheckRound.State.DONE)
    rows = rounds.order_by().values_list("code").annotate(last=Max("finished_at"))
    return {code: last for code, last in rows if last is not None}


def _ran(check: Check, last: dict[str, datetime]) -> bool:
    """A check that never ran says nothing about the rows."""
    return "" in last or check.code in last


class _Trend:
    """How each count moved since the last whole round at least a week ago, in the user's area."""

    def __init__(self, user: Any, streets: list[int]) -> None:
        week = timezone.now() - timedelta(days=TREND_DAYS)
        rounds = CheckRound.objects.of_streets(streets).filter(
            state=CheckRound.State.DONE, code="", finished_at__lte=week
        )
        self.user = user
        self.before = rounds.aggregate(last=Max("finished_at"))["last"]
        self._moved: set[str] = set()
        if self.before is not None:
            since = Q(found_at__gt=self.before) | Q(gone_at__gt=self.before)
            moved = CheckFinding.objects.filter(since)
            self._moved = set(moved.values_list("code", flat=True).distinct())

    def of(self, check: Check, count: int) -> str:
        """Return how the count moved; a check where nothing changed is not counted again."""
        if self.before is None:
            return ""
        if check.code not in self._moved:
            return _move(0)
        return _move(count - check.listed_at(self.before).visible_to(self.user).count())


def _line(check: Check, row: Any) -> dict[str, str]:
    subject = check.of
    return {"label": subject.label(row), "place": subject.place(row), "url": subject.url(row)}


def _move(change: int) -> str:
    if not change:
        return "持平"
    return f"增加 {change}" if change > 0 else f"减少 {-change}"
