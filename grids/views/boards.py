"""What hangs on the wall: the notice board of a grid, and the codes of a building."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.qr import qr_svg
from grids.models import Building, Grid, GridTeamMember
from grids.staffing import team_card
from orgs.audit import describe_actions, record
from orgs.fetch import fetch
from orgs.roles import VIEW, Noun

describe_actions(grid__board="打印网格公示牌")
SIZES = {"a4": "A4", "a3": "A3"}


@login_required
@never_cache
@require_GET
def notice_board(request: HttpRequest, pk: int) -> HttpResponse:
    """网格公示牌, `?size=a3` for the large one; only what is public about the team.

    A private number is shown only with the person's consent, and that look is on the record.
    """
    user: Any = request.user
    rows = Grid.objects.select_related("community", "party_branch", "team_template")
    grid = fetch(rows, user, Noun.GRID, VIEW, pk=pk)
    day = timezone.localdate()
    members = [(card.slot, member) for card in team_card(grid, day) for member in card.members]
    shown = [(slot, member, _phone(member)) for slot, member in members]
    if any(member.shows_phone and phone for _, member, phone in shown):
        record(by=user, action="grid.board", target=grid, street=grid.street_id)
    compounds = (
        grid.buildings.values("compound__name")
        .annotate(total=Count("pk"))
        .order_by("compound__name")
    )
    size = request.GET.get("size", "a4")
    context = {
        "page_title": f"{grid.name}公示牌",
        "grid": grid,
        "members": shown,
        "compounds": list(compounds),
        "day": day,
        "qr": qr_svg(_report_url(request, grid=grid.code)),
        "size": size if size in SIZES else "a4",
        "sizes": SIZES,
    }
    return render(request, "grids/board.html", context)


def _phone(member: GridTeamMember) -> str:
    """The person's own number with consent, else the office number of the unit, else nothing."""
    if member.shows_phone and member.person.phone:
        number: str = member.person.phone.reveal()
        return number.split(";")[0]
    return member.unit.office_phone if member.unit else ""


@login_required
@require_GET
def building_codes(request: HttpRequest, pk: int) -> HttpResponse:
    """One label an entrance: who scans it reports a problem at this very building."""
    rows = Building.objects.select_related("compound", "grid", "community")
    building = fetch(rows, request.user, Noun.GRID, VIEW, pk=pk)
    code = qr_svg(_report_url(request, grid=building.grid.code, building=str(building.pk)))
    names = list(building.entrances.order_by("sort_key").values_list("name", flat=True))
    context = {
        "page_title": f"{building}二维码",
        "building": building,
        "labels": [name if name != "无" else "" for name in names] or [""],
        "qr": code,
    }
    return render(request, "grids/codes.html", context)


def _report_url(request: HttpRequest, **query: str) -> str:
    address = f"{request.scheme}://{request.get_host()}{reverse('cases:public_report')}"
    return f"{address}?{urlencode(query)}"
