"""Downloading the register of one's area as a roster that can be imported again."""

import io
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from orgs.roles import EXPORT, Noun
from orgs.scope import require
from residents.forms import HouseholdFilterForm
from residents.models import Household
from residents.services.export import export_roster
from residents.views.importing.jobs import XLSX


@login_required
@never_cache
@require_POST
def roster_export(request: HttpRequest) -> HttpResponse:
    """Write the households of the filter (as on 居民) the user may export; audited."""
    user: Any = request.user
    require(user, Noun.RESIDENT, EXPORT)
    mine = Household.objects.visible_to(user, EXPORT)
    form = HouseholdFilterForm(request.GET, households=mine)
    if form.is_valid():
        for name in ("community", "grid", "building"):
            if form.cleaned_data.get(name):
                mine = mine.filter(**{name: form.cleaned_data[name]})
    else:
        mine = mine.none()
    return roster_file(mine, user)


def roster_file(households: Any, user: Any) -> HttpResponse:
    """Answer with these households (those of them the user may export) as a workbook."""
    file = io.BytesIO()
    export_roster(households=households, by=user, file=file)
    return HttpResponse(
        file.getvalue(),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="roster-export.xlsx"'},
    )
