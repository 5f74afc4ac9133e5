"""志愿者: the register, one's own page, points, the certificate."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cases.rows import community_label
from gridparty.lib.text import row_id
from grids.acting import attempt
from orgs.models import OrgUnit, PartyMember
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import can, refusal, require
from volunteers.asking import HERE, LOOK_BACK
from volunteers.forms.activities import RedeemForm
from volunteers.forms.teams import (
    VolunteerFilterForm,
    VolunteerForm,
)
from volunteers.models import Volunteer
from volunteers.sections import sections
from volunteers.services import points
from volunteers.services import teams as services
from volunteers.sides import moves_for
from volunteers.views.pages import (
    Link,
    Listing,
    ask_community,
    cell,
    chosen_community,
    detail_url,
    list_page,
    manages,
    move_link,
    require_manager,
    save_page,
    tone,
)
from volunteers.workflow import HoursStatus


@login_required
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """The register of volunteers; names are masked for those who do not keep it."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    form = VolunteerFilterForm(request.GET)
    rows = Volunteer.objects.visible_to(user)
    if form.is_valid():
        asked = form.cleaned_data
        rows = rows.filter(status=asked["status"] or Volunteer.Status.ACTIVE)
        if asked["skill"]:
            # Codes stand in quotation marks in the stored list; both databases can look for that.
            rows = rows.filter(skills__icontains=f'"{asked["skill"]}"')
        if asked["asked"]:
            rows = rows.asked_since(timezone.now() - LOOK_BACK, yes=asked["asked"] == "yes")
        if asked["q"]:
            rows = rows.filter(person__name__startswith=asked["q"])
    full = can(user, Noun.VOLUNTEER, EDIT)
    actions = []
    if can(user, Noun.VOLUNTEER, CREATE + EDIT):
        actions = [
            Link("批量导入", reverse("orgs:table", args=["volunteers"]), "upload"),
            Link("报到党员", reverse("volunteers:members"), "person-plus"),
            Link("登记志愿者", reverse("volunteers:person_new"), "plus-lg"),
        ]
    listing = Listing(
        "people", "志愿者", ("姓名", "社区", "特长", "方便时间", "累计小时", "状态"),
        "没有符合条件的志愿者。", actions, exports=False,
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), lambda row: _person_cells(row, full))


def _person_cells(row: Any, full: bool) -> list[dict[str, Any]]:
    name = row.person.name if full else row.person.masked_name
    return [
        cell("姓名", name, url=reverse("volunteers:person", args=[row.pk])),
        cell("社区", str(row.community)),
        cell("特长", row.skill_words or "未填"),
        cell("方便时间", row.time_words or "未填"),
        cell("累计小时", row.total or 0, number=True),
        cell("状态", row.get_status_display(), level=tone(row.status)),
    ]


@login_required
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One volunteer: skills, hours, points, stars."""
    user: Any = request.user
    row = _fetch_person(user, pk)
    own, may = row.person_id == user.person_id, manages(user, row.community)
    hours = points.total_hours(row)
    context = {
        "page_title": "我的志愿" if own else "志愿者", "volunteer": row, "own": own, "may_edit": own or may,
        "manages": may, "name": row.person.name if own or may else row.person.masked_name,
        "phone": row.person.masked_phone if may else "", "total": hours,
        "balance": points.balance(row), "stars": points.stars_for(hours),
        "hours": row.hours.select_related("activity").order_by("-id")[:20],
        "entries": row.points.all()[:30],
        "asks": _open_asks(row, user) if own else [],
        "coming": _coming(row) if own or may else [],
        "teams": [one.team for one in row.memberships.filter(end=None).select_related("team")],
        "sections": sections(user, "me" if own else "people"),
        "status_tone": tone(row.status),
    }  # fmt: skip
    return render(request, "volunteers/person.html", context)


def _open_asks(row: Volunteer, user: Any) -> list[dict[str, Any]]:
    """Invitations that wait for an answer, each with its reasons."""
    asks = row.asks.open().for_list().filter(shift__starts_at__gt=timezone.now())
    return [
        {"ask": one, "links": [move_link(one, move) for move in moves_for(one, user)
                               if move.name in ("accept", "decline")]}
        for one in asks.order_by("answer_by", "id")
    ]  # fmt: skip


def _coming(row: Volunteer) -> Any:
    """Shifts to come in which the volunteer has a place, or waits for one."""
    here = row.signups.filter(status__in=HERE, shift__ends_at__gt=timezone.now())
    return here.select_related("shift__activity").order_by("shift__starts_at", "id")[:10]


@login_required
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """My own page, or the form by which I become a volunteer."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    known = Volunteer.objects.filter(person_id=user.person_id or -1).first()
    if known is not None:
        return redirect("volunteers:person", pk=known.pk)
    community = _own_community(user)
    if community is None or user.person_id is None:
        raise PermissionDenied("您的账号不属于一个社区，请联系社区登记为志愿者。")
    form = VolunteerForm(request.POST or None, community=community, naming=False)
    return save_page(
        request, form,
        lambda: services.apply_as_volunteer(community=community, by=user, **form.cleaned_data),
        "已提交，社区审核后就可以报名活动。", title="成为志愿者", submit="提交", to=detail_url,
        back=reverse("volunteers:activities"),
        hint=f"登记到{community}。特长和时间用来给您推荐合适的活动。",
    )  # fmt: skip


@login_required
@never_cache
def person_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, CREATE + EDIT)
    back = reverse("volunteers:people")
    community = chosen_community(request)
    if community is None:
        return ask_community(request, "登记志愿者", back)
    form = VolunteerForm(request.POST or None, community=community, naming=True)
    return save_page(
        request, form,
        lambda: services.register_volunteer(community=community, by=user, **form.cleaned_data),
        "已登记志愿者。", title="登记志愿者", back=back, submit="登记", to=detail_url,
    )  # fmt: skip


@login_required
@never_cache
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_person(user, pk)
    if row.person_id != user.person_id:
        require_manager(user, row.community)
    form = VolunteerForm(
        request.POST or None, community=row.community, naming=False,
        initial=VolunteerForm.facts(row),
    )  # fmt: skip
    return save_page(
        request, form,
        lambda: services.edit_volunteer(volunteer=row, by=user, **form.cleaned_data),
        "已保存。", title="修改志愿者资料", back=detail_url(row), submit="保存",
    )  # fmt: skip


@login_required
@require_POST
def person_status(request: HttpRequest, pk: int, status: str) -> HttpResponse:
    user: Any = request.user
    row = _fetch_person(user, pk)
    attempt(
        request,
        lambda: services.set_volunteer_status(volunteer=row, status=status, by=user), "已更新状态。",
    )  # fmt: skip
    return redirect("volunteers:person", pk=pk)


@login_required
@never_cache
def members(request: HttpRequest) -> HttpResponse:
    """报到党员 who are not volunteers yet, to be taken in by one tap."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, CREATE + EDIT)
    community = chosen_community(request)
    if community is None:
        return ask_community(request, "报到党员", reverse("volunteers:people"))
    rows = PartyMember.objects.filter(
        org_unit__tree_id=community.tree_id, org_unit__lft__gte=community.lft,
        org_unit__rght__lte=community.rght, left_on=None, person__volunteer=None,
        person__died_on=None,
    ).select_related("person", "org_unit").order_by("id")  # fmt: skip
    if request.method == "POST":
        wanted = row_id(request.POST.get("person", ""))
        member = get_object_or_404(rows, person=wanted or 0)
        attempt(
            request,
            lambda: services.register_volunteer(community=community, person=member.person, by=user),
            "已登记为志愿者，请他本人补充特长和时间。",
        )
        return redirect(f"{reverse('volunteers:members')}?community={community.pk}")
    context = {
        "page_title": "报到党员", "members": rows[:100], "count": rows.count(),
        "community": community, "sections": sections(user, "people"),
    }  # fmt: skip
    return render(request, "volunteers/members.html", context)


@login_required
@never_cache
def redeem(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_person(user, pk)
    require_manager(user, row.community)
    form = RedeemForm(request.POST or None)
    return save_page(
        request, form,
        lambda: points.redeem(
            volunteer=row, by=user, note=form.cleaned_data["note"],
            points=Decimal(form.cleaned_data["points"]),
        ),
        "已兑换。", title="兑换积分", back=detail_url(row), submit="兑换",
        hint=f"现有 {points.balance(row)} 分",
    )  # fmt: skip


@login_required
@require_POST
def reverse_points(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_person(user, pk)
    entry = get_object_or_404(row.points.select_related("volunteer__community"), pk=entry_pk)
    attempt(request, lambda: points.reverse_entry(entry=entry, note="更正", by=user), "已冲正。")
    return redirect("volunteers:person", pk=pk)


@login_required
@never_cache
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """志愿服务证明, to be printed: the person's own, or made out by the community."""
    user: Any = request.user
    row = _fetch_person(user, pk)
    if row.person_id != user.person_id and not manages(user, row.community):
        raise PermissionDenied(refusal(user, Noun.VOLUNTEER, EDIT))
    confirmed = row.hours.filter(status=HoursStatus.CONFIRMED).select_related("activity")
    total = points.total_hours(row)
    context = {
        "page_title": "志愿服务证明", "volunteer": row, "total": total,
        "community": community_label(row.community),
        "stars": points.stars_for(total), "today": timezone.localdate(),
        "hours": confirmed.order_by("-start")[:40], "count": confirmed.count(),
    }  # fmt: skip
    return render(request, "volunteers/certificate.html", context)


def _fetch_person(user: Any, pk: int) -> Volunteer:
    require(user, Noun.VOLUNTEER, SEES)
    found: Volunteer = get_object_or_404(Volunteer.objects.visible_to(user).for_list(), pk=pk)
    return found


def _own_community(user: Any) -> OrgUnit | None:
    """Return the community a user's role is placed in, or lies under."""
    for grant in user.grants:
        if grant.tree_id is not None and grant.lft is not None:
            rows = OrgUnit.objects.filter(
                tree_id=grant.tree_id, lft__lte=grant.lft, rght__gte=grant.rght, tier=2
            )
            found: OrgUnit | None = rows.first()
            if found is not None:
                return found
    return None
