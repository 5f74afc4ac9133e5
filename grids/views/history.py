"""谁负责这个门牌: a door and a day → grid, branch, head, team, corridor head."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from grids.doors import parse_address
from grids.forms import DayInput
from grids.history import responsible_for
from grids.whereabouts import grids_of_address
from orgs.roles import CREATE, VIEW, Noun
from orgs.scope import can, require

MOST_SHOWN = 5


class DoorForm(forms.Form):
    q = forms.CharField(label="门牌", required=False, max_length=80)
    day = forms.DateField(label="哪一天", required=False, widget=DayInput())


@login_required
@require_GET
def responsible(request: HttpRequest) -> HttpResponse:
    """Who answered for this door on that day."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    form = DoorForm(request.GET or None)
    found, asked = [], ""
    if form.is_valid() and form.cleaned_data["q"].strip():
        asked = form.cleaned_data["q"].strip()
        door = parse_address(asked)
        day = form.cleaned_data["day"] or timezone.localdate()
        hits = [hit for hit in grids_of_address(asked, user) if hit.building][:MOST_SHOWN]
        found = [
            responsible_for(hit.building, day, user, unit=door.unit, room=door.room)
            for hit in hits
            if hit.building
        ]
    context = {"page_title": "谁负责这个门牌", "form": form, "found": found, "asked": asked}
    context["can_draw"] = can(user, Noun.GRID, CREATE)
    return render(request, "grids/responsible.html", context, status=400 if form.errors else 200)
