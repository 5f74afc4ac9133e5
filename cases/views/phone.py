"""The grid leader's phone page: what must be done today, in the order in which it runs out."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.filters import CaseFilter, light_q
from cases.models import Case
from cases.querysets import CaseQuerySet
from cases.rows import case_rows, listed, nearest_due, usual_move
from cases.views.back import remember_list
from orgs.paging import Page, keyset_page
from orgs.roles import Noun
from orgs.scope import can, require
from orgs.workdays import work_calendar

TABS = (("todo", "待办"), ("reported", "我上报的"), ("area", "未结"))
# More than this nobody does in a day; the desk has the whole list.
STREAM = 60


@login_required
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Tabs with counts; "todo" runs by deadline, the others newest first."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    now, calendar = timezone.now(), work_calendar()
    wanted = request.GET.get("tab", "")
    active = wanted if wanted in dict(TABS) else "todo"
    late_only = active == "todo" and request.GET.get("light") == "red"
    lists = {name: _list(name, user) for name, _ in TABS}
    counts = {name: cases.count() for name, cases in lists.items()}
    late = lists["todo"].filter(light_q("red", now))
    if active == "todo":
        page = Page(_by_deadline(late if late_only else lists["todo"], now))
    else:
        page = keyset_page(listed(lists[active]), request, count=counts[active])
    rows = case_rows(page.rows, now, calendar)
    here = reverse("cases:mine")
    remember_list(request, here if active == "todo" else f"{here}?tab={active}")
    context = {
        "page_title": "我的事项",
        "items": [(row, usual_move(row.case, user) if active == "todo" else None) for row in rows],
        "page": page,
        "active": active,
        "tabs_of_page": [
            {"name": name, "label": label, "count": counts[name], "active": name == active}
            for name, label in TABS
        ],
        "total": counts["todo"],
        "late": late.count(),
        "late_only": late_only,
        "is_cut": active == "todo" and counts["todo"] > STREAM,
        "rest_url": CaseFilter(mine=True).url(),
        "can_report": can(user, Noun.CASE, "C"),
        "now": now,
    }
    return render(request, "cases/mine.html", context)


def _list(name: str, user: Any) -> CaseQuerySet:
    cases = Case.objects.visible_to(user)
    if name == "reported":
        return cases.reported_by(user)
    return cases.waiting_for(user) if name == "todo" else cases.open()


def _by_deadline(cases: CaseQuerySet, now: datetime) -> list[Case]:
    """Return the first STREAM cases, the one that runs out next first."""
    nearest = Coalesce("step_due_at", "due_at", "created_at")
    found = list(listed(cases).order_by(nearest, "id")[:STREAM])
    return sorted(found, key=lambda case: nearest_due(case) or now)
