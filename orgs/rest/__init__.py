"""The shared ground of every app's `api.py`: pages, errors, scope, idempotent writes."""

from orgs.rest.errors import chinese_errors
from orgs.rest.idempotency import IdempotentCreateMixin, idempotent
from orgs.rest.pagination import KeysetPagination
from orgs.rest.parsers import CleanFormParser, CleanJSONParser, CleanMultiPartParser
from orgs.rest.views import ScopedReadViewSet

__all__ = [
    "CleanFormParser", "CleanJSONParser", "CleanMultiPartParser", "IdempotentCreateMixin",
    "KeysetPagination", "ScopedReadViewSet", "chinese_errors", "idempotent",
]  # fmt: skip
