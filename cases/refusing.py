"""A service's refusal as an answer of the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from rest_framework import exceptions, status
from rest_framework.response import Response

from cases.services import MoveRefused

Handler = Callable[..., Response]


class Conflict(exceptions.APIException):
    """The case has moved on (409); the detail says through whom."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "已被他人处理，请刷新后再操作。"
    default_code = "conflict"


def refusals(handler: Handler) -> Handler:
    """Turn MoveRefused into the API's errors: 400 by field, 403, or 409 with the sentence."""

    @wraps(handler)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        try:
            return handler(*args, **kwargs)
        except MoveRefused as refusal:
            if refusal.code == "invalid":
                fields = {name: [text] for name, text in refusal.fields.items()}
                raise exceptions.ValidationError(fields) from None
            if refusal.code == "not_allowed":
                raise exceptions.PermissionDenied(refusal.message) from None
            raise Conflict(refusal.message, code=refusal.code) from None

    return wrapper
