"""Residents follow their report: the code is posted, the session keeps the case, not the address."""

from datetime import timedelta
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.catalog import Satisfaction
from cases.clocks import REOPEN_DAYS
from cases.forms.track import REPORTER_MOVES, ReporterMoveForm, TrackForm
from cases.limits import SUPPLEMENTS, WRONG_CODES
from cases.merging import main_progress
from cases.models import Attachment, Case
from cases.pictures import photo_response
from cases.services import MoveRefused, move, rateable, transitions_for
from cases.services.chaining import check_trail
from cases.timeline import events_of, milestone_bar, public_timeline
from cases.words import PLAIN_STATUS, moment_words
from cases.workflow import Who

TITLES = {
    "withdraw": "撤回反映", "answer": "补充情况", "supplement": "补充情况", "appeal": "申诉", "reopen": "申请重开",
}  # fmt: skip
TRACKED = "tracked_case"
# On a shared phone the next person should not find it open.
KEEP_MINUTES = 30
TOO_MANY_WORDS = "一小时内补充得太多了，请稍后再补充；急事请直接联系社区。"
TOO_OFTEN = "输错的次数太多，请 15 分钟后再试。查询码在提交成功的页面上。"


def remember(request: HttpRequest, case: Case) -> None:
    """Keep the case in the session for a while."""
    until = timezone.now() + timedelta(minutes=KEEP_MINUTES)
    request.session[TRACKED] = {"case": case.pk, "until": until.timestamp()}


def tracked(request: HttpRequest) -> Case | None:
    """Return the case this visitor has proven to know the code of."""
    kept: dict[str, Any] = request.session.get(TRACKED) or {}
    if kept.get("until", 0) < timezone.now().timestamp():
        return None
    return Case.objects.for_detail().filter(pk=kept.get("case", 0)).first()


@never_cache
def track(request: HttpRequest) -> HttpResponse:
    """The look-up form, or the case once the code was right."""
    if request.method == "POST":
        return _look_up(request)
    case = tracked(request)
    return _form_page(request, TrackForm()) if case is None else _case_page(request, case)


def _look_up(request: HttpRequest) -> HttpResponse:
    if "forget" in request.POST:
        request.session.pop(TRACKED, None)
        return redirect("cases:public_track")
    form = TrackForm(request.POST)
    if WRONG_CODES.is_spent(request):
        form.full_clean()
        form.errors.clear()
        form.add_error("code", TOO_OFTEN)
        return _form_page(request, form, 429)
    if not form.is_valid() or form.found is None:
        WRONG_CODES.count(request)
        return _form_page(request, form, 400)
    remember(request, form.found)
    return redirect("cases:public_track")


def _form_page(request: HttpRequest, form: TrackForm, status: int = 200) -> HttpResponse:
    context = {"page_title": "查办理进度", "public_active": "track", "form": form}
    return render(request, "cases/public_track.html", context, status=status)


def _case_page(request: HttpRequest, case: Case) -> HttpResponse:
    now = timezone.now()
    events = events_of(case)
    due = case.due_at if case.is_open else None
    progress = main_progress(case)
    rating = rateable(case, progress.get("main"))
    context = {
        "page_title": "办理进度",
        "public_active": "track",
        "case": case,
        "plain_status": PLAIN_STATUS.get(case.status, case.status_label),
        "due": moment_words(due, now) if due and due > now else "",
        "milestones": milestone_bar(events, case),
        "entries": public_timeline(events)[::-1],
        "trail": check_trail(case.case_no, events, case.trail_head),
        "moves": [
            entry
            for entry in transitions_for(case, None, as_reporter=True)
            if entry.name in REPORTER_MOVES
        ],
        "reopen_until": case.closed_at + timedelta(days=REOPEN_DAYS) if case.closed_at else None,
        "rating": rating,
        "may_rate": rating is not None and rating.is_open(now),
        **progress,
    }
    return render(request, "cases/public_case.html", context)


@never_cache
def reporter_move(request: HttpRequest, name: str) -> HttpResponse:
    """Withdraw, answer, appeal or reopen, by whoever has proven the code."""
    case, known = tracked(request), REPORTER_MOVES.get(name)
    if known is None:
        raise Http404("没有这个动作。")
    if case is None:
        return redirect("cases:public_track")
    form = ReporterMoveForm(
        request.POST or None, move=known, case=case, initial=_words_so_far(case, name)
    )
    status = 200
    if request.method == "POST":
        status = 400
        if name == "supplement" and SUPPLEMENTS.is_spent(f"case:{case.pk}"):
            form.add_error(None, TOO_MANY_WORDS)
            status = 429
        elif form.is_valid():
            try:
                move(
                    case=case, name=name, by=None, as_reporter=True,
                    version=form.cleaned_data["version"], **form.inputs(),
                )  # fmt: skip
                if name == "supplement":
                    SUPPLEMENTS.count(f"case:{case.pk}")
                return redirect("cases:public_track")
            except MoveRefused as refusal:
                form.refuse(refusal)
                status = refusal.http_status
    context = {
        "page_title": TITLES[name],
        "public_active": "track", "case": case, "move": known, "form": form,
    }  # fmt: skip
    return render(request, "cases/public_move.html", context, status=status)


def _words_so_far(case: Case, name: str) -> dict[str, str]:
    """Return what an unsatisfied reporter has already written: it need not be written again."""
    rating = rateable(case) if name == "reopen" else None
    unhappy = rating and rating.given and rating.given.satisfaction == Satisfaction.UNSATISFIED
    return {"note": rating.given.note} if rating and rating.given and unhappy else {}


@require_GET
def photo(request: HttpRequest, attachment_id: int) -> FileResponse:
    """A photo the reporter sent, shown to the reporter."""
    case = tracked(request)
    found = get_object_or_404(Attachment, pk=attachment_id, case=case, event__role=Who.REPORTER)
    return photo_response(found)
