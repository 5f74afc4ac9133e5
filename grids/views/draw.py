"""What the drawing on the map saves: an outline, a building's place. JSON in, JSON out."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.views.decorators.http import require_POST

from grids import services
from grids.models import Building, Grid
from orgs.fetch import fetch
from orgs.roles import CREATE, EDIT, Noun

# A refusal the page can answer with a choice is 409; anything else is the drawing's own fault.
_CHOICES = frozenset({"stale", "overlap"})


@login_required
@require_POST
def shape_save(request: HttpRequest, pk: int) -> JsonResponse:
    """Save {"geometry", "version", "accept_overlap"} as the grid's outline."""
    user: Any = request.user
    grid = fetch(Grid.objects, user, Noun.GRID, CREATE, pk=pk)
    sent = _sent(request)
    version = sent.get("version")
    if not isinstance(version, int) or "geometry" not in sent:
        return _refused(["没有收到完整的图形，请再保存一次。"], "invalid")
    try:
        saved = services.save_shape(
            grid=grid, geometry=sent["geometry"], version=version, by=user,
            accept_overlap=sent.get("accept_overlap") is True,
        )  # fmt: skip
    except ValidationError as refusal:
        return _refused(refusal.messages, refusal.error_list[0].code or "invalid")
    return JsonResponse({"version": saved.version, "geometry": saved.geometry})


@login_required
@require_POST
def shape_drop(request: HttpRequest, pk: int) -> JsonResponse:
    """Take the outline off the map."""
    user: Any = request.user
    grid = fetch(Grid.objects, user, Noun.GRID, CREATE, pk=pk)
    services.drop_shape(grid=grid, by=user)
    return JsonResponse({"version": 0})


@login_required
@require_POST
def building_place(request: HttpRequest, pk: int) -> JsonResponse:
    """Save {"point": [longitude, latitude]} as the place of a building."""
    user: Any = request.user
    building = fetch(Building.objects, user, Noun.GRID, EDIT, pk=pk)
    sent = _sent(request)
    if "point" not in sent:  # null takes the building off the map; nothing at all does not
        return _refused(["没有收到位置，请再保存一次。"], "invalid")
    try:
        services.place_building(building=building, point=sent["point"], by=user)
    except ValidationError as refusal:
        return _refused(refusal.messages, "invalid")
    return JsonResponse({"at": [building.longitude, building.latitude]})


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = json.loads(request.body)
    except (ValueError, RawPostDataException):  # no JSON; a form, which has been read already
        return {}
    return sent if isinstance(sent, dict) else {}


def _refused(sentences: list[str], code: str) -> JsonResponse:
    status = 409 if code in _CHOICES else 400
    return JsonResponse({"code": code, "detail": " ".join(sentences)}, status=status)
