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
from gridparty.lib.periods import Month
from orgs.models import Unit
from orgs.roles import SEES, Noun
from orgs.scope import require
from residents.models import Need
from volunteers.calendar import as_ics
from volunteers.figures import counts_by_kind, figures, people_served, period_of
from volunteers.models import Activity, Claim, Project, Shift, SignUp, Team, Volunteer
from volunteers.sections import is_staff, sections
from volunteers.views.pages import fetch_row
from volunteers.waiting import waiting_for
from volunteers.workflow import TAKES_PART

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
            ("待对接", Claim.objects.visible_to(user).filter(status__in=("asked", "sent")).count(),
             f"{reverse('volunteers:claims')}", "条"),
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
    this_year = timezone.localdate().year
    asked = request.GET.get("year", "")
    year = int(asked) if period_of(asked) and len(asked) == 4 else this_year
    rows = Activity.objects.visible_to(user)
    units = Unit.objects.filter(pk__in=rows.exclude(unit=None).order_by().values("unit"))
    unit = units.filter(pk=_number(request.GET.get("unit", ""))).first()
    if unit is not None:
        rows = rows.filter(unit=unit)
    period = period_of(str(year))
    assert period is not None
    held = rows.held().between(*period)
    named, others = people_served(held)
    context = {
        "page_title": f"{year} 年志愿服务统计", "sections": sections(user, "counts"),
        "lines": counts_by_kind(rows, year, f"&unit={unit.pk}" if unit else ""),
        "months": range(1, 13), "year": year, "years": (this_year, this_year - 1, this_year - 2),
        "units": units.order_by("name"), "unit": unit, "named": named, "others": others,
        "held": held.count(),
        "held_url": f"{reverse('volunteers:activities')}?when=held&month={year}"
                    f"{f'&unit={unit.pk}' if unit else ''}",
    }  # fmt: skip
    return render(request, "volunteers/counts.html", context)


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
        rows.select_related("grid", "community", "team").annotate(taken=taken)[:SHOWN_OUTSIDE]
    )
    places: dict[int, int] = defaultdict(int)
    for activity_id, capacity in Shift.objects.filter(
        activity__in=[row.pk for row in activities], ends_at__gte=now
    ).values_list("activity", "capacity"):
        places[activity_id] += capacity
    needs = Need.objects.published().select_related("household__grid", "household__community")
    context = {
        "page_title": "志愿服务公开栏",
        "activities": [(row, _left(places[row.pk], row)) for row in activities],
        "needs": needs.order_by("-id")[:SHOWN_OUTSIDE],
    }  # fmt: skip
    return render(request, "volunteers/board.html", context)


def _left(places: int, row: Any) -> int:
    return max(places - int(row.taken), 0)
