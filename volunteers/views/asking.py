"""邀请: who fits a shift and why, the waves sent out, and how evenly people are asked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from grids.acting import attempt
from volunteers.asking import fairness, free_places, helpers_in, slot_of, to_ask
from volunteers.matching import ranked, why
from volunteers.models import Ask, Shift, Volunteer
from volunteers.sections import is_staff, sections
from volunteers.services.asking import start_asking, stop_asking
from volunteers.sides import moves_for
from volunteers.views.pages import fetch_shift, move_link, tone
from volunteers.workflow import Who

SHOWN = 30


@login_required
@never_cache
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggest, with the reasons; sent: ask the first wave and go on until the places are filled."""
    user: Any = request.user
    shift = fetch_shift(request, pk, Who.STAFF, Who.LEAD)
    if request.method == "POST":
        try:
            many = start_asking(shift=shift, by=user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(
                request, f"已邀请 {many} 人。有人不去或没有答复时会接着邀请，报满为止。"
            )
        return redirect("volunteers:ask", pk=pk)
    now = timezone.now()
    asks = shift.asks.for_list().order_by("-wave", "-worth", "id")
    context = {
        "page_title": "邀请志愿者", "shift": shift, "free": free_places(shift),
        "many": to_ask(shift) if shift.starts_at > now else 0,
        "suggested": _suggested(shift, now, is_staff(user)),
        "asks": [_asked(one, user) for one in asks],
        "fair": fairness(shift.activity.community, now), "staff": is_staff(user),
        "people_url": reverse("volunteers:people"), "sections": sections(user, "activities"),
    }  # fmt: skip
    return render(request, "volunteers/ask.html", context)


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    shift = fetch_shift(request, pk)
    attempt(
        request, lambda: stop_asking(shift=shift, by=user), "不再邀请新的人；已邀请的还可以答复。"
    )
    return redirect("volunteers:ask", pk=pk)


def _suggested(shift: Shift, now: Any, full: bool) -> list[dict[str, Any]]:
    """The best for this shift alone, each with what speaks for and against."""
    slot = slot_of(shift, 1)
    helpers = {one.id: one for one in helpers_in(shift.activity.community, now)}
    found = ranked(slot, list(helpers.values()), SHOWN)
    names = Volunteer.objects.select_related("person").in_bulk([one.helper for one in found])
    return [
        {
            "volunteer": names[one.helper], "worth": one.worth,
            "name": _name(names[one.helper], full), "reasons": why(helpers[one.helper], slot),
        }
        for one in found
    ]  # fmt: skip


def _asked(row: Ask, user: Any) -> dict[str, Any]:
    return {
        "ask": row, "name": _name(row.volunteer, is_staff(user)), "tone": tone(row.status),
        "status": row.get_status_display(),
        "links": [move_link(row, move) for move in moves_for(row, user)],
    }  # fmt: skip


def _name(volunteer: Volunteer, full: bool) -> str:
    return volunteer.person.name if full else volunteer.person.masked_name
