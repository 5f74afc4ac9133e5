"""Keyset pages for lists in any unchanging order that ends with a unique column.

The address holds only the id of the row the page starts behind, never what the row says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
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
    order: tuple[str, ...],
    *,
    size: int = PAGE_SIZE,
    count: int | None = None,
) -> Page:
    """Return the page behind `?after=<id>`, in front of `?before=<id>`, or the first one.

    `order` names the columns, ascending; the last one must be unique.
    """
    after, before = _anchor(queryset, request, "after"), _anchor(queryset, request, "before")
    if before is not None:
        backwards = [f"-{name}" for name in order]
        found = list(queryset.filter(_beyond(order, before, "lt")).order_by(*backwards)[: size + 1])
        rows = found[:size][::-1]
        has_previous, has_next = len(found) > size, True
    else:
        rest = queryset if after is None else queryset.filter(_beyond(order, after, "gt"))
        found = list(rest.order_by(*order)[: size + 1])
        rows = found[:size]
        has_previous, has_next = after is not None, len(found) > size
    return Page(
        rows,
        previous_url=_url(request, "before", rows[0].pk) if has_previous and rows else "",
        next_url=_url(request, "after", rows[-1].pk) if has_next and rows else "",
        count=count,
    )


def _anchor(queryset: QuerySet[Any], request: HttpRequest, name: str) -> Any:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return queryset.model._default_manager.filter(pk=int(text)).first()


def _beyond(order: tuple[str, ...], row: Any, side: str) -> Q:
    """Rows strictly beyond `row`: (a > x) or (a = x and b > y) …"""
    found, same = Q(pk__in=[]), Q()
    for name in order:
        value = getattr(row, name)
        found |= same & Q(**{f"{name}__{side}": value})
        same &= Q(**{name: value})
    return found


def _url(request: HttpRequest, name: str, key: int) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("after", None)
    query[name] = str(key)
    return f"?{query.urlencode()}"
