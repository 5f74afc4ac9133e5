"""Open311 GeoReport v2 (http://wiki.open311.org/GeoReport_v2/) and its update extension.

`/open311/v2/<resource>.<xml|json>`; without an ending the answer is XML. Reading needs no key,
writing an `api_key`. Errors are the specification's list, with 400, 403 or 404.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation, ValidationError
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from cases.catalog import MAX_TEXT
from cases.limits import APP_READS, APP_REPORTS, OPEN_READS, SUPPLEMENTS
from cases.models import AppKey, AppReport
from cases.open311 import records
from cases.open311.answers import answer
from cases.open311.reading import (
    Refused,
    answers_to,
    app_of,
    check_jurisdiction,
    no_nul,
    page_of,
    point_of,
    read_moment,
    service_of,
    services,
    span,
    words,
)
from cases.services.apps import AppAsk, take_report, take_update
from cases.services.refusals import MoveRefused
from gridparty.lib.phones import parse_phones

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
STATES = ("open", "closed")
# The extension's states, as its clients write them; the last two ask for more work.
UPDATE_STATES = ("OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "INVESTIGATING", "REOPEN")
Answer = tuple[str, Any]
Handler = Callable[..., Answer]


def resource(*methods: str) -> Callable[[Handler], Callable[..., HttpResponse]]:
    """Decorate a handler that returns (root name, content): format, methods and errors are here."""

    def decorate(handler: Handler) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(handler)
        def view(request: HttpRequest, suffix: str = "xml", **kwargs: Any) -> HttpResponse:
            allowed = ("HEAD", "OPTIONS", *methods)
            try:
                if request.method == "OPTIONS":
                    response = HttpResponse(status=204)
                    response["Access-Control-Allow-Origin"] = "*"
                    response["Access-Control-Allow-Methods"] = ", ".join(methods)
                elif request.method not in allowed:
                    raise Refused(405, f"这个地址只支持 {'、'.join(methods)}。")
                else:
                    if any("\0" in str(value) for value in kwargs.values()):
                        raise Refused(404, "没有找到。")
                    no_nul(request.GET)
                    no_nul(_form(request))
                    response = answer(*handler(request, **kwargs), suffix)
            except Refused as refusal:
                return errors(refusal.status, refusal.sentences, suffix, methods)
            except MoveRefused as refusal:
                return errors(400, list(refusal.fields.values()) or [refusal.message], suffix)
            return response

        return view

    return decorate


def errors(status: int, sentences: Any, suffix: str, methods: tuple[str, ...] = ()) -> HttpResponse:
    faults = [{"code": status, "description": sentence} for sentence in sentences]
    response = answer("errors", faults, suffix, status)
    if status == 405:
        response["Allow"] = ", ".join(methods)
    return response


def _form(request: HttpRequest) -> Any:
    """Return the body's fields; a body that is no form is refused with a sentence."""
    if request.method == "POST" and request.content_type not in FORM_TYPES:
        raise Refused(400, "请用 application/x-www-form-urlencoded（UTF-8）提交。")
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        raise Refused(400, "请求内容读不出来，或者太大。请减少内容后重新提交。") from None


@csrf_exempt
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Anything else below /open311/."""
    suffix = "json" if rest.endswith(".json") else "xml"
    return errors(404, ["没有这个地址。可用的地址见 /open311/discovery.xml。"], suffix)


@resource("GET")
def discovery(request: HttpRequest) -> Answer:
    """Service Discovery: which endpoint, which version, which formats."""
    return "discovery", {
        "changeset": records.CHANGESET,
        "contact": "接入申请请联系所在街道的平台管理员。",
        "key_service": "api_key 由街道在后台“接入应用”里发放。",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": request.build_absolute_uri("/open311/v2"),
                "changeset": records.CHANGESET,
                "type": "production" if settings.PRODUCTION else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


@resource("GET")
def service_list(request: HttpRequest) -> Answer:
    check_jurisdiction(request.GET)
    return "services", [records.service(category) for category in services()]


@resource("GET")
def service_definition(request: HttpRequest, code: str) -> Answer:
    check_jurisdiction(request.GET)
    return "service_definition", records.definition(service_of(code))


@resource("GET", "POST")
def requests(request: HttpRequest) -> Answer:
    if request.method == "POST":
        return "service_requests", [_report(request)]
    return "service_requests", _search(request)


def _search(request: HttpRequest) -> list[dict[str, Any]]:
    args = request.GET
    app, where = _reader(request), check_jurisdiction(args)
    cases = records.known_to(app).filter(where)
    numbers = words(args, "service_request_id")
    if numbers:  # overrides everything else
        cases = cases.filter(case_no__in=numbers[:1000])
        return [records.request(case, app) for case in cases[:1000]]
    states = [state.lower() for state in words(args, "status")]
    if any(state not in STATES for state in states):
        raise Refused(400, "status 只能是 open 或 closed，多个用逗号分开。")
    if len(set(states)) == 1:
        cases = cases.filter(ended_at__isnull=states[0] == "open")
    if codes := words(args, "service_code"):
        cases = cases.filter(category__slug__in=codes[:200])
    start, end = span(args)
    first, last = page_of(args)
    found = cases.filter(created_at__gte=start, created_at__lte=end)[first:last]
    return [records.request(case, app) for case in found]


@resource("GET")
def request_detail(request: HttpRequest, number: str) -> Answer:
    app, where = _reader(request), check_jurisdiction(request.GET)
    case = records.known_to(app).filter(where, case_no=number[:20]).first()
    if case is None:
        raise Refused(404, "没有找到这个 service_request_id。")
    return "service_requests", [records.request(case, app)]


@resource("GET")
def token(request: HttpRequest, token: str) -> Answer:
    """The number of a report that had to wait for its place; empty while it still waits."""
    _reader(request)
    check_jurisdiction(request.GET)
    rows = AppReport.objects.select_related("case", "order__case")
    report = rows.filter(token=token[:22]).first()
    if report is None:
        raise Refused(404, "没有找到这个 token。")
    case = report.found_case
    return "service_requests", [
        {"service_request_id": case.case_no if case else None, "token": report.token}
    ]


@resource("GET", "POST")
def updates(request: HttpRequest) -> Answer:
    """The service-request-updates extension."""
    if request.method == "POST":
        return "service_request_updates", [_update(request)]
    app, where = _reader(request), check_jurisdiction(request.GET)
    return "service_request_updates", records.updates(
        app, where, *span(request.GET), *page_of(request.GET)
    )


def _reader(request: HttpRequest) -> AppKey | None:
    """Return the app that reads, None for anybody; both may ask so many times a minute."""
    app = app_of(request)
    limit, who = (APP_READS, f"app:{app.pk}") if app else (OPEN_READS, request)
    if limit.is_spent(who):
        raise Refused(403, "查询太频繁，请一分钟后再试。")
    limit.count(who)
    return app


def _writer(request: HttpRequest) -> AppKey:
    app = app_of(request, required=True)
    assert app is not None
    if APP_REPORTS.is_spent(f"app:{app.pk}"):
        raise Refused(403, "这个应用一小时内提交得太多，请稍后再试；急事请直接联系社区。")
    APP_REPORTS.count(f"app:{app.pk}")
    return app


def _report(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    app = _writer(request)
    check_jurisdiction(sent or request.GET)
    category = service_of(_text(sent, "service_code", 40))
    point, address = point_of(sent), _text(sent, "address_string", 200)
    grid_code = _text(sent, "address_id", 40)
    if not (point or address or grid_code):
        raise Refused(
            400, "缺少地点：请提交 lat 和 long，或 address_string，或 address_id（网格编码）。"
        )
    lines = answers_to(category.questions.all(), sent)
    text = "\n".join(filter(None, [_text(sent, "description", 4000) or category.name, *lines]))
    if len(text) > MAX_TEXT:
        raise Refused(400, f"description 连同附加问题的答案最多 {MAX_TEXT} 个字，请缩短。")
    phone, email = _text(sent, "phone", 40), _text(sent, "email", 100)
    ours = parse_phones(phone)
    readable = bool(ours.numbers) and not ours.problems
    report = take_report(
        app=app,
        ask=AppAsk(
            category=category, text=text, point=point, grid_code=grid_code, address=address,
            name=f"{_text(sent, 'last_name', 30)}{_text(sent, 'first_name', 30)}",
            phone=phone if readable else "",
            contact="、".join(filter(None, ["" if readable else phone, email])),
            account_id=_text(sent, "account_id", 80), media_url=_url(sent),
            client_key=request.headers.get("Idempotency-Key", "")[:200],
            photos=list(request.FILES.getlist("media")),
        ),
    )  # fmt: skip
    return records.accepted(report)


def _update(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    app = _writer(request)
    check_jurisdiction(sent)
    number = _text(sent, "service_request_id", 20)
    if not number:
        raise Refused(400, "缺少 service_request_id。")
    state = _text(sent, "status", 20).upper()
    if state not in ("", *UPDATE_STATES):
        raise Refused(400, f"status 只能是 {'、'.join(UPDATE_STATES)}。")
    description = _text(sent, "description", 1000)
    if not description:
        raise Refused(400, "缺少 description，请写明补充的情况。")
    read_moment(sent, "updated_datetime")
    case = records.reports_of(app).filter(case_no=number).first()
    if case is None:
        raise Refused(404, "没有找到这个 service_request_id，或者它不是本应用提交的。")
    if SUPPLEMENTS.is_spent(f"case:{case.pk}"):
        raise Refused(403, "这件事项一小时内补充得太多了，请稍后再补充。")
    SUPPLEMENTS.count(f"case:{case.pk}")
    event = take_update(
        app=app, case=case, update_id=_text(sent, "update_id", 80), text=description,
        reopen=state in ("OPEN", "REOPEN"),
    )  # fmt: skip
    return {"update_id": str(event.pk), "account_id": None}


def _text(sent: Any, name: str, longest: int) -> str:
    text = str(sent.get(name) or "").strip()
    if len(text) > longest:
        raise Refused(400, f"{name} 最多 {longest} 个字，请缩短。")
    return text


def _url(sent: Any) -> str:
    text = _text(sent, "media_url", 500)
    if text:
        try:
            URLValidator(schemes=["http", "https"])(text)
        except ValidationError:
            raise Refused(400, "media_url 应是 http 或 https 开头的完整地址。") from None
    return text
