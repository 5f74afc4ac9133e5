"""The members' own pages: apply by the unit's code and follow it by a link, or log in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cases.limits import RateLimit
from councils.views.public import TOO_MANY
from grids.acting import attempt, do
from partybuilding import services
from partybuilding.checkin_lists import year_of
from partybuilding.forms.checkins import ApplyForm, DutyForm
from partybuilding.life import life_of
from partybuilding.models import CheckIn, MemberDisplay, UnitDoor
from partybuilding.workflow import SERVING, CheckInStatus

APPLICATIONS = RateLimit("check-in", times=20, minutes=60)
STEPS = (
    ("申请", {CheckInStatus.APPLIED, CheckInStatus.MATCHED, *SERVING, CheckInStatus.SUSPENDED}),
    ("社区接收", {*SERVING, CheckInStatus.SUSPENDED}),
    ("认领岗位", {CheckInStatus.ACTIVE}),
)


@never_cache
def apply(request: HttpRequest, token: str) -> HttpResponse:
    door = get_object_or_404(UnitDoor.objects.select_related("unit__street"), token=token)
    form = ApplyForm(request.POST or None, unit=door.unit)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and APPLICATIONS.is_spent(request):
            form.add_error(None, TOO_MANY)
            status = 429
        elif form.is_valid() and not form.is_robot:
            APPLICATIONS.count(request)
            data = dict(form.cleaned_data)
            for name in ("agree", "website"):
                del data[name]
            made: list[CheckIn] = []
            if do(
                request, form, lambda: made.append(services.apply(unit=door.unit, **data)),
                "已提交，社区接收后在这里能看到。",
            ):  # fmt: skip
                return redirect("partybuilding:checkin_mine", token=made[0].token)
    context = {"page_title": "在职党员报到", "unit": door.unit, "form": form}
    return render(request, "partybuilding/public_apply.html", context, status=status)


@never_cache
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """How far it is, the slip, posts, hours; the half-yearly question and claiming a post."""
    one: Any = get_object_or_404(_check_ins(), token=token)
    back = reverse("partybuilding:checkin_mine", args=[token])
    context, status = act_on(request, one, back)
    if context is None:
        return redirect(back)
    context |= {"page_title": "我的报到", "duties": list(_with_buildings(one.duties.open()))}
    return render(request, "partybuilding/public_mine.html", context, status=status)


@login_required
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """我的党员岗, for a member with a log-in: all of his own Party life, the same questions."""
    user: Any = request.user
    day = timezone.localdate()
    one: Any = _check_ins().filter(person=user.person_id or -1).live().first()
    context: dict[str, Any] | None = {"year": day.year}
    status = 200
    if one is not None:
        context, status = act_on(request, one, reverse("partybuilding:me"))
    if context is None:
        return redirect("partybuilding:me")
    context |= {
        "page_title": "我的党员岗", "life": life_of(user.person, day),
        # A member without a role in Party work may not open the page of his display.
        "openable": list(
            MemberDisplay.objects.visible_to(user).filter(person=user.person_id or -1)
        ),
    }  # fmt: skip
    return render(request, "partybuilding/me.html", context, status=status)


def _check_ins() -> Any:
    return CheckIn.objects.for_list().with_hours(*year_of(timezone.localdate()))


def act_on(request: HttpRequest, one: Any, back: str) -> tuple[dict[str, Any] | None, int]:
    """Answer the half-yearly question, or claim a post. None: it was done, go back there."""
    serving = one.status in SERVING
    may_claim = serving and one.grid is not None
    form = DutyForm(request.POST or None, grid=one.grid)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    status = 200
    # The page is the member's own, so it asks for no right; who is logged in goes on record.
    actor: Any = request.user if request.user.is_authenticated else None
    if act in ("here", "gone") and serving:
        attempt(
            request,
            lambda: services.confirm(check_in=one, still_here=act == "here", by=None, actor=actor),
            "谢谢，已收到。",
        )
        return None, 302
    if act == "duty" and may_claim:
        if do(
            request, form,
            lambda: services.claim_duty(
                grid=one.grid, person=one.person, check_in=one, by=None, actor=actor,
                **form.cleaned_data,
            ),
            "已认领，谢谢您。",
        ):  # fmt: skip
            return None, 302
        status = 400
    else:
        form = DutyForm(grid=one.grid)
    context = {
        "one": one, "form": form if may_claim else None, "year": timezone.localdate().year,
        "steps": [{"label": label, "done": one.status in states} for label, states in STEPS],
        "asked": one.confirmations.filter(answered_at=None).first() if serving else None,
        "appraisals": list(one.appraisals.all()),
    }  # fmt: skip
    return context, status


def _with_buildings(duties: Any) -> Any:
    return duties.prefetch_related("buildings__compound")
