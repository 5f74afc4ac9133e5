"""One revisit: the questionnaire, who makes it, what becomes of a bad answer. The list: `revisit_list`."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cases.forms.contact import PurposeForm
from cases.forms.fields import ServiceForm
from cases.forms.revisits import AssignForm, DecisionForm, RevisitForm
from cases.models import Revisit
from cases.querysets import RevisitQuerySet
from cases.rows import place_of
from cases.services import (
    MoveRefused,
    assign_revisit,
    contact_for,
    decide_revisit,
    may_decide,
    record_revisit,
)
from cases.timeline import events_of, timeline
from orgs.roles import EDIT, Noun
from orgs.scope import can, require


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
