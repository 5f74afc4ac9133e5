"""The monthly revisits: my list, the questionnaire, what becomes of a bad answer."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.forms.contact import PurposeForm
from cases.forms.fields import ServiceForm
from cases.forms.revisits import AssignForm, DecisionForm, RevisitForm
from cases.models import Revisit
from cases.querysets import RevisitQuerySet
from cases.rows import community_name, place_of
from cases.services import (
    MoveRefused,
    assign_revisit,
    contact_for,
    decide_revisit,
    may_decide,
    record_revisit,
)
from cases.timeline import events_of, timeline
from cases.words import due_words
from orgs.paging import keyset_page
from orgs.roles import EDIT, Noun
from orgs.scope import can, require


def _tabs(now: datetime) -> tuple[tuple[str, str, Q], ...]:
    """Return key in the address, label, condition: what each tab counts is what it lists."""
    pending = Q(state=Revisit.State.PENDING)
    return (
        ("pending", "待回访", pending & Q(locks_at__gt=now)),
        ("bad", "待处置", Q(decision_due_at__isnull=False, decision="")),
        ("done", "已回访", Q(state=Revisit.State.DONE)),
        ("unreached", "未联系上", Q(state=Revisit.State.UNREACHED)),
        ("missed", "逾期未访", pending & Q(locks_at__lte=now)),
    )


@login_required
@never_cache
@require_GET
def revisits(request: HttpRequest) -> HttpResponse:
    """The revisits in view: a revisitor's own, a street's or community's of its cases."""
    user: Any = request.user
    require(user, Noun.REVISIT, "VE")
    seen = Revisit.objects.visible_to(user)
    now = timezone.now()
    tabs = _tabs(now)
    counts = seen.aggregate(**{key: Count("pk", filter=found) for key, _, found in tabs})
    wanted = request.GET.get("tab", "")
    active = wanted if wanted in counts else "pending"
    listed = seen.filter(next(found for key, _, found in tabs if key == active))
    page = keyset_page(_with_places(listed), request, count=counts[active])
    context = {
        "page_title": "回访",
        "active": active,
        "tabs_of_page": [
            {"name": key, "label": label, "count": counts[key], "active": key == active}
            for key, label, _ in tabs
        ],
        "page": page,
        "rows": [_row(one, now) for one in page.rows],
    }
    return render(request, "cases/revisits.html", context)


def _with_places(rows: RevisitQuerySet) -> RevisitQuerySet:
    return rows.for_list().select_related("case__community__region", "case__building__compound")


def _row(one: Revisit, now: Any) -> dict[str, Any]:
    due = one.decision_due_at if one.decision_due_at and not one.decision else None
    if one.state == Revisit.State.PENDING:
        due = one.locks_at
    late = due is not None and now > due
    soon = due is not None and due - now < timedelta(days=1)
    return {
        "revisit": one,
        "case": one.case,
        "asked": one.asked,
        "place": place_of(one.case),
        "area": f"{community_name(one.case)} · {one.case.grid.name}",
        "due": due_words(due, now),
        "level": "red" if late else "yellow" if soon else "green" if due else "",
        "answer": "，".join(
            filter(None, [one.get_solved_display(), one.get_satisfaction_display()])
        ),
    }


@login_required
@never_cache
def revisit(request: HttpRequest, revisit_id: int) -> HttpResponse:
    """One revisit: the case in short, the attempts so far, and the form that fits its state."""
    user: Any = request.user
    require(user, Noun.REVISIT, "VE")
    found = get_object_or_404(_detailed(Revisit.objects.visible_to(user)), pk=revisit_id)
    forms = _forms(request, found)
    if request.method != "POST":
        return _page(request, found, forms)
    act = request.POST.get("act", "")
    form = forms.get(act)
    if form is None:
        forms = {}
        sentence = "这条回访已由他人登记，或不由您负责。请刷新后查看。"
        return _page(request, found, forms, refused=MoveRefused("wrong_state", sentence))
    if not form.is_valid():
        return _page(request, found, forms, status=400)
    try:
        sentence = _do(act, found, form, user)
    except MoveRefused as refusal:
        form.refuse(refusal)
        return _page(request, found, forms, status=refusal.http_status)
    messages.success(request, sentence)
    return redirect("cases:revisit", found.pk)


def _detailed(rows: RevisitQuerySet) -> RevisitQuerySet:
    return rows.select_related(
        "case__category", "case__grid", "case__community__region", "case__street", "case__lead_unit",
        "case__sla_class", "case__building__compound", "assignee__person", "merged",
    )  # fmt: skip


def _forms(request: HttpRequest, found: Revisit) -> dict[str, ServiceForm]:
    """Return the forms this user may use now, by the name of their act; the sent one is bound."""
    user: Any = request.user
    sent = request.POST.get("act", "") if request.method == "POST" else ""
    data = {act: request.POST if act == sent else None for act in ("record", "assign", "decide")}
    forms: dict[str, ServiceForm] = {}
    open_to_answers = found.state == Revisit.State.PENDING and not found.is_locked(timezone.now())
    if open_to_answers and _in_hand(found, user):
        forms["record"] = RevisitForm(data["record"], asked=found.asked)
        if found.assignee_id != user.pk:
            forms["assign"] = AssignForm(data["assign"], revisit=found)
    if found.decision_due_at and not found.decision and may_decide(found, user):
        forms["decide"] = DecisionForm(data["decide"])
    return forms


def _in_hand(found: Revisit, user: Any) -> bool:
    if not can(user, Noun.REVISIT, EDIT):
        return False
    return Revisit.objects.visible_to(user, EDIT).filter(pk=found.pk).exists()


def _do(act: str, found: Revisit, form: ServiceForm, user: Any) -> str:
    """Do what was sent and return the sentence that says so; raises MoveRefused."""
    if isinstance(form, RevisitForm):
        after = record_revisit(revisit=found, by=user, **form.answers())
        if after.state == Revisit.State.PENDING:
            return "已记下这次没有联系上，请换个时间再试。"
        if after.decision == "reopen":
            return "已登记。这件事项已重开，重新办理。"
        if after.decision_due_at:
            return "已登记。请社区在期限内决定重新办理或解释说明。"
        return f"已登记：{after.get_state_display()}。"
    if isinstance(form, DecisionForm):
        decide_revisit(revisit=found, by=user, **form.cleaned_data)
        return "已处置。"
    assign_revisit(revisit=found, to=form.cleaned_data["to"], by=user)
    return "已指派。"


def _page(
    request: HttpRequest, found: Revisit, forms: dict[str, ServiceForm], *,
    status: int = 200, refused: MoveRefused | None = None,
) -> HttpResponse:  # fmt: skip
    user: Any = request.user
    case = found.case
    contact = contact_for(found.asked, user)
    entries = timeline(events_of(case), hide_reporter=contact.level == "hidden")
    context = {
        "page_title": "回访",
        "revisit": found,
        "case": case,
        "place": place_of(case),
        "asked": found.asked,
        "contact": contact,
        "purpose_form": PurposeForm(initial={"reason": "回访"}),
        "attempts": found.attempts.select_related("by__person"),
        "entries": entries[::-1],
        "forms": forms,
        "refused": refused,
    }
    return render(
        request, "cases/revisit.html", context, status=refused.http_status if refused else status
    )
