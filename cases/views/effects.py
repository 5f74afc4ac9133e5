"""跟踪问效: the list of looks, choosing a case for them, recording one, export."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.effects import Effect, EffectState
from cases.exports import SIGNATURES
from cases.forms.effects import TABS, ChooseForm, EffectFilter, RecordForm
from cases.models import EffectReview
from cases.services import MoveRefused
from cases.services.lasting import (
    choose_reviews,
    may_watch,
    record_review,
    recording_refusal,
    terms_left,
)
from cases.views.detail import visible_case
from gridparty.lib.china_time import local_date, minute_text
from orgs import audit
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, STATS, Noun
from orgs.scope import require
from orgs.workbook import download

COLUMNS = (
    ("序号", 6), ("事项编号", 20), ("问题", 34), ("社区", 18), ("网格", 14), ("承办", 20), ("销号后天数", 10),
    ("应查日期", 12), ("成效", 18), ("核查情况", 44), ("核查人", 12), ("核查时间", 17),
)  # fmt: skip
MOST = 5000


def _tab(rows: Any, tab: str) -> QuerySet[EffectReview]:
    today = timezone.localdate()
    found: dict[str, QuerySet[EffectReview]] = {
        "due": rows.due(today),
        "waiting": rows.waiting().filter(due_on__gt=today),
        "done": rows.filter(state=EffectState.DONE),
        "relapsed": rows.relapsed(),
    }
    return found[tab]


@login_required
@never_cache
@require_GET
def effects(request: HttpRequest) -> HttpResponse | FileResponse:
    """The looks of one tab; `?export=1` gives them as a workbook."""
    user: Any = request.user
    require(user, Noun.CASE, EDIT + STATS)
    seen = EffectReview.objects.visible_to(user)
    form = EffectFilter(request.GET, seen=seen)
    context: dict[str, Any] = {"page_title": "跟踪问效", "form": form, "page": Page([])}
    if not form.is_valid():
        return render(request, "cases/effects/list.html", context, status=400)
    tab, community = form.cleaned_data["tab"] or "due", form.cleaned_data["community"]
    if community is not None:
        seen = seen.filter(case__community=community)
    found: Any = _tab(seen, tab)
    count = found.count()
    if "export" in request.GET:
        return _workbook(user, found.for_list().order_by("due_on", "id")[:MOST], count)
    order = ("due_on", "id") if tab in ("due", "waiting") else ("-due_on", "-id")
    page = keyset_page(found.for_list(), request, order, count=count)
    where = f"&community={community.pk}" if community else ""
    done = _tab(seen, "done").count()
    lasting = seen.filter(effect=Effect.LASTING).count()
    context |= {
        "page": page, "tab": tab, "count": count, "today": timezone.localdate(),
        "tabs_of_page": [
            {"label": label, "count": _tab(seen, name).count(), "url": f"?tab={name}{where}",
             "active": name == tab}
            for name, label in TABS
        ],
        "done": done, "lasting": lasting, "rate": round(100 * lasting / done) if done else None,
        "export_url": f"?tab={tab}{where}&export=1", "user_name": user.display_name,
        "day": local_date(timezone.now()),
    }  # fmt: skip
    return render(request, "cases/effects/list.html", context)


def _workbook(user: Any, rows: Any, count: int) -> FileResponse:
    cells = (
        [
            number, one.case.case_no, one.case.summary, one.case.community.name,
            one.case.grid.name, one.case.lead_unit.name if one.case.lead_unit else "网格自办",
            one.days, f"{one.due_on:%Y-%m-%d}", one.get_effect_display(), one.note,
            one.done_by.display_name if one.done_by else "",
            minute_text(one.done_at),
        ]
        for number, one in enumerate(rows, start=1)
    )  # fmt: skip
    audit.record(by=user, action="effect.export", target=EffectReview, detail={"rows": count})
    return download(
        "跟踪问效.xlsx", COLUMNS, cells, title="跟踪问效", note=f"制表人：{user.display_name}",
        foot=SIGNATURES,
    )  # fmt: skip


@login_required
@never_cache
@require_POST
def choose(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take the case in for the days that were ticked."""
    case = visible_case(request, case_id)
    user: Any = request.user
    form = ChooseForm(request.POST, left=terms_left(case))
    days = form.cleaned_data["days"] if form.is_valid() else []
    try:
        made = choose_reviews(case=case, days=days, by=user)
    except MoveRefused as refusal:
        messages.warning(request, refusal.message)
    else:
        when = "、".join(f"{one.due_on:%-m月%-d日}" for one in made)
        messages.success(request, f"已列入跟踪问效，{when}核查。")
    return redirect("cases:detail", case.pk)


@login_required
@never_cache
def effect(request: HttpRequest, review_id: int) -> HttpResponse:
    """One look: the case's result, and the form while it waits for this person."""
    user: Any = request.user
    require(user, Noun.CASE, EDIT + STATS)
    rows = EffectReview.objects.visible_to(user).for_list()
    review = get_object_or_404(rows, pk=review_id)
    case = review.case
    may = bool(may_watch(case, user))
    refusal = recording_refusal(review, case, user, timezone.now()) if may else None
    form = RecordForm(request.POST or None) if may and refusal is None else None
    if request.method == "POST" and form is None:
        messages.warning(request, refusal.message if refusal else "由社区或街道登记跟踪核查。")
        return redirect("cases:effect", review.pk)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            record_review(review=review, by=user, **form.cleaned_data)
        except MoveRefused as no:
            form.refuse(no)
        else:
            relapsed = form.cleaned_data["effect"] == Effect.RELAPSED
            words = "已登记反弹，事项已重开。" if relapsed else "已登记核查。"
            messages.success(request, words)
            return redirect("cases:detail", case.pk) if relapsed else redirect("cases:effects")
    context = {
        "page_title": "跟踪核查", "review": review, "case": case, "form": form,
        "refusal": refusal,
        "result": case.events.filter(move__in=("feedback", "gather"), cycle=review.cycle)
        .order_by("-id").first(),
    }  # fmt: skip
    status = 400 if form is not None and form.errors else 200
    return render(request, "cases/effects/record.html", context, status=status)
