"""Signing up, signing in and out by the code, and the roll call."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.qr import qr_svg
from grids.acting import attempt
from orgs.roles import SEES, Noun
from orgs.scope import require
from volunteers.models import Shift, SignUp, Volunteer
from volunteers.services import attendance, signups
from volunteers.services.lives import require_side
from volunteers.views.pages import fetch_row, fetch_shift
from volunteers.workflow import Who


@login_required
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """报名 for oneself."""
    user: Any = request.user
    shift = fetch_shift(request, pk)
    volunteer = Volunteer.objects.filter(person_id=user.person_id or -1).first()
    if volunteer is None:
        messages.info(request, "请先登记为志愿者，审核后再报名。")
        return redirect("volunteers:me")
    try:
        with transaction.atomic():
            made = signups.sign_up(
                shift=shift, volunteer=volunteer, by=user,
                guardian_agreed=request.POST.get("guardian_agreed") == "on",
            )  # fmt: skip
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        waits = made.status == "waiting"
        messages.success(
            request, "名额已满，您在候补名单里，有空位会自动转正。" if waits else "报名成功。"
        )
    return redirect("volunteers:activity", pk=shift.activity_id)


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    signup = _fetch_signup(request, pk)
    attempt(request, lambda: signups.cancel_sign_up(signup=signup, by=user), "已取消报名。")
    return redirect("volunteers:activity", pk=signup.shift.activity_id)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    signup = _fetch_signup(request, pk)
    attempt(request, lambda: signups.confirm_new_time(signup=signup, by=user), "已确认新时间。")
    return redirect("volunteers:activity", pk=signup.shift.activity_id)


@login_required
@never_cache
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code to scan, on the leader's phone."""
    shift = fetch_shift(request, pk, Who.STAFF, Who.LEAD)
    url = request.build_absolute_uri(reverse("volunteers:check_in", args=[shift.token]))
    context = {
        "page_title": "签到码", "shift": shift,
        "svg": mark_safe(qr_svg(url)),  # noqa: S308 - drawn here, from our own address
    }  # fmt: skip
    return render(request, "volunteers/code.html", context)


@login_required
@never_cache
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Where the code leads: one button, sign in or out."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    shift = get_object_or_404(Shift.objects.select_related("activity__community"), token=token)
    fetch_row(request, "activity", shift.activity_id)
    own = SignUp.objects.of(user).filter(shift=shift).exclude(status="cancelled").first()
    if request.method == "POST":
        out = own is not None and own.in_at is not None
        verb = attendance.sign_out if out else attendance.sign_in
        attempt(request, lambda: verb(shift=shift, by=user), "已签退。" if out else "已签到。")
        return redirect("volunteers:check_in", token=token)
    context = {"page_title": "签到签退", "shift": shift, "own": own}
    return render(request, "volunteers/check_in.html", context)


@login_required
@never_cache
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """点名: who was there, from when to when; the planned times stand there already."""
    user: Any = request.user
    shift = fetch_shift(request, pk, Who.STAFF, Who.LEAD)
    rows = list(
        shift.signups.filter(status__in=("signed", "attended"))
        .select_related("volunteer__person").order_by("id")
    )  # fmt: skip
    problem, status = "", 200
    if request.method == "POST":
        try:
            times = {row.pk: _read(request, row, shift) for row in rows}
            with transaction.atomic():
                attendance.call_roll(shift=shift, times=times, by=user)
        except ValidationError as refused:
            problem, status = " ".join(refused.messages), 400
        else:
            messages.success(request, "已登记点名。")
            return redirect("volunteers:activity", pk=shift.activity_id)
    context = {
        "page_title": "点名", "shift": shift, "problem": problem,
        "rows": [_shown(request, row, shift) for row in rows],
    }  # fmt: skip
    return render(request, "volunteers/roll.html", context, status=status)


def _read(request: HttpRequest, row: SignUp, shift: Shift) -> tuple[datetime, datetime] | None:
    if request.POST.get(f"here-{row.pk}") != "on":
        return None
    found = []
    for name in ("in", "out"):
        text = request.POST.get(f"{name}-{row.pk}", "")
        try:
            found.append(datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=SHANGHAI))
        except ValueError:
            who = row.volunteer.person.masked_name
            raise ValidationError(f"{who}：请填写到达和离开时间。") from None
    return found[0], found[1]


def _shown(request: HttpRequest, row: SignUp, shift: Shift) -> dict[str, Any]:
    """A line of the form; what was typed stays."""
    typed = request.POST
    came = typed.get(f"in-{row.pk}") or _local(row.in_at or shift.starts_at)
    left = typed.get(f"out-{row.pk}") or _local(row.out_at or shift.ends_at)
    here = typed.get(f"here-{row.pk}") == "on" if typed else row.in_at is not None
    return {
        "signup": row,
        "name": row.volunteer.person.name,
        "came": came,
        "left": left,
        "here": here,
    }


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def _fetch_signup(request: HttpRequest, pk: int) -> SignUp:
    require(request.user, Noun.VOLUNTEER, SEES)  # before the row: a refusal must not tell of it
    rows = SignUp.objects.select_related("shift__activity__community", "volunteer")
    signup = get_object_or_404(rows, pk=pk)
    fetch_row(request, "activity", signup.shift.activity_id)
    user: Any = request.user
    if signup.volunteer.person_id != user.person_id:
        try:
            require_side(signup.shift.activity, user, Who.STAFF, Who.LEAD)
        except PermissionDenied:
            raise PermissionDenied("只能处理自己的报名。") from None
    return signup
