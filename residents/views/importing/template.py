"""Downloading the roster to fill in, with the compounds and buildings of one community."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from grids.models import Building
from orgs.roles import CREATE, Noun
from orgs.scope import require
from residents.roster.template import build_template
from residents.views.importing.jobs import XLSX, communities_of


@login_required
@require_GET
def roster_template(request: HttpRequest) -> HttpResponse:
    """Send the template; ?under=<id> puts the buildings of that community into its drop-downs."""
    user: Any = request.user
    require(user, Noun.RESIDENT, CREATE)
    under = request.GET.get("under", "")
    data = build_template()
    if under:
        communities = communities_of(user)
        community = get_object_or_404(communities, pk=under if under.isdecimal() else 0)
        doors = Building.objects.filter(community=community).order_by("compound__name", "sort_key")
        pairs = list(doors.values_list("compound__name", "name"))
        compounds = list(dict.fromkeys(compound for compound, _name in pairs))
        buildings = list(dict.fromkeys(name for _compound, name in pairs))
        data = build_template(str(community), compounds, buildings)
    return HttpResponse(
        data,
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="roster-template.xlsx"'},
    )
