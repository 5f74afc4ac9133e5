"""What the pages of Party work share: lists that export what they show, details, moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from orgs.audit import record
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from partybuilding.models import Step
from partybuilding.sections import sections
from partybuilding.services import may_take, steps_of
from partybuilding.services.lives import subject_of
from partybuilding.workflow import moves_from
from residents.views.files import as_workbook
from volunteers.views.pages import Block, Line, Link, cell

MAX_ROWS = 5_000
__all__ = [
    "Block", "Line", "Link", "Listing", "cell", "detail_page", "form_page", "list_page",
    "move_links",
]  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """A list page: its tab, title, columns as (label, width in the workbook)."""

    key: str
    title: str
    columns: Sequence[tuple[str, int]]
    empty: str
    actions: Sequence[Link] = ()
    order: tuple[str, ...] = ("-id",)
    numbers: Sequence[str] = ()


Cells = Callable[[Any], list[dict[str, Any]]]


def list_page(
    request: HttpRequest, listing: Listing, form: forms.Form | None, rows: Any, cells: Cells,
    **context: Any,
) -> HttpResponse | FileResponse:  # fmt: skip
    """Show a filtered, counted, paged list; with `file=xlsx` the same rows as a workbook.

    `rows` are already visible to the user; `cells(row)` makes one line of both.
    """
    bad = form is not None and not form.is_valid()
    if bad:
        rows = rows.none()
    elif request.GET.get("file") == "xlsx":
        return _export(request, listing, rows, cells)
    page = keyset_page(rows, request, listing.order, count=rows.order_by().count())
    query = request.GET.copy()
    for name in ("after", "before", "file"):
        query.pop(name, None)
    query["file"] = "xlsx"
    asked = {name for name, value in request.GET.items() if value and name not in ("month", "year")}
    context |= {
        "page_title": listing.title, "listing": listing, "form": form, "page": page,
        "columns": [
            {"label": label, "number": label in listing.numbers} for label, _ in listing.columns
        ],
        "rows": [{"cells": cells(row)} for row in page.rows],
        "sections": sections(request.user, listing.key), "filtered": bool(asked),
        "export_url": f"?{query.urlencode()}",
    }  # fmt: skip
    template = context.pop("template", "partybuilding/list.html")
    return render(request, template, context, status=400 if bad else 200)


def _export(request: HttpRequest, listing: Listing, rows: Any, cells: Cells) -> FileResponse:
    user: Any = request.user
    found = list(rows.order_by(*listing.order)[:MAX_ROWS])
    record(
        by=user, action="party.export", target=OrgUnit,
        detail={"list": listing.key, "rows": len(found)},
    )  # fmt: skip
    lines = (
        [number, *(_plain(one["value"]) for one in cells(row))]
        for number, row in enumerate(found, start=1)
    )
    columns = (("序号", 6), *listing.columns)
    title = listing.title[:31]
    return as_workbook(title, columns, lines, user=user, day=timezone.localdate())


def _plain(value: Any) -> str | int:
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value or "")


def detail_page(
    request: HttpRequest, key: str, title: str, facts: Sequence[tuple[str, Any]], back: tuple[str, str],
    *, status: str = "", level: str = "grey", moves: Sequence[Link] = (), blocks: Sequence[Block] = (),
    actions: Sequence[Link] = (), steps: Sequence[Step] = (), **context: Any,
) -> HttpResponse:  # fmt: skip
    """Show one row: facts, what may be done now, blocks, its history. `back`: (label, address)."""
    context |= {
        "page_title": title, "facts": facts, "blocks": blocks, "actions": actions, "back": back,
        "status": status, "level": level, "moves": moves, "steps": steps,
        "sections": sections(request.user, key),
    }  # fmt: skip
    return render(request, context.pop("template", "partybuilding/detail.html"), context)


def form_page(
    request: HttpRequest, form: forms.Form, title: str, back: str, submit: str, **context: Any
) -> HttpResponse:
    """Show a form; 400 when it was sent and refused, with everything typed in place."""
    context |= {"page_title": title, "form": form, "back": back, "submit": submit}
    status = 400 if form.errors else 200
    return render(request, "partybuilding/form.html", context, status=status)


def move_links(row: Any, user: Any, names: Sequence[str] = ()) -> list[Link]:
    """Return the buttons of a row's life the user may press now."""
    subject = subject_of(row)
    return [
        Link(
            move.label,
            reverse(f"partybuilding:{subject}_{'form' if move.form else 'move'}",
                    args=[row.pk, move.name]),
            move.icon, post=not (move.asks or move.form), confirm=move.confirm,
        )
        for move in moves_from(subject, row.status)
        if (not names or move.name in names) and may_take(row, move, user)
    ]  # fmt: skip


def history(row: Any) -> list[Step]:
    return steps_of(row)
