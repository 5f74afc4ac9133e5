"""满意吗: the reporter rates the handling on the tracking page, and may change it for a while."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cases.forms.rating import RatingForm
from cases.limits import RATINGS
from cases.models import Case
from cases.services import MoveRefused, rate_case, rateable
from cases.services.rating import NOT_CLOSED, too_late
from cases.views.tracking import tracked

TOO_MANY = "这个网络地址一小时内评价得太多了，请稍后再试。"


@never_cache
def rate(request: HttpRequest) -> HttpResponse:
    """Rate, or change the rating, by whoever has proven the code."""
    report = tracked(request)
    if report is None:
        return redirect("cases:public_track")
    found = rateable(report)
    form = RatingForm(request.POST or None, given=found.given if found else None)
    if request.method != "POST":
        closed = NOT_CLOSED if found is None else ""
        if found and not found.is_open(timezone.now()):
            closed = too_late(found)
        return _page(request, report, form, closed=closed)
    if not form.is_valid():
        return _page(request, report, form, 400)
    if form.is_robot:
        form.add_error(None, "提交没有通过检查，请刷新页面后重新填写。")
        return _page(request, report, form, 400)
    if RATINGS.is_spent(request):
        form.add_error(None, TOO_MANY)
        return _page(request, report, form, 429)
    try:
        given = form.cleaned_data
        rate_case(
            report=report, satisfaction=given["satisfaction"], reason=given["reason"],
            note=given["note"],
        )  # fmt: skip
    except MoveRefused as refusal:
        form.refuse(refusal)
        return _page(request, report, form, refusal.http_status)
    RATINGS.count(request)
    return redirect("cases:public_track")


def _page(
    request: HttpRequest, report: Case, form: RatingForm, status: int = 200, closed: str = ""
) -> HttpResponse:
    context = {
        "page_title": "评价办理情况", "public_active": "track", "case": report, "form": form,
        "closed": closed,
    }  # fmt: skip
    return render(request, "cases/public_rate.html", context, status=status)
