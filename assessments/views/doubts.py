"""疑点: questions about what was written down, with what they rest on, and who answered what."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments import services
from assessments.detectors import DETECTORS
from assessments.doubtflow import MOVES, DoubtStatus, moves_from
from assessments.forms.doubts import DoubtAnswerForm, DoubtFilterForm
from assessments.models import Doubt
from assessments.sides import sides_of
from assessments.workflow import Side
from cases.models import Case
from gridparty.lib.china_time import local
from gridparty.lib.periods import Month
from orgs.acting import do
from orgs.audit import record
from orgs.fetch import fetch
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.roles import VIEW, Noun
from orgs.scope import require
from orgs.workbook import Columns
from partybuilding.models import BranchMeeting, Patrol
from residents.models import Visit
from residents.views.edit import form_page
from residents.views.files import as_workbook

COLUMNS: Columns = (
    ("网格", 18), ("社区", 18), ("类型", 14), ("疑点", 50), ("月份", 12), ("状态", 10),
    ("最近答复", 50), ("答复人", 14),
)  # fmt: skip
MAX_ROWS = 5_000


@login_required
@never_cache
@require_GET
def doubts(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    seen = Doubt.objects.visible_to(user)
    form = DoubtFilterForm(request.GET, rows=seen)
    rows = form.narrow(seen, user) if form.is_valid() else seen.none()
    if request.GET.get("file") == "xlsx":
        return _export(request, rows)
    counts = dict(seen.order_by().values_list("status").annotate(many=Count("pk")))
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query["file"] = "xlsx"
    page = keyset_page(rows.for_list(), request, ("-id",), count=rows.order_by().count())
    context = {
        "page_title": "疑点",
        "form": form,
        "page": page,
        "filtered": any(form.data.get(name) for name in form.fields),
        "figures": [
            {"label": status.label, "value": counts.get(status, 0), "url": f"?status={status}"}
            for status in DoubtStatus
        ],
        "rows": [(one, DETECTORS.get(one.detector), _last(one)) for one in page.rows],
        "rules": list(DETECTORS.values()),
        "export_url": f"?{query.urlencode()}",
    }
    return render(request, "assessments/doubts.html", context)


def _last(one: Doubt) -> Any:
    """Return the newest answer of a person, None when nobody has answered."""
    return next((step for step in reversed(one.steps.all()) if step.by_id), None)


def _export(request: HttpRequest, rows: Any) -> FileResponse:
    user: Any = request.user
    found = list(rows.for_list().order_by("-id")[:MAX_ROWS])
    record(by=user, action="doubt.export", target=OrgUnit, detail={"rows": len(found)})

    def cells(one: Doubt) -> list[str]:
        kind, last = DETECTORS.get(one.detector), _last(one)
        return [
            str(one.grid), str(one.community), kind.label if kind else one.detector, one.words,
            Month.parse(one.month).label, one.get_status_display(),
            f"{last.label}：{last.note}" if last else "", last.by.display_name if last else "",
        ]  # fmt: skip

    return as_workbook(
        "疑点", COLUMNS, map(cells, found), user=user, day=local(timezone.now()).date()
    )


@login_required
@never_cache
@require_GET
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one: Doubt = fetch(
        Doubt.objects.select_related("grid", "community"), user, Noun.ASSESSMENT, pk=pk
    )
    lines, hidden = _evidence(one, user)
    sides = sides_of(one, user)
    context = {
        "page_title": f"疑点：{one.grid}",
        "doubt": one,
        "kind": DETECTORS.get(one.detector),
        "month": Month.parse(one.month),
        "lines": lines,
        "hidden": hidden,
        "moves": moves_from(one.status, sides),
        "steps": one.steps.select_related("by__person").order_by("-id"),
        "may_deduct": Side.STREET in sides,
    }
    return render(request, "assessments/doubt.html", context)


def _evidence(one: Doubt, user: Any) -> tuple[list[tuple[str, str]], int]:
    """Return (words, address) of the rows the user may open, and how many others there are."""
    lines: list[tuple[str, str]] = []
    total = 0
    for kind, (rows, tell) in EVIDENCE.items():
        ids = one.evidence.get(kind, ())
        if ids:
            total += len(ids)
            found = rows(user).filter(pk__in=ids).order_by("pk")
            lines += [tell(row) for row in found]
    return lines, total - len(lines)


def _case(case: Any) -> tuple[str, str]:
    spent = ""
    if case.fed_back_at:
        minutes = int((case.fed_back_at - case.created_at).total_seconds() // 60)
        spent = f"，{minutes} 分钟后反馈" if minutes < 180 else ""
    words = f"{case.case_no} {case.category}，{local(case.created_at):%m月%d日 %H:%M} 上报{spent}"
    return f"{words}：{case.summary}", reverse("cases:detail", args=[case.pk])


def _visit(visit: Any) -> tuple[str, str]:
    entered = f"{visit.day:%m月%d日}走访，{local(visit.created_at):%m月%d日 %H:%M} 登记"
    return f"{visit.household} {entered}", reverse("residents:household", args=[visit.household_id])


def _patrol(patrol: Any) -> tuple[str, str]:
    words = f"{local(patrol.at):%Y年%m月%d日 %H:%M} 党员巡查：{patrol.route}"
    return words, reverse("partybuilding:patrol", args=[patrol.pk])


def _meeting(meeting: Any) -> tuple[str, str]:
    words = f"{local(meeting.held_at):%Y年%m月%d日 %H:%M} 支部会议：{meeting.topic}"
    return words, reverse("partybuilding:board", args=[meeting.board_id])


EVIDENCE: dict[str, Any] = {
    "case": (lambda user: Case.objects.visible_to(user).select_related("category"), _case),
    "visit": (
        lambda user: Visit.objects.visible_to(user).select_related(
            "household__building__compound", "household__entrance"
        ),
        _visit,
    ),
    "patrol": (lambda user: Patrol.objects.visible_to(user), _patrol),
    "meeting": (lambda user: BranchMeeting.objects.visible_to(user), _meeting),
}


@login_required
@never_cache
def doubt_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user: Any = request.user
    one: Doubt = fetch(
        Doubt.objects.select_related("grid", "community"), user, Noun.ASSESSMENT, pk=pk
    )
    move = MOVES.get(name)
    if move is None:
        raise Http404
    if not sides_of(one, user) & {*move.sides}:
        who = "、".join(Side(side).label for side in move.sides)
        raise PermissionDenied(f"“{move.label}”由{who}操作。")
    back = reverse("assessments:doubt", args=[pk])
    form = DoubtAnswerForm(request.POST or None, move=move)
    if request.method == "POST" and do(
        request, form,
        lambda: services.answer_doubt(
            doubt=one, name=name, note=form.cleaned_data["note"], by=user
        ),
        f"已记下：{move.label}。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{move.label} · {one.words}", back, "提交")
