"""概览, 统计, the calendar with its file, and the public board."""

from calendar import Calendar
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month, Quarter
from grids.models import Grid
from orgs.models import Unit
from orgs.paging import Page, keyset_page
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from residents.models import Need
from volunteers.calendar import as_ics
from volunteers.figures import (
    counts_by_kind,
    covered_grids,
    figures,
    people_served,
    period_of,
    served_by,
    year_span,
)
from volunteers.models import (
    Activity,
    Claim,
    Project,
    Served,
    Shift,
    SignUp,
    Team,
    Volunteer,
)
from volunteers.sections import is_staff, sections
from volunteers.views.pages import cell, fetch_row
from volunteers.waiting import waiting_for
from volunteers.workflow import PENDING, TAKES_PART

SHOWN_OUTSIDE = 30


@login_required
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """The measures of the three lists, and what waits."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    if not is_staff(user):
        return redirect("volunteers:activities")
    now = timezone.now()
    activities = Activity.objects.visible_to(user)
    context = {
        "page_title": "志愿服务", "sections": sections(user, "overview"),
        "figures": figures(user, timezone.localdate()), "waiting": waiting_for(user, now),
        "counts": (
            ("服务队", Team.objects.visible_to(user).active().count(),
             reverse("volunteers:teams"), "支"),
            ("在册志愿者", Volunteer.objects.visible_to(user).serving().count(),
             reverse("volunteers:people"), "人"),
            ("实施中项目", Project.objects.visible_to(user).running().count(),
             f"{reverse('volunteers:projects')}?status=running", "个"),
            ("待对接", Claim.objects.visible_to(user).filter(status__in=PENDING).count(),
             f"{reverse('volunteers:claims')}?status=pending", "条"),
        ),
        "upcoming": activities.upcoming(now).for_list().order_by("starts_at", "id")[:8],
    }  # fmt: skip
    return render(request, "volunteers/overview.html", context)


@login_required
@never_cache
def counts(request: HttpRequest) -> HttpResponse:
    """政策宣传 760 次、清洁环境 580 次: kind × month of a year, for all or one unit."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    year, unit, units, rows = _counted(request)
    held = rows.held().between(*year_span(year))
    named, others = people_served(held)
    asked = f"{year}{f'&unit={unit.pk}' if unit else ''}"
    names = can(user, Noun.VOLUNTEER, CREATE + EDIT)
    this_year = timezone.localdate().year
    context = {
        "page_title": f"{year} 年志愿服务统计", "sections": sections(user, "counts"),
        "lines": counts_by_kind(rows, year, f"&unit={unit.pk}" if unit else ""),
        "months": range(1, 13), "year": year, "years": (this_year, this_year - 1, this_year - 2),
        "units": units.order_by("name"), "unit": unit, "named": named, "others": others,
        "held": held.count(),
        "held_url": f"{reverse('volunteers:activities')}?when=held&month={asked}",
        "named_url": f"{reverse('volunteers:served_people')}?year={asked}" if names else "",
    }  # fmt: skip
    return render(request, "volunteers/counts.html", context)


def _counted(request: HttpRequest) -> tuple[int, Unit | None, Any, Any]:
    """Return year, unit (or None), the units to choose from, the activities asked for."""
    asked = request.GET.get("year", "")
    year = int(asked) if period_of(asked) and len(asked) == 4 else timezone.localdate().year
    rows = Activity.objects.visible_to(request.user)
    units = Unit.objects.filter(pk__in=rows.exclude(unit=None).order_by().values("unit"))
    unit = units.filter(pk=_number(request.GET.get("unit", ""))).first()
    return year, unit, units, rows.filter(unit=unit) if unit else rows


@login_required
@never_cache
def served_people(request: HttpRequest) -> HttpResponse:
    """Who was served by name in a year, each once; names are masked."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, CREATE + EDIT)
    year, unit, _units, rows = _counted(request)
    held = rows.held().between(*year_span(year))
    people = served_by(held)
    page = keyset_page(people, request, count=people.count())
    times = dict(
        Served.objects.filter(
            person__in=[one.pk for one in page.rows], activity__in=held.order_by().values("pk")
        ).order_by().values_list("person").annotate(many=Count("pk"))
    )  # fmt: skip
    context = {
        "page_title": f"{year} 年服务对象{f'（{unit}）' if unit else ''}", "page": page,
        "columns": [{"label": "服务对象"}, {"label": "服务次数"}],
        "rows": [
            {"cells": [cell("服务对象", one.masked_name),
                       cell("服务次数", times.get(one.pk, 0), number=True)]}
            for one in page.rows
        ],
        "sections": sections(user, "counts"), "back": reverse("volunteers:counts"),
        "empty": "这一年还没有登记姓名的服务对象。",
    }  # fmt: skip
    return render(request, "volunteers/counted.html", context)


@login_required
@never_cache
def covered(request: HttpRequest) -> HttpResponse:
    """The grids in which something was held this quarter."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    today = timezone.localdate()
    many = covered_grids(user, today)
    grids = Grid.objects.select_related("community").in_bulk([grid for grid, _many in many])
    at = f"{reverse('volunteers:activities')}?when=held&month={Quarter.of(today)}"
    context = {
        "page_title": f"{Quarter.of(today).label}办过活动的网格",
        "page": Page([grid for grid, _many in many], count=len(many)),
        "columns": [{"label": "网格"}, {"label": "社区"}, {"label": "场次"}],
        "rows": [
            {"cells": [cell("网格", str(grids[grid]), url=f"{at}&grid={grid}"),
                       cell("社区", str(grids[grid].community)),
                       cell("场次", times, number=True)]}
            for grid, times in many
        ],
        "sections": sections(user, "overview"), "back": reverse("volunteers:overview"),
        "empty": "本季还没有在网格里办过活动。",
    }  # fmt: skip
    return render(request, "volunteers/counted.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@login_required
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """A month of shifts."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    try:
        month = Month.parse(request.GET.get("month", ""))
    except ValueError:
        month = Month.of(timezone.localdate())
    seen = Activity.objects.visible_to(user).filter(
        status__in=("scheduled", "submitted", "confirmed")
    )
    shifts = Shift.objects.filter(
        activity__in=seen.order_by().values("pk"), starts_at__gte=month.start, starts_at__lt=month.end
    ).select_related("activity")  # fmt: skip
    by_day: dict[date, list[Shift]] = defaultdict(list)
    for shift in shifts.order_by("starts_at", "id")[:500]:
        by_day[local_date(shift.starts_at)].append(shift)
    weeks = [
        [
            {"day": day, "here": day.month == month.month, "shifts": by_day.get(day, [])}
            for day in week
        ]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]
    context = {
        "page_title": month.label, "weeks": weeks, "sections": sections(user, "activities"),
        "days": [(day, by_day[day]) for day in sorted(by_day)], "today": timezone.localdate(),
        "previous": f"?month={month.previous()}", "next": f"?month={month.next()}",
    }  # fmt: skip
    return render(request, "volunteers/calendar.html", context)


@login_required
@never_cache
def calendar_file(request: HttpRequest) -> HttpResponse:
    """One's own shifts, or all to come for staff, as a file for the phone's calendar."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    now = timezone.now()
    shifts = Shift.objects.filter(ends_at__gte=now - timedelta(days=1)).select_related("activity")
    if is_staff(user):
        shifts = shifts.filter(
            activity__in=Activity.objects.visible_to(user).upcoming(now).values("pk")
        )
    else:
        mine = SignUp.objects.of(user).filter(status__in=TAKES_PART)
        shifts = shifts.filter(pk__in=mine.values("shift"))
    return _as_file(request, shifts.order_by("starts_at")[:300])


@login_required
@never_cache
def activity_file(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch_row(request, "activity", pk)
    return _as_file(request, row.shifts.select_related("activity"))


def _as_file(request: HttpRequest, shifts: Any) -> HttpResponse:
    data = as_ics(shifts, host=request.get_host().split(":")[0], now=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="volunteers.ics"'}
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers=headers)


@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Outside, without a log-in: what is coming and what is needed; nobody's name stands there."""
    now = timezone.now()
    rows = Activity.objects.public().filter(ends_at__gte=now).order_by("starts_at", "id")
    taken = Count(
        "shifts__signups", filter=Q(shifts__signups__status__in=TAKES_PART), distinct=True
    )
    activities = list(
        rows.select_related("grid", "community__region", "team").annotate(taken=taken)[
            :SHOWN_OUTSIDE
        ]
    )
    places: dict[int, int] = defaultdict(int)
    for activity_id, capacity in Shift.objects.filter(
        activity__in=[row.pk for row in activities], ends_at__gte=now
    ).values_list("activity", "capacity"):
        places[activity_id] += capacity
    needs = Need.objects.published().select_related(
        "household__grid", "household__community__region"
    )
    context = {
        "page_title": "志愿服务公开栏",
        "activities": [(row, _left(places[row.pk], row)) for row in activities],
        "needs": needs.order_by("-id")[:SHOWN_OUTSIDE],
    }  # fmt: skip
    return render(request, "volunteers/board.html", context)


def _left(places: int, row: Any) -> int:
    return max(places - int(row.taken), 0)
