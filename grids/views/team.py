"""The team of a grid: who comes, who leaves."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids import services
from grids.acting import do
from grids.forms import AssignForm, LeaveForm, MemberForm, ReplaceForm
from grids.models import Grid, GridTeamMember
from grids.services.people import find_or_add_person
from grids.staffing import team_card, team_completeness
from grids.views.edit import form_page
from orgs import sealedfiles
from orgs.fetch import fetch
from orgs.roles import CREATE, VIEW, Noun


@login_required
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """The slots with who fills them, and a form to fill one."""
    user: Any = request.user
    rows = Grid.objects.select_related("community", "street", "team_template")
    grid = fetch(rows, user, Noun.GRID, CREATE, pk=pk)
    slot = request.GET.get("slot", "")
    form = AssignForm(
        request.POST or None, grid=grid, user=user, initial={"slot": slot if slot.isdigit() else ""}
    )

    def assign() -> None:
        data = dict(form.cleaned_data)
        person = find_or_add_person(
            name=data.pop("name"), phone=data.pop("phone"), street=grid.street, by=user
        )
        services.assign_member(grid=grid, person=person, by=user, **data)

    if request.method == "POST" and do(request, form, assign, "已安排到岗。"):
        return redirect("grids:team", pk=pk)
    day = timezone.localdate()
    context = {
        "page_title": f"{grid}队伍",
        "grid": grid,
        "form": form,
        "team": team_card(grid, day),
        "completeness": team_completeness(grid, day),
    }
    return render(request, "grids/team.html", context, status=400 if form.errors else 200)


def _member(user: Any, pk: int, member_pk: int) -> GridTeamMember:
    grid = fetch(Grid.objects, user, Noun.GRID, CREATE, pk=pk)
    rows = GridTeamMember.objects.select_related("person", "slot", "grid__street")
    found: GridTeamMember = get_object_or_404(rows, pk=member_pk, grid=grid)
    return found


@login_required
def member_edit(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Duties, unit, term, consent and photo of somebody who serves."""
    user: Any = request.user
    member = _member(user, pk, member_pk)
    form = MemberForm(request.POST or None, request.FILES or None, member=member, user=user)
    back = reverse("grids:team", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.edit_member(member=member, by=user, **form.cleaned_data), "已保存。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{member.slot} {member.person.name}", back, "保存")


@login_required
def member_replace(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Hand a place over: with it go the open cases, tasks and care duties of the grid."""
    user: Any = request.user
    member = _member(user, pk, member_pk)
    form = ReplaceForm(request.POST or None)
    back = reverse("grids:team", args=[pk])

    def replace() -> None:
        data = dict(form.cleaned_data)
        taker = find_or_add_person(
            name=data.pop("name"), phone=data.pop("phone"), street=member.grid.street, by=user
        )
        services.replace_member(member=member, person=taker, by=user, **data)

    if request.method == "POST" and do(
        request, form, replace, f"已由新人接任“{member.slot}”，在办事项和帮扶一并交接。"
    ):
        return redirect(back)
    return form_page(request, form, f"{member.slot} {member.person.name}：交接", back, "办理交接")


@login_required
def member_leave(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    user: Any = request.user
    member = _member(user, pk, member_pk)
    form = LeaveForm(request.POST or None)
    back = reverse("grids:team", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.remove_member(member=member, end=form.cleaned_data["end"], by=user),
        f"已为{member.person.name}办理离岗。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{member.slot} {member.person.name}：离岗", back, "办理离岗")


@login_required
@never_cache
@require_GET
def member_photo(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """The photo for the notice board, with the consent of the person only."""
    grid = fetch(Grid.objects, request.user, Noun.GRID, VIEW, pk=pk)
    member = get_object_or_404(grid.team.filter(shows_photo=True).exclude(photo=""), pk=member_pk)
    try:
        data = sealedfiles.read(member.photo)
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        data, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"}
    )
