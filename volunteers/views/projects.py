"""项目: the list, one project, claiming, the quarterly review, the delivery matrix, the brands."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from gridparty.lib.periods import Quarter
from grids.models import Grid
from orgs.models import Unit
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from volunteers.figures import people_served
from volunteers.forms.lists import (
    CommunityForm,
    LeadForm,
    ProjectFilterForm,
    ProjectForm,
    ReviewForm,
)
from volunteers.models import Activity, Project, Volunteer
from volunteers.scope import area_q, units_of
from volunteers.sections import sections
from volunteers.services.projects import claim_project, draft_project, edit_project, review_project
from volunteers.sides import moves_for, sides
from volunteers.views.pages import (
    Block,
    Line,
    Link,
    Listing,
    ask_community,
    cell,
    chosen_community,
    detail_page,
    detail_url,
    fetch_row,
    form_page,
    list_page,
    save_page,
    tone,
)
from volunteers.workflow import Who


@login_required
@never_cache
def projects(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    form = ProjectFilterForm(request.GET)
    rows = Project.objects.visible_to(user)
    if form.is_valid():
        asked, quarter = form.cleaned_data, Quarter.of(timezone.localdate())
        if asked["status"] == "":
            rows = rows.filter(status__in=("draft", "review", "open", "running"))
        elif asked["status"] != "all":
            rows = rows.filter(status=asked["status"])
        if asked["category"]:
            rows = rows.filter(category=asked["category"])
        if asked["landed"]:
            rows = rows.filter(
                pk__in=rows.model.objects.landed(quarter.start, quarter.end).values("pk")
            )
        if asked["q"]:
            rows = rows.filter(name__icontains=asked["q"])
    actions = [
        Link("投放矩阵", reverse("volunteers:matrix"), "grid-3x3-gap"),
        Link("品牌项目", reverse("volunteers:brands"), "award"),
    ]
    if can(user, Noun.VOLUNTEER, CREATE + EDIT) or units_of(user):
        actions.append(Link("起草项目", reverse("volunteers:project_new"), "plus-lg"))
    listing = Listing(
        "projects", "项目清单", ("项目", "类别", "牵头", "场次", "时间", "状态"),
        "还没有项目。社区或共建单位可以起草项目，审核后由队伍认领。", actions,
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), _cells)


def _cells(row: Any) -> list[dict[str, Any]]:
    return [
        cell("项目", row.name, url=reverse("volunteers:project", args=[row.pk])),
        cell("类别", str(row.category)),
        cell("牵头", str(row.lead_unit or row.lead_team or "待认领")),
        cell("场次", f"{row.held}/{row.sessions}"),
        cell("时间", f"{row.starts_on:%Y-%m} 至 {row.ends_on:%Y-%m}"),
        cell("状态", row.get_status_display(), level=tone(row.status)),
    ]


@login_required
@never_cache
def project(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "project", pk)
    activities = row.activities.for_list().order_by("-id")
    served, others = people_served(activities.held())
    facts = [
        ("类别", f"{row.category}{'（须党员牵头）' if row.category.member_leads else ''}"),
        ("品牌", row.brand or "无"), ("做什么", row.about),
        ("实施单位", row.lead_unit or "未定"), ("实施队伍", row.lead_team or "未定"),
        ("牵头人", row.lead_person.masked_name if row.lead_person else "未定"),
        ("投放网格", "、".join(str(grid) for grid in row.grids.all()) or "未选"),
        ("场次", f"已办 {row.held} 场，计划 {row.sessions} 场"),
        ("服务人数", f"登记姓名 {served} 人（不重复），其他 {others} 人"
                     f"{f'，目标 {row.target_people} 人' if row.target_people else ''}"),
        ("预算", f"{row.budget} 元（{row.funding or '来源未写'}）" if row.budget else "无"),
        ("目标", row.goal or "未写"), ("起止", f"{row.starts_on} 至 {row.ends_on}"),
    ]  # fmt: skip
    mine = sides(row, user)
    actions = []
    if mine & {Who.STAFF, Who.UNIT, Who.LEAD} and row.status in (
        "draft", "review", "open", "running"
    ):  # fmt: skip
        actions.append(Link("修改", reverse("volunteers:project_edit", args=[pk]), "pencil"))
    new = f"{reverse('volunteers:activity_new')}?community={row.community_id}&project={pk}"
    add = (
        [Link("办一次活动", new, "plus-lg")]
        if row.status == "running" and mine & {Who.STAFF, Who.LEAD} else []
    )  # fmt: skip
    review = (
        [Link("登记评议", reverse("volunteers:project_review", args=[pk]), "plus-lg")]
        if Who.STAFF in mine else []
    )  # fmt: skip
    blocks = [
        Block("活动", [activity_line(one) for one in activities[:20]], add, "还没有办过活动。"),
        Block("需求", [_need_line(one) for one in row.claims.for_list()], (), "没有列入需求。"),
        Block(
            "联席会议季度评议",
            [
                Line(f"{Quarter.parse(one.quarter).label}：{one.note}", one.get_verdict_display(),
                     "green" if one.verdict == "go_on" else "yellow")
                for one in row.reviews.all()
            ], review, "还没有评议。",
        ),
    ]  # fmt: skip
    return detail_page(request, row, "projects", row.name, facts, blocks, actions)


def activity_line(row: Activity) -> Line:
    """A line of an activity, linked."""
    when = f"{timezone.localtime(row.starts_at):%m月%d日 %H:%M} " if row.starts_at else ""
    return Line(
        f"{when}{row.title}", row.get_status_display(), tone(row.status),
        reverse("volunteers:activity", args=[row.pk]), row.place,
    )  # fmt: skip


def _need_line(claim: Any) -> Line:
    return Line(
        claim.need.public_text, claim.need.get_status_display(), tone(claim.need.status),
        reverse("volunteers:need", args=[claim.need_id]),
    )  # fmt: skip


@login_required
@never_cache
def project_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    back = reverse("volunteers:projects")
    own = Unit.objects.filter(pk__in=units_of(user)).select_related("street")
    if own and own[0].street is not None:
        places = own[0].street.get_descendants(include_self=True).active().filter(tier=2)
        wanted = request.GET.get("community", "")
        community = places.filter(pk=int(wanted)).first() if wanted.isdigit() else None
        if community is None and len(places) == 1:
            community = places[0]
        if community is None:
            return _ask_place(request, places, back)
        units = own
    else:
        community, units = chosen_community(request), None
        if community is None:
            return ask_community(request, "起草项目", back)
    initial = {"lead_unit": own[0]} if units is not None else {}
    form = ProjectForm(request.POST or None, community=community, units=units, initial=initial)
    return save_page(
        request, form, lambda: draft_project(community=community, by=user, **form.cleaned_data),
        "已起草，确认无误后提交审核。", title="起草项目", back=back, submit="保存", to=detail_url,
    )  # fmt: skip


def _ask_place(request: HttpRequest, places: Any, back: str) -> HttpResponse:
    return form_page(
        request, CommunityForm(communities=places), "起草项目", back, "下一步", method="get"
    )


@login_required
@never_cache
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "project", pk, Who.STAFF, Who.UNIT, Who.LEAD)
    form = ProjectForm(
        request.POST or None, community=row.community, initial=ProjectForm.facts(row)
    )
    return save_page(
        request, form, lambda: edit_project(project=row, by=user, **form.cleaned_data),
        "已保存。", title=f"修改：{row.name}", back=detail_url(row), submit="保存",
    )  # fmt: skip


@login_required
@never_cache
def project_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """认领: staff name the lead; others take it themselves."""
    user: Any = request.user
    row = fetch_row(request, "project", pk)
    if not any(move.name == "claim" for move in moves_for(row, user)):
        raise PermissionDenied("这个项目现在不能由您认领。")
    only = None
    if Who.STAFF not in sides(row, user) and not units_of(user):
        only = Volunteer.objects.filter(person_id=user.person_id or -1)
    form = LeadForm(request.POST or None, project=row, only=only)
    unit = Unit.objects.filter(pk__in=units_of(user)).first()
    return save_page(
        request, form,
        lambda: claim_project(
            project=row, by=user, person=form.cleaned_data["person"].person,
            team=form.cleaned_data["team"], unit=unit,
        ),
        "已认领，可以安排活动了。", title=f"认领：{row.name}", back=detail_url(row), submit="认领",
    )  # fmt: skip


@login_required
@never_cache
def project_review(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "project", pk, Who.STAFF)
    form = ReviewForm(request.POST or None)
    return save_page(
        request, form, lambda: review_project(project=row, by=user, **form.cleaned_data),
        "已登记评议。", title=f"季度评议：{row.name}", back=detail_url(row), submit="登记",
    )  # fmt: skip


@login_required
@never_cache
def matrix(request: HttpRequest) -> HttpResponse:
    """投放矩阵: project × grid, each cell the sessions held there with their list behind."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    rows = list(Project.objects.visible_to(user).running().order_by("category", "id")[:100])
    grids = list(Grid.objects.filter(area_q(user)).exclude(status="closed").order_by("code")[:60])
    planned = set(
        Project.grids.through.objects.filter(project__in=rows).values_list("project", "grid")
    )
    held = Activity.objects.visible_to(user).held().filter(project__in=rows).order_by()
    counted = {
        (project, grid): many
        for project, grid, many in held.values_list("project", "grid").annotate(many=Count("pk"))
    }
    at = f"{reverse('volunteers:activities')}?when=held"
    lines = [(row, [_delivered(row, grid, planned, counted, at) for grid in grids]) for row in rows]
    context = {
        "page_title": "投放矩阵", "grids": grids, "lines": lines,
        "sections": sections(user, "projects"),
    }  # fmt: skip
    return render(request, "volunteers/matrix.html", context)


def _delivered(
    row: Project, grid: Grid, planned: set[tuple[int, int]], counted: dict[Any, int], at: str
) -> dict[str, Any]:
    many = counted.get((row.pk, grid.pk), 0)
    return {
        "many": many, "planned": (row.pk, grid.pk) in planned,
        "url": f"{at}&project={row.pk}&grid={grid.pk}" if many else "",
    }  # fmt: skip


@login_required
@never_cache
def brands(request: HttpRequest) -> HttpResponse:
    """打造网格志愿服务品牌 (XC-24): the projects with a brand, and what they came to."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    rows = Project.objects.visible_to(user).exclude(brand="").exclude(status="stopped")
    shown = rows.for_list().order_by("-id")[:60]
    context = {"page_title": "品牌项目", "projects": shown, "sections": sections(user, "projects")}
    return render(request, "volunteers/brands.html", context)
