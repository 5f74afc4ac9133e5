"""The worker's round on the phone: my buildings, the doors of one, one form a door."""

import secrets
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids.acting import do
from grids.doors import NO_UNIT
from grids.models import Building
from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import can, refusal
from residents.campaigns.questions import field_of
from residents.campaigns.states import DOOR_LIGHTS, FOLLOWED_BY, DoorStatus
from residents.display import shown_door
from residents.models import Campaign, CampaignDoor, CampaignQuestion
from residents.panels import panels_of_door
from residents.services.rounds import record_visit, reveal_answers, sealed_answers
from residents.views.campaigns.access import doors_of, fetch_campaign
from residents.views.campaigns.forms import DoorForm, RevealForm

DONE = {
    DoorStatus.VISITED: "已登记。", DoorStatus.ABSENT: "已记下无人。", DoorStatus.REFUSED: "已记下拒访。",
}  # fmt: skip


@login_required
@never_cache
@require_GET
def my_buildings(request: HttpRequest, pk: int) -> HttpResponse:
    """The buildings where I knock, those with doors left first."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk)
    doors = _mine(user, campaign)
    figures = doors.figures_by("building_id")
    houses = Building.objects.select_related("compound", "grid").in_bulk(figures)
    rows = [
        {
            "building": house,
            "figures": figures[house.pk],
            "left": figures[house.pk]["todo"] + figures[house.pk]["absent"],
        }
        for house in sorted(houses.values(), key=lambda one: (one.compound.name, one.sort_key))
    ]
    context = {
        "page_title": campaign.name,
        "campaign": campaign,
        "rows": sorted(rows, key=lambda row: row["left"] == 0),
        "left": sum(row["left"] for row in rows),
        "total": sum(row["figures"]["total"] for row in rows),
    }
    return render(request, "residents/campaigns/buildings.html", context)


@login_required
@never_cache
@require_GET
def building_doors(request: HttpRequest, pk: int, building_pk: int) -> HttpResponse:
    """The doors of one building in natural order, by staircase, each in the colour of its status."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk)
    doors = _mine(user, campaign).filter(building=building_pk)
    rows = list(doors.select_related("household__entrance").by_door())
    if not rows:
        raise Http404
    building = Building.objects.select_related("compound", "grid").get(pk=building_pk)
    units = [
        {"name": name, "doors": [_tile(door) for door in group]}
        for name, group in groupby(rows, key=_unit)
    ]
    waiting = [door for door in rows if door.status in (DoorStatus.TODO, DoorStatus.ABSENT)]
    context = {
        "page_title": str(building),
        "campaign": campaign,
        "units": units,
        "total": len(rows),
        "left": len(waiting),
        "next": waiting[0] if waiting else None,
        "legend": [(str(one.label), DOOR_LIGHTS[one]) for one in DoorStatus],
    }
    return render(request, "residents/campaigns/building.html", context)


def _unit(door: CampaignDoor) -> str:
    entrance = door.household.entrance
    return entrance.name if entrance and entrance.name != NO_UNIT else ""


def _tile(door: CampaignDoor) -> dict[str, Any]:
    status = DoorStatus(door.status)
    return {
        "door": door,
        "room": door.household.room or "未编号",
        "level": DOOR_LIGHTS[status],
        "label": f"{status.label}{door.tries}" if status == DoorStatus.ABSENT else status.label,
    }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, pk: int, door_pk: int) -> HttpResponse:
    """The form of one household; saving goes on to the next door."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk)
    one = _fetch_door(user, campaign, door_pk)
    questions = list(campaign.questions.all())
    kept = set(sealed_answers(one.filled)) if campaign.is_open else set()
    form = DoorForm(
        request.POST if request.method == "POST" else None,
        questions=questions, kept=kept, initial=_facts(one, questions),
    )  # fmt: skip
    outcome = request.POST.get("outcome", "")
    if request.method == "POST" and do(
        request,
        form,
        lambda: _save(one, outcome, form, user),
        DONE.get(outcome, ""),  # type: ignore[call-overload]
    ):
        after = _next(user, campaign, one)
        if after is not None:
            return redirect("residents:campaign_door", pk=pk, door_pk=after.pk)
        return redirect("residents:campaign_building", pk=pk, building_pk=one.building_id)
    _after_conflict(form, one)
    form.mark_required()
    status = DoorStatus(one.status)
    context = {
        "page_title": shown_door(one.household, full=True),
        "campaign": campaign,
        "door": one,
        "form": form,
        "level": DOOR_LIGHTS[status],
        "status_label": status.label,
        "may_save": campaign.is_open and bool(FOLLOWED_BY[status]),
        "only_correct": status == DoorStatus.VISITED,
        "next": _next(user, campaign, one),
        "has_secrets": bool(one.filled and one.filled.secrets),
        "may_report": can(user, Noun.CASE, CREATE),
        "panels": panels_of_door(one, user),
    }
    code = 400 if form.errors else 200
    return render(request, "residents/campaigns/door.html", context, status=code)


def _save(one: CampaignDoor, outcome: str, form: DoorForm, user: Any) -> None:
    if outcome not in DONE:
        raise ValidationError("请点“登记”、“无人”或“拒访”。")
    record_visit(
        door=one, outcome=outcome, by=user, now=timezone.now(), answers=form.answers(),
        client_key=form.cleaned_data["client_key"], version=form.cleaned_data["version"],
        note=form.cleaned_data["note"],
    )  # fmt: skip


def _facts(one: CampaignDoor, questions: list[CampaignQuestion]) -> dict[str, Any]:
    """What the form starts with: the answers given before, but nothing sealed."""
    known = one.filled.answers if one.filled else {}
    found = {field_of(question): known.get(field_of(question)) for question in questions}
    note = one.filled.note if one.filled else ""
    return found | {"version": one.version, "client_key": secrets.token_urlsafe(12), "note": note}


def _after_conflict(form: DoorForm, one: CampaignDoor) -> None:
    """After a "stale" refusal let the next save count from what is there now."""
    if "stale" in {error.code for error in form.non_field_errors().as_data()}:
        one.refresh_from_db()
        typed: Any = form.data.copy()  # type: ignore[attr-defined]
        typed["version"] = str(one.version)
        form.data = typed


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def door_secrets(request: HttpRequest, pk: int, door_pk: int) -> HttpResponse:
    """Show the sensitive answers of one door once, for a purpose, on the record."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk)
    one = _fetch_door(user, campaign, door_pk)
    form = RevealForm(request.POST or None)
    answers: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            answers = reveal_answers(door=one, purpose=form.cleaned_data["purpose"], by=user)
        except ValidationError as refused:
            form.add_error(None, ValidationError(refused.messages))
    context = {
        "page_title": f"{shown_door(one.household, full=True)}：敏感答案",
        "campaign": campaign, "door": one, "form": form, "answers": answers,
    }  # fmt: skip
    code = 400 if form.errors else 200
    return render(request, "residents/campaigns/secrets.html", context, status=code)


def _mine(user: Any, campaign: Campaign) -> Any:
    """Return the doors where the user knocks; 403 for those who only look on."""
    doors = doors_of(user, campaign, EDIT)
    if not doors.exists():
        raise PermissionDenied(refusal(user, Noun.CAMPAIGN, EDIT))
    return doors


def _fetch_door(user: Any, campaign: Campaign, pk: int) -> CampaignDoor:
    found: CampaignDoor | None = doors_of(user, campaign).for_list().filter(pk=pk).first()
    if found is None:
        raise Http404
    if not doors_of(user, campaign, EDIT).filter(pk=pk).exists():
        raise PermissionDenied(refusal(user, Noun.CAMPAIGN, EDIT))
    return found


def _next(user: Any, campaign: Campaign, one: CampaignDoor) -> CampaignDoor | None:
    """Return the next door of the building somebody still has to knock at, round the corner too."""
    doors = _mine(user, campaign).filter(building=one.building_id).waiting().exclude(pk=one.pk)
    later = doors.filter(sort_key__gte=one.sort_key).exclude(
        sort_key=one.sort_key, pk__lt=one.pk
    )  # fmt: skip
    found: CampaignDoor | None = later.by_door().first() or doors.by_door().first()
    return found
