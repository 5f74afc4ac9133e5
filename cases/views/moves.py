"""Making a move: one page for every row of the workflow table."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cases.forms.moves import MoveForm
from cases.models import Case
from cases.rows import case_row
from cases.services import MoveRefused, contact_for, refusal_of, sides_of, transitions_for
from cases.services import move as make_move
from cases.templating import templates_for
from cases.timeline import events_of, timeline
from cases.views.back import back_url
from cases.views.detail import order_of, visible_case
from cases.views.help import help_for, prefill
from cases.workflow import BY_NAME, Move, Who
from orgs.workdays import work_calendar


@login_required
@never_cache
def move(request: HttpRequest, case_id: int, name: str) -> HttpResponse:
    """The form of a move; what the service refuses is said on the form, nothing typed is lost."""
    case = visible_case(request, case_id)
    known = BY_NAME.get(name)
    if known is None or not known.sources:
        raise Http404("没有这个动作。")
    user: Any = request.user
    without = _not_for(case, known, user)
    if request.method != "POST":
        form = MoveForm(
            move=known, case=case, without=without, initial=prefill(case, known, request.GET)
        )
        return _page(request, case, known, form, refused=refusal_of(case, name, user))
    form = MoveForm(request.POST, request.FILES, move=known, case=case, without=without)
    if not form.is_valid():
        return _page(request, case, known, form, status=400)
    try:
        after = make_move(
            case=case, name=name, by=user, version=form.cleaned_data["version"],
            photos=form.cleaned_data.get("photos", ()), **form.inputs(),
        )  # fmt: skip
    except MoveRefused as refusal:
        if refusal.code == "invalid":
            form.refuse(refusal)
            return _page(request, case, known, form, status=400)
        return _page(request, visible_case(request, case_id), known, form, refused=refusal)
    messages.success(request, f"“{known.label}”已完成，事项现在是“{after.status_label}”。")
    if not Case.objects.visible_to(user).filter(pk=case.pk).exists():
        return redirect("cases:mine")  # handed back or over: no longer this user's
    return redirect("cases:detail", case.pk)


def _not_for(case: Case, known: Move, user: Any) -> frozenset[str]:
    """Return the needs this user cannot use."""
    without = set() if Who.STREET in sides_of(case, user) else {"final"}
    asks = known.need("waive") is not None
    if not asks or not case.tasks.filter(ended_at=None, is_lead=False).exists():
        without.add("waive")
    return frozenset(without)


def _page(
    request: HttpRequest, case: Case, known: Move, form: MoveForm, *,
    status: int = 200, refused: MoveRefused | None = None,
) -> HttpResponse:  # fmt: skip
    user: Any = request.user
    now = timezone.now()
    others = [entry for entry in transitions_for(case, user) if entry != known]
    events = events_of(case)
    hidden = contact_for(case, user).level == "hidden"
    context = {
        "page_title": known.label,
        "back_url": back_url(request),
        "case": case,
        "row": case_row(case, now, work_calendar()),
        "move": known,
        "form": form,
        "refused": refused,
        "others": others,
        "photos": [photo for event in events for photo in event.attachments.all()][:9],
        "order": order_of(case),
        "latest": timeline(events[-1:], hide_reporter=hidden) if len(events) > 1 else [],
        "templates": [] if refused else templates_for(case, known.name, now),
        "kept": _typed(form) if refused else [],
        **help_for(case, known, user),
    }
    return render(
        request, "cases/move.html", context, status=refused.http_status if refused else status
    )


def _typed(form: MoveForm) -> list[tuple[str, str]]:
    """Return what was typed into a form that can no longer be sent, so that it can be copied."""
    if not form.is_bound:
        return []
    return [
        (need.label, str(form.data.get(need.name)))
        for need in form.needs
        if need.kind == "text" and form.data.get(need.name)
    ]
