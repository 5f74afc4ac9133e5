"""The doors of a campaign as a list and as a file: the same rows, cell by cell."""

import io
import re
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from orgs.audit import describe_actions, record
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, EXPORT, Noun
from orgs.scope import can, require
from orgs.workbook import as_csv, write_workbook
from residents.campaigns.listing import columns_of, door_rows
from residents.campaigns.querysets import CampaignDoorQuerySet
from residents.campaigns.states import State
from residents.models import Campaign, CampaignQuestion
from residents.views.campaigns.access import doors_of, fetch_campaign
from residents.views.campaigns.forms import DoorFilterForm

describe_actions(campaign__export="导出专项排查")
MAX_ROWS = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@never_cache
@require_GET
def campaign_doors(request: HttpRequest, pk: int) -> HttpResponse:
    """The doors behind every figure, in natural order, with their answers."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk)
    doors = doors_of(user, campaign)
    form = DoorFilterForm(request.GET, doors=doors)
    context: dict[str, Any] = {
        "page_title": "排查住户", "campaign": campaign, "form": form,
        "may_export": can(user, Noun.CAMPAIGN, EXPORT), "user_name": user.display_name,
        "today": timezone.localdate(),
    }  # fmt: skip
    if not form.is_valid():
        context |= {"page": Page([]), "rows": []}
        return render(request, "residents/campaigns/doors.html", context, status=400)
    found = _narrow(doors, form.cleaned_data)
    page = keyset_page(found.for_list(), request, ("sort_key", "id"), count=found.count())
    questions = list(campaign.questions.all())
    context |= {
        "page": page,
        "rows": _rows(user, campaign, page.rows, questions),
        "columns": columns_of(questions),
        "query": _without_page(request),
        "filtered": any(form.cleaned_data.values()),
    }
    return render(request, "residents/campaigns/doors.html", context)


def _narrow(doors: CampaignDoorQuerySet, asked: dict[str, Any]) -> CampaignDoorQuerySet:
    """Apply the filter; the same rows stand behind figures, list and file."""
    status = asked["status"]
    if status == "exceptions":
        doors = doors.nobody_home()
    elif status == "waiting":
        doors = doors.waiting()
    elif status:
        doors = doors.filter(status=status)
    for name in ("community", "grid", "building"):
        if asked.get(name):
            doors = doors.filter(**{name: asked[name]})
    return doors


def _rows(
    user: Any, campaign: Campaign, doors: Any, questions: list[CampaignQuestion]
) -> list[Any]:
    """Return the rows; room numbers in full for those who walk there."""
    walks = doors_of(user, campaign, EDIT)
    full = set(walks.filter(pk__in=[door.pk for door in doors]).values_list("pk", flat=True))
    return door_rows(doors, questions, in_full=full, erased=campaign.state == State.PURGED)


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return query.urlencode()


@login_required
@never_cache
@require_GET
def campaign_export(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The rows of the list under the same filter, cell by cell as they are shown; audited."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk)
    require(user, Noun.CAMPAIGN, EXPORT)
    doors = doors_of(user, campaign)
    form = DoorFilterForm(request.GET, doors=doors)
    if not form.is_valid() or kind not in ("csv", "xlsx"):
        raise Http404
    found = _narrow(doors, form.cleaned_data).for_list().by_door()[:MAX_ROWS]
    questions = list(campaign.questions.all())
    columns = columns_of(questions)
    cells = [row.cells for row in _all_rows(user, campaign, list(found), questions)]
    record(
        by=user, action="campaign.export", target=campaign, street=campaign.street_id,
        detail={"rows": len(cells), "kind": kind},
    )  # fmt: skip
    today = timezone.localdate()
    name = f"{campaign.name}_{today:%Y%m%d}.{kind}"
    if kind == "csv":
        return file_response(as_csv(columns, cells), name, "text/csv; charset=utf-8")
    note = f"制表人：{user.display_name}　日期：{today:%Y-%m-%d}　共 {len(cells)} 户　答案保留到 {campaign.purge_on:%Y-%m-%d}"
    file = io.BytesIO()
    write_workbook(file, columns, cells, title=_sheet_title(campaign.name), note=note)
    return file_response(file.getvalue(), name, XLSX)


def _all_rows(user: Any, campaign: Campaign, doors: list[Any], questions: Any) -> list[Any]:
    """Return the rows of a long list, asked for in pieces: a database takes only so many ids."""
    rows: list[Any] = []
    for first in range(0, len(doors), 1000):
        rows += _rows(user, campaign, doors[first : first + 1000], questions)
    return rows


def _sheet_title(name: str) -> str:
    """A worksheet may not be named with these marks."""
    return re.sub(r"[\[\]:*?/\\']", " ", name).strip() or "专项排查"


def file_response(content: bytes, name: str, content_type: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})
