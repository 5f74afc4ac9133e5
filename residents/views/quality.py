"""Quality of visits: homes where nobody opens, and the monthly call-back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grids.acting import attempt, do
from orgs.models import User
from orgs.paging import keyset_page
from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import refusal, require
from residents import services
from residents.display import shown_door
from residents.forms.visits import CheckForm, VacancyForm
from residents.models import Household, VacancyDecision, VisitCheck
from residents.sections import sections
from residents.tasklist import maybe_empty
from residents.views.edit import form_page
from residents.views.households import fetch_household
from residents.visit_tabs import visit_tabs


@login_required
@never_cache
@require_GET
def vacancies(request: HttpRequest) -> HttpResponse:
    """空户待核: nobody opened three times running."""
    user: Any = request.user
    require(user, Noun.RESIDENT, CREATE + EDIT)
    homes = maybe_empty(Household.objects.in_full_to(user).open())
    rows = homes.select_related("building__compound", "entrance", "grid")
    page = keyset_page(rows, request, ("sort_key", "id"), count=homes.count())
    context = {
        "page_title": "空户待核", "page": page,
        "rows": [(home, shown_door(home, full=True)) for home in page.rows],
        "sections": sections(user, "visits"), "visit_tabs": visit_tabs(user, "vacant"),
        "choices": VacancyDecision.Choice.choices,
    }  # fmt: skip
    return render(request, "residents/visits/vacancies.html", context)


@login_required
@require_POST
def vacancy_decide(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    form = VacancyForm(request.POST)
    data = form.cleaned_data if form.is_valid() else {"choice": "", "version": 0}
    attempt(
        request,
        lambda: services.decide_vacancy(
            household=household, by=user, on=timezone.localdate(), **data
        ),
        "已处理。",
    )
    return redirect("residents:vacancies")


@login_required
@never_cache
@require_GET
def visit_checks(request: HttpRequest) -> HttpResponse:
    """回访抽查: what waits for this user, or what has been checked."""
    user: Any = request.user
    _require_checker(user)
    done = request.GET.get("done") == "1"
    rows = VisitCheck.objects.visible_to(user)
    waiting = rows.pending_for(user)
    chosen = rows.exclude(result="") if done else waiting
    page = keyset_page(chosen.for_list(), request, count=chosen.count())
    context = {
        "page_title": "走访回访抽查", "page": page, "done": done,
        "rows": [(row, shown_door(row.visit.household, full=True)) for row in page.rows],
        "waiting_count": waiting.count(), "done_count": rows.exclude(result="").count(),
        "sections": sections(user, "visits"), "visit_tabs": visit_tabs(user, "checks"),
    }  # fmt: skip
    return render(request, "residents/visits/checks.html", context)


@login_required
@never_cache
def visit_check(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    _require_checker(user)
    rows = VisitCheck.objects.visible_to(user).for_list()
    check = get_object_or_404(rows, pk=pk)
    form = CheckForm(request.POST or None)
    back = reverse("residents:visit_checks")
    if request.method == "POST" and do(
        request, form,
        lambda: services.check_visit(
            check=check, by=user, on=timezone.localdate(), **form.cleaned_data
        ),
        "已登记抽查结果。",
    ):  # fmt: skip
        return redirect(back)
    visit = check.visit
    said = [
        ("走访", f"{visit.day:%Y-%m-%d} {visit.visitor.display_name}：{visit.get_outcome_display()}"),
        ("见到", visit.met_words), ("意见建议", visit.opinion),
    ]  # fmt: skip
    title = f"抽查：{shown_door(visit.household, full=True)}"
    return form_page(
        request, form, title, back, "登记", latest=said, latest_title="当时登记的"
    )  # fmt: skip


def _require_checker(user: User) -> None:
    require(user, Noun.RESIDENT, CREATE + EDIT)
    if not any(grant.holds(Noun.REVISIT, EDIT) for grant in user.grants):
        raise PermissionDenied(refusal(user, Noun.REVISIT, EDIT))
