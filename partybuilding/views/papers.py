"""政策文件 with receipts of reading, and 荣誉."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grids.acting import attempt, do
from orgs import sealedfiles
from orgs.audit import record
from orgs.fetch import fetch
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import can, require
from partybuilding import services
from partybuilding.catalog import HonourLevel
from partybuilding.figures import Figure
from partybuilding.forms.papers import HonourFilterForm, HonourForm, PaperFilterForm, PaperForm
from partybuilding.models import Honour, PolicyPaper
from partybuilding.scope import is_staff
from partybuilding.views.checkins import day_of
from partybuilding.views.funds import orgs_below, orgs_with
from partybuilding.views.pages import (
    Block,
    Line,
    Link,
    Listing,
    cell,
    detail_page,
    form_page,
    list_page,
)

COLUMNS = (
    ("标题", 36), ("文号", 18), ("发文机关", 18), ("发到", 20), ("阅读期限", 12), ("应阅", 8), ("已阅", 8),
    ("状态", 12),
)  # fmt: skip
HONOUR_COLUMNS = (
    ("荣誉名称", 36), ("组织", 26), ("级别", 10), ("授予单位", 24), ("授予日期", 12),
)  # fmt: skip


def shown(rows: Any, show: str, user: Any) -> Any:
    day = timezone.localdate()
    wanted = {
        "mine": lambda: rows.asked_of(user), "unread": lambda: rows.unread_by(user),
        "overdue": lambda: rows.overdue(day),
    }.get(show, rows.standing)  # fmt: skip
    return wanted()


@login_required
@never_cache
@require_GET
def paper_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = PolicyPaper.objects.visible_to(user)
    form = PaperFilterForm(request.GET)
    rows = mine
    if form.is_valid():
        rows = shown(mine, form.cleaned_data["show"], user)
        text = form.cleaned_data["q"]
        if text:
            rows = rows.filter(Q(title__icontains=text) | Q(doc_no__icontains=text))
    page = reverse("partybuilding:papers")
    figures = []
    for show, label, level in (
        ("", "文件", ""), ("unread", "我还没签阅的", "yellow"), ("overdue", "过期没人签阅完的", "red"),
    ):  # fmt: skip
        count = shown(mine, show, user).count()
        figures.append(
            Figure(
                label, count, "份", f"{page}?show={show}" if show else page, level if count else ""
            )
        )
    actions = []
    if (
        is_staff(user)
        and can(user, Noun.PARTY, EDIT)
        and orgs_with(user, Noun.PARTY, EDIT).exists()
    ):
        actions.append(Link("下发文件", reverse("partybuilding:paper_new"), "send"))
    listing = Listing(
        "papers", "政策文件", COLUMNS, "还没有下发文件。", actions, numbers=("应阅", "已阅")
    )
    return list_page(request, listing, form, rows.for_list(), _cells, figures=figures)


def _state(one: Any) -> tuple[str, str]:
    if one.withdrawn_on:
        return "已撤回", "grey"
    if one.read_count == one.asked_count:
        return "全部签阅", "green"
    late = one.read_by < timezone.localdate()
    return ("过期未阅完", "red") if late else ("签阅中", "blue")


def _cells(one: Any) -> list[dict[str, Any]]:
    words, level = _state(one)
    return [
        cell("标题", one.title, url=reverse("partybuilding:paper", args=[one.pk])),
        cell("文号", one.doc_no or "—"), cell("发文机关", one.issuer),
        cell("发到", str(one.community or one.street)), cell("阅读期限", f"{one.read_by:%Y-%m-%d}"),
        cell("应阅", one.asked_count, number=True), cell("已阅", one.read_count, number=True),
        cell("状态", words, level=level),
    ]  # fmt: skip


def fetch_paper(user: Any, pk: int, letters: str = SEES) -> Any:
    return fetch(PolicyPaper.objects.all(), user, Noun.PARTY, letters, pk=pk)


@login_required
@never_cache
@require_GET
def paper_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    fetch_paper(user, pk)
    one = PolicyPaper.objects.for_list().get(pk=pk)
    keeps = PolicyPaper.objects.visible_to(user, EDIT).filter(pk=pk).exists()
    words, level = _state(one)
    moves, actions = [], []
    if one.withdrawn_on is None:
        if one.receipts.filter(user=user, read_at=None).exists():
            url = reverse("partybuilding:paper_read", args=[pk])
            moves.append(Link("我已阅读", url, "check2-circle", post=True))
        if keeps:
            url = reverse("partybuilding:paper_withdraw", args=[pk])
            moves.append(Link("撤回", url, "x-circle-fill", True, "撤回后不再要求签阅。确定撤回？"))
    if one.file_as:
        actions.append(Link("下载文件", reverse("partybuilding:paper_file", args=[pk]), "download"))
    facts = [
        ("文号", one.doc_no), ("发文机关", one.issuer), ("发文日期", f"{one.issued_on:%Y-%m-%d}"),
        ("阅读期限", f"{one.read_by:%Y-%m-%d}"), ("应阅", one.asked_count), ("已阅", one.read_count),
        ("要点", one.text),
    ]  # fmt: skip
    blocks = []
    if keeps:
        receipts = list(one.receipts.select_related("user__person").order_by("read_at", "id"))
        unread = [Line(row.user.display_name) for row in receipts if row.read_at is None]
        read = [
            Line(row.user.display_name, note=day_of(row.read_at)) for row in receipts if row.read_at
        ]
        blocks = [
            Block(f"未阅 {len(unread)} 人", unread, (), "都读过了。"),
            Block(f"已阅 {len(read)} 人", read, (), "还没有人签阅。"),
        ]
    return detail_page(
        request, "papers", one.title, facts, ("政策文件", reverse("partybuilding:papers")),
        status=words, level=level, moves=moves, actions=actions, blocks=blocks,
    )  # fmt: skip


@login_required
@never_cache
def paper_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, EDIT)
    orgs = orgs_with(user, Noun.PARTY, EDIT)
    form = PaperForm(
        request.POST or None, request.FILES or None, orgs=orgs, initial={"org": orgs.first()}
    )
    made: list[PolicyPaper] = []
    if request.method == "POST" and do(
        request, form, lambda: made.append(services.send_paper(by=user, **form.cleaned_data)),
        "已下发，阅读的人会收到通知。",
    ):  # fmt: skip
        return redirect("partybuilding:paper", pk=made[0].pk)
    return form_page(request, form, "下发文件", reverse("partybuilding:papers"), "下发")


@login_required
@require_POST
def paper_read(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_paper(user, pk)
    attempt(request, lambda: services.read_paper(paper=one, by=user), "已签阅。")
    return redirect("partybuilding:paper", pk=pk)


@login_required
@require_POST
def paper_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_paper(user, pk, EDIT)
    attempt(request, lambda: services.withdraw_paper(paper=one, by=user), "已撤回。")
    return redirect("partybuilding:paper", pk=pk)


@login_required
@require_GET
def paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_paper(user, pk)
    if not one.file_as:
        raise Http404
    record(by=user, action="paper.file", target=one, street=one.street_id)
    return sealed_file(one.file_as, f"document-{pk}")


def sealed_file(name: str, title: str) -> HttpResponse:
    """Return a sealed paper as a download that no cache keeps."""
    try:
        data = sealedfiles.read(name)
    except FileNotFoundError:
        raise Http404("文件已不在。") from None
    suffix = "pdf" if data.startswith(b"%PDF") else "png" if data.startswith(b"\x89P") else "jpg"
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{title}.{suffix}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@never_cache
@require_GET
def honour_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = Honour.objects.visible_to(user)
    form = HonourFilterForm(request.GET)
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        if asked["level"]:
            rows = rows.filter(level=asked["level"])
        if asked["year"]:
            rows = rows.filter(granted_on__year=asked["year"])
        if asked["q"]:
            rows = rows.filter(title__icontains=asked["q"])
    page = reverse("partybuilding:honours")
    figures = [
        Figure(str(one.label), mine.filter(level=one).count(), "项", f"{page}?level={one}")
        for one in HonourLevel
    ]
    actions = []
    if is_staff(user) and can(user, Noun.PARTY, EDIT):
        actions.append(Link("登记荣誉", reverse("partybuilding:honour_new"), "award"))
    listing = Listing(
        "honours", "荣誉", HONOUR_COLUMNS, "还没有登记荣誉。", actions, order=("-granted_on", "-id")
    )

    def cells(one: Honour) -> list[dict[str, Any]]:
        return [
            cell("荣誉名称", one.title), cell("组织", one.org.name),
            cell("级别", one.get_level_display()), cell("授予单位", one.granted_by),
            cell("授予日期", f"{one.granted_on:%Y-%m-%d}"),
        ]  # fmt: skip

    return list_page(request, listing, form, rows.for_list(), cells, figures=figures)


@login_required
@never_cache
def honour_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, EDIT)
    form = HonourForm(request.POST or None, orgs=orgs_below(user))
    back = reverse("partybuilding:honours")
    if request.method == "POST" and do(
        request, form, lambda: services.record_honour(by=user, **form.cleaned_data), "已登记。"
    ):
        return redirect(back)
    return form_page(request, form, "登记荣誉", back, "登记")
