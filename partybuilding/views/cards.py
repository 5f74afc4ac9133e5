"""The quarterly feedback card to a unit: list, one card on the screen, on paper and in Word."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids.acting import attempt, do
from orgs.audit import record
from orgs.fetch import fetch
from orgs.roles import SEES, Noun
from orgs.scope import require
from partybuilding import services
from partybuilding.checkin_lists import card_lines
from partybuilding.figures import Figure
from partybuilding.forms.checkins import CardFilterForm
from partybuilding.forms.common import NoteForm
from partybuilding.models import FeedbackCard
from partybuilding.sections import sections
from partybuilding.views.checkins import day_of
from partybuilding.views.pages import Listing, cell, form_page, list_page, move_links
from partybuilding.words import as_word
from partybuilding.workflow import CardStatus, move_of

COLUMNS = (
    ("单位", 28), ("社区", 20), ("季度", 16), ("党员", 8), ("状态", 12), ("发出", 12), ("签收", 12),
)  # fmt: skip
TONES = {CardStatus.DRAFT: "yellow", CardStatus.SENT: "blue", CardStatus.RECEIVED: "green"}
TABLE = ("姓名", "网格", "岗位", "服务时长（小时）", "情况")


@login_required
@never_cache
@require_GET
def card_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = FeedbackCard.objects.visible_to(user)
    form = CardFilterForm(request.GET)
    rows = mine
    if form.is_valid() and form.cleaned_data["show"]:
        rows = rows.filter(status=form.cleaned_data["show"])
    page = reverse("partybuilding:cards")
    figures = [
        Figure(str(status.label), mine.filter(status=status).count(), "张", f"{page}?show={status}")
        for status in CardStatus
    ]
    listing = Listing(
        "cards", "党员反馈卡", COLUMNS, "还没有反馈卡。每季度第一天，按上季度的服务情况给每个单位起草。",
        order=("-quarter", "-id"), numbers=("党员",),
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), _cells, figures=figures)


def _cells(card: FeedbackCard) -> list[dict[str, Any]]:
    page = reverse("partybuilding:card", args=[card.pk])
    return [
        cell("单位", card.unit.name, url=page), cell("社区", card.community.name),
        cell("季度", card.label), cell("党员", len(card.rows), number=True),
        cell("状态", card.get_status_display(), level=TONES[CardStatus(card.status)]),
        cell("发出", day_of(card.sent_at)), cell("签收", day_of(card.received_at)),
    ]  # fmt: skip


def fetch_card(user: Any, pk: int) -> FeedbackCard:
    found: FeedbackCard = fetch(FeedbackCard.objects.for_list(), user, Noun.PARTY, pk=pk)
    return found


@login_required
@never_cache
@require_GET
def card_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    card = fetch_card(user, pk)
    context = {
        "page_title": f"在职党员服务情况反馈卡（{card.label}）", "card": card,
        "lines": card_lines(card.rows), "moves": move_links(card, user),
        "level": TONES[CardStatus(card.status)], "sections": sections(user, "cards"),
    }  # fmt: skip
    return render(request, "partybuilding/card.html", context)


@login_required
@require_GET
def card_word(request: HttpRequest, pk: int) -> FileResponse:
    user: Any = request.user
    card = fetch_card(user, pk)
    record(by=user, action="party.export", target=card, street=card.street_id)
    rows = [
        (line["name"], line["grid"], line["duties"] or "—", line["hours"], line["status"])
        for line in card_lines(card.rows)
    ]
    said = [
        f"{card.unit}：",
        f"贵单位 {len(rows)} 名党员在{card.community}报到，{card.label}服务情况如下。",
        f"社区评价：{card.remark or '（待填写）'}",
    ]
    sign = [f"{card.community}（盖章）", f"{day_of(card.sent_at) or '　　年　月　日'}"]
    file = as_word("在职党员服务情况反馈卡", said, TABLE, rows, sign)
    return FileResponse(file, as_attachment=True, filename=f"反馈卡-{card.unit}-{card.label}.docx")


@login_required
@never_cache
def card_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user: Any = request.user
    card = fetch_card(user, pk)
    move = move_of("card", name)
    if move is None:
        raise Http404
    back = reverse("partybuilding:card", args=[pk])
    if not move.asks:
        if request.method == "POST":
            attempt(request, lambda: services.move_card(card=card, name=name, by=user), "已签收。")
        return redirect(back)
    form = NoteForm(request.POST or None, label=move.asks)
    if request.method == "POST" and do(
        request, form, lambda: services.move_card(card=card, name=name, by=user, **form.cleaned_data),
        "已发给单位。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{move.label}：{card}", back, move.label)
