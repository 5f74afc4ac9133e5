"""The map of the ground: grids coloured by a layer, buildings as points, and the list behind it."""

from math import isfinite
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from grids.catalog import GridStatus
from grids.forms import offer
from grids.geometry import ShapeFault
from grids.ground import Layer, Shade, layers_for
from grids.models import Building, CommunityShape, Grid, GridShape
from grids.querysets import GridQuerySet
from grids.services.shapes import size_text
from grids.whereabouts import Hit, coordinate, grid_at, grids_of_address
from orgs.fetch import fetch
from orgs.models import OrgUnit
from orgs.roles import CREATE, EDIT, VIEW, Noun
from orgs.scope import can, require

MOST_SHAPES = 4_000
MOST_BUILDINGS = 2_000
LEVELS = {
    "green": "绿", "yellow": "黄", "red": "红", "blue": "蓝", "violet": "紫", "grey": "灰",
}  # fmt: skip
NO_SHADE = Shade("grey", "没有数据")


class MapForm(forms.Form):
    """What the map shows; every value stands in the address."""

    q = forms.CharField(label="找地方", required=False, max_length=80)
    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    layer = forms.ChoiceField(label="按什么上色", required=False)
    level = forms.ChoiceField(
        required=False, choices=[("", ""), *LEVELS.items()], widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, grids: GridQuerySet, layers: list[Layer]) -> None:
        super().__init__(data)
        communities = OrgUnit.objects.filter(pk__in=grids.values("community"))
        offer(self, community=communities.order_by("division_code"))
        self.fields["layer"].choices = [(one.code, one.label) for one in layers]  # type: ignore[attr-defined]


@login_required
@require_GET
def ground_map(request: HttpRequest) -> HttpResponse:
    """The page: works without JavaScript as a list in the same colours."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    layers = layers_for(user)
    mine = Grid.objects.visible_to(user).live()
    form = MapForm(request.GET, grids=mine, layers=layers)
    status = 200 if form.is_valid() else 400
    asked = form.cleaned_data
    layer = next((one for one in layers if one.code == asked.get("layer")), layers[0])
    grids = _narrow(mine, asked)
    shades = layer.shade(grids, user)
    chosen = asked.get("level", "")
    drawn = set(
        GridShape.objects.filter(grid__in=grids.values("pk")).values_list("grid", flat=True)
    )
    rows = [
        {"grid": grid, "shade": shades.get(grid.pk, NO_SHADE), "drawn": grid.pk in drawn}
        for grid in grids.select_related("community").order_by("code")[:MOST_SHAPES]
        if not chosen or shades.get(grid.pk, NO_SHADE).level == chosen
    ]
    edit = _edited(request, user)
    context = {
        "page_title": "网格地图",
        "form": form,
        "layer": layer,
        "legend": _legend(shades, request),
        "level": chosen,
        "rows": rows[:200],
        "row_count": len(rows),
        "undrawn": grids.without_shape().count() if status == 200 else 0,
        "found": _find(asked.get("q", ""), user),
        "can_draw": can(user, Noun.GRID, CREATE),
        "edit": edit,
        "place": _placed(request, user),
        "focus": request.GET.get("focus", "")[:18],
        "data_url": f"{reverse('grids:map_data')}?{_query(request)}",
        "tiles": settings.MAP_TILES,
        "tiles_gcj": settings.MAP_TILES_GCJ,
        "mirrors": settings.MAP_TILES_MIRRORS,
        "notice": settings.MAP_NOTICE,
    }
    return render(request, "grids/map.html", context, status=status)


@login_required
@require_GET
def map_data(request: HttpRequest) -> JsonResponse:
    """Outlines with what their card says, as JSON; the same narrowing as the page."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    layers = layers_for(user)
    mine = Grid.objects.visible_to(user).live()
    form = MapForm(request.GET, grids=mine, layers=layers)
    if not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    layer = next((one for one in layers if one.code == asked["layer"]), layers[0])
    grids = _narrow(mine, asked)
    shades = layer.shade(grids, user)
    draws = set(Grid.objects.visible_to(user, CREATE).values_list("pk", flat=True))
    rows = (
        GridShape.objects.filter(grid__in=grids.values("pk"))
        .select_related("grid__community", "grid__party_branch")
        .order_by("grid__code")[:MOST_SHAPES]
    )
    outlines = CommunityShape.objects.filter(community__in=grids.values("community"))
    return JsonResponse(
        {
            "layer": layer.label,
            "grids": [_card(one, shades, draws) for one in rows],
            "communities": [one.geometry for one in outlines],
        }
    )


@login_required
@require_GET
def map_buildings(request: HttpRequest) -> JsonResponse:
    """The buildings inside `bbox=west,south,east,north` (WGS-84), at most 2,000."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    try:
        west, south, east, north = (float(one) for one in request.GET.get("bbox", "").split(","))
        if not all(map(isfinite, (west, south, east, north))):
            raise ValueError
    except ValueError:
        return JsonResponse({"detail": "bbox 应为“西,南,东,北”四个经纬度。"}, status=400)
    rows = Building.objects.visible_to(user).placed().inside_box(west, south, east, north)
    found = rows.select_related("compound").order_by("pk")[:MOST_BUILDINGS]
    return JsonResponse(
        {
            "buildings": [
                {
                    "id": one.pk, "name": str(one), "short": one.name, "grid": one.grid_id,
                    "at": [one.longitude, one.latitude],
                    "url": reverse("grids:building", args=[one.pk]),
                }
                for one in found
            ]
        }
    )  # fmt: skip


@login_required
@require_GET
def grid_here(request: HttpRequest) -> JsonResponse:
    """The grid at `lon`, `lat` (WGS-84), for the device's own position; null outside the view."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
        grid = grid_at(lon, lat, user)
    except (KeyError, ValueError, ShapeFault) as fault:
        said = str(fault) if isinstance(fault, ShapeFault) else "经纬度应为两个数字。"
        return JsonResponse({"detail": said}, status=400)
    if grid is None:
        return JsonResponse({"grid": None})
    return JsonResponse(
        {
            "grid": {
                "id": grid.pk, "name": grid.name, "code": grid.code,
                "community": str(grid.community), "url": reverse("grids:detail", args=[grid.pk]),
            }
        }
    )  # fmt: skip


def _narrow(grids: GridQuerySet, asked: dict[str, Any]) -> GridQuerySet:
    return grids.filter(community=asked["community"]) if asked.get("community") else grids


def _card(row: GridShape, shades: dict[int, Shade], draws: set[int]) -> dict[str, Any]:
    grid = row.grid
    shade = shades.get(grid.pk, NO_SHADE)
    return {
        "id": grid.pk, "name": grid.name, "code": grid.code, "community": str(grid.community),
        "kind": grid.get_kind_display(), "reserved": grid.status == GridStatus.RESERVED,
        "branch": str(grid.party_branch or "未设"), "size": size_text(row.area_m2),
        "url": reverse("grids:detail", args=[grid.pk]), "level": shade.level, "text": shade.text,
        "list": shade.url, "version": row.version, "geometry": row.geometry,
        "draw": grid.pk in draws,
    }  # fmt: skip


def _legend(shades: dict[int, Shade], request: HttpRequest) -> list[dict[str, Any]]:
    """Return the colours in use with how many grids have each, and the list of those."""
    words: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for shade in shades.values():
        counts[shade.level] = counts.get(shade.level, 0) + 1
        words.setdefault(shade.level, set()).add(shade.legend or shade.text)
    query = request.GET.copy()
    found = []
    for level in LEVELS:
        if level not in counts:
            continue
        query["level"] = level
        texts = sorted(words[level])
        found.append(
            {
                "level": level, "count": counts[level], "url": f"?{query.urlencode()}#list",
                "text": "、".join(texts) if len(texts) <= 2 else f"{texts[0]}等",
            }
        )  # fmt: skip
    return found


def _find(text: str, user: Any) -> dict[str, Any] | None:
    """Answer the search box: a coordinate, a grid's name or code, or an address."""
    if not text.strip():
        return None
    point = coordinate(text)
    if point is not None:
        grid = grid_at(*point, user)
        return {"point": point, "hits": [Hit(grid)] if grid else []}
    named = Grid.objects.visible_to(user).live().matching(text.strip()).select_related("community")
    hits = [Hit(grid) for grid in named.order_by("code")[:20]]
    return {"point": None, "hits": hits or grids_of_address(text, user)}


def _edited(request: HttpRequest, user: Any) -> dict[str, Any] | None:
    """The grid whose outline the page opens for drawing: `?edit=id`."""
    wanted = request.GET.get("edit", "")
    if not wanted.isascii() or not wanted.isdigit():
        return None
    grid = fetch(Grid.objects.live(), user, Noun.GRID, CREATE, pk=int(wanted[:18]))
    drawn = GridShape.objects.filter(grid=grid).first()
    return {
        "grid": grid,
        "version": drawn.version if drawn else 0,
        "save_url": reverse("grids:shape_save", args=[grid.pk]),
        "unplaced": grid.buildings.filter(longitude=None).select_related("compound"),
    }


def _placed(request: HttpRequest, user: Any) -> Building | None:
    """The building whose place the page asks for: `?place=id`."""
    wanted = request.GET.get("place", "")
    if not wanted.isascii() or not wanted.isdigit():
        return None
    rows = Building.objects.select_related("compound", "grid")
    found: Building = fetch(rows, user, Noun.GRID, EDIT, pk=int(wanted[:18]))
    return found


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("q", "level", "edit", "focus", "place"):
        query.pop(name, None)
    return query.urlencode()
