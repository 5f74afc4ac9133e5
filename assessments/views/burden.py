"""减负账: what the duties cost the grids in a month, what is asked twice, what is sent at night."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments.formcost import RULE
from assessments.forms.burden import DUTIES, Line, account, minutes_by_grid
from assessments.forms.repeats import repeats_of_campaigns, repeats_of_forms
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month
from grids.models import Grid
from notices.catalog import Urgency
from notices.kinds import kind_of
from notices.models import OutboxMessage
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit
from orgs.roles import GRID_ROLES, SEES, VIEW, Noun
from orgs.scope import grants_with, require
from orgs.workbook import Columns
from residents.models import Campaign
from residents.views.files import as_workbook

describe_actions(burden__export="导出减负账")
COLUMNS: Columns = (
    ("网格", 20), ("社区", 20), ("工作", 18), ("次数", 10), ("用时（分钟）", 12), ("依据", 10),
)  # fmt: skip
NIGHT_FROM, NIGHT_UNTIL = 22, 7
MONTHS_BACK = 12
SHOWN_GRIDS = 30


@dataclass(frozen=True)
class NightLine:
    """Messages of one kind that went out at night; `urgent` of them are emergencies."""

    label: str
    many: int
    urgent: int


@login_required
@never_cache
@require_GET
def burden(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    today = local_date(timezone.now())
    try:
        month = Month.parse(request.GET.get("month") or str(Month.of(today).previous()))
    except ValueError as error:
        raise Http404(str(error)) from error
    chosen = request.GET.get("duty", "")
    if month > Month.of(today) or (chosen and chosen not in DUTIES):
        raise Http404
    # Where the work is his to assess; that a grid exists is known to more people.
    where = Grid.objects.where_may(user, Noun.ASSESSMENT, SEES).live()
    grids = {grid.pk: grid for grid in where.select_related("community")}
    lines = account(month, where)
    if request.GET.get("file") == "xlsx":
        return _export(request, month, lines, grids)
    listed = [line for line in lines if line.duty.code == chosen] if chosen else lines
    per_grid = sorted(
        ((grids[pk], times, round(minutes)) for pk, (times, minutes) in
         minutes_by_grid(listed).items()),
        key=lambda row: (-row[2], -row[1], row[0].code),
    )  # fmt: skip
    minutes = sum(line.seconds for line in lines) / 60
    streets = whole_streets(user, grids.values())
    night, sent = night_messages(month, streets)
    rounds = (
        Campaign.objects.visible_to(user)
        .filter(ends_on__gte=month.first_day, starts_on__lt=month.end_day)
        .prefetch_related("questions")
    )
    context = {
        "page_title": "减负账",
        "month": month,
        "months": _months(today),
        "chosen": DUTIES.get(chosen),
        "lines": lines,
        "grids": len(grids),
        "total_times": sum(line.times for line in lines),
        "total_hours": round(minutes / 60, 1),
        "mean_minutes": round(minutes / len(grids)) if grids else 0,
        "per_grid": per_grid[:SHOWN_GRIDS],
        "more_grids": max(0, len(per_grid) - SHOWN_GRIDS),
        "rule": RULE,
        "repeats": repeats_of_forms(),
        "asked_again": repeats_of_campaigns(rounds),
        "sees_night": bool(streets),
        "night": night,
        "night_total": sum(line.many for line in night),
        "sent": sent,
    }
    return render(request, "assessments/burden.html", context)


def _months(today: Any) -> list[tuple[str, str]]:
    found, month = [], Month.of(today)
    for _ in range(MONTHS_BACK):
        found.append((str(month), month.label))
        month = month.previous()
    return found


def whole_streets(user: Any, grids: Iterable[Grid]) -> set[int]:
    """Return the streets of these grids the user answers for as a whole: messages know no grid."""
    grants = [
        grant for grant in grants_with(user, Noun.ASSESSMENT, SEES) if grant.role not in GRID_ROLES
    ]
    return {
        grid.street_id
        for grid in grids
        for grant in grants
        if grant.is_everywhere
        or grant.org_id == grid.street_id
        or (grant.region_code and grid.district_id.startswith(grant.region_code))
    }


def night_messages(month: Month, streets: set[int]) -> tuple[list[NightLine], int]:
    """Return the messages to staff that left between 22:00 and 7:00 by kind, and how many left at all."""
    rows = OutboxMessage.objects.filter(
        sent_at__gte=month.start, sent_at__lt=month.end, user__isnull=False, street__in=streets
    ).order_by()
    night = rows.filter(Q(sent_at__hour__gte=NIGHT_FROM) | Q(sent_at__hour__lt=NIGHT_UNTIL))
    counted = night.values_list("kind").annotate(
        many=Count("pk"), urgent=Count("pk", filter=Q(urgency=Urgency.EMERGENCY))
    )
    lines = [NightLine(_label(kind), many, urgent) for kind, many, urgent in counted]
    return sorted(lines, key=lambda line: -line.many), rows.count()


def _label(kind: str) -> str:
    try:
        return kind_of(kind).label
    except KeyError:  # a kind of an older version
        return kind


def _export(
    request: HttpRequest, month: Month, lines: list[Line], grids: dict[int, Any]
) -> FileResponse:
    user: Any = request.user
    cells = [
        [grids[pk].name, str(grids[pk].community), line.duty.label, done.times,
         round(done.seconds / 60), "记录" if done.recorded else "估算"]
        for line in lines
        for pk, done in sorted(line.by_grid.items(), key=lambda item: grids[item[0]].code)
    ]  # fmt: skip
    record(by=user, action="burden.export", target=OrgUnit, detail={"rows": len(cells)})
    day = local_date(timezone.now())
    return as_workbook(f"{month.label}减负账", COLUMNS, cells, user=user, day=day)
