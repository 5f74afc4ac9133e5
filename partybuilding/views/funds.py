"""党建经费: allotted, planned, paid, what is left; shown in 万元, kept in yuan."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, Sum
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from councils.models import Topic
from grids.acting import attempt, do
from orgs.fetch import fetch, may
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.roles import APPROVE, CREATE, EDIT, SEES, Noun
from orgs.scope import can, grants_with, require
from partybuilding import services
from partybuilding.catalog import SUPPORT, FundPurpose
from partybuilding.forms.common import DayForm
from partybuilding.forms.means import FundFilterForm, FundForm, LineForm
from partybuilding.models import FundAllocation, FundLine
from partybuilding.payouts import payout_lists
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
    ("名称", 30), ("给哪里", 20), ("来源", 10), ("用途", 14), ("年度", 8), ("文号", 20), ("下达", 12),
    ("金额（万元）", 14), ("已支出（万元）", 14), ("余额（万元）", 14),
)  # fmt: skip
NUMBERS = ("年度", "金额（万元）", "已支出（万元）", "余额（万元）")


def ten_thousands(amount: Decimal | None) -> str:
    """Yuan as 万元, exact to the yuan: 2670000 → 267.0000 → 267."""
    text = f"{(amount or Decimal(0)) / 10_000:.4f}"
    return text.rstrip("0").rstrip(".")


def orgs_with(user: Any, noun: str, letters: str) -> Any:
    """The streets and communities where the user himself holds the letters."""
    found = Q(pk__in=[])
    for grant in grants_with(user, noun, letters):
        if grant.org_id is None or grant.tier not in (Tier.STREET, Tier.COMMUNITY):
            continue
        found |= Q(pk=grant.org_id) | Q(tree_id=grant.tree_id, tier=Tier.COMMUNITY) & Q(
            lft__gt=grant.lft, rght__lt=grant.rght
        )
    return OrgUnit.objects.active().filter(found).order_by("tree_id", "lft")


def orgs_below(user: Any) -> Any:
    """Those, and the branches below them: whose honours and programmes the user keeps."""
    found = Q(pk__in=[])
    for top in orgs_with(user, Noun.PARTY, EDIT):
        found |= Q(tree_id=top.tree_id, lft__gte=top.lft, rght__lte=top.rght)
    orgs = OrgUnit.objects.active().filter(found, tier__lte=Tier.BRANCH)
    return orgs.select_related("parent").order_by("tree_id", "lft")


@login_required
@never_cache
@require_GET
def fund_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.FUND, SEES)
    mine = FundAllocation.objects.visible_to(user)
    form = FundFilterForm(request.GET)
    rows = mine.with_sums()
    if form.is_valid():
        asked = form.cleaned_data
        for name in ("year", "source"):
            if asked[name]:
                rows = rows.filter(**{name: asked[name]})
        if asked["purpose"]:
            both = asked["purpose"] == "support"
            rows = rows.filter(purpose__in=SUPPORT if both else (asked["purpose"],))
        if asked["q"]:
            rows = rows.filter(Q(title__icontains=asked["q"]) | Q(doc_no__icontains=asked["q"]))
        if asked["show"] == "left":
            rows = rows.filter(balance__gt=0)
        elif asked["show"] == "waiting":
            waiting = FundLine.objects.to_pay().values("allocation")
            rows = rows.filter(pk__in=waiting)
    actions = []
    if can(user, Noun.FUND, CREATE + EDIT):
        actions.append(Link("登记经费", reverse("partybuilding:fund_new"), "plus-lg"))
    actions += [Link(one.label, one.url, "award") for one in payout_lists(user)]
    listing = Listing("funds", "党建经费", COLUMNS, "还没有登记经费。", actions, numbers=NUMBERS)
    total = rows.aggregate(a=Sum("amount"), p=Sum("paid"), b=Sum("balance"))
    note = (
        f"这些经费共 {ten_thousands(total['a'])} 万元，已支出 {ten_thousands(total['p'])} 万元，"
        f"余额 {ten_thousands(total['b'])} 万元（已扣除待核准的）。"
    )
    return list_page(request, listing, form, rows, _cells, figures=_figures(mine), note=note)


def _figures(mine: Any) -> list[dict[str, Any]]:
    page = reverse("partybuilding:funds")
    found: list[dict[str, Any]] = []
    for purpose in FundPurpose:
        total = mine.filter(purpose=purpose).aggregate(total=Sum("amount"))["total"]
        found.append(
            {
                "label": str(purpose.label), "value": ten_thousands(total), "unit": "万元",
                "url": f"{page}?purpose={purpose}",
            }
        )  # fmt: skip
    waiting = FundLine.objects.to_pay().filter(allocation__in=mine.values("pk"))
    count = waiting.values("allocation").distinct().count()
    found.append(
        {
            "label": "有待核准支出的", "value": count, "unit": "笔", "url": f"{page}?show=waiting",
            "level": "yellow" if count else "",
        }
    )  # fmt: skip
    return found


def _cells(one: Any) -> list[dict[str, Any]]:
    page = reverse("partybuilding:fund", args=[one.pk])
    return [
        cell("名称", one.title, url=page), cell("给哪里", str(one.community or one.street)),
        cell("来源", one.get_source_display()), cell("用途", one.get_purpose_display()),
        cell("年度", one.year, number=True), cell("文号", one.doc_no or "—"),
        cell("下达", f"{one.allotted_on:%Y-%m-%d}"),
        cell("金额（万元）", ten_thousands(one.amount), number=True),
        cell("已支出（万元）", ten_thousands(one.paid), number=True),
        cell("余额（万元）", ten_thousands(one.balance), number=True),
    ]  # fmt: skip


def fetch_fund(user: Any, pk: int, letters: str = SEES) -> Any:
    return fetch(FundAllocation.objects.all(), user, Noun.FUND, letters, pk=pk)


@login_required
@never_cache
@require_GET
def fund_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    fetch_fund(user, pk)
    one = FundAllocation.objects.with_sums().get(pk=pk)
    plans = may(FundAllocation.objects, user, CREATE + EDIT, one)
    pays = may(FundAllocation.objects, user, APPROVE, one)
    lines = [
        _line(row, plans, pays) for row in one.lines.select_related("topic", "planned_by__person")
    ]
    links = []
    if plans and one.balance > 0:
        links.append(Link("申请开支", reverse("partybuilding:fund_line_new", args=[pk]), "plus-lg"))
    facts = [
        ("给哪里", one.community or one.street), ("来源", one.get_source_display()),
        ("用途", one.get_purpose_display()), ("年度", one.year), ("文号", one.doc_no),
        ("下达日期", f"{one.allotted_on:%Y-%m-%d}"), ("金额", services.yuan(one.amount)),
        ("已支出", services.yuan(one.paid)), ("待核准", services.yuan(one.committed - one.paid)),
        ("余额", services.yuan(one.balance)),
    ]  # fmt: skip
    return detail_page(
        request, "funds", one.title, facts, ("党建经费", reverse("partybuilding:funds")),
        blocks=[Block("开支", lines, links, "还没有开支。")],
    )  # fmt: skip


def _line(row: FundLine, plans: bool, pays: bool) -> Line:
    links = []
    if row.state == "待核准支出":
        if pays:
            links.append(
                Link("核准支出", reverse("partybuilding:fund_pay", args=[row.pk]), "check2-circle")
            )
        if plans or pays:
            links.append(
                Link(
                    "撤销", reverse("partybuilding:fund_cancel", args=[row.pk]), "x-circle-fill",
                    post=True, confirm="撤销后金额退回余额。确定撤销？",
                )
            )  # fmt: skip
    level = {"已支出": "green", "待核准支出": "yellow"}.get(row.state, "grey")
    note = services.yuan(row.amount)
    note += f"，{row.paid_on:%Y-%m-%d} 支出" if row.paid_on else ""
    note += f"，议题：{row.topic}" if row.topic else ""
    return Line(row.what, row.state, level, note=note, links=links)


@login_required
@never_cache
def fund_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.FUND, CREATE + EDIT)
    orgs = orgs_with(user, Noun.FUND, CREATE + EDIT)
    form = FundForm(
        request.POST or None, orgs=orgs,
        initial={"org": orgs.first(), "year": timezone.localdate().year},
    )  # fmt: skip
    made: list[FundAllocation] = []
    if request.method == "POST" and do(
        request, form, lambda: made.append(services.allot(by=user, **form.cleaned_data)), "已登记。"
    ):
        return redirect("partybuilding:fund", pk=made[0].pk)
    return form_page(request, form, "登记经费", reverse("partybuilding:funds"), "登记")


@login_required
@never_cache
def line_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_fund(user, pk, CREATE + EDIT)
    topics = Topic.objects.visible_to(user).filter(
        street=one.street_id, status__in=("resolved", "executing")
    )
    form = LineForm(request.POST or None, topics=topics)
    back = reverse("partybuilding:fund", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.plan_spending(allocation=one, by=user, **form.cleaned_data),
        "已申请，等另一位同志核准。",
    ):  # fmt: skip
        return redirect(back)
    left = FundAllocation.objects.with_sums().get(pk=pk).balance
    return form_page(
        request, form, f"申请开支：{one}", back, "申请", hint=f"余额 {services.yuan(left)}"
    )


def _fetch_line(user: Any, pk: int) -> FundLine:
    require(user, Noun.FUND, SEES)
    rows = FundLine.objects.visible_to(user).select_related("allocation")
    return get_object_or_404(rows, pk=pk)


@login_required
@never_cache
def line_pay(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_line(user, pk)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    back = reverse("partybuilding:fund", args=[row.allocation_id])
    if request.method == "POST" and do(
        request, form, lambda: services.pay(fund_line=row, by=user, **form.cleaned_data),
        "已核准支出。",
    ):  # fmt: skip
        return redirect(back)
    title = f"核准支出：{row}（{services.yuan(row.amount)}）"
    return form_page(request, form, title, back, "核准支出")


@login_required
@require_POST
def line_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = _fetch_line(user, pk)
    attempt(request, lambda: services.cancel_spending(fund_line=row, by=user), "已撤销。")
    return redirect("partybuilding:fund", pk=row.allocation_id)
