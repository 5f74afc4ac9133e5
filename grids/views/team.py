"""The team of a grid: who comes, who leaves."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from grids import services
from grids.acting import do
from grids.forms import AssignForm, LeaveForm
from grids.models import Grid, GridTeamMember
from grids.services.people import find_or_add_person
from grids.staffing import team_card, team_completeness
from grids.views.edit import form_page
from orgs.fetch import fetch
from orgs.roles import CREATE, Noun


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


@login_required
def member_leave(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    user: Any = request.user
    grid = fetch(Grid.objects, user, Noun.GRID, CREATE, pk=pk)
    member = get_object_or_404(
        GridTeamMember.objects.select_related("person", "slot"), pk=member_pk, grid=grid
    )
    form = LeaveForm(request.POST or None)
    back = reverse("grids:team", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.remove_member(member=member, end=form.cleaned_data["end"], by=user),
        f"已为{member.person.name}办理离岗。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{member.slot} {member.person.name}：离岗", back, "办理离岗")
