"""What the pages of voluntary work share: lists, details, forms, moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from gridparty.lib.text import row_id
from grids.acting import attempt, do
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import refusal, require
from residents.views.files import as_workbook
from volunteers.forms.lists import CommunityForm, NoteForm
from volunteers.models import (
    Activity,
    Ask,
    Claim,
    Hours,
    Project,
    Resource,
    Shift,
    Volunteer,
)
from volunteers.sections import sections
from volunteers.services.activities import move_activity
from volunteers.services.asking import answer
from volunteers.services.claims import move_claim
from volunteers.services.hours import move_hours
from volunteers.services.lives import require_side, steps_of, take_step
from volunteers.services.projects import move_project
from volunteers.sides import Row, moves_for, staff_communities, subject_of
from volunteers.workflow import Who, move_of

describe_actions(volunteers__export="导出志愿清单")
EXPORTED = 5000
MODELS: dict[str, Any] = {
    "resource": Resource, "claim": Claim, "project": Project, "activity": Activity, "hours": Hours,
    "ask": Ask,
}  # fmt: skip
TONES = {
    "offered": "yellow", "asked": "yellow", "sent": "yellow", "review": "yellow",
    "submitted": "yellow", "late": "yellow", "appealed": "red", "open": "blue", "live": "green",
    "running": "green", "scheduled": "blue", "confirmed": "green", "done": "green",
    "evaluated": "green", "published": "blue", "matched": "green", "in_project": "green",
    "met": "green", "active": "green", "applied": "yellow", "signed": "green", "attended": "green",
    "waiting": "yellow", "no_show": "red", "reserved": "green", "accepted": "green",
}  # fmt: skip


def tone(status: str) -> str:
    """Return the colour of a status."""
    return TONES.get(status, "grey")


@dataclass(frozen=True)
class Link:
    """A way to go on: a plain link, or a button that posts (`post`), asking `confirm` first."""

    label: str
    url: str
    icon: str = "arrow-right"
    post: bool = False
    confirm: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a block: text, light, where it leads, what may be done."""

    text: str
    status: str = ""
    level: str = "grey"
    url: str = ""
    note: str = ""
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class Block:
    """A section of a detail page."""

    title: str
    lines: Sequence[Line] = ()
    links: Sequence[Link] = ()
    empty: str = ""


def cell(label: str, value: Any, **more: Any) -> dict[str, Any]:
    """Return a cell of `components/table.html`."""
    return {"label": label, "value": value, **more}


@dataclass
class Listing:
    """What a list page shows; `cells(row)` makes a table row."""

    key: str
    title: str
    columns: Sequence[str]
    empty: str
    actions: Sequence[Link] = field(default_factory=tuple)
    # False where people stand in it: they leave by their table in Excel, masked.
    exports: bool = True


def list_page(
    request: HttpRequest, listing: Listing, form: forms.Form, rows: Any, cells: Any,
    order: tuple[str, ...] = ("-id",), **context: Any,
) -> HttpResponse:  # fmt: skip
    """Show a filtered, counted, paged list; `rows` are already visible to the user."""
    bad = not form.is_valid()
    if bad:
        rows = rows.none()
    if listing.exports and not bad and "export" in request.GET:
        file: HttpResponse = _as_file(request, listing, rows.order_by(*order), cells)
        return file
    page = keyset_page(rows, request, order, count=rows.order_by().count())
    shown = [{"cells": cells(row)} for row in page.rows]
    asked = {name: str(value) for name, value in request.GET.items() if value}
    whole = urlencode(asked | {"export": "1"})
    context |= {
        "page_title": listing.title, "listing": listing, "form": form, "page": page,
        "columns": [{"label": label} for label in listing.columns], "rows": shown,
        "sections": sections(request.user, listing.key), "filtered": bool(asked),
        "export_url": f"?{whole}" if listing.exports else "",
    }  # fmt: skip
    return render(request, "volunteers/list.html", context, status=400 if bad else 200)


def _as_file(request: HttpRequest, listing: Listing, rows: Any, cells: Any) -> Any:
    """The list as it is filtered, all its pages, as a workbook."""
    user: Any = request.user
    found = list(rows[:EXPORTED])
    record(by=user, action="volunteers.export", target=rows.model, detail={"rows": len(found)})
    columns = tuple((label, 24) for label in listing.columns)
    lines = ([one["value"] for one in cells(row)] for row in found)
    return as_workbook(listing.title, columns, lines, user=user, day=timezone.localdate())


def detail_page(
    request: HttpRequest, row: Row, key: str, title: str, facts: Sequence[tuple[str, Any]],
    blocks: Sequence[Block] = (), actions: Sequence[Link] = (), **context: Any,
) -> HttpResponse:  # fmt: skip
    """Show a row that has a life: facts, what may be done now, blocks, its history."""
    context |= {
        "page_title": title, "facts": facts, "blocks": blocks, "actions": actions,
        "status": row.get_status_display(), "level": tone(row.status),
        "moves": [move_link(row, move) for move in moves_for(row, request.user)],
        "steps": steps_of(row), "sections": sections(request.user, key), "row": row,
    }  # fmt: skip
    return render(request, context.pop("template", "volunteers/detail.html"), context)


def move_link(row: Row, move: Any) -> Link:
    """Return the button of a move: posts at once when it asks nothing."""
    subject = subject_of(row)
    if move.form:
        return Link(
            move.label, reverse(f"volunteers:{subject}_{move.name}", args=[row.pk]), move.icon
        )
    url = reverse("volunteers:move", args=[subject, row.pk, move.name])
    return Link(move.label, url, move.icon, post=not move.asks, confirm=move.confirm)


def form_page(
    request: HttpRequest, form: forms.Form, title: str, back: str, submit: str, **context: Any
) -> HttpResponse:
    """Show a form; 400 when it was sent and refused, with everything typed in place."""
    context |= {"page_title": title, "form": form, "back": back, "submit": submit}
    return render(request, "volunteers/form.html", context, status=400 if form.errors else 200)


def save_page(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], done: str, *, title: str,
    back: str, submit: str, to: Callable[[Any], str] | None = None, **context: Any,
) -> HttpResponse:  # fmt: skip
    """Show a form; once sent let `act` write, then go to `to(what it wrote)`, or back."""
    made: list[Any] = []
    if request.method == "POST" and do(request, form, lambda: made.append(act()), done):
        return redirect(to(made[0]) if to else back)
    return form_page(request, form, title, back, submit, **context)


def fetch_row(request: HttpRequest, subject: str, pk: int, *who: Who) -> Any:
    """Return a row of one of the five tables the user sees; 404 otherwise.

    Pages that offer names to choose from name the sides they are for; 403 to everybody else.
    """
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    row = get_object_or_404(MODELS[subject].objects.visible_to(user).for_list(), pk=pk)
    if who:
        require_side(row, user, *who)
    return row


def fetch_shift(request: HttpRequest, pk: int, *who: Who) -> Shift:
    """Return a shift of an activity the user sees; 404 otherwise."""
    require(request.user, Noun.VOLUNTEER, SEES)  # before the row: a refusal must not tell of it
    shift = get_object_or_404(Shift, pk=pk)
    shift.activity = fetch_row(request, "activity", shift.activity_id, *who)
    return shift


def detail_url(row: Any) -> str:
    """Return the page of a row; hours stand on their activity's."""
    if isinstance(row, Hours):
        return reverse("volunteers:activity", args=[row.activity_id])
    if isinstance(row, Ask):
        return reverse("volunteers:activity", args=[row.shift.activity_id])
    if isinstance(row, Volunteer):
        return reverse("volunteers:person", args=[row.pk])
    return reverse(f"volunteers:{row._meta.model_name}", args=[row.pk])


def chosen_community(request: HttpRequest, letters: str = CREATE + EDIT) -> OrgUnit | None:
    """Return the community a new row is for: the only one, or the one named in the address."""
    mine = staff_communities(request.user, letters)
    wanted = row_id(request.GET.get("community", ""))
    if wanted is not None:
        found: OrgUnit = get_object_or_404(mine, pk=wanted)
        return found
    rows = list(mine[:2])
    return rows[0] if len(rows) == 1 else None


def ask_community(request: HttpRequest, title: str, back: str) -> HttpResponse:
    """Ask which community first, when the user works in several."""
    require(request.user, Noun.VOLUNTEER, CREATE + EDIT)
    form = CommunityForm(communities=staff_communities(request.user))
    return form_page(request, form, title, back, "下一步", method="get")


@login_required
@never_cache
def move(request: HttpRequest, subject: str, pk: int, name: str) -> HttpResponse:
    """Any move of the five tables: at once when it asks nothing, else with its one line."""
    step = move_of(subject, name) if subject in MODELS else None
    if step is None or step.is_system or step.form:
        raise Http404
    row = fetch_row(request, subject, pk)
    back = detail_url(row)
    user: Any = request.user

    agreed = request.POST.get("guardian_agreed") == "on"

    def act(note: str = "") -> None:
        if subject == "activity":
            move_activity(activity=row, name=name, by=user, note=note)
        elif subject == "claim":
            move_claim(claim=row, name=name, by=user, note=note)
        elif subject == "project":
            move_project(project=row, name=name, by=user, note=note)
        elif subject == "hours":
            move_hours(hours=row, name=name, by=user, note=note)
        elif subject == "ask":
            answer(ask=row, name=name, by=user, guardian_agreed=agreed)
        else:
            take_step(row=row, name=name, by=user, note=note)

    if not step.asks:
        if request.method == "POST":
            # What asks for an answer is not "done" by it, and 已已用完 is no Chinese.
            plain = subject == "ask" or step.label.startswith("已")
            attempt(request, act, "已登记。" if plain else f"已{step.label}。")
        return redirect(back)
    form = NoteForm(request.POST or None, label=step.asks)
    return save_page(
        request, form, lambda: act(form.cleaned_data["note"]), "已登记。",
        title=f"{row}：{step.label}", back=back, submit=step.label,
    )  # fmt: skip


def manages(user: Any, community: OrgUnit) -> bool:
    """Whether the user keeps teams and volunteers of the community."""
    return bool(staff_communities(user).filter(pk=community.pk).exists())


def require_manager(user: Any, community: OrgUnit) -> None:
    if not manages(user, community):
        raise PermissionDenied(refusal(user, Noun.VOLUNTEER, EDIT))
