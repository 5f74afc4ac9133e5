"""Idempotency-Key: a write that is sent twice acts once (phones on bad networks do send twice).

The first answer is stored per user in the same transaction as the work and replayed with the
header `Idempotent-Replay: true`. Only successes are remembered: a refusal (4xx) or a failure
(5xx) changed nothing, so the same key may be sent again and is judged afresh. The same key with
another address or body is refused with 422. A second send while the first is still working gets
409 on PostgreSQL; on SQLite it waits for the write lock and is then replayed.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import QueryDict
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orgs.models import IdempotentRequest, User

HEADER = "Idempotency-Key"
V = TypeVar("V", bound=APIView)
Handler = Callable[Concatenate[V, Request, ...], Response]


class KeyReused(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "这个 Idempotency-Key 已用于另一个请求，请换一个新的。"
    default_code = "idempotency_key_reused"


class StillWorking(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "同一个请求正在处理，请稍候再试。"
    default_code = "idempotency_in_progress"


def idempotent(handler: Handler[V]) -> Handler[V]:
    """Decorate a POST method of a view or viewset: one key, one effect, one answer.

    Without the header, or for visitors who are not signed in, the handler just runs.
    """

    @wraps(handler)
    def wrapper(view: V, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = _key_of(request)
        if not key or not isinstance(request.user, User):
            return handler(view, request, *args, **kwargs)
        digest = request_digest(request)
        with transaction.atomic():
            _claim(request.user, key)
            known = IdempotentRequest.objects.filter(user=request.user, key=key).first()
            if known is not None:
                return _replay(known, digest)
            response = handler(view, request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                _remember(request.user, key, digest, response)
            return response

    return wrapper


def request_digest(request: Request) -> str:
    """SHA-256 over method, address and body; a multipart boundary does not matter."""
    parts: list[Any] = [request.method, request.get_full_path()]
    if isinstance(request.data, QueryDict):
        parts += [[name, *map(_form_value, values)] for name, values in request.data.lists()]
        parts[2:] = sorted(parts[2:])
    else:
        parts.append(request.data)
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _form_value(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return f"{value.name}:{digest.hexdigest()}"


def _key_of(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if key and not (len(key) <= 80 and key.isascii() and key.isprintable()):
        raise exceptions.ValidationError(
            "Idempotency-Key 最多 80 个字符，只能用可打印的英文字母、数字和符号。"
        )
    return key


def _claim(user: User, key: str) -> None:
    """Take the key for this transaction; SQLite's write lock has already done so."""
    if connection.vendor != "postgresql":
        return
    digest = hashlib.sha256(f"idempotency:{user.pk}:{key}".encode()).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise StillWorking


def _remember(user: User, key: str, digest: str, response: Response) -> None:
    body = json.loads(JSONRenderer().render(response.data) or b"null")
    IdempotentRequest.objects.create(
        user=user,
        key=key,
        request_hash=digest,
        status=response.status_code,
        body={"data": body},
    )


def _replay(known: IdempotentRequest, digest: str) -> Response:
    if known.request_hash != digest:
        raise KeyReused
    return Response(known.body["data"], status=known.status, headers={"Idempotent-Replay": "true"})
