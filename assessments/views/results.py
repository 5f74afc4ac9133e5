"""结果运用: subsidies, whom to commend and whom to talk to, from results that stand."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments.models import QuarterAssessment
from assessments.scoring import Grade
from assessments.views.quarters import asked_quarter
from assessments.workflow import Status
from gridparty.lib.periods import Quarter
from grids.models import GridTeamMember
from orgs.audit import describe_actions, record
from orgs.roles import Role
from orgs.workbook import Columns
from residents.views.files import as_workbook

describe_actions(assessment__subsidies="导出考核补贴表")
COLUMNS: Columns = (
    ("序号", 6), ("网格", 18), ("社区", 18), ("总分", 10), ("等级", 8), ("网格长", 12),
    ("任职天数", 10), ("补贴（元）", 12),
)  # fmt: skip


@dataclass(frozen=True)
class Share:
    """A head's part of a grid's subsidy: by the days he served in the quarter, in whole yuan."""

    row: QuarterAssessment
    name: str
    days: int
    of: int
    yuan: int


@login_required
@never_cache
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    visible, known, quarter = asked_quarter(request)
    rows = list(_standing(visible, quarter))
    shares = shares_of(rows, quarter)
    context = {
        "page_title": "结果运用",
        "quarter": quarter,
        "known": [(text, Quarter.parse(text).label) for text in known],
        "shares": shares,
        "total": sum(share.yuan for share in shares),
        "commended": [row for row in rows if row.grade == Grade.EXCELLENT],
        "talks": [row for row in rows if row.grade == Grade.FAIL],
        "ungraded": [row for row in rows if not row.grade],
        "export_url": f"{reverse('assessments:subsidies')}?quarter={quarter}",
    }
    return render(request, "assessments/results.html", context)


def _standing(visible: Any, quarter: Quarter) -> Any:
    """Return what is final: nobody is paid or praised by a draft."""
    final = visible.filter(quarter=str(quarter), status__in=(Status.FINAL, Status.APPLIED))
    return final.for_list()


def shares_of(rows: list[QuarterAssessment], quarter: Quarter) -> list[Share]:
    """Return who gets what: the grid's amount shared by days between the heads of the quarter.

    Who died in office or left keeps his days; a grid without a head has a line of its own, unpaid.
    """
    last = quarter.end_day - timedelta(days=1)
    heads: dict[int, list[tuple[str, int]]] = defaultdict(list)
    serving = GridTeamMember.objects.filter(
        grid__in=[row.grid_id for row in rows], slot__role=Role.GRID_HEAD, start__lte=last
    ).exclude(end__lt=quarter.first_day)
    for member in serving.select_related("person").order_by("start", "id"):
        first = max(member.start, quarter.first_day)
        until = min(member.end or last, last)
        heads[member.grid_id].append((member.person.name, (until - first).days + 1))
    whole = (quarter.end_day - quarter.first_day).days
    shares = []
    for row in rows:
        amount = row.scheme.subsidy(row.grade)
        for name, days in heads.get(row.grid_id) or [("（没有网格长）", 0)]:
            shares.append(Share(row, name, days, whole, amount * days // whole))
    return shares


@login_required
@require_GET
def subsidies(request: HttpRequest) -> FileResponse:
    """The subsidy list as a workbook, with a line for the signatures."""
    user: Any = request.user
    visible, _, quarter = asked_quarter(request)
    shares = shares_of(list(_standing(visible, quarter)), quarter)
    record(
        by=user, action="assessment.subsidies", target=QuarterAssessment,
        detail={"quarter": str(quarter), "rows": len(shares)},
    )  # fmt: skip
    cells: list[list[Any]] = [
        [
            number, str(one.row.grid), str(one.row.community), one.row.total,
            one.row.get_grade_display() or "样本不足", one.name, one.days, one.yuan,
        ]
        for number, one in enumerate(shares, start=1)
    ]  # fmt: skip
    cells.append(["", "合计", "", "", "", "", "", sum(one.yuan for one in shares)])
    title = f"{quarter.label}网格考核补贴表"
    return as_workbook(title, COLUMNS, cells, user=user, day=timezone.localdate())
