"""The search of the top bar. Numbers and names never stand in an address.

What was typed waits sealed in the session, so that "back" from a result shows the results again.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orgs.fields import Sealed
from orgs.roles import SEES, Noun
from orgs.scope import can, refusal
from residents.find import SEES_PEOPLE
from residents.forms import SearchForm
from residents.search import search

KEPT = "residents.search"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    """POST remembers what to look for; GET shows what there is now (`?new` begins afresh)."""
    user: Any = request.user
    if not (can(user, Noun.RESIDENT, SEES) or can(user, Noun.GRID, SEES)):
        raise PermissionDenied(refusal(user, Noun.GRID, SEES))
    context: dict[str, Any] = {
        "page_title": "搜索",
        "finds_people": can(user, Noun.RESIDENT, SEES_PEOPLE),
        "finds_homes": can(user, Noun.RESIDENT, SEES),
    }
    if request.method == "POST":
        form = SearchForm(request.POST)
        if not form.is_valid():
            return render(request, "residents/search.html", {**context, "form": form}, status=400)
        request.session[KEPT] = Sealed.of(form.cleaned_data["search"]).token
        return redirect("residents:search")
    if "new" in request.GET:
        request.session.pop(KEPT, None)
    text = Sealed(request.session.get(KEPT, "")).reveal()
    context["form"] = SearchForm(initial={"search": text})
    if text:
        groups = search(user, text, timezone.localdate())
        context |= {"groups": groups, "asked": True, "total": sum(one.count for one in groups)}
    return render(request, "residents/search.html", context)
