"""Small middlewares: security headers, request facts for the audit trail, NUL refusal."""

import ipaddress
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import SimpleTemplateResponse

from orgs.audit import RequestFacts, current_request

NUL_REFUSED = "内容里有不可见的空字符，请删除后重新提交。"
Handler = Callable[[HttpRequest], HttpResponse]


class SecurityHeadersMiddleware:
    """Content-Security-Policy and Permissions-Policy on every answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"
        )
        return response


class RequestFactsMiddleware:
    """Tell the audit trail where the request comes from (the proxy's header in production)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        facts = RequestFacts(client_address(request), secrets.token_hex(8))
        token = current_request.set(facts)
        try:
            return self.get_response(request)
        finally:
            current_request.reset(token)


class NulGuardMiddleware:
    """Refuse NUL characters in queries and forms with a sentence.

    PostgreSQL cannot store them, so without this they surface as a server error. The open
    interface says it in its own form.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/open311/"):
            return self.get_response(request)
        values = [*request.GET.values()]
        if request.method == "POST" and not request.path.startswith("/api/"):
            values += [value for value in request.POST.values() if isinstance(value, str)]
        if "\0" in request.path or any("\0" in value for value in values):
            if request.path.startswith("/api/"):
                answer = {"detail": NUL_REFUSED, "code": "invalid", "fields": {}}
                return JsonResponse(answer, status=400)
            return SimpleTemplateResponse("400.html", {"reason": NUL_REFUSED}, status=400).render()
        return self.get_response(request)


def client_address(request: HttpRequest) -> str | None:
    """Return the client's address; X-Forwarded-For counts only behind the production proxy."""
    text = request.META.get("REMOTE_ADDR", "")
    if settings.PRODUCTION:
        text = request.META.get("HTTP_X_FORWARDED_FOR", text).split(",")[-1].strip() or text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
