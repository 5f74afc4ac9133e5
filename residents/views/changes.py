"""变更审核: what visitors propose, as a diff, for community staff to approve or send back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grids.acting import attempt, do
from orgs.paging import keyset_page
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import has_role, refusal, require
from residents import services
from residents.display import shown_door
from residents.forms.visits import RejectForm
from residents.models import ChangeRequest
from residents.sections import sections
from residents.services.changes import diff_of
from residents.views.edit import form_page
from residents.visit_querysets import REVIEWERS


@login_required
@never_cache
@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """What waits (for me to judge, or of mine), or with `?state=` what has been decided."""
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    rows = ChangeRequest.objects.visible_to(user)
    states = [("pending", "待审核"), ("approved", "已通过"), ("rejected", "已退回")]
    active = request.GET.get("state", "")
    active = active if active in dict(states) else "pending"
    counts = {name: rows.filter(state=name).count() for name, _ in states}
    page = keyset_page(rows.filter(state=active).for_list(), request, count=counts[active])
    context = {
        "page_title": "变更审核" if has_role(user, *REVIEWERS) else "我提出的变更",
        "page": page,
        "rows": [(row, shown_door(row.household, full=True), diff_of(row)) for row in page.rows],
        "sections": sections(user, "changes"),
        "tabs_of_page": [
            {"name": name, "label": label, "count": counts[name], "active": name == active}
            for name, label in states
        ],
    }
    return render(request, "residents/visits/changes.html", context)


@login_required
@never_cache
@require_GET
def change_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The diff: what the register says now, beside what it would say."""
    user: Any = request.user
    change = _fetch(user, pk)
    household = change.household
    pending = change.state == ChangeRequest.State.PENDING
    context = {
        "page_title": f"{change.get_kind_display()}：{shown_door(household, full=True)}",
        "change": change, "diff": diff_of(change), "household": household,
        "moved_on": pending and household.version != change.version,
        "may_judge": pending and _judges(user, change),
        "own": change.proposed_by_id == user.pk,
    }  # fmt: skip
    return render(request, "residents/visits/change.html", context)


@login_required
@require_POST
def change_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it into the register, if the register still is what the reviewer saw."""
    user: Any = request.user
    change = _to_judge(user, pk)
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 10 else 0
    done = attempt(
        request,
        lambda: services.approve_change(request=change, version=version, by=user),
        "已通过，登记已更新。",
    )
    if done:
        return redirect("residents:changes")
    return redirect("residents:change", pk=pk)


@login_required
@never_cache
def change_reject(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    change = _to_judge(user, pk)
    form = RejectForm(request.POST or None)
    if request.method == "POST" and do(
        request, form,
        lambda: services.reject_change(request=change, by=user, **form.cleaned_data), "已退回。",
    ):  # fmt: skip
        return redirect("residents:changes")
    back = reverse("residents:change", args=[pk])
    return form_page(request, form, f"退回：{change.get_kind_display()}", back, "退回")


def _fetch(user: Any, pk: int) -> ChangeRequest:
    require(user, Noun.RESIDENT, SEES)
    return get_object_or_404(ChangeRequest.objects.visible_to(user).for_list(), pk=pk)


def _judges(user: Any, change: ChangeRequest) -> bool:
    return bool(ChangeRequest.objects.judged_by(user).filter(pk=change.pk).exists())


def _to_judge(user: Any, pk: int) -> ChangeRequest:
    change = _fetch(user, pk)
    if not _judges(user, change):
        if change.proposed_by_id == user.pk:
            raise PermissionDenied("不能审核自己提出的变更，请由别的同事审核。")
        raise PermissionDenied(refusal(user, Noun.RESIDENT, EDIT))
    return change
