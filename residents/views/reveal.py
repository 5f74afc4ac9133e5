"""Showing one masked number, once, for a purpose that stays on the record."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from orgs.roles import EDIT
from residents import services
from residents.forms import RevealForm
from residents.services.reveal import DAILY_LIMIT, FIELDS, RevealLimit, reveals_today
from residents.views.edit import living_in
from residents.views.households import fetch_household


@login_required
@never_cache
def reveal_number(request: HttpRequest, pk: int, residency_pk: int) -> HttpResponse:
    """GET asks what for; POST shows the value on this answer only. 429 beyond the daily limit."""
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    residency = living_in(household, residency_pk)
    form = RevealForm(request.POST or None, initial={"field": request.GET.get("field", "")})
    context: dict[str, Any] = {
        "page_title": "查看完整号码",
        "form": form,
        "household": household,
        "person": residency.person,
        "back": reverse("residents:household", args=[pk]),
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            value = services.reveal(residency=residency, by=user, **asked)
            context |= {"value": value, "label": FIELDS[asked["field"]], "shown": True}
        except ValidationError as refused:
            form.add_error(None, refused)
            status = 429 if isinstance(refused, RevealLimit) else 400
    elif form.errors:
        status = 400
    context["left"] = max(0, DAILY_LIMIT - reveals_today(user))
    return render(request, "residents/reveal.html", context, status=status)
