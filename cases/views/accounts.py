"""问责记录: the upper level's list, one record with its decision, raising one, export and print."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.accountability import AccountState
from cases.exports import SIGNATURES
from cases.forms.accounts import AccountFilter, DecideForm, RaiseForm
from cases.models import Accountability, AccountPhoto
from cases.pictures import photo_response
from cases.services import MoveRefused
from cases.services.accounting import decide_account, kinds_left, may_account, raise_account
from cases.upper_querysets import upper_grants
from cases.views.detail import visible_case
from gridparty.lib.china_time import local_date, minute_text
from orgs import audit
from orgs.paging import Page, keyset_page
from orgs.workbook import download

COLUMNS = (
    ("序号", 6), ("事项编号", 20), ("问题", 30), ("责任对象", 24), ("第几轮", 8), ("事由", 20), ("事实", 44),
    ("提出", 14), ("提出时间", 17), ("状态", 10), ("方式", 8), ("处理意见", 40), ("决定人", 14), ("决定时间", 17),
)  # fmt: skip
MOST = 5000
LIGHTS = {AccountState.PROPOSED: "yellow", AccountState.ISSUED: "red", AccountState.DROPPED: "grey"}
OUTSIDE = "问责记录只有街道和区县能看。"


def _require(user: Any) -> None:
    if not upper_grants(user):
        raise PermissionDenied(OUTSIDE)


@login_required
@never_cache
@require_GET
def accounts(request: HttpRequest) -> HttpResponse | FileResponse:
    """The records under the user's level, newest first; `?export=1` gives those chosen as a workbook."""
    user: Any = request.user
    _require(user)
    seen = Accountability.objects.visible_to(user)
    form = AccountFilter(request.GET, seen=seen)
    context: dict[str, Any] = {"page_title": "问责记录", "form": form, "page": Page([])}
    if not form.is_valid():
        return render(request, "cases/accounts/list.html", context, status=400)
    found = form.narrow(seen)
    count = found.count()
    if "export" in request.GET and count <= MOST:
        return _workbook(user, found.for_list(), count)
    if "export" in request.GET:
        messages.warning(request, f"共 {count} 条，一次最多导出 {MOST} 条，请按月份缩小范围。")
    page = keyset_page(found.for_list(), request, count=count)
    query = request.GET.copy()
    for name in ("export", "after", "before"):
        query.pop(name, None)
    states = dict(seen.order_by().values_list("state").annotate(n=Count("pk")))
    context |= {
        "page": page, "rows": [_row(one) for one in page.rows], "count": count,
        "export_url": f"?{query.urlencode()}&export=1" if query else "?export=1",
        "tabs_of_page": [
            {"label": label, "count": states.get(value, 0), "url": f"?state={value}",
             "active": form.cleaned_data["state"] == value}
            for value, label in AccountState.choices
        ],
        "day": local_date(timezone.now()), "user_name": user.display_name,
    }  # fmt: skip
    return render(request, "cases/accounts/list.html", context)


def _row(record: Accountability) -> dict[str, Any]:
    state = AccountState(record.state)
    words = record.get_kind_display() if state == AccountState.ISSUED else str(state.label)
    return {"record": record, "case": record.case, "light": LIGHTS[state], "state": words}


def _workbook(user: Any, rows: Iterable[Accountability], count: int) -> FileResponse:
    cells: Iterable[list[Any]] = (
        [
            number, one.case.case_no, one.case.summary, one.subject, one.cycle,
            one.get_ground_display(), one.facts,
            one.raised_by.display_name if one.raised_by else "系统", minute_text(one.raised_at),
            one.get_state_display(), one.get_kind_display(), one.decision,
            one.decided_by.display_name if one.decided_by else "", minute_text(one.decided_at),
        ]
        for number, one in enumerate(rows, start=1)
    )  # fmt: skip
    audit.record(by=user, action="account.export", target=Accountability, detail={"rows": count})
    return download(
        "问责记录.xlsx", COLUMNS, cells, title="问责记录", note=f"制表人：{user.display_name}　　内部资料，不得外传",
        foot=SIGNATURES,
    )  # fmt: skip


@login_required
@never_cache
def account(request: HttpRequest, record_id: int) -> HttpResponse:
    """One record as a sheet to print, with the decision still to be made or made already."""
    user: Any = request.user
    _require(user)
    rows = Accountability.objects.visible_to(user).for_list().select_related("case__lead_unit")
    record = get_object_or_404(rows, pk=record_id)
    waits = record.state == AccountState.PROPOSED and bool(may_account(record.case, user))
    form = DecideForm(request.POST or None, request.FILES or None, record=record) if waits else None
    if request.method == "POST" and form is None:
        messages.warning(request, "这条记录已有决定，请看下面。")
        return redirect("cases:account", record.pk)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            done = decide_account(
                record=record, by=user, kind=form.chosen, text=form.cleaned_data["text"],
                photos=form.cleaned_data["photos"],
            )  # fmt: skip
        except MoveRefused as no:
            form.refuse(no)
        else:
            words = done.get_kind_display() or "不予问责"
            messages.success(request, f"已决定：{words}。")
            return redirect("cases:account", record.pk)
    context = {
        "page_title": "问责记录单", "form": form, **_row(record), "photos": list(record.photos.all()),
        "supervisions": list(record.case.supervisions.filter(cycle=record.cycle)),
        "day": local_date(timezone.now()),
    }  # fmt: skip
    status = 400 if form is not None and form.errors else 200
    return render(request, "cases/accounts/record.html", context, status=status)


@login_required
@require_GET
def account_photo(request: HttpRequest, photo_id: int) -> FileResponse:
    """A picture of a record the user may read."""
    seen = Accountability.objects.visible_to(request.user)
    return photo_response(get_object_or_404(AccountPhoto, pk=photo_id, record__in=seen))


@login_required
@never_cache
def account_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Raise a record about the holder of one case."""
    user: Any = request.user
    case = visible_case(request, case_id)
    if not may_account(case, user):
        raise PermissionDenied(OUTSIDE)
    if not kinds_left(case):
        messages.warning(request, "这一轮已经通报过，不再重复问责。")
        return redirect("cases:detail", case.pk)
    form = RaiseForm(request.POST or None, request.FILES or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            made = raise_account(case=case, by=user, **form.cleaned_data)
        except MoveRefused as no:
            form.refuse(no)
        else:
            messages.success(request, f"已记入问责记录：{made.get_kind_display()}。")
            return redirect("cases:account", made.pk)
    context = {"page_title": "记入问责记录", "form": form, "case": case}
    return render(request, "cases/accounts/new.html", context, status=400 if form.errors else 200)
