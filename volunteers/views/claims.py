"""对接: the list, one claim with its agreement, and into which project its need goes."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from grids.acting import do
from orgs import sealedfiles
from orgs.audit import record
from orgs.roles import SEES, Noun
from orgs.scope import require
from volunteers.forms.lists import AgreementForm, ClaimFilterForm, IntoProjectForm
from volunteers.models import Claim
from volunteers.services.claims import keep_agreement, put_into_project
from volunteers.sides import moves_for, sides
from volunteers.views.pages import (
    Line,
    Link,
    Listing,
    cell,
    detail_page,
    detail_url,
    fetch_row,
    list_page,
    move_link,
    save_page,
    tone,
)
from volunteers.workflow import PENDING, ClaimStatus, Who


@login_required
@never_cache
def claims(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    form = ClaimFilterForm(request.GET)
    rows = Claim.objects.visible_to(user)
    if form.is_valid():
        status = form.cleaned_data["status"]
        if status == "matched":
            rows = rows.filter(matched_at__isnull=False)
        elif status == "pending":
            rows = rows.filter(status__in=PENDING)
        elif status == "":
            rows = rows.filter(status__in=(*PENDING, ClaimStatus.LIVE))
        elif status != "all":
            rows = rows.filter(status=status)
    listing = Listing(
        "claims", "对接", ("需求", "单位或队伍", "方式", "数量", "提出时间", "状态"),
        "没有正在办的对接。",
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(), _claim_cells)


def _claim_cells(row: Claim) -> list[dict[str, Any]]:
    return [
        cell("需求", row.need.public_text, url=reverse("volunteers:claim", args=[row.pk])),
        cell("单位或队伍", row.claimer),
        cell("方式", row.get_way_display()),
        cell("数量", row.quantity, number=True),
        cell("提出时间", f"{timezone.localtime(row.created_at):%Y-%m-%d}"),
        cell("状态", row.get_status_display(), level=tone(row.status)),
    ]


@login_required
@never_cache
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "claim", pk)
    form = AgreementForm(request.POST or None, request.FILES or None)
    may = bool(sides(row, user) & {Who.STAFF, Who.UNIT})
    if request.method == "POST" and do(
        request, form,
        lambda: keep_agreement(claim=row, file=form.cleaned_data["file"], by=user), "已上传协议。",
    ):  # fmt: skip
        return redirect("volunteers:claim", pk=pk)
    facts = [
        ("需求", row.need.public_text), ("网格", row.need.household.grid),
        ("单位或队伍", row.claimer), ("方式", row.get_way_display()),
        ("数量", f"{row.quantity}（共需要 {row.need.quantity}）"),
        ("资源", row.resource or "不用资源"), ("项目", row.project or "未列入项目"),
        ("说明", row.note or "无"), ("共建协议", "已上传" if row.agreement_as else "未上传"),
    ]  # fmt: skip
    links = [Link("看需求", reverse("volunteers:need", args=[row.need_id]), "list-check")]
    if row.agreement_as:
        links.append(Link("下载协议", reverse("volunteers:agreement", args=[pk]), "download"))
    if row.status == ClaimStatus.LIVE and Who.STAFF in sides(row, user):
        links.append(
            Link("列入项目", reverse("volunteers:claim_project", args=[pk]), "clipboard-check")
        )
    return detail_page(
        request, row, "claims", f"{row.claimer}的对接", facts, (), links,
        upload=form if may else None,
    )  # fmt: skip


@login_required
@never_cache
def claim_project(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a need somebody has taken over into a project of the community."""
    user: Any = request.user
    row = fetch_row(request, "claim", pk)
    if row.status != ClaimStatus.LIVE or Who.STAFF not in sides(row, user):
        raise PermissionDenied("这条对接现在不能列入项目。")
    form = IntoProjectForm(request.POST or None, claim=row)
    return save_page(
        request, form,
        lambda: put_into_project(claim=row, project=form.cleaned_data["project"], by=user),
        "已列入项目，需求跟着项目走。", title="列入项目", back=detail_url(row), submit="列入",
        hint=row.need.public_text,
    )  # fmt: skip


@login_required
@never_cache
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed agreement, to those who see the claim; each look is written down."""
    user: Any = request.user
    row = fetch_row(request, "claim", pk)
    if not row.agreement_as:
        raise Http404
    try:
        data = sealedfiles.read(row.agreement_as)
    except FileNotFoundError:
        raise Http404 from None
    record(by=user, action="claim.read_agreement", target=row, street=row.street_id)
    kinds = {b"%PDF": ("application/pdf", "pdf"), b"\x89PNG": ("image/png", "png")}
    kind, suffix = kinds.get(data[:4], ("image/jpeg", "jpg"))
    name = f'attachment; filename="agreement-{pk}.{suffix}"'
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": name})


def claim_line(claim: Claim, user: Any) -> Line:
    links = [move_link(claim, move) for move in moves_for(claim, user)]
    return Line(
        f"{claim.claimer}（{claim.get_way_display()}，{claim.quantity} 份）",
        claim.get_status_display(), tone(claim.status),
        reverse("volunteers:claim", args=[claim.pk]), claim.note, links,
    )  # fmt: skip
