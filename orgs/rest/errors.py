"""One shape for every refusal: {"detail": sentence, "code": word, "fields": {name: [sentence]}}."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

NOT_FOUND = "没有找到，或者您无权查看。"
FORBIDDEN = "您没有权限进行这项操作。"
SENTENCES: dict[type[exceptions.APIException], str] = {
    exceptions.ParseError: "请求内容的格式有误，请检查后重新提交。",
    exceptions.NotAuthenticated: "请先登录。",
    exceptions.AuthenticationFailed: "登录信息无效，请重新登录。",
    exceptions.MethodNotAllowed: "这个地址不支持这种请求方式。",
    exceptions.NotAcceptable: "接口只提供 JSON。",
    exceptions.UnsupportedMediaType: "不支持这种内容类型，请用 JSON 或表单提交。",
    exceptions.Throttled: "请求太频繁，请稍后再试。",
}


def chinese_errors(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; an unexpected exception stays one (None: Django answers 500)."""
    exc = _as_api_exception(exc)
    response = exception_handler(exc, context)
    if response is None or not isinstance(exc, exceptions.APIException):
        return response
    if isinstance(exc, exceptions.ValidationError):
        response.data = _validation(response.data)
        return response
    detail = exc.detail if isinstance(exc.detail, str) else exc.default_detail
    if type(exc) in SENTENCES and detail == exc.default_detail:
        detail = SENTENCES[type(exc)]
    elif isinstance(exc, exceptions.MethodNotAllowed | exceptions.UnsupportedMediaType):
        detail = SENTENCES[type(exc)]  # their own sentence names the method or type in English
    code = getattr(exc.detail, "code", None) or exc.default_code
    response.data = {"detail": str(detail), "code": str(code), "fields": {}}
    return response


def _as_api_exception(exc: Exception) -> Exception:
    """Bring Django's refusals to DRF's, keeping their sentences."""
    if isinstance(exc, Http404):
        return exceptions.NotFound(NOT_FOUND)
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied(str(exc) or FORBIDDEN)
    if isinstance(exc, DjangoValidationError):
        return exceptions.ValidationError(as_serializer_error(exc))
    if isinstance(exc, exceptions.NotFound) and str(exc.detail) == str(exc.default_detail):
        return exceptions.NotFound(NOT_FOUND)
    return exc


def _validation(data: Any) -> dict[str, Any]:
    """Split general sentences from those of fields; nested rows keep their path ("rows.2.name")."""
    general: list[str] = []
    fields: dict[str, list[str]] = {}
    _collect(data, "", general, fields)
    detail = "；".join(general) or "内容有误，请检查标出的项目。"
    return {"detail": detail, "code": "invalid", "fields": fields}


def _collect(data: Any, path: str, general: list[str], fields: dict[str, list[str]]) -> None:
    if isinstance(data, dict):
        for name, value in data.items():
            at_field = name not in ("non_field_errors", "__all__", "detail")
            below = (f"{path}.{name}" if path else str(name)) if at_field else path
            _collect(value, below, general, fields)
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            nested = isinstance(value, dict | list)
            _collect(value, f"{path}.{index}" if path and nested else path, general, fields)
    elif path:
        fields.setdefault(path, []).append(str(data))
    else:
        general.append(str(data))
