"""Meetings: the list, one meeting with its minutes (also for printing), notice, archive, export."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from councils import services
from councils.catalog import Presence
from councils.figures import meeting_figures
from councils.forms.desk import CallForm, MeetingFilterForm, NoteForm
from councils.forms.minutes import MinutesForm
from councils.meetingflow import MeetingStatus, moves_from
from councils.models import Meeting
from councils.querysets import MeetingQuerySet
from councils.sections import sections
from councils.views.bodies import fetch_council
from gridparty.lib.periods import Month
from grids.acting import attempt, do
from orgs.audit import record
from orgs.fetch import fetch, may
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import can, require
from orgs.workbook import Columns
from residents.views.edit import form_page
from residents.views.files import as_workbook

COLUMNS: Columns = (
    ("序号", 6), ("会议名称", 30), ("议事机构", 24), ("社区", 14), ("形式", 8), ("时间", 16),
    ("地点", 18), ("应到", 6), ("实到", 6), ("议题数", 7), ("状态", 12),
)  # fmt: skip
UNIT_COLUMNS: Columns = (("序号", 6), ("单位", 30), ("类型", 14))
MAX_ROWS = 5_000


@login_required
@never_cache
@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.TOPIC, SEES)
    day = timezone.localdate()
    form = MeetingFilterForm(request.GET)
    context: dict[str, Any] = {
        "page_title": "议事会议", "sections": sections("meetings"), "form": form, "page": Page([]),
    }  # fmt: skip
    if not form.is_valid():
        return render(request, "councils/meetings.html", context, status=400)
    mine = Meeting.objects.visible_to(user)
    found = _narrowed(mine, form.cleaned_data)
    year = form.cleaned_data["year"] or day.year
    context |= {
        "page": keyset_page(found.for_list(), request, count=found.count()),
        "figures": meeting_figures(mine, year, day),
        "filtered": any(form.cleaned_data.values()),
        "may_call": can(user, Noun.TOPIC, EDIT),
        "day": day,
        "export_url": f"{reverse('councils:meetings_export')}?{request.GET.urlencode()}",
    }
    return render(request, "councils/meetings.html", context)


def _narrowed(meetings: MeetingQuerySet, asked: dict[str, Any]) -> MeetingQuerySet:
    day = timezone.localdate()
    shown = {"ahead": meetings.ahead, "late": lambda: meetings.late(day), "held": meetings.held}
    if asked["show"]:
        meetings = shown[asked["show"]]()
    if asked["year"]:
        year = asked["year"]
        meetings = meetings.filter(
            starts_at__gte=Month(year, 1).start, starts_at__lt=Month(year, 12).end
        )
    if asked["kind"]:
        meetings = meetings.filter(kind=asked["kind"])
    if asked["level"]:
        meetings = meetings.filter(council__level=asked["level"])
    return meetings


@login_required
@require_GET
def meetings_export(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.TOPIC, SEES)
    form = MeetingFilterForm(request.GET)
    if not form.is_valid():
        return redirect("councils:meetings")
    found = _narrowed(Meeting.objects.visible_to(user), form.cleaned_data).for_list()
    rows: list[Any] = list(found.order_by("-id")[:MAX_ROWS])
    record(by=user, action="meeting.export", target=Meeting, detail={"rows": len(rows)})
    cells = (
        [
            number, one.title, one.council.name, str(one.council.community), one.get_kind_display(),
            f"{timezone.localtime(one.starts_at):%Y-%m-%d %H:%M}" if one.starts_at else "",
            one.place, one.seat_count, one.came_count, one.item_count, one.get_status_display(),
        ]
        for number, one in enumerate(rows, start=1)
    )  # fmt: skip
    return as_workbook("议事会议", COLUMNS, cells, user=user, day=timezone.localdate())


@login_required
@require_GET
def unit_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """The distinct units that came to meetings, of a year or ever: the list behind the figure."""
    user: Any = request.user
    require(user, Noun.TOPIC, SEES)
    form = MeetingFilterForm(request.GET)
    year = form.cleaned_data["year"] if form.is_valid() else None
    held = Meeting.objects.visible_to(user)
    if year:
        held = held.between(Month(year, 1).start, Month(year, 12).end)
    units = held.units()
    title = f"{year} 年参加议事的单位" if year else "参加议事的单位"
    if request.GET.get("file") == "xlsx":
        record(by=user, action="meeting.export", target=Meeting, detail={"rows": units.count()})
        cells: Any = (
            [number, unit.name, unit.get_kind_display()]
            for number, unit in enumerate(units.order_by("name", "id")[:MAX_ROWS], start=1)
        )
        return as_workbook(title, UNIT_COLUMNS, cells, user=user, day=timezone.localdate())
    context = {
        "page_title": title, "sections": sections("meetings"), "year": year,
        "page": keyset_page(units, request, ("name", "id"), count=units.count()),
    }  # fmt: skip
    return render(request, "councils/units.html", context)


def fetch_meeting(user: Any, pk: int, letters: str = SEES) -> Meeting:
    rows = Meeting.objects.select_related("council__community", "council__grid", "council__street")
    meeting: Meeting = fetch(rows, user, Noun.TOPIC, letters, pk=pk)
    return meeting


@login_required
@never_cache
@require_GET
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting, laid out as the customary minutes when it is printed."""
    user: Any = request.user
    meeting = fetch_meeting(user, pk)
    attendances = list(meeting.attendances.select_related("seat__unit"))
    ahead = timezone.now() < meeting.starts_at if meeting.starts_at else True
    moves = [move for move in moves_from(meeting.status) if not (move.name == "minute" and ahead)]
    context = {
        "page_title": meeting.title,
        "meeting": meeting,
        "moves": moves if may(Meeting.objects, user, EDIT, meeting) else [],
        "came": [row for row in attendances if row.presence == Presence.PRESENT],
        "proxies": [row for row in attendances if row.presence == Presence.PROXY],
        "absent": [row for row in attendances if row.presence == Presence.ABSENT],
        "expected": len(attendances) or meeting.council.seats.standing().count(),
        "items": meeting.items.select_related("topic").prefetch_related("topic__opinions"),
        "is_due": meeting.status == MeetingStatus.DUE,
    }
    return render(request, "councils/meeting.html", context)


@login_required
@never_cache
def meeting_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an extra meeting of a council."""
    user: Any = request.user
    council = fetch_council(user, pk, EDIT)
    form = CallForm(request.POST or None, initial={"title": f"{council.name}会议"})
    made: list[Meeting] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.call_meeting(council=council, by=user, **form.cleaned_data)),
        "会议通知已发。",
    ):  # fmt: skip
        return redirect("councils:meeting", pk=made[0].pk)
    back = reverse("councils:council", args=[pk])
    return form_page(request, form, f"召开会议：{council.name}", back, "发通知")


@login_required
@never_cache
def meeting_call(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    meeting = fetch_meeting(user, pk, EDIT)
    facts = {name: getattr(meeting, name) for name in ("title", "kind", "starts_at", "place")}
    form = CallForm(request.POST or None, initial=facts)
    back = reverse("councils:meeting", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.call_meeting(
            council=meeting.council, meeting=meeting, by=user, **form.cleaned_data
        ),
        "会议通知已发。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"发会议通知：{meeting.title}", back, "发通知")


@login_required
@never_cache
def meeting_minute(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    meeting = fetch_meeting(user, pk, EDIT)
    form = MinutesForm(request.POST or None, meeting=meeting)

    def write() -> None:
        data = form.cleaned_data
        services.record_meeting(
            meeting=meeting, attendance=form.attendance(), spoken=form.spoken(),
            minutes=data["minutes"], host=data["host"], recorder=data["recorder"],
            guests=data["guests"], by=user,
        )  # fmt: skip

    if request.method == "POST" and do(request, form, write, "纪要已保存，核对后请归档。"):
        return redirect("councils:meeting", pk=pk)
    context = {"page_title": f"记纪要：{meeting.title}", "meeting": meeting, "form": form}
    status = 400 if form.errors else 200
    return render(request, "councils/minutes.html", context, status=status)


@login_required
@require_POST
def meeting_archive(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    meeting = fetch_meeting(user, pk, EDIT)
    attempt(request, lambda: services.archive_minutes(meeting=meeting, by=user), "纪要已归档。")
    return redirect("councils:meeting", pk=pk)


@login_required
@never_cache
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    meeting = fetch_meeting(user, pk, EDIT)
    form = NoteForm(request.POST or None)
    back = reverse("councils:meeting", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.cancel_meeting(meeting=meeting, by=user, **form.cleaned_data), "已取消。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"取消会议：{meeting.title}", back, "取消会议")
