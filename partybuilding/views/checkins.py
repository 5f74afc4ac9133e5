"""两地报到 at the desk: the list, one check-in with its life, its forms."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grids.acting import attempt, do
from orgs.fetch import fetch
from orgs.roles import APPROVE, CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from partybuilding import services
from partybuilding.catalog import Grade
from partybuilding.checkin_lists import checkin_figures, shown
from partybuilding.forms.checkins import (
    AppraiseForm,
    CheckInFilterForm,
    DutyForm,
    MatchForm,
    TransferForm,
)
from partybuilding.forms.common import NoteForm
from partybuilding.models import CheckIn
from partybuilding.scope import is_staff, sees_whole_lists, units_of
from partybuilding.views.pages import (
    Block,
    Line,
    Link,
    Listing,
    cell,
    detail_page,
    form_page,
    list_page,
    move_links,
)
from partybuilding.workflow import SERVING, CheckInStatus, move_of

TONES = {
    CheckInStatus.INVITED: "grey", CheckInStatus.APPLIED: "yellow", CheckInStatus.MATCHED: "yellow",
    CheckInStatus.ACCEPTED: "blue", CheckInStatus.ACTIVE: "green", CheckInStatus.SUSPENDED: "yellow",
}  # fmt: skip
COLUMNS = (
    ("党员", 12), ("单位", 26), ("社区", 18), ("网格", 14), ("报到单", 16), ("报到日期", 12),
    ("状态", 12),
)  # fmt: skip


def day_of(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


@login_required
@never_cache
@require_GET
def checkin_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    day = timezone.localdate()
    mine = CheckIn.objects.visible_to(user)
    form = CheckInFilterForm(request.GET, rows=mine)
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        rows = shown(mine, asked["show"], day)
        for name in ("unit", "community", "grid"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
    actions = []
    if can(user, Noun.PARTY, EDIT) and sees_whole_lists(user):
        actions.append(Link("报送名单", reverse("partybuilding:checkin_invite"), "upload"))
    listing = Listing(
        "checkins",
        "两地报到",
        COLUMNS,
        "还没有名单。单位报送在职党员名单后，党员用手机报到。",
        actions,
    )
    own = set(units_of(user))
    return list_page(
        request, listing, form, rows.for_list(), lambda one: _cells(one, own),
        figures=checkin_figures(mine, day),
    )  # fmt: skip


def _cells(one: CheckIn, own_units: set[int]) -> list[dict[str, Any]]:
    name = one.person.name if one.unit_id in own_units else one.person.masked_name
    page = reverse("partybuilding:checkin", args=[one.pk])
    return [
        cell("党员", name, url=page), cell("单位", one.unit.name),
        cell("社区", str(one.community or "")), cell("网格", str(one.grid or "")),
        cell("报到单", one.slip_no), cell("报到日期", day_of(one.accepted_at)),
        cell("状态", one.get_status_display(), level=TONES.get(CheckInStatus(one.status), "grey")),
    ]  # fmt: skip


def fetch_check_in(user: Any, pk: int, letters: str = SEES) -> CheckIn:
    rows = CheckIn.objects.for_list().select_related("street", "building__compound", "came_from")
    found: CheckIn = fetch(rows, user, Noun.PARTY, letters, pk=pk)
    return found


@login_required
@never_cache
@require_GET
def checkin_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_check_in(user, pk)
    keeps = CheckIn.objects.visible_to(user, APPROVE).filter(pk=pk).exists()
    is_unit = one.unit_id in units_of(user)
    facts = _facts(one, keeps=keeps, is_unit=is_unit)
    appraisals = [
        Line(f"{row.year} 年：{row.get_grade_display()}", note=row.comment)
        for row in one.appraisals.all()
    ]
    confirmations = [
        Line(
            f"{row.period:%Y-%m-%d}", "已搬走" if row.still_here is False else
            "仍在服务" if row.still_here else "还没答复",
            "red" if row.still_here is False else "green" if row.still_here else "yellow",
        )
        for row in one.confirmations.all()
    ]  # fmt: skip
    duties = [
        Line(
            f"{duty}：{duty.duties}", "在岗" if duty.end is None else "已卸下",
            "green" if duty.end is None else "grey", reverse("partybuilding:duty", args=[duty.pk]),
        )
        for duty in one.duties.all()
    ]  # fmt: skip
    links = _links(one, keeps=keeps)
    blocks = [
        Block("责任区和责任岗", duties, links[:1], "还没有认领岗位。"),
        Block("半年确认", confirmations, links[1:2], "还没有到半年确认的时候。"),
        Block("年度评定", appraisals, links[2:], "还没有评定。"),
    ]
    actions = []
    if one.accepted_at:
        actions.append(
            Link("报到单", reverse("partybuilding:checkin_slip", args=[pk]), "journal-text")
        )
    if is_unit and one.accepted_at and one.received_at is None:
        actions.append(
            Link(
                "签收回执",
                reverse("partybuilding:checkin_receipt", args=[pk]),
                "journal-check",
                True,
            )
        )
    return detail_page(
        request, "checkins", f"{one.person.name if keeps or is_unit else one.person.masked_name} 报到",
        facts, ("两地报到", reverse("partybuilding:checkins")), status=one.get_status_display(),
        level=TONES.get(CheckInStatus(one.status), "grey"), moves=move_links(one, user),
        blocks=blocks, actions=actions, steps=services.steps_of(one) if is_staff(user) else (),
    )  # fmt: skip


def _facts(one: CheckIn, *, keeps: bool, is_unit: bool) -> list[tuple[str, Any]]:
    """The unit never reads the address; the phone is masked for everybody."""
    facts: list[tuple[str, Any]] = [
        ("工作单位", one.unit.name), ("手机号", one.person.masked_phone),
        ("社区", one.community), ("网格", one.grid),
    ]  # fmt: skip
    if keeps:
        facts += [("住址", one.place.reveal()), ("楼栋", one.building)]
    if keeps or not is_unit:
        facts += [
            ("特长", one.skill_words), ("愿意承担", one.wish_words), ("方便时间", one.time_words),
        ]  # fmt: skip
    facts += [
        ("报到单", one.slip_no), ("社区接收", day_of(one.accepted_at)),
        ("单位签收", day_of(one.received_at)),
    ]  # fmt: skip
    if one.ended_on:
        facts.append(("结束日期", f"{one.ended_on:%Y-%m-%d}"))
    if one.came_from_id:
        facts.append(("转自", one.came_from.slip_no or "其他社区"))  # type: ignore[union-attr]
    return facts


def _links(one: CheckIn, *, keeps: bool) -> list[Link]:
    if not keeps or one.status not in SERVING:
        return []
    here = [one.pk]
    return [
        Link("认领岗位", reverse("partybuilding:checkin_duty", args=here), "plus-lg"),
        Link("登记确认", reverse("partybuilding:checkin_confirm", args=here), "check2-square"),
        Link("年度评定", reverse("partybuilding:checkin_appraise", args=here), "award"),
    ]


@login_required
@never_cache
def checkin_form(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The moves with a form of their own: the grid, and moving house."""
    user: Any = request.user
    one = fetch_check_in(user, pk, APPROVE)
    back = reverse("partybuilding:checkin", args=[pk])
    made: list[CheckIn] = []
    if name == "match":
        form: Any = MatchForm(request.POST or None, check_in=one, initial={"grid": one.grid_id})
        hint = f"本人填的住址：{one.place.reveal()}"
    elif name == "transfer":
        form = TransferForm(request.POST or None, check_in=one)
        hint = "原来的岗位随之卸下，新社区重新确定网格、接收。"
    else:
        raise Http404

    def act() -> None:
        if name == "match":
            services.match(check_in=one, by=user, **form.cleaned_data)
        else:
            made.append(services.transfer(check_in=one, by=user, **form.cleaned_data))

    if request.method == "POST" and do(request, form, act, "已办理。"):
        return redirect(back)
    move = move_of("checkin", name)
    return form_page(request, form, str(move.label if move else ""), back, "确定", hint=hint)


@login_required
@never_cache
def checkin_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user: Any = request.user
    one = fetch_check_in(user, pk)
    move = move_of("checkin", name)
    if move is None or move.form or move.side in ("system", "self"):
        raise Http404
    back = reverse("partybuilding:checkin", args=[pk])

    def act(note: str = "") -> None:
        if name == "accept":
            services.accept(check_in=one, by=user)
        else:
            services.move_check_in(check_in=one, name=name, by=user, note=note)

    if not move.asks:
        if request.method == "POST":
            attempt(request, act, "已办理。")
        return redirect(back)
    form = NoteForm(request.POST or None, label=move.asks)
    if request.method == "POST" and do(
        request, form, lambda: act(form.cleaned_data["note"]), "已办理。"
    ):
        return redirect(back)
    return form_page(request, form, move.label, back, move.label)


@login_required
@require_POST
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_check_in(user, pk)
    attempt(request, lambda: services.receive_slip(check_in=one, by=user), "回执已签收。")
    return redirect("partybuilding:checkin", pk=pk)


@login_required
@never_cache
@require_GET
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """报到单 with its receipt, for printing; without the address."""
    one = fetch_check_in(request.user, pk)
    if one.accepted_at is None:
        raise Http404
    context = {"page_title": "在职党员报到单", "one": one, "duties": list(one.duties.open())}
    return render(request, "partybuilding/slip.html", context)


@login_required
@never_cache
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_check_in(user, pk, CREATE + EDIT)
    if one.grid is None:
        raise Http404
    grid = one.grid
    form = DutyForm(
        request.POST or None, grid=grid, initial={"category": next(iter(one.wishes), "")}
    )
    back = reverse("partybuilding:checkin", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.claim_duty(
            grid=grid, person=one.person, check_in=one, by=user, **form.cleaned_data
        ),
        "已认领。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"认领岗位：{grid}", back, "认领")


@login_required
@never_cache
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The community puts down what the member said on the telephone."""
    user: Any = request.user
    one = fetch_check_in(user, pk, APPROVE)
    back = reverse("partybuilding:checkin", args=[pk])
    if request.method == "POST":
        still = request.POST.get("still_here") == "1"
        attempt(
            request,
            lambda: services.confirm(check_in=one, still_here=still, by=user),
            "已登记确认。",
        )
        return redirect(back)
    context = {"page_title": "登记半年确认", "back": back, "one": one}
    return render(request, "partybuilding/confirm.html", context)


@login_required
@never_cache
def appraise(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_check_in(user, pk, APPROVE)
    form = AppraiseForm(
        request.POST or None, initial={"year": timezone.localdate().year, "grade": Grade.GOOD}
    )
    back = reverse("partybuilding:checkin", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.appraise(check_in=one, by=user, **form.cleaned_data),
        "已评定。",
    ):  # fmt: skip
        return redirect(back)
    hint = "“优秀”不超过本社区在岗党员的 20%。"
    return form_page(request, form, "年度评定", back, "评定", hint=hint)
