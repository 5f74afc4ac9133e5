"""The quarterly 双百分: the list of a quarter, its export, a street's steps, and the use of results."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assessments.forms.quarters import QuarterFilterForm
from assessments.models import Appeal, QuarterAssessment
from assessments.querysets import QuarterAssessmentQuerySet
from assessments.scoring import Grade
from assessments.services import move_street
from assessments.sides import streets_of
from assessments.workflow import MOVES, Status
from gridparty.lib.periods import Quarter
from gridparty.lib.text import row_id
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit
from orgs.roles import VIEW, Noun
from orgs.scope import require
from orgs.workbook import Columns
from residents.views.files import as_workbook

describe_actions(assessment__export="导出季度考核")
PAGE_SIZE = 100
COLUMNS: Columns = (
    ("名次", 6), ("网格", 18), ("社区", 18), ("网格工作", 10), ("为民服务", 10), ("综合", 10),
    ("总分", 10), ("等级", 8), ("样本", 8), ("状态", 14), ("方案", 24),
)  # fmt: skip
MAX_ROWS = 10_000


@login_required
@never_cache
@require_GET
def quarters(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    visible, known, quarter = asked_quarter(request)
    of_quarter = visible.filter(quarter=str(quarter))
    form = QuarterFilterForm(request.GET, rows=of_quarter)
    found = narrowed(of_quarter, form, user)
    ranks = ranks_of(of_quarter)
    pages = Paginator(found.for_list(), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "page_title": "季度考核",
        "known": [(text, Quarter.parse(text).label) for text in known],
        "quarter": quarter,
        "form": form,
        "filtered": any(form.data.get(name) for name in form.fields),
        "rows": [(ranks.get(row.pk), row) for row in rows],
        "count": pages.count,
        "page": {
            "count": pages.count,
            "previous_url": _page_url(request, page.number - 1) if page.has_previous() else "",
            "next_url": _page_url(request, page.number + 1) if page.has_next() else "",
        },
        "figures": _figures(of_quarter, user, quarter),
        "steps": _steps(user, quarter, of_quarter),
        "computed_at": max((row.computed_at for row in rows if row.computed_at), default=None),
        "export_url": f"{reverse('assessments:quarters_export')}?{_query(request, quarter)}",
    }
    return render(request, "assessments/quarters.html", context)


def asked_quarter(request: HttpRequest) -> tuple[QuarterAssessmentQuerySet, list[str], Quarter]:
    """Return what the user sees, the quarters in it, and the one asked for (the newest)."""
    require(request.user, Noun.ASSESSMENT, VIEW)
    visible = QuarterAssessment.objects.visible_to(request.user)
    known = sorted(visible.order_by().values_list("quarter", flat=True).distinct(), reverse=True)
    last = str(Quarter.of(timezone.now()).previous())
    try:
        quarter = Quarter.parse(request.GET.get("quarter") or (known[0] if known else last))
    except ValueError as error:
        raise Http404(str(error)) from error
    return visible, known, quarter


def narrowed(
    rows: QuarterAssessmentQuerySet, form: QuarterFilterForm, user: Any
) -> QuarterAssessmentQuerySet:
    """Apply the filters that can be read; the same rows stand behind list and export."""
    form.is_valid()
    asked = form.cleaned_data
    if asked.get("q"):
        rows = rows.filter(grid__name__icontains=asked["q"])
    for name in ("district", "street", "community", "status", "grade"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    return rows.waiting_for(user) if asked.get("mine") else rows


def ranks_of(rows: QuarterAssessmentQuerySet) -> dict[int, int]:
    """Return the ranks among all the user sees of a quarter; few samples are not ranked.

    Equal pairs of total and 为民服务 share a rank.
    """
    ranked = rows.enough_samples().order_by()
    pairs = {
        pk: (total or Decimal(0), service or Decimal(0))
        for pk, total, service in ranked.values_list("pk", "total", "public_service")
    }
    places: dict[tuple[Decimal, Decimal], int] = {}
    for place, pair in enumerate(sorted(pairs.values(), reverse=True), start=1):
        places.setdefault(pair, place)
    return {pk: places[pair] for pk, pair in pairs.items()}


def _figures(rows: QuarterAssessmentQuerySet, user: Any, quarter: Quarter) -> list[dict[str, Any]]:
    """Return the counts above the list, each with the list it counts."""
    here = f"{reverse('assessments:quarters')}?quarter={quarter}"
    by_status: dict[str, int] = {}
    by_grade: dict[str, int] = {}
    for status, grade in rows.order_by().values_list("status", "grade"):
        by_status[status] = by_status.get(status, 0) + 1
        by_grade[grade] = by_grade.get(grade, 0) + 1
    mine = rows.waiting_for(user).count()
    appeals = Appeal.objects.open().filter(assessment__in=rows.order_by().values("pk")).count()
    figures = [{"label": "等我处理", "value": mine, "url": f"{here}&mine=on", "level": "yellow"}]
    figures += [
        {"label": status.label, "value": by_status[status], "url": f"{here}&status={status}"}
        for status in Status
        if by_status.get(status)
    ]
    figures += [
        {"label": grade.label, "value": by_grade[grade], "url": f"{here}&grade={grade}"}
        for grade in Grade
        if by_grade.get(grade)
    ]
    appeals_url = f"{reverse('assessments:appeals')}?quarter={quarter}"
    figures.append({"label": "待答复申诉", "value": appeals, "url": appeals_url, "level": "red"})
    return [one for one in figures if one["value"]]


def _steps(user: Any, quarter: Quarter, rows: QuarterAssessmentQuerySet) -> list[dict[str, Any]]:
    """Return the steps the user may take a whole street through now."""
    found = []
    for street in streets_of(user):
        there = set(rows.filter(street=street).order_by().values_list("status", flat=True))
        for move in MOVES.values():
            if move.together and move.side and there and there <= {*move.sources}:
                found.append({"street": street, "move": move})
    return found


def _query(request: HttpRequest, quarter: Quarter) -> str:
    asked = request.GET.copy()
    asked["quarter"] = str(quarter)
    asked.pop("page", None)
    return asked.urlencode()


def _page_url(request: HttpRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return f"?{asked.urlencode()}"


@login_required
@require_GET
def quarters_export(request: HttpRequest) -> FileResponse:
    """The list under the same filter, as a workbook with title, date and who made it."""
    user: Any = request.user
    visible, _, quarter = asked_quarter(request)
    of_quarter = visible.filter(quarter=str(quarter))
    found = narrowed(of_quarter, QuarterFilterForm(request.GET, rows=of_quarter), user)
    ranks = ranks_of(of_quarter)
    rows: list[Any] = list(found.with_sample().for_list()[:MAX_ROWS])
    record(
        by=user, action="assessment.export", target=QuarterAssessment,
        detail={"quarter": str(quarter), "rows": len(rows)},
    )  # fmt: skip
    cells = (
        [
            ranks.get(row.pk, "—"), str(row.grid), str(row.community), row.grid_work,
            row.public_service, row.composite, row.total, row.get_grade_display(),
            row.sample, row.get_status_display(), str(row.scheme),
        ]
        for row in rows
    )  # fmt: skip
    title = f"{quarter.label}网格双百分考核表"
    return as_workbook(title, COLUMNS, cells, user=user, day=timezone.localdate())


@login_required
@require_POST
def street_step(request: HttpRequest) -> HttpResponse:
    """Take the street's assessments one step on; what stands in the way is said on the list."""
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    try:
        quarter = Quarter.parse(request.POST.get("quarter", ""))
    except ValueError as error:
        raise Http404(str(error)) from error
    street = OrgUnit.objects.filter(pk=row_id(request.POST.get("street", "")) or 0).first()
    if street is None or street not in streets_of(user):
        raise PermissionDenied("这一步由街道党工委操作。")
    name = request.POST.get("move", "")
    try:
        moved = move_street(street=street, quarter=quarter, name=name, by=user)
    except ValidationError as refusal:
        messages.error(request, "".join(refusal.messages))
    else:
        messages.success(request, f"{street}：{moved} 个网格已{MOVES[name].label}。")
    if name == "apply":
        return redirect(f"{reverse('assessments:results')}?quarter={quarter}")
    return redirect(f"{reverse('assessments:quarters')}?quarter={quarter}")
