"""The dispatch desk: the list of cases, its quick tabs with counts, and its export."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.exports import CHUNK, MAX_ROWS, as_download
from cases.filters import PERIODS, STAGES, CaseFilter, light_q
from cases.forms.desk import DeskFilterForm
from cases.lines import LineRow, line_rows, lines
from cases.models import Case
from cases.querysets import CaseQuerySet
from cases.routing import routes_of
from cases.rows import CaseRow, case_row, listed
from cases.scope import COMMUNITY_ROLES, STREET_ROLES, streets_served, waiting_q
from cases.upper_querysets import upper_grants
from cases.views.back import remember_list
from cases.views.ledger import refused
from cases.workflow import OPEN, TO_DISPATCH
from gridparty.lib.china_time import local, local_date
from gridparty.lib.periods import read_period
from gridparty.lib.text import row_id
from orgs import audit
from orgs.paging import Page, count_up_to, keyset_page
from orgs.roles import EDIT, STATS, Noun
from orgs.scope import can, has_role, require
from orgs.workdays import work_calendar


@login_required
@never_cache
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The list; bad filters are named at their field, with an empty list and status 400."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    form = DeskFilterForm(request.GET, user=user)
    form.drop_idle_selects()
    context = {
        "page_title": "事项", "form": form, "can_report": can(user, Noun.CASE, "C"),
        "is_centre": bool(streets_served(user)), "is_upper": bool(upper_grants(user)),
        "can_look": can(user, Noun.CASE, EDIT + STATS),
    }  # fmt: skip
    if not form.is_valid():
        return render(request, "cases/desk.html", {**context, "page": Page([])}, status=400)
    now, calendar, asked = timezone.now(), work_calendar(), form.to_filter()
    tabs = _tabs(asked, user, now)
    count = next((tab["count"] for tab in tabs if tab["active"]), None)
    cases = asked.apply(Case.objects.visible_to(user), user=user, now=now)
    if count is None:
        count = count_up_to(cases)
    page = keyset_page(lines(cases), request, count=count)
    remember_list(request, _address(asked, request))
    context |= {
        "page": page,
        "rows": _with_hints(line_rows(page.rows, now, calendar), user, now),
        "tabs_of_desk": tabs,
        "filter": asked,
        "all_districts_url": asked.but(district="").url(),
        "now": now,
        "export_url": asked.url("cases:export") if can(user, Noun.CASE, EDIT + STATS) else "",
    }
    return render(request, "cases/desk.html", context)


def _with_hints(rows: list[LineRow], user: Any, now: datetime) -> list[LineRow]:
    """Tell those who dispatch which unit the routing rules suggest for what waits (one query)."""
    if not has_role(user, *COMMUNITY_ROLES, *STREET_ROLES):
        return rows
    waiting = [row.case for row in rows if row.case.status in TO_DISPATCH]
    routes = routes_of(waiting, local_date(now))
    return [
        replace(row, hint=routes[row.case.pk].rule.unit.name) if row.case.pk in routes else row
        for row in rows
    ]


def _address(asked: CaseFilter, request: HttpRequest) -> str:
    """Return the address of this page of the list, from what was understood of the query only."""
    url = asked.url()
    for name in ("before", "after"):
        key = row_id(request.GET.get(name, ""))
        if key is not None:
            return f"{url}{'&' if asked.query else '?'}{name}={key}"
    return url


def _tabs(asked: CaseFilter, user: Any, now: datetime) -> list[dict[str, Any]]:
    """Return the quick tabs: each shows the count of exactly the list it links to."""
    base = asked.but(stage="", status="", light="", mine=False)
    cases = base.apply(Case.objects.visible_to(user), user=user, now=now)
    # By status, so that most tabs are sums in memory: each count with a condition costs the database.
    by_status = {
        status: counts
        for status, *counts in cases.open().order_by().values_list("status").annotate(
            all=Count("pk"),
            mine=Count("pk", filter=waiting_q(user)),
            red=Count("pk", filter=light_q("red", now)),
        )
    }  # fmt: skip

    def total(column: int, statuses: Iterable[str] = OPEN) -> int:
        return sum(by_status[status][column] for status in statuses if status in by_status)

    tabs = [
        ("待我办理", base.but(mine=True), total(1)),
        *((stage.label, base.but(stage=stage.key), total(0, stage.statuses)) for stage in STAGES),
        ("超时", base.but(light="red"), total(2)),
        ("未结", base.but(stage="open"), total(0)),
        ("全部", base, count_up_to(cases)),
    ]
    return [
        {
            "label": label,
            "url": narrowed.url(),
            "count": count,
            "active": narrowed == asked,
            "alarm": label == "超时" and count != 0,
        }
        for label, narrowed, count in tabs
    ]


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list as shown, as a workbook; recorded with the filter and the number of rows."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    if not can(user, Noun.CASE, EDIT + STATS):
        raise PermissionDenied("您的角色不能导出事项。如有需要，请联系上级管理员。")
    form = DeskFilterForm(request.GET, user=user)
    if not form.is_valid():
        return refused("筛选条件有误，请回到事项列表检查后再导出。")
    now, asked = timezone.now(), form.to_filter()
    cases = listed(asked.apply(Case.objects.visible_to(user), user=user, now=now))
    count = cases.count()
    if count > MAX_ROWS:
        return refused(f"共 {count} 条，一次最多导出 {MAX_ROWS} 条，请按月份或社区缩小范围。")
    audit.record(
        by=user, action="case.export", target=Case,
        detail={"rows": count, "filter": {**asdict(asked), "q": bool(asked.q)}},
    )  # fmt: skip
    return as_download(
        _all_rows(cases, now), name=f"事项台账-{local(now):%Y%m%d-%H%M}.xlsx", title="网格事项台账",
        period=_period(asked, now), maker=user.display_name,
    )  # fmt: skip


def _all_rows(cases: CaseQuerySet, now: datetime) -> Iterator[CaseRow]:
    calendar = work_calendar()
    for case in cases.iterator(chunk_size=CHUNK):
        yield case_row(case, now, calendar)


def _period(asked: CaseFilter, now: datetime) -> str:
    """Return what the title row calls 统计时段."""
    if asked.month:
        label = dict(PERIODS)[asked.by or "created"]
        return f"{read_period(asked.month).label}（按{label}时间）"
    return f"截至 {local(now):%Y年%m月%d日 %H:%M}"
