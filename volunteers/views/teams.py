"""服务队: the list, one team, who is in it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from grids.acting import attempt
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from volunteers.forms.teams import (
    JoinForm,
    TeamFilterForm,
    TeamForm,
)
from volunteers.models import Team, TeamMember
from volunteers.sections import is_staff, sections
from volunteers.services import teams as services
from volunteers.views.pages import (
    Link,
    Listing,
    ask_community,
    cell,
    chosen_community,
    detail_url,
    list_page,
    manages,
    require_manager,
    save_page,
)


@login_required
@never_cache
def teams(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    form = TeamFilterForm(request.GET)
    rows = Team.objects.visible_to(user).active()
    if form.is_valid():
        if form.cleaned_data["kind"]:
            rows = rows.filter(kind=form.cleaned_data["kind"])
        if form.cleaned_data["q"]:
            rows = rows.filter(name__icontains=form.cleaned_data["q"])
    add = (
        [Link("建立服务队", reverse("volunteers:team_new"), "plus-lg")]
        if can(user, Noun.VOLUNTEER, CREATE + EDIT) else []
    )  # fmt: skip
    listing = Listing(
        "teams", "志愿服务队", ("服务队", "类型", "社区", "队长", "人数", "特长"),
        "还没有服务队。", add,
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), _team_cells)


def _team_cells(row: Any) -> list[dict[str, Any]]:
    return [
        cell("服务队", row.name, url=reverse("volunteers:team", args=[row.pk])),
        cell("类型", row.get_kind_display()),
        cell("社区", str(row.community)),
        cell("队长", row.leader.masked_name if row.leader else "暂缺"),
        cell("人数", row.size, number=True),
        cell("特长", row.speciality_words or "未填"),
    ]


@login_required
@never_cache
def team(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_team(user, pk)
    may = manages(user, row.community)
    members = row.memberships.filter(end=None).select_related("volunteer__person").order_by("id")
    full = may
    context = {
        "page_title": row.name, "team": row, "may_edit": may,
        "members": [
            (one, one.volunteer.person.name if full else one.volunteer.person.masked_name)
            for one in members
        ] if is_staff(user) else [],
        "join": JoinForm(team=row) if may else None,
        "activities": row.activities.for_list().order_by("-id")[:10],
        "grids": "、".join(str(grid) for grid in row.grids.all()) or "整个社区",
        "sections": sections(user, "teams"),
    }  # fmt: skip
    return render(request, "volunteers/team.html", context)


@login_required
@never_cache
def team_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, CREATE + EDIT)
    back = reverse("volunteers:teams")
    community = chosen_community(request)
    if community is None:
        return ask_community(request, "建立服务队", back)
    form = TeamForm(request.POST or None, community=community)
    return save_page(
        request, form,
        lambda: services.create_team(community=community, by=user, **form.cleaned_data),
        "已建立服务队。", title="建立服务队", back=back, submit="建立", to=detail_url,
    )  # fmt: skip


@login_required
@never_cache
def team_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_team(user, pk)
    require_manager(user, row.community)
    form = TeamForm(request.POST or None, community=row.community, initial=TeamForm.facts(row))
    return save_page(
        request, form, lambda: services.edit_team(team=row, by=user, **form.cleaned_data),
        "已保存。", title=f"修改：{row.name}", back=detail_url(row), submit="保存",
    )  # fmt: skip


@login_required
@require_POST
def team_join(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_team(user, pk)
    require_manager(user, row.community)
    form = JoinForm(request.POST, team=row)
    if form.is_valid():
        attempt(
            request,
            lambda: services.join_team(team=row, volunteer=form.cleaned_data["volunteer"], by=user),
            "已加入服务队。",
        )
    return redirect("volunteers:team", pk=pk)


@login_required
@require_POST
def team_leave(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_team(user, pk)
    require_manager(user, row.community)
    member = get_object_or_404(TeamMember.objects.select_related("volunteer", "team"),
                               pk=member_pk, team=row)  # fmt: skip
    attempt(request, lambda: services.leave_team(member=member, by=user), "已离队。")
    return redirect("volunteers:team", pk=pk)


def _fetch_team(user: Any, pk: int) -> Team:
    require(user, Noun.VOLUNTEER, SEES)
    found: Team = get_object_or_404(Team.objects.visible_to(user).for_list(), pk=pk)
    return found
