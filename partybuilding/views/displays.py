"""五亮: list, one display, poster; the residents' page with what the member agreed to."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.pictures import photo_response
from gridparty.lib.qr import qr_svg
from gridparty.lib.text import row_id
from grids.acting import attempt, do
from grids.models import Grid
from orgs.fetch import fetch
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import require
from partybuilding import services
from partybuilding.catalog import FIVE_LIGHTS, DisplayPart
from partybuilding.figures import Figure
from partybuilding.forms.common import NoteForm
from partybuilding.forms.displays import DisplayFilterForm, DisplayForm, GridChoiceForm
from partybuilding.models import MemberDisplay, Photo
from partybuilding.people import members_of
from partybuilding.views.pages import (
    Link,
    Listing,
    cell,
    detail_page,
    form_page,
    list_page,
    move_links,
)
from partybuilding.workflow import DisplayStatus, move_of
from volunteers.catalog import words

COLUMNS = (
    ("党员", 12), ("网格", 16), ("亮身份", 30), ("亮承诺", 30), ("同意公开", 30), ("张贴位置", 24),
    ("张贴", 12), ("状态", 12),
)  # fmt: skip
TONES = {
    DisplayStatus.DRAFT: "grey", DisplayStatus.REVIEW: "yellow", DisplayStatus.APPROVED: "blue",
    DisplayStatus.POSTED: "green", DisplayStatus.REMOVED: "grey",
}  # fmt: skip


@login_required
@never_cache
@require_GET
def display_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = MemberDisplay.objects.visible_to(user)
    form = DisplayFilterForm(request.GET, rows=mine)
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        rows = rows.filter(status=asked["status"]) if asked["status"] else rows.standing()
        if asked.get("grid"):
            rows = rows.filter(grid=asked["grid"])
    page = reverse("partybuilding:displays")
    figures = [
        Figure(str(one.label), mine.filter(status=one).count(), "名", f"{page}?status={one}")
        for one in DisplayStatus
    ]
    actions = []
    if Grid.objects.where_may(user, Noun.PARTY, CREATE + EDIT).exists():
        actions.append(Link("起草五亮", reverse("partybuilding:display_new"), "plus-lg"))
    listing = Listing("displays", "五亮", COLUMNS, "还没有党员亮身份、亮承诺。", actions)
    return list_page(request, listing, form, rows.for_list(), _cells, figures=figures)


def _cells(one: MemberDisplay) -> list[dict[str, Any]]:
    page = reverse("partybuilding:display", args=[one.pk])
    return [
        cell("党员", one.public_name, url=page), cell("网格", one.grid.name),
        cell("亮身份", one.identity), cell("亮承诺", one.pledge),
        cell("同意公开", words(one.agreed, DisplayPart) or "没有同意"),
        cell("张贴位置", one.place or "—"),
        cell("张贴", f"{one.posted_on:%Y-%m-%d}" if one.posted_on else "—"),
        cell("状态", one.get_status_display(), level=TONES[DisplayStatus(one.status)]),
    ]  # fmt: skip


def fetch_display(user: Any, pk: int, letters: str = SEES) -> MemberDisplay:
    found: MemberDisplay = fetch(MemberDisplay.objects.for_list(), user, Noun.PARTY, letters, pk=pk)
    return found


@login_required
@never_cache
@require_GET
def display_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_display(user, pk)
    may = MemberDisplay.objects.visible_to(user, CREATE + EDIT).filter(pk=pk).exists()
    facts: list[tuple[str, Any]] = [
        ("党员", one.person.name if may else one.public_name),
        ("网格", one.grid),
    ]
    facts += [(str(part.label), getattr(one, part.value)) for part in FIVE_LIGHTS]
    agreed = f"{one.agreed_on:%Y-%m-%d}，" if one.agreed_on else ""
    facts += [
        ("同意公开", f"{agreed}{words(one.agreed, DisplayPart)}" if agreed else "本人还没有同意"),
        ("张贴", f"{one.posted_on:%Y-%m-%d}，{one.place}" if one.posted_on else "还没有张贴"),
    ]
    if one.removed_on:
        facts.append(("撤下", f"{one.removed_on:%Y-%m-%d}"))
    actions = []
    if may and one.status == DisplayStatus.DRAFT:
        actions.append(Link("修改", reverse("partybuilding:display_edit", args=[pk]), "pen"))
    if one.status in (DisplayStatus.APPROVED, DisplayStatus.POSTED):
        actions.append(
            Link("公示牌", reverse("partybuilding:display_poster", args=[pk]), "printer")
        )
    return detail_page(
        request, "displays", f"五亮：{one.public_name}", facts,
        ("五亮", reverse("partybuilding:displays")), status=one.get_status_display(),
        level=TONES[DisplayStatus(one.status)], moves=move_links(one, user), actions=actions,
        steps=services.steps_of(one), photos=list(Photo.objects.filter(subject="display", row=pk)),
    )  # fmt: skip


@login_required
@never_cache
def display_new(request: HttpRequest) -> HttpResponse:
    """First the grid, then the member and his words."""
    user: Any = request.user
    require(user, Noun.PARTY, CREATE + EDIT)
    grids = Grid.objects.where_may(user, Noun.PARTY, CREATE + EDIT).live()
    wanted = row_id(request.GET.get("grid", ""))
    found = grids.select_related("party_branch")
    one = (
        found.filter(pk=wanted).first() if wanted else found.first() if grids.count() == 1 else None
    )
    back = reverse("partybuilding:displays")
    if wanted and one is None:
        raise Http404
    if one is None:
        context = {"page_title": "起草五亮", "form": GridChoiceForm(grids=grids), "back": back}
        return render(request, "partybuilding/choose_grid.html", context)
    form = DisplayForm(request.POST or None, request.FILES or None, people=members_of(one))
    made: list[MemberDisplay] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.draft_display(grid=one, by=user, **form.cleaned_data)),
        "已保存。本人同意后送审。",
    ):  # fmt: skip
        return redirect("partybuilding:display", pk=made[0].pk)
    hint = "会公开。请不要写电话、门牌号。"
    return form_page(request, form, f"起草五亮：{one}", back, "保存", hint=hint)


@login_required
@never_cache
def display_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = fetch_display(user, pk, CREATE + EDIT)
    names = ("identity", "pledge", "action", "service", "result", "agreed", "agreed_on")
    initial = {name: getattr(one, name) for name in names}
    form = DisplayForm(request.POST or None, request.FILES or None, initial=initial)
    back = reverse("partybuilding:display", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.edit_display(display=one, by=user, **form.cleaned_data),
        "已保存。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, "修改五亮", back, "保存")


@login_required
@never_cache
def display_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user: Any = request.user
    one = fetch_display(user, pk)
    move = move_of("display", name)
    if move is None:
        raise Http404
    back = reverse("partybuilding:display", args=[pk])
    if not move.asks:
        if request.method == "POST":
            attempt(
                request, lambda: services.move_display(display=one, name=name, by=user), "已办理。"
            )
        return redirect(back)
    form = NoteForm(request.POST or None, label=move.asks)
    if request.method == "POST" and do(
        request, form,
        lambda: services.move_display(display=one, name=name, by=user, **form.cleaned_data),
        "已办理。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{move.label}：{one.public_name}", back, move.label)


@login_required
@never_cache
@require_GET
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The poster of an approved display: exactly what the public page shows."""
    one = fetch_display(request.user, pk)
    if one.status not in (DisplayStatus.APPROVED, DisplayStatus.POSTED):
        raise Http404
    url = request.build_absolute_uri(_public_url(one.community))
    context = {
        "page_title": "五亮公示牌", "one": one, "photo": _photo_of(one),
        "svg": mark_safe(qr_svg(url)),  # noqa: S308 - drawn by us
        "back": reverse("partybuilding:display", args=[pk]),
    }  # fmt: skip
    return render(request, "partybuilding/poster.html", context)


def _public_url(community: OrgUnit) -> str:
    return f"{reverse('partybuilding:public_displays')}?community={community.division_code}"


def _photo_of(one: MemberDisplay) -> Photo | None:
    if not one.shows_photo:
        return None
    return Photo.objects.filter(subject="display", row=one.pk).first()


@never_cache
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """What residents read: posted displays of a community, agreed parts only."""
    code = request.GET.get("community", "")
    community = OrgUnit.objects.filter(division_code=code).first() if code.isdecimal() else None
    context: dict[str, Any] = {"page_title": "党员五亮"}
    if community is None:
        shown = MemberDisplay.objects.public().values("community")
        rows = OrgUnit.objects.filter(pk__in=shown).order_by("division_code")
        context["places"] = [(one.name, _public_url(one)) for one in rows[:500]]
        return render(request, "partybuilding/public_displays.html", context)
    rows = MemberDisplay.objects.public().filter(community=community).for_list()
    page = keyset_page(rows, request, ("grid_id", "-id"))
    photos = {
        photo.row: photo
        for photo in Photo.objects.filter(subject="display", row__in=[one.pk for one in page.rows])
    }
    context |= {
        "community": community, "page": page,
        "cards": [
            {"one": one, "photo": photos.get(one.pk) if one.shows_photo else None}
            for one in page.rows
        ],
    }  # fmt: skip
    return render(request, "partybuilding/public_displays.html", context)


@require_GET
def public_photo(request: HttpRequest, pk: int) -> FileResponse:
    """The photo of a posted display whose member agreed to it."""
    photo = get_object_or_404(Photo, pk=pk, subject="display")
    one = get_object_or_404(MemberDisplay.objects.public(), pk=photo.row)
    if not one.shows_photo:
        raise Http404
    return photo_response(photo)
