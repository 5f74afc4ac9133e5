"""试运行: what a routing rule would have done to past cases, shown before it is switched on."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.forms.rules import TrialForm
from cases.lines import line_rows, lines
from cases.models import Case, RoutingRule
from cases.services.routing import switch_rule
from cases.trial import KINDS, MOST_CASES, Trial, try_rule
from gridparty.lib.china_time import local_date
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, VIEW, Noun
from orgs.scope import can
from orgs.workdays import work_calendar


def _rule(request: HttpRequest, rule_id: int, letters: str = VIEW) -> RoutingRule:
    """Return the rule, or 404; 403 for who may read but not switch it."""
    rules = RoutingRule.objects.in_order()
    rule = get_object_or_404(rules.visible_to(request.user), pk=rule_id)
    if letters == EDIT and not _may_switch(request.user, rule):
        raise PermissionDenied("这条规则由街道党工委或系统管理员启用、停用。")
    return rule


def _may_switch(user: Any, rule: RoutingRule) -> bool:
    return RoutingRule.objects.visible_to(user, EDIT).filter(pk=rule.pk).exists()


@login_required
@never_cache
@require_GET
def trial(request: HttpRequest, rule_id: int) -> HttpResponse:
    """The trial. Who may not see cases (the system administrator) reads the numbers only."""
    user: Any = request.user
    rule = _rule(request, rule_id)
    form = TrialForm(request.GET)
    if not form.is_valid():
        form = TrialForm({})
        form.full_clean()
    sees_cases = can(user, Noun.CASE, VIEW)
    cases = Case.objects.visible_to(user) if sees_cases else Case.objects.all()
    if rule.street_id is not None:
        cases = cases.filter(street=rule.street_id)
    now, days, show = timezone.now(), form.cleaned_data["days"], form.cleaned_data["show"]
    found = try_rule(rule, cases, days=days, now=now)
    page, rows = Page([]), []
    if sees_cases:
        wanted = lines(Case.objects.visible_to(user).filter(pk__in=found.ids[show]))
        page = keyset_page(wanted, request, count=len(found.ids[show]))
        rows = line_rows(page.rows, now, work_calendar())
    context = {
        "page_title": str(rule),
        "rule": rule,
        "form": form,
        "trial": found,
        "most": MOST_CASES,
        "kinds": _tabs(found, days, show) if sees_cases else [],
        "counts": [(label, len(found.ids[kind])) for kind, label in KINDS],
        "page": page,
        "rows": rows,
        "may_switch": _may_switch(user, rule),
        "expired": rule.valid_until is not None and rule.valid_until < local_date(now),
    }
    return render(request, "cases/rule_trial.html", context)


def _tabs(found: Trial, days: int, show: str) -> list[dict[str, Any]]:
    """Return the numbers as tabs: each opens the list it counts."""
    return [
        {
            "label": label, "count": len(found.ids[kind]), "active": kind == show,
            "url": f"?days={days}&show={kind}",
        }
        for kind, label in KINDS
    ]  # fmt: skip


@login_required
@require_POST
def switch(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Switch the rule on or off."""
    user: Any = request.user
    rule = _rule(request, rule_id, EDIT)
    on = request.POST.get("on") == "1"
    try:
        switch_rule(rule=rule, on=on, by=user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, f"{rule}已{'启用' if on else '停用'}。")
    return redirect("cases:rule_trial", rule.pk)
