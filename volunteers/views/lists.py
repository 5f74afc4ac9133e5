"""需求 and 资源: the lists, a need with what fits it, taking it over."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from orgs.models import Unit
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from residents.models import Need
from volunteers.figures import needs_for, needs_shown
from volunteers.fitting import fits_for
from volunteers.forms.fields import partners_of, teams_of
from volunteers.forms.lists import (
    ClaimForm,
    NeedFilterForm,
    ResourceFilterForm,
    ResourceForm,
)
from volunteers.models import Claim, Resource, Team
from volunteers.scope import units_of
from volunteers.services.claims import (
    ask_for,
    free_quantity,
    send_to,
)
from volunteers.services.resources import edit_resource, offer_resource
from volunteers.sides import sides, staff_communities
from volunteers.views.claims import claim_line
from volunteers.views.pages import (
    Block,
    Link,
    Listing,
    ask_community,
    cell,
    chosen_community,
    detail_page,
    detail_url,
    fetch_row,
    list_page,
    save_page,
    tone,
)
from volunteers.workflow import HOLDING, Who


@login_required
@never_cache
def needs(request: HttpRequest) -> HttpResponse:
    """Needs by their public text: who needs it stays with those who keep the care library."""
    require(request.user, Noun.VOLUNTEER, SEES)
    form = NeedFilterForm(request.GET)
    rows = needs_for(request.user)
    if form.is_valid():
        asked = form.cleaned_data
        rows = needs_shown(rows, asked["show"], timezone.localdate())
        for name in ("kind", "source"):
            if asked[name]:
                rows = rows.filter(**{name: asked[name]})
        if asked["q"]:
            rows = rows.filter(public_text__icontains=asked["q"])
    listing = Listing(
        "needs", "需求清单", ("需求", "类别", "缓急", "网格", "数量", "期望时间", "状态"),
        "没有等待对接的需求。走访和重点人群里登记的需求，发布后会出现在这里。",
    )  # fmt: skip
    return list_page(request, listing, form, rows.select_related("household__grid"), _need_cells)


def _need_cells(need: Need) -> list[dict[str, Any]]:
    return [
        cell("需求", need.public_text, url=reverse("volunteers:need", args=[need.pk])),
        cell("类别", need.get_kind_display()),
        cell("缓急", need.get_urgency_display()),
        cell("网格", str(need.household.grid)),
        cell("数量", need.quantity, number=True),
        cell("期望时间", f"{need.wanted_by:%Y-%m-%d}" if need.wanted_by else "不限"),
        cell("状态", need.get_status_display(), level=tone(need.status)),
    ]


@login_required
@never_cache
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """A need, who has taken what of it, and the resources that fit it with the reasons."""
    user: Any = request.user
    row = _fetch_need(user, pk)
    free = free_quantity(row)
    claims = Claim.objects.visible_to(user).filter(need=row).for_list().order_by("id")
    staff = _is_staff_of(user, row)
    links = []
    if free > 0 and row.status in ("published", "matched", "in_project"):
        if staff:
            links.append(Link("派单", reverse("volunteers:need_send", args=[pk]), "send"))
        if units_of(user) or _teams_led(user, row):
            links.append(
                Link("认领", reverse("volunteers:need_claim", args=[pk]), "hand-thumbs-up")
            )
    if staff:
        new = (
            f"{reverse('volunteers:activity_new')}?community={row.household.community_id}&need={pk}"
        )
        links.append(Link("为它办一次活动", new, "calendar-event"))
        if can(user, Noun.CARE, SEES) and Need.objects.visible_to(user).filter(pk=pk).exists():
            links.append(Link("看需求详情", reverse("residents:need", args=[pk]), "house"))
    fits = []
    if staff or units_of(user):
        usable = Resource.objects.visible_to(user).usable(timezone.localdate()).with_taken()
        fits = fits_for(row, usable, timezone.localdate(), max(free, 1))[:20]
    lines = [claim_line(claim, user) for claim in claims]
    context: dict[str, Any] = {
        "page_title": f"需求：{row.get_kind_display()}", "need": row, "free": free, "links": links,
        "level": tone(row.status), "fits": fits, "blocks": [
            Block("谁来满足", lines, empty="还没有单位或服务队认领。")
        ],
    }  # fmt: skip
    return render(request, "volunteers/need.html", context)


@login_required
@never_cache
def need_claim(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_need(user, pk)
    units = Unit.objects.filter(pk__in=units_of(user))
    teams = _teams_led(user, row)
    if not units and not teams:
        raise Http404
    return _claim_page(request, row, units, teams, ask_for, "认领需求", "已提出认领，等社区确认。")


@login_required
@never_cache
def need_send(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, CREATE + EDIT)
    row = _fetch_need(user, pk)
    if not _is_staff_of(user, row):
        raise Http404
    if free_quantity(row) <= 0:
        messages.info(request, "这条需求已经全部有人认领，不用再派。")
        return redirect("volunteers:need", pk=pk)
    community = row.household.community
    units = partners_of(community.get_root())
    return _claim_page(
        request, row, units, teams_of(community), send_to, "派单", "已派单，等对方接受。"
    )


def _claim_page(
    request: HttpRequest, row: Need, units: Any, teams: Any, verb: Any, title: str, done: str
) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()
    resources = Resource.objects.visible_to(user).usable(today).filter(unit__in=units)
    free = free_quantity(row)
    alone = len(units) == 1 and not teams
    initial = {"quantity": max(free, 1), "resource": request.GET.get("resource") or None,
               "unit": units[0] if alone else request.GET.get("unit") or None}  # fmt: skip
    form = ClaimForm(
        request.POST or None, units=units, teams=teams, resources=resources, free=free,
        initial=initial,
    )  # fmt: skip
    return save_page(
        request, form, lambda: verb(need=row, by=user, **form.cleaned_data), done, title=title,
        back=detail_url(row), submit=title, hint=row.public_text,
    )  # fmt: skip


@login_required
@never_cache
def resources(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    form = ResourceFilterForm(request.GET)
    rows = Resource.objects.visible_to(user)
    if form.is_valid():
        asked = form.cleaned_data
        if asked["status"] == "used":
            rows = rows.offered().used()
        elif asked["status"] == "usable":
            rows = rows.offered()
        elif asked["status"] == "":
            rows = rows.filter(status__in=("offered", "open", "reserved"))
        elif asked["status"] != "all":
            rows = rows.filter(status=asked["status"])
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["q"]:
            rows = rows.filter(title__icontains=asked["q"])
    may = can(user, Noun.VOLUNTEER, CREATE + EDIT) or bool(units_of(user))
    add = [Link("登记资源", reverse("volunteers:resource_new"), "plus-lg")] if may else []
    listing = Listing(
        "resources", "资源清单", ("资源", "类别", "提供单位", "能解决", "余量", "状态"),
        "还没有登记资源。请共建单位登记能提供的场地、人员、物资和服务。", add,
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), _resource_cells)


def _resource_cells(row: Any) -> list[dict[str, Any]]:
    return [
        cell("资源", row.title, url=reverse("volunteers:resource", args=[row.pk])),
        cell("类别", row.get_kind_display()),
        cell("提供单位", str(row.unit)),
        cell("能解决", row.need_words),
        cell("余量", f"{row.capacity - row.taken}/{row.capacity}{row.measure}"),
        cell("状态", row.get_status_display(), level=tone(row.status)),
    ]


@login_required
@never_cache
def resource(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch_row(request, "resource", pk)
    claims = row.claims.filter(status__in=HOLDING).for_list().visible_to(request.user)
    facts = [
        ("提供单位", row.unit), ("类别", row.get_kind_display()), ("能解决", row.need_words),
        ("数量", f"共 {row.capacity}{row.measure}，还可用 {row.capacity - row.taken}{row.measure}"),
        ("可用时间", row.times or "未写"), ("使用条件", row.conditions or "无"),
        ("联系人", row.contact or "未写"),
        ("有效期", f"{row.available_from:%Y-%m-%d} 至 {row.valid_until or '长期'}"),
        ("范围", row.community or f"{row.street}（全街道）"),
        ("网格", "、".join(str(grid) for grid in row.grids.all()) or "不限"),
    ]  # fmt: skip
    edit = []
    if sides(row, request.user) & {Who.UNIT, Who.STAFF}:
        edit = [Link("修改", reverse("volunteers:resource_edit", args=[pk]), "pencil")]
    lines = [claim_line(claim, request.user) for claim in claims]
    blocks = [Block("用在哪里", lines, empty="还没有用到需求上。")]
    return detail_page(request, row, "resources", row.title, facts, blocks, edit)


@login_required
@never_cache
def resource_new(request: HttpRequest) -> HttpResponse:
    """A unit offers what it has; staff write down what a unit told them."""
    user: Any = request.user
    back = reverse("volunteers:resources")
    own = list(Unit.objects.filter(pk__in=units_of(user)).select_related("street"))
    if own and own[0].street is not None:
        street = own[0].street
        communities = street.get_descendants(include_self=True).filter(tier=2)
        community, units, place = communities.first(), Unit.objects.filter(pk=own[0].pk), None
    else:
        require(user, Noun.VOLUNTEER, CREATE + EDIT)
        community = chosen_community(request)
        if community is None:
            return ask_community(request, "登记资源", back)
        street, place = community.get_root(), community
        units = partners_of(street)
    if community is None:
        raise Http404
    form = ResourceForm(request.POST or None, community=community, units=units)
    if place is None:
        form.fields.pop("grids")
    return save_page(
        request, form,
        lambda: offer_resource(community=place, street=street, by=user, **form.cleaned_data),
        "已登记，等社区审核。", title="登记资源", back=back, submit="登记", to=detail_url,
    )  # fmt: skip


@login_required
@never_cache
def resource_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "resource", pk, Who.UNIT, Who.STAFF)
    community = row.community or row.street.get_descendants(include_self=True).filter(tier=2)[0]
    form = ResourceForm(
        request.POST or None, community=community, units=Unit.objects.filter(pk=row.unit_id),
        initial=ResourceForm.facts(row),
    )  # fmt: skip

    def save() -> None:
        facts = {name: value for name, value in form.cleaned_data.items() if name != "unit"}
        edit_resource(resource=row, by=user, **facts)

    return save_page(
        request, form, save, "已保存。", title=f"修改：{row.title}", back=detail_url(row),
        submit="保存",
    )  # fmt: skip


def _fetch_need(user: Any, pk: int) -> Need:
    require(user, Noun.VOLUNTEER, SEES)
    rows = needs_for(user).select_related(
        "household__grid", "household__building", "household__community"
    )
    found: Need = get_object_or_404(rows, pk=pk)
    return found


def _teams_led(user: Any, row: Need) -> Any:
    mine = Team.objects.filter(leader_id=user.person_id or -1, community=row.household.community_id)
    return mine.active()


def _is_staff_of(user: Any, row: Need) -> bool:
    return bool(staff_communities(user).filter(pk=row.household.community_id).exists())
