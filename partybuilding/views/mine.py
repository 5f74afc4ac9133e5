"""The members' own pages, without a log-in: apply by the unit's code, then one's own page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cases.limits import RateLimit
from councils.views.public import TOO_MANY
from grids.acting import attempt, do
from partybuilding import services
from partybuilding.checkin_lists import year_of
from partybuilding.forms.checkins import ApplyForm, DutyForm
from partybuilding.models import CheckIn, UnitDoor
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
    first, end = year_of(timezone.localdate())
    rows = CheckIn.objects.for_list().with_hours(first, end)
    one: Any = get_object_or_404(rows, token=token)
    serving = one.status in SERVING
    form = DutyForm(request.POST or None, grid=one.grid) if serving and one.grid else None
    act = request.POST.get("act", "") if request.method == "POST" else ""
    status = 200
    if act in ("here", "gone") and serving:
        attempt(
            request,
            lambda: services.confirm(check_in=one, still_here=act == "here", by=None),
            "谢谢，已收到。",
        )
        return redirect("partybuilding:checkin_mine", token=token)
    if act == "duty" and form is not None:
        if do(
            request, form,
            lambda: services.claim_duty(
                grid=one.grid, person=one.person, check_in=one, by=None, **form.cleaned_data
            ),
            "已认领，谢谢您。",
        ):  # fmt: skip
            return redirect("partybuilding:checkin_mine", token=token)
        status = 400
    return _page(request, one, form if act == "duty" else _blank(one, form), status)


def _blank(one: CheckIn, form: DutyForm | None) -> DutyForm | None:
    return DutyForm(grid=one.grid) if form is not None and one.grid else None


def _page(request: HttpRequest, one: Any, form: DutyForm | None, status: int) -> HttpResponse:
    context = {
        "page_title": "我的报到", "one": one, "form": form, "year": timezone.localdate().year,
        "steps": [{"label": label, "done": one.status in states} for label, states in STEPS],
        "duties": list(one.duties.open().prefetch_related("buildings__compound")),
        "asked": one.confirmations.filter(answered_at=None).first() if form else None,
        "appraisals": list(one.appraisals.all()),
    }  # fmt: skip
    return render(request, "partybuilding/public_mine.html", context, status=status)
