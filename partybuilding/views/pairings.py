"""联点共建: pairings with coverage and gaps, one pairing, its agreement."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.text import row_id
from grids.acting import do
from grids.models import Grid
from orgs.audit import record
from orgs.fetch import fetch
from orgs.models import Unit
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import can, require
from partybuilding import services
from partybuilding.checkin_lists import percent
from partybuilding.figures import Figure
from partybuilding.forms.joint import EndForm, PairingFilterForm, PairingForm, RenewForm
from partybuilding.models import Pairing
from partybuilding.querysets.joint import PairingQuerySet, grids_to_pair, paired, unpaired
from partybuilding.scope import is_staff
from partybuilding.views.pages import Link, Listing, cell, detail_page, form_page, list_page
from partybuilding.views.papers import sealed_file
from volunteers.forms.lists import AgreementForm

COLUMNS = (
    ("单位", 28), ("网格", 16), ("社区", 18), ("联系领导", 12), ("联络员", 12), ("开始", 12),
    ("到期", 12), ("协议书", 10), ("状态", 14),
)  # fmt: skip
GAP_COLUMNS = (("网格", 20), ("社区", 24), ("党支部", 28))


def shown(rows: PairingQuerySet, show: str) -> PairingQuerySet:
    day = timezone.localdate()
    if show == "expiring":
        return rows.expiring(day)
    if show == "expired":
        return rows.expired(day)
    if show == "paper":
        return rows.without_agreement()
    if show == "ended":
        return rows.exclude(ended_on=None)
    return rows.live(day)


def state_of(one: Pairing) -> tuple[str, str]:
    """What people read of the term, and its light."""
    day = timezone.localdate()
    if one.ended_on:
        return "已解除", "grey"
    if one.end < day:
        return "已到期", "red"
    if one.start > day:
        return "未开始", "blue"
    left = (one.end - day).days
    return (f"还有 {left} 天", "yellow") if left <= 30 else ("有效", "green")


def figures(user: Any, mine: PairingQuerySet) -> list[Figure]:
    page, day = reverse("partybuilding:pairings"), timezone.localdate()
    found = [Figure("有效结对", mine.live(day).count(), "个", page)]
    if is_staff(user):
        grids = grids_to_pair(user)
        whole, lacking = grids.count(), unpaired(grids, mine, day).count()
        gaps = reverse("partybuilding:pairing_gaps")
        found += [
            Figure("网格覆盖", percent_value(paired(grids, mine, day).count(), whole), "%", gaps),
            Figure("没有结对的网格", lacking, "个", gaps, "yellow" if lacking else ""),
        ]
    for show, label, level in (
        ("expiring", "30 天内到期", "yellow"), ("expired", "已到期没续签", "red"),
        ("paper", "没有协议书", ""),
    ):  # fmt: skip
        count = shown(mine, show).count()
        found.append(Figure(label, count, "个", f"{page}?show={show}", level if count else ""))
    return found


def percent_value(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 0


@login_required
@never_cache
@require_GET
def pairing_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = Pairing.objects.visible_to(user)
    form = PairingFilterForm(request.GET, rows=mine)
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        rows = shown(mine, asked["show"])
        if asked.get("community"):
            rows = rows.filter(community=asked["community"])
        if asked["q"]:
            rows = rows.filter(unit__name__icontains=asked["q"])
    actions = []
    if is_staff(user) and can(user, Noun.PARTY, EDIT):
        actions.append(Link("结对", reverse("partybuilding:pairing_new"), "plus-lg"))
    listing = Listing("pairings", "联点共建", COLUMNS, "还没有单位和网格结对。", actions)
    return list_page(request, listing, form, rows.for_list(), _cells, figures=figures(user, mine))


def _cells(one: Pairing) -> list[dict[str, Any]]:
    words, level = state_of(one)
    page = reverse("partybuilding:pairing", args=[one.pk])
    return [
        cell("单位", one.unit.name, url=page), cell("网格", one.grid.name),
        cell("社区", one.community.name), cell("联系领导", one.leader or "—"),
        cell("联络员", one.contact), cell("开始", f"{one.start:%Y-%m-%d}"),
        cell("到期", f"{one.end:%Y-%m-%d}"),
        cell("协议书", "已上传" if one.agreement_as else "没有"), cell("状态", words, level=level),
    ]  # fmt: skip


@login_required
@never_cache
@require_GET
def gaps(request: HttpRequest) -> HttpResponse | FileResponse:
    """Active grids without a live pairing."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    day = timezone.localdate()
    mine = Pairing.objects.visible_to(user)
    grids = grids_to_pair(user)
    rows = unpaired(grids, mine, day).select_related("community", "party_branch")
    may = can(user, Noun.PARTY, EDIT)
    listing = Listing(
        "pairings", "没有结对的网格", GAP_COLUMNS, "每个网格都有单位结对。", order=("code",)
    )

    def cells(grid: Grid) -> list[dict[str, Any]]:
        new = f"{reverse('partybuilding:pairing_new')}?grid={grid.pk}"
        url = new if may else reverse("grids:detail", args=[grid.pk])
        return [
            cell("网格", grid.name, url=url), cell("社区", grid.community.name),
            cell("党支部", str(grid.party_branch or "没有")),
        ]  # fmt: skip

    done = paired(grids, mine, day).count()
    return list_page(
        request, listing, None, rows, cells, figures=figures(user, mine),
        note=f"覆盖率 {percent(done, grids.count())}：在用网格里有有效结对的。",
    )  # fmt: skip


def fetch_pairing(user: Any, pk: int, letters: str = SEES) -> Pairing:
    found: Pairing = fetch(Pairing.objects.for_list(), user, Noun.PARTY, letters, pk=pk)
    return found


@login_required
@never_cache
@require_GET
def pairing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_pairing(user, pk)
    words, level = state_of(one)
    may = Pairing.objects.visible_to(user, EDIT).filter(pk=pk).exists()
    moves = []
    if may and one.ended_on is None:
        moves = [
            Link("续签", reverse("partybuilding:pairing_form", args=[pk, "renew"]), "arrow-repeat"),
            Link(
                "上传协议书",
                reverse("partybuilding:pairing_form", args=[pk, "agreement"]),
                "upload",
            ),
            Link("解除", reverse("partybuilding:pairing_form", args=[pk, "end"]), "x-circle-fill"),
        ]
    actions = []
    if one.agreement_as:
        actions.append(
            Link("下载协议书", reverse("partybuilding:pairing_agreement", args=[pk]), "download")
        )
    facts = [
        ("单位", one.unit.name), ("网格", f"{one.community.name} {one.grid.name}"),
        ("联系领导", one.leader), ("联络员", one.contact), ("办公电话", one.phone),
        ("共建内容", one.tasks), ("期限", f"{one.start:%Y-%m-%d} 至 {one.end:%Y-%m-%d}"),
        ("协议书", "已上传" if one.agreement_as else "没有上传"),
    ]  # fmt: skip
    if one.ended_on:
        facts.append(("解除", f"{one.ended_on:%Y-%m-%d}，{one.end_reason}"))
    return detail_page(
        request, "pairings", str(one), facts, ("联点共建", reverse("partybuilding:pairings")),
        status=words, level=level, moves=moves, actions=actions,
    )  # fmt: skip


@login_required
@never_cache
def pairing_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, EDIT)
    grids = Grid.objects.where_may(user, Noun.PARTY, EDIT).assessed()
    start = grids.filter(pk=row_id(request.GET.get("grid", "")) or 0).first()
    form = PairingForm(
        request.POST or None, units=Unit.objects.visible_to(user), grids=grids,
        initial={"grid": start},
    )  # fmt: skip
    made: list[Pairing] = []
    if request.method == "POST" and do(
        request, form, lambda: made.append(services.pair(by=user, **form.cleaned_data)), "已结对。"
    ):
        return redirect("partybuilding:pairing", pk=made[0].pk)
    return form_page(request, form, "联点共建结对", reverse("partybuilding:pairings"), "结对")


@login_required
@never_cache
def pairing_form(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Renew, end, upload the agreement."""
    user: Any = request.user
    one = fetch_pairing(user, pk, EDIT)
    forms: dict[str, tuple[Any, str, str]] = {
        "renew": (RenewForm, "续签", "已续签。"), "end": (EndForm, "解除", "已解除。"),
        "agreement": (AgreementForm, "上传协议书", "协议书已上传。"),
    }  # fmt: skip
    if name not in forms:
        raise Http404
    kind, label, done = forms[name]
    form = kind(request.POST or None, request.FILES or None)
    acts: dict[str, Any] = {
        "renew": services.renew, "end": services.end_pairing, "agreement": services.keep_agreement,
    }  # fmt: skip
    back = reverse("partybuilding:pairing", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: acts[name](pairing=one, by=user, **form.cleaned_data), done
    ):
        return redirect(back)
    return form_page(request, form, f"{label}：{one}", back, label)


@login_required
@require_GET
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed agreement, to those who see the pairing; each look is written down."""
    user: Any = request.user
    one = fetch_pairing(user, pk)
    if not one.agreement_as:
        raise Http404
    record(by=user, action="pairing.read", target=one, street=one.street_id)
    return sealed_file(one.agreement_as, f"agreement-{pk}")
