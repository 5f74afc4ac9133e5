"""常用看板: save what is on the screen, open with it, delete it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.services.views import drop_view, open_with, period_kept, save_view
from assessments.views.dashboard import period_of, place_of, place_url
from orgs.acting import attempt


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the place and period in the address under a name."""
    user: Any = request.user
    place, period, now = place_of(request), period_of(request), timezone.now()
    named = {
        name: request.GET[name] for name in ("node", "unit", "district") if request.GET.get(name)
    }
    asked = named | {"month": period_kept(period, now)}
    name = request.POST.get("name", "")
    attempt(request, lambda: save_view(name=name, asked=asked, by=user), "已存为常用看板。")
    return redirect(place_url(place, period))


@login_required
@require_POST
def change(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user: Any = request.user
    view = get_object_or_404(user.saved_views, pk=pk)
    acts = {
        "default": (open_with, "默认看板已更改。"),
        "drop": (drop_view, "已删除。"),
    }
    if name not in acts:
        raise Http404
    act, done = acts[name]
    attempt(request, lambda: act(view=view, by=user), done)
    return redirect("/dashboard/?own=1")
