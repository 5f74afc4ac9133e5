"""线索: what the register suggests for the care library, to confirm or dismiss."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grids.acting import attempt
from orgs.paging import Page, keyset_page
from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import require
from residents import services
from residents.display import shown_door, shown_name
from residents.forms.care import SuggestionFilterForm
from residents.models import CareSuggestion, Household
from residents.sections import sections
from residents.views.back import safe_back


@login_required
@never_cache
@require_GET
def suggestion_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.CARE, CREATE + EDIT)
    homes = Household.objects.cared_by(user).open()
    form = SuggestionFilterForm(request.GET, households=homes)
    context: dict[str, Any] = {
        "page_title": "重点人群线索", "form": form, "sections": sections(user, "suggestions"),
    }  # fmt: skip
    if not form.is_valid():
        context["page"] = Page([])
        return render(request, "residents/care/suggestions.html", context, status=400)
    rows = CareSuggestion.objects.visible_to(user)
    state = form.cleaned_data["state"]
    rows = rows.filter(state=state) if state else rows.waiting()
    if form.cleaned_data["kind"]:
        rows = rows.filter(kind=form.cleaned_data["kind"])
    if form.area:
        rows = rows.filter(household__in=Household.objects.filter(**form.area).values("pk"))
    page = keyset_page(rows.for_list(), request, count=rows.count())
    context |= {
        "page": page,
        "rows": [
            {
                "suggestion": row,
                "name": shown_name(row.person, full=False),
                "door": shown_door(row.household, full=True),
            }
            for row in page.rows
        ],
        "filtered": any(form.cleaned_data.values()),
    }
    return render(request, "residents/care/suggestions.html", context)


@login_required
@require_POST
def suggestion_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    suggestion = _fetch(user, pk)
    today = timezone.localdate()
    attempt(
        request,
        lambda: services.confirm_suggestion(suggestion=suggestion, by=user, today=today),
        f"已登记为“{suggestion.kind}”。",
    )
    return redirect(safe_back(request, "residents:suggestions"))


@login_required
@require_POST
def suggestion_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    suggestion = _fetch(user, pk)
    reason, today = request.POST.get("reason", ""), timezone.localdate()
    attempt(
        request,
        lambda: services.dismiss_suggestion(
            suggestion=suggestion, by=user, today=today, reason=reason
        ),
        "已标为不登记。情况有变化时会再提示。",
    )
    return redirect(safe_back(request, "residents:suggestions"))


def _fetch(user: Any, pk: int) -> CareSuggestion:
    require(user, Noun.CARE, CREATE + EDIT)
    rows = CareSuggestion.objects.visible_to(user).select_related("kind")
    return get_object_or_404(rows, pk=pk)
