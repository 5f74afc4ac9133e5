"""Keyset pages for lists in any unchanging order that ends with a unique column.

The address holds only the id of the row the page starts behind, never what the row says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from gridparty.lib.text import row_id

PAGE_SIZE = 50
# `count_up_to` stops here and says "10000+": to count a million rows takes longer than to show fifty.
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Page:
    """Rows of one page; the URLs are "" at the ends.

    `count` is None when nobody counted, words ("10000+") where `count_up_to` stopped.
    """

    rows: Sequence[Any]
    previous_url: str = ""
    next_url: str = ""
    count: int | str | None = None


def count_up_to(queryset: QuerySet[Any]) -> int | str:
    """Return how many rows there are, or the words "10000+" where counting stopped."""
    found = queryset.order_by()[: MOST_COUNTED + 1].count()
    return found if found <= MOST_COUNTED else f"{MOST_COUNTED}+"


def keyset_page(
    queryset: QuerySet[Any],
    request: HttpRequest,
    order: tuple[str, ...] = ("-id",),
    *,
    size: int = PAGE_SIZE,
    count: int | str | None = None,
) -> Page:
    """Return the page behind `?after=<id>`, in front of `?before=<id>`, or the first one.

    `order` names the columns, "-" for descending; the last one must be unique.
    """
    after, before = _anchor(queryset, request, "after"), _anchor(queryset, request, "before")
    backwards = tuple(_reversed(name) for name in order)
    found: list[Any] = []
    if before is not None:
        rest = queryset.filter(_beyond(backwards, before)).order_by(*backwards)
        found = list(rest[: size + 1])
    if found:
        rows = found[:size][::-1]
        has_previous, has_next = len(found) > size, True
    else:  # the first page, also for those who stepped back over it
        rest = queryset if after is None else queryset.filter(_beyond(order, after))
        found = list(rest.order_by(*order)[: size + 1])
        rows = found[:size]
        has_previous, has_next = after is not None, len(found) > size
    return Page(
        rows,
        previous_url=_url(request, "before", rows[0].pk) if has_previous and rows else "",
        next_url=_url(request, "after", rows[-1].pk) if has_next and rows else "",
        count=count,
    )


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _anchor(queryset: QuerySet[Any], request: HttpRequest, name: str) -> Any:
    number = row_id(request.GET.get(name, ""))
    return None if number is None else queryset.model._default_manager.filter(pk=number).first()


def _beyond(order: tuple[str, ...], row: Any) -> Q:
    """Rows strictly beyond `row`: (a > x) or (a = x and b > y) …; < for descending columns."""
    found, same = Q(pk__in=[]), Q()
    for name in order:
        side, column = ("lt", name[1:]) if name.startswith("-") else ("gt", name)
        value = getattr(row, column)
        found |= same & Q(**{f"{column}__{side}": value})
        same &= Q(**{column: value})
    return found


def _url(request: HttpRequest, name: str, key: int) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("after", None)
    query[name] = str(key)
    return f"?{query.urlencode()}"
