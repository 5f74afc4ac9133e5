"""A grid with its two sides (party and governance), its notice board, and a building."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from grids.catalog import GridKind, GridStatus, size_warning
from grids.ground import panels_of_grid
from grids.models import Building, Grid
from grids.querysets import related_rows
from grids.scope import counts_homes
from grids.staffing import team_card, team_completeness
from orgs.fetch import fetch, may
from orgs.models import PartyMember
from orgs.roles import CREATE, EDIT, SEES, STATS, VIEW, Noun
from orgs.scope import can


@login_required
@require_GET
def grid_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    rows = Grid.objects.select_related(
        "community", "street", "district", "party_branch", "team_template", "successor"
    )
    grid = fetch(rows, user, Noun.GRID, VIEW, pk=pk)
    day = timezone.localdate()
    buildings = Building.objects.visible_to(user).filter(grid=grid).select_related("compound")
    homes = _homes(user).filter(grid=grid)
    sees_sizes = counts_homes(user)
    household_count = homes.count() if sees_sizes else None
    completeness = team_completeness(grid, day)
    context = {
        "page_title": grid.name,
        "grid": grid,
        "team": team_card(grid, day),
        "completeness": completeness,
        "branch_members": _member_count(grid),
        "sister_grids": _sister_count(grid, user),
        "buildings": list(buildings.with_sizes(user).order_by("compound__name", "sort_key")),
        "legacy_codes": list(grid.legacy_codes.order_by("system", "code")),
        "household_count": household_count,
        "people_count": _people(homes, day) if sees_sizes else None,
        "list_url": _list_url(user, grid=pk),
        "team_figure": f"{completeness.filled}/{completeness.needed}",
        "team_level": completeness.level if grid.status == GridStatus.ACTIVE else "",
        "may_edit": may(Grid.objects, user, EDIT, grid),
        "may_draw": may(Grid.objects, user, CREATE, grid),
        "panels": panels_of_grid(grid, user),
        "size_warning": _size_warning(grid, household_count, user),
    }
    return render(request, "grids/detail.html", context)


@login_required
@require_GET
def building_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    rows = Building.objects.select_related("compound", "grid", "community", "party_group")
    building = fetch(rows, user, Noun.GRID, VIEW, pk=pk)
    sees_sizes = counts_homes(user)
    homes = _homes(user).filter(building=building)
    by_entrance = dict(
        homes.order_by().values_list("entrance").annotate(total=Count("pk")) if sees_sizes else ()
    )
    entrances = list(building.entrances.order_by("sort_key"))
    context = {
        "page_title": str(building),
        "building": building,
        "entrances": [
            {"entrance": one, "households": by_entrance.get(one.pk, 0)} for one in entrances
        ],
        "household_count": homes.count() if sees_sizes else None,
        "people_count": _people(homes, timezone.localdate()) if sees_sizes else None,
        "list_url": _list_url(user, building=pk),
        "may_draw": may(Building.objects, user, CREATE, building),
        "may_edit": may(Building.objects, user, EDIT, building),
    }
    return render(request, "grids/building.html", context)


def _homes(user: Any) -> Any:
    return related_rows(Grid, "households").visible_to(user, SEES + STATS).open()


def _list_url(user: Any, **query: int) -> str:
    """The household list behind a figure; "" for those who may only see the figure."""
    if not can(user, Noun.RESIDENT, SEES):
        return ""
    return f"{reverse('residents:households')}?{urlencode(query)}"


def _people(homes: Any, day: Any) -> int:
    """How many distinct people live in these households on `day`."""
    living = related_rows(homes.model, "residencies").current(day)
    found: int = living.filter(household__in=homes.values("pk")).aggregate(
        total=Count("person", distinct=True)
    )["total"]
    return found


def _member_count(grid: Grid) -> int | None:
    """Members of the branch and of its groups, as the list of the branch counts them."""
    branch = grid.party_branch
    if branch is None:
        return None
    below = branch.get_descendants(include_self=True).active().values("pk")
    return PartyMember.objects.filter(org_unit__in=below, left_on=None).count()


def _sister_count(grid: Grid, user: Any) -> int:
    """How many other live grids the same branch leads."""
    if grid.party_branch is None:
        return 0
    same = Grid.objects.live().visible_to(user).filter(party_branch=grid.party_branch_id)
    return same.exclude(pk=grid.pk).count()


def _size_warning(grid: Grid, households: int | None, user: Any) -> str:
    counted = grid.kind == GridKind.RESIDENTIAL and grid.status == GridStatus.ACTIVE
    if households is None or not counted or not can(user, Noun.RESIDENT, "VES"):
        return ""
    return size_warning(households)
