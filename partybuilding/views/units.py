"""Units and their members: the ranking, the list they hand in, the code to check in with."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.qr import qr_svg
from grids.acting import do
from grids.querysets import count_of
from orgs.levels import UnitKind
from orgs.models import Unit
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import require
from partybuilding import services
from partybuilding.catalog import LOCAL_UNITS
from partybuilding.checkin_lists import (
    UNIT_NUMBERS,
    not_here_yet,
    percent,
    unit_numbers,
    units_with_lists,
)  # fmt: skip
from partybuilding.figures import Figure
from partybuilding.forms.checkins import RosterForm
from partybuilding.forms.common import PartnerFilterForm
from partybuilding.models import Alliance, AllianceMember, CheckIn, Pairing
from partybuilding.scope import is_staff, sees_whole_lists, units_of
from partybuilding.services.checkins import require_roster
from partybuilding.views.pages import Listing, cell, form_page, list_page

UNIT_COLUMNS = (
    ("单位", 28), ("名单", 8), ("已报到", 8), ("报到率", 16), ("在岗服务", 8), ("参与率", 16),
    ("总时长", 10), ("人均时长", 10), ("达标率", 16),
)  # fmt: skip
PARTNER_COLUMNS = (
    ("单位", 30), ("类型", 14), ("所在街道", 24), ("结对网格", 10), ("加入联盟", 10),
)  # fmt: skip


def rosters_for(user: Any) -> Any:
    """The units whose list the user may keep: his own, or those that serve his street."""
    mine = units_of(user)
    return Unit.objects.filter(pk__in=mine) if mine else Unit.objects.visible_to(user)


@login_required
@never_cache
@require_GET
def unit_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """Units with their rates; every number leads to its list."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = CheckIn.objects.visible_to(user)
    numbers = unit_numbers(mine, timezone.localdate())
    nobody = dict.fromkeys(UNIT_NUMBERS, 0)
    listing = Listing(
        "units", "单位报到情况", UNIT_COLUMNS, "还没有单位报送名单。", order=("name", "id"),
        numbers=("名单", "已报到", "在岗服务", "总时长", "人均时长"),
    )  # fmt: skip

    # A community knows who came to it, not who has not said yet where he lives.
    whole = sees_whole_lists(user)
    awaited = {} if whole else not_here_yet(user)
    note = (
        "" if whole else
        "报到率是住在本辖区的党员里已报到的比例：已报到的，加上居民登记里住在这里、还没报到的。"
    )  # fmt: skip

    def code(unit: Unit) -> str:
        return reverse("partybuilding:unit_code", args=[unit.pk]) if whole else ""

    def page(unit: Unit, show: str = "") -> str:
        if unit.pk not in numbers:
            return ""
        return f"{reverse('partybuilding:checkins')}?unit={unit.pk}{show and f'&show={show}'}"

    def cells(unit: Unit) -> list[dict[str, Any]]:
        one = numbers.get(unit.pk, nobody)
        mean = one["hours"] / one["serving"] if one["serving"] else 0
        return [
            cell("单位", unit.name, url=code(unit)),
            cell("名单", one["listed"], url=page(unit), number=True),
            cell("已报到", one["reported"], url=page(unit, "reported"), number=True),
            cell("报到率", percent(one["reported"], one["listed"] + awaited.get(unit.pk, 0))),
            cell("在岗服务", one["serving"], url=page(unit, "serving"), number=True),
            cell("参与率", percent(one["part"], one["serving"]), url=page(unit, "part")),
            cell("总时长", f"{one['hours']:.1f}", number=True),
            cell("人均时长", f"{mean:.1f}", number=True),
            cell("达标率", percent(one["target"], one["serving"]), url=page(unit, "target")),
        ]

    rows = units_with_lists(mine, awaited)
    return list_page(request, listing, None, rows, cells, note=note)


@login_required
@never_cache
@require_GET
def partner_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """The units of the street by kind, with what each does here (海恒: 32 驻区单位)."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    if not is_staff(user):
        raise PermissionDenied("单位名册由街道和社区查看。")
    mine = Unit.objects.visible_to(user).filter(is_active=True)
    form = PartnerFilterForm(request.GET)
    rows = mine
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        if kind:
            rows = rows.filter(kind__in=LOCAL_UNITS if kind == "local" else (kind,))
        if form.cleaned_data["q"]:
            rows = rows.filter(name__icontains=form.cleaned_data["q"])
    page = reverse("partybuilding:partners")
    counts = dict(mine.order_by().values_list("kind").annotate(n=Count("pk")))
    local = mine.filter(kind__in=LOCAL_UNITS).count()
    figures = [Figure("驻区企事业单位", local, "家", f"{page}?kind=local")]
    figures += [
        Figure(kind.label, counts[kind], "家", f"{page}?kind={kind}")
        for kind in UnitKind
        if counts.get(kind)
    ]
    listing = Listing(
        "partners", "单位名册", PARTNER_COLUMNS, "还没有登记单位。", order=("name", "id"),
        numbers=("结对网格", "加入联盟"),
    )  # fmt: skip
    pairings = Pairing.objects.visible_to(user).live(timezone.localdate())
    alliances = Alliance.objects.visible_to(user).values("pk")

    def cells(unit: Any) -> list[dict[str, Any]]:
        return [
            cell("单位", unit.name), cell("类型", unit.get_kind_display()),
            cell("所在街道", str(unit.street or "全区")),
            cell("结对网格", unit.paired, number=True), cell("加入联盟", unit.joined, number=True),
        ]  # fmt: skip

    listed = rows.select_related("street").annotate(
        paired=count_of(pairings, "unit"),
        joined=count_of(AllianceMember.objects.filter(end=None, alliance__in=alliances), "unit"),
    )
    return list_page(request, listing, form, listed, cells, figures=figures)


@login_required
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, EDIT)
    if not sees_whole_lists(user):
        raise PermissionDenied("在职党员名单由单位报送，或由街道代办。")
    units = rosters_for(user)
    form = RosterForm(request.POST or None, units=units, initial={"unit": units.first()})
    made: list[int] = []
    if request.method == "POST" and do(
        request, form, lambda: made.append(services.invite(by=user, **form.cleaned_data)),
        "名单已保存，请把单位报到码发给党员。",
    ):  # fmt: skip
        return redirect("partybuilding:unit_code", pk=form.cleaned_data["unit"].pk)
    return form_page(
        request, form, "报送在职党员名单", reverse("partybuilding:checkins"), "保存名单"
    )


@login_required
@never_cache
@require_GET
def unit_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's check-in code, to print or to send into its group."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    unit = Unit.objects.filter(pk=pk).first()
    mine = CheckIn.objects.visible_to(user).filter(unit=pk)
    if unit is None or not (pk in units_of(user) or rosters_for(user).filter(pk=pk).exists()):
        raise Http404
    require_roster(unit, user)
    door = services.door_of(unit, user)
    url = request.build_absolute_uri(reverse("partybuilding:checkin_apply", args=[door.token]))
    numbers = unit_numbers(mine, timezone.localdate()).get(pk)
    context = {
        "page_title": f"{unit.name} 报到码", "unit": unit, "url": url,
        "svg": mark_safe(qr_svg(url)),  # noqa: S308 - drawn by us
        "list_url": f"{reverse('partybuilding:checkins')}?unit={pk}", "numbers": numbers,
    }  # fmt: skip
    return render(request, "partybuilding/unit_code.html", context)
