"""Keyset pages: the cost of page 1,000 is the cost of page 1."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class KeysetPagination(CursorPagination):
    """`?limit=` 1–100 (50), `?cursor=` from the links; answers {"next", "previous", "results"}.

    Newest first (`-id`). A view may set `ordering` to other unchanging, unique columns.
    """

    ordering = "-id"
    page_size = 50
    max_page_size = 100
    page_size_query_param = "limit"
    page_size_query_description = "每页条数，1 到 100，默认 50"
    cursor_query_description = "翻页位置，取自上一次返回的 next 或 previous"
    invalid_cursor_message = "翻页位置无效，请从第一页重新开始。"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, DjangoValidationError):  # a forged position of the wrong type
            raise NotFound(self.invalid_cursor_message) from None
        except (OverflowError, DataError):  # a filter or position no column can hold
            raise ValidationError("条件里的数字超出了范围。") from None

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> tuple[str, ...]:
        ordering = getattr(view, "ordering", None) or super().get_ordering(request, queryset, view)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("limit", str(self.page_size))
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
            raise ValidationError({"limit": ["每页条数应为 1 到 100 的整数。"]})
        return min(int(text), self.max_page_size)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        )
