"""党建联盟 and 五联共治: alliances, the year's plan, records with photos, reviews, the five axes."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.periods import Month, Quarter
from gridparty.lib.text import row_id
from grids.acting import do
from orgs.fetch import fetch
from orgs.levels import Tier
from orgs.models import OrgUnit, Unit
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from partybuilding import services
from partybuilding.axes import axes_of, rings, shape_of
from partybuilding.catalog import Dimension, JudgeSide
from partybuilding.figures import Figure
from partybuilding.forms.common import DayForm
from partybuilding.forms.joint import (
    AllianceForm,
    MemberForm,
    PlanForm,
    RecordFilterForm,
    RecordForm,
    ReviewForm,
    member_units,
)
from partybuilding.models import Alliance, AllianceMember, JointRecord, Photo
from partybuilding.scope import is_staff, units_of
from partybuilding.sections import sections
from partybuilding.services.joint import silent_dimensions
from partybuilding.views.pages import Link, Listing, cell, detail_page, form_page, list_page

COLUMNS = (
    ("联盟", 28), ("社区", 20), ("召集人", 12), ("成员单位", 8), ("活动", 8), ("最近活动", 12),
    ("上季度缺项", 30),
)  # fmt: skip
RECORD_COLUMNS = (
    ("名称", 28), ("联盟", 24), ("五联", 12), ("形式", 10), ("日期", 12), ("人数", 8), ("单位", 8),
    ("对应计划", 30),
)  # fmt: skip


@login_required
@never_cache
@require_GET
def alliance_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = Alliance.objects.visible_to(user).standing()
    quarter = Quarter.of(timezone.localdate()).previous()
    silent = silent_dimensions(list(mine), quarter)
    rows = mine.for_list()
    if request.GET.get("show") == "silent":
        rows = rows.filter(pk__in=[pk for pk, labels in silent.items() if labels])
    if unit := row_id(request.GET.get("unit", "")):
        of_unit = AllianceMember.objects.filter(unit=unit, end=None)
        rows = rows.filter(pk__in=of_unit.values("alliance"))
    actions = []
    if is_staff(user) and can(user, Noun.PARTY, EDIT):
        actions.append(Link("成立联盟", reverse("partybuilding:alliance_new"), "plus-lg"))
    listing = Listing(
        "alliances", "党建联盟", COLUMNS, "还没有党建联盟。", actions, order=("community_id", "id"),
        numbers=("成员单位", "活动"),
    )  # fmt: skip

    def cells(one: Any) -> list[dict[str, Any]]:
        missing = "、".join(silent.get(one.pk, []))
        return [
            cell("联盟", one.name, url=reverse("partybuilding:alliance", args=[one.pk])),
            cell("社区", one.community.name), cell("召集人", one.chair),
            cell("成员单位", one.member_count, number=True),
            cell("活动", one.record_count, number=True),
            cell("最近活动", f"{one.last_on:%Y-%m-%d}" if one.last_on else "还没有"),
            cell("上季度缺项", missing or "五联都有", level="yellow" if missing else "green"),
        ]  # fmt: skip

    page = reverse("partybuilding:alliances")
    lacking = sum(bool(labels) for labels in silent.values())
    members = AllianceMember.objects.filter(alliance__in=mine.values("pk"), end=None)
    figures = [
        Figure("党建联盟", mine.count(), "个", page),
        Figure("成员单位", members.values("unit").distinct().count(), "家", page),
        Figure(f"{quarter.label}有缺项", lacking, "个", f"{page}?show=silent",
               "yellow" if lacking else ""),
        *_record_figures(JointRecord.objects.visible_to(user), timezone.localdate().year),
    ]  # fmt: skip
    return list_page(request, listing, None, rows, cells, figures=figures)


def _record_figures(records: Any, year: int) -> list[Figure]:
    page = f"{reverse('partybuilding:joint_records')}?year={year}"
    done = records.between(Month(year, 1).first_day, Month(year, 12).end_day)
    return [
        Figure(str(dim.label), done.filter(dimension=dim).count(), "次", f"{page}&dimension={dim}")
        for dim in Dimension
    ]


def fetch_alliance(user: Any, pk: int, letters: str = SEES) -> Alliance:
    rows = Alliance.objects.select_related("community", "street")
    found: Alliance = fetch(rows, user, Noun.PARTY, letters, pk=pk)
    return found


@login_required
@never_cache
@require_GET
def alliance_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_alliance(user, pk)
    today = timezone.localdate()
    year = _year(request, today.year)
    records = one.records.all().between(Month(year, 1).first_day, Month(year, 12).end_day)
    counts = dict(records.order_by().values_list("dimension").annotate(total=Count("pk")))
    axes = axes_of(counts)
    items = list(one.items.filter(year=year).select_related("lead").annotate(done=Count("records")))
    planned = {item.dimension for item in items}
    reviews = one.reviews.filter(year=year).select_related("unit")
    quarter = Quarter.of(today)
    context = {
        "page_title": one.name, "one": one, "year": year, "today": today,
        "years": [year - 1, year + 1], "sections": sections(user, "alliances"),
        "axes": axes, "shape": shape_of(axes), "rings": rings(),
        "items": items,
        "unplanned": [str(dim.label) for dim in Dimension if dim not in planned],
        "records": records.for_list()[:50], "record_count": records.count(),
        "records_url": f"{reverse('partybuilding:joint_records')}?alliance={pk}&year={year}",
        "members": one.members.filter(end=None).select_related("unit"),
        "reviews": [row for row in reviews if is_staff(user) or row.unit_id in units_of(user)],
        "silent": silent_dimensions([one], quarter)[one.pk], "quarter": quarter,
        "may_edit": Alliance.objects.visible_to(user, EDIT).filter(pk=pk).exists(),
        "is_member": one.members.filter(end=None, unit__in=units_of(user)).exists(),
    }  # fmt: skip
    return render(request, "partybuilding/alliance.html", context)


def _year(request: HttpRequest, default: int) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and 2000 <= int(text) <= 2999 else default


@login_required
@never_cache
def alliance_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, EDIT)
    mine = OrgUnit.objects.visible_to(user, EDIT).active().filter(tier=Tier.COMMUNITY)
    form = AllianceForm(
        request.POST or None, communities=mine, units=Unit.objects.visible_to(user),
        initial={"community": mine.first()},
    )  # fmt: skip
    made: list[Alliance] = []
    if request.method == "POST" and do(
        request, form, lambda: made.append(services.found_alliance(by=user, **form.cleaned_data)),
        "联盟已成立，请接着制定今年的计划。",
    ):  # fmt: skip
        return redirect("partybuilding:alliance", pk=made[0].pk)
    return form_page(request, form, "成立党建联盟", reverse("partybuilding:alliances"), "成立")


@login_required
@never_cache
def alliance_form(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Add a member, a line of the plan, a record, a review."""
    user: Any = request.user
    by_unit = name == "judge"
    one = fetch_alliance(user, pk, SEES if by_unit else CREATE + EDIT if name == "record" else EDIT)
    year = timezone.localdate().year
    data, files = request.POST or None, request.FILES or None
    back = reverse("partybuilding:alliance", args=[pk])
    if name == "member":
        others = Unit.objects.serving(one.street).exclude(pk__in=member_units(one).values("pk"))
        form: Any = MemberForm(data, units=others)
        title: str = "增加成员单位"
        act: Any = services.join
    elif name == "plan":
        form = PlanForm(data, alliance=one, initial={"year": year})
        title, act = "制定五联共治计划", services.plan
    elif name == "record":
        form = RecordForm(data, files, alliance=one)
        title, act = "登记活动", services.record_joint
    elif name in ("review", "judge"):
        units = member_units(one)
        if by_unit:
            units = units.filter(pk__in=units_of(user))
            if not units.exists():
                raise Http404
        form = ReviewForm(data, units=units, initial={"year": year, "unit": units.first()})
        title, act = ("评价社区" if by_unit else "评价单位"), services.review
    else:
        raise Http404
    more: dict[str, Any] = {}
    if name in ("review", "judge"):
        more["side"] = JudgeSide.UNIT if by_unit else JudgeSide.COMMUNITY
    if request.method == "POST" and do(
        request, form, lambda: act(alliance=one, by=user, **more, **form.cleaned_data), "已登记。"
    ):
        return redirect(back)
    return form_page(request, form, f"{title}：{one}", back, "登记")


@login_required
@never_cache
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    member = get_object_or_404(AllianceMember.objects.select_related("alliance", "unit"), pk=pk)
    fetch_alliance(user, member.alliance_id, EDIT)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    back = reverse("partybuilding:alliance", args=[member.alliance_id])
    if request.method == "POST" and do(
        request, form, lambda: services.leave_alliance(member=member, by=user, **form.cleaned_data),
        "已退出。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"退出联盟：{member}", back, "退出")


@login_required
@never_cache
@require_GET
def record_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = JointRecord.objects.visible_to(user)
    form = RecordFilterForm(
        request.GET, alliances=Alliance.objects.visible_to(user),
        units=Unit.objects.visible_to(user),
    )  # fmt: skip
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        year = asked["year"]
        if asked["quarter"]:
            span = Quarter(year or timezone.localdate().year, int(asked["quarter"]))
            rows = rows.between(span.first_day, span.end_day)
        elif year:
            rows = rows.between(Month(year, 1).first_day, Month(year, 12).end_day)
        for name in ("dimension", "kind", "alliance"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
        if asked.get("unit"):
            rows = rows.filter(units=asked["unit"])
        if asked["q"]:
            rows = rows.filter(title__icontains=asked["q"])
    listing = Listing(
        "alliances", "五联共治活动", RECORD_COLUMNS, "还没有登记活动。", order=("-held_on", "-id"),
        numbers=("人数", "单位"),
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), _record_cells)


def _record_cells(one: JointRecord) -> list[dict[str, Any]]:
    return [
        cell("名称", one.title, url=reverse("partybuilding:joint_record", args=[one.pk])),
        cell("联盟", one.alliance.name), cell("五联", one.get_dimension_display()),
        cell("形式", one.get_kind_display()), cell("日期", f"{one.held_on:%Y-%m-%d}"),
        cell("人数", one.people, number=True), cell("单位", len(one.units.all()), number=True),
        cell("对应计划", one.item.content if one.item else "计划外"),
    ]  # fmt: skip


@login_required
@never_cache
@require_GET
def record_detail(request: HttpRequest, pk: int) -> HttpResponse:
    one: JointRecord = fetch(JointRecord.objects.for_list(), request.user, Noun.PARTY, pk=pk)
    facts = [
        ("联盟", one.alliance.name), ("五联", one.get_dimension_display()),
        ("形式", one.get_kind_display()), ("日期", f"{one.held_on:%Y-%m-%d}"),
        ("参加人数", one.people), ("参加单位", "、".join(unit.name for unit in one.units.all())),
        ("对应计划", one.item.content if one.item else "计划外"), ("情况", one.text),
    ]  # fmt: skip
    return detail_page(
        request, "alliances", one.title, facts,
        (one.alliance.name, reverse("partybuilding:alliance", args=[one.alliance_id])),
        photos=list(Photo.objects.filter(subject="joint", row=pk)),
    )  # fmt: skip
