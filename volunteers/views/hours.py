"""时长: the list to confirm, appeals, and hours written down afterwards."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from orgs.paging import keyset_page
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import can, require
from volunteers.forms.activities import DecideForm, EnterHoursForm, HoursFilterForm
from volunteers.models import Hours, Volunteer
from volunteers.sections import sections
from volunteers.services.hours import decide_appeal, enter_hours
from volunteers.sides import moves_for, sides
from volunteers.views.pages import Link, detail_url, fetch_row, move_link, save_page, tone
from volunteers.workflow import HoursStatus, Who


@login_required
@never_cache
def hours(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    form = HoursFilterForm(request.GET)
    rows = Hours.objects.visible_to(user)
    if form.is_valid():
        status = form.cleaned_data["status"]
        rows = (
            rows.waiting()
            if status == ""
            else rows
            if status == "all"
            else rows.filter(status=status)
        )
    page = keyset_page(rows.for_list(), request, count=rows.count())
    full = can(user, Noun.VOLUNTEER, EDIT)
    context = {
        "page_title": "服务时长", "form": form, "page": page, "sections": sections(user, "hours"),
        "lines": [
            {
                "hours": row, "tone": tone(row.status),
                "name": row.volunteer.person.name if full else row.volunteer.person.masked_name,
                "links": links_of(row, user),
            }
            for row in page.rows
        ],
    }  # fmt: skip
    return render(request, "volunteers/hours.html", context)


def links_of(row: Hours, user: Any) -> list[Link]:
    """Return what the user may do with these hours."""
    links = [move_link(row, move) for move in moves_for(row, user)]
    if row.status == HoursStatus.APPEALED and Who.COMMUNITY in sides(row, user):
        links.append(
            Link("裁定", reverse("volunteers:hours_decide", args=[row.pk]), "check2-circle")
        )
    return links


@login_required
@never_cache
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "hours", pk)
    if row.status != HoursStatus.APPEALED or Who.COMMUNITY not in sides(row, user):
        raise PermissionDenied("这条时长现在不能由您裁定。")
    form = DecideForm(request.POST or None, initial={"credited": row.credited})
    return save_page(
        request, form,
        lambda: decide_appeal(
            hours=row, by=user, note=form.cleaned_data["note"],
            credited=Decimal(form.cleaned_data["credited"]),
        ),
        "已裁定。", title="裁定申诉", back=reverse("volunteers:hours"), submit="裁定",
    )  # fmt: skip


@login_required
@never_cache
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """补录 one's own hours at an activity."""
    user: Any = request.user
    activity = fetch_row(request, "activity", pk)
    volunteer = Volunteer.objects.filter(person_id=user.person_id or -1).first()
    if volunteer is None:
        raise PermissionDenied("您还没有登记为志愿者。")
    form = EnterHoursForm(
        request.POST or None, initial={"start": activity.starts_at, "end": activity.ends_at}
    )
    return save_page(
        request, form,
        lambda: enter_hours(activity=activity, volunteer=volunteer, by=user, **form.cleaned_data),
        "已提交，等社区确认。超过 7 天的补录由社区书记审批。", title=f"{activity.title}：补录时长",
        back=detail_url(activity), submit="提交",
    )  # fmt: skip
