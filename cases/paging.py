"""Keyset pages for lists ordered by -id: page 1,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """Rows of one page; the URLs are "" at the ends, `count` None when nobody counted."""

    rows: Sequence[Any]
    previous_url: str = ""
    next_url: str = ""
    count: int | None = None


def keyset_page(
    queryset: QuerySet[Any],
    request: HttpRequest,
    *,
    size: int = PAGE_SIZE,
    count: int | None = None,
) -> Page:
    """Return the page asked for by `?before=<id>` or `?after=<id>` (other words: the first)."""
    before, after = _id(request, "before"), _id(request, "after")
    newer = (
        list(queryset.filter(pk__gt=after).order_by("id")[: size + 1]) if after is not None else []
    )
    if newer:
        rows = newer[:size][::-1]
        has_previous, has_next = len(newer) > size, True
    else:  # the first page, also for those who stepped back over it
        older = queryset if before is None else queryset.filter(pk__lt=before)
        found = list(older.order_by("-id")[: size + 1])
        rows = found[:size]
        has_previous, has_next = before is not None, len(found) > size
    return Page(
        rows,
        previous_url=_url(request, "after", rows[0].pk) if has_previous and rows else "",
        next_url=_url(request, "before", rows[-1].pk) if has_next and rows else "",
        count=count,
    )


def _id(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _url(request: HttpRequest, name: str, key: int) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("after", None)
    query[name] = str(key)
    return f"?{query.urlencode()}"
