"""The open register: which cases anybody may know of, and what each answer says of them.

Anybody may read that a resident's report exists, where (the grid), of what kind and how far it is.
The words are read by the app that sent them, or by all where its users were told so.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cases.catalog import FROM_RESIDENTS
from cases.models import AppKey, AppReport, Case, CaseEvent, Category, CategoryQuestion
from cases.open311.answers import moment
from cases.statuses import ENDED, Status
from cases.timeline import TOLD
from cases.words import PLAIN_STATUS
from cases.workflow import BY_NAME, Who

# When what the discovery file says last changed.
CHANGESET = "2026-12-01T00:00:00Z"


def known_to(app: AppKey | None) -> QuerySet[Case]:
    """Return the cases an app may ask about (None: anybody), newest first."""
    # A colleague may report on a resident's behalf, too; what a log-in wrote is not open.
    by_residents = Q(reporter_user=None) | Q(external_order__app_report__isnull=False)
    open_to_all = Q(by_residents, source__in=FROM_RESIDENTS, confidential=False)
    if app is not None:
        open_to_all |= Q(app_report__app=app) | Q(external_order__app_report__app=app)
    return (
        Case.objects.filter(open_to_all)
        .exclude(status__in=[Status.VOID, Status.WITHDRAWN])
        .select_related(
            "category", "grid", "community__region", "lead_unit", "sla_class",
            "app_report__app", "external_order__app_report__app",
        )
        .order_by("-created_at", "-id")
    )  # fmt: skip


def reports_of(app: AppKey) -> QuerySet[Case]:
    """Return the cases that came from this app."""
    return Case.objects.filter(Q(app_report__app=app) | Q(external_order__app_report__app=app))


def report_of(case: Case) -> AppReport | None:
    """Return the app's report the case came from; read with `known_to`."""
    own: AppReport | None = getattr(case, "app_report", None)
    order = getattr(case, "external_order", None)
    return own or getattr(order, "app_report", None)


def may_read_words(case: Case, app: AppKey | None) -> bool:
    report = report_of(case)
    if report is None:
        return False
    return report.app == app or (report.app.publishes and not case.confidential)


def service(category: Category) -> dict[str, Any]:
    limit = category.sla_class.handle_limit
    parent = category.parent.name if category.parent else category.name
    return {
        "service_code": category.slug,
        "service_name": category.name,
        "description": f"{category.name}类问题{f'，立案后 {limit.label}内办结' if limit else ''}。",
        "metadata": bool(category.questions.all()),
        "type": "realtime",
        "keywords": ", ".join({parent: None, category.name: None}),
        "group": parent,
    }


def definition(category: Category) -> dict[str, Any]:
    questions = category.questions.all()
    return {
        "service_code": category.slug,
        "attributes": [_attribute(question, n) for n, question in enumerate(questions, 1)],
    }


def _attribute(question: CategoryQuestion, order: int) -> dict[str, Any]:
    return {
        "variable": True,
        "code": question.code,
        "datatype": question.datatype,
        "required": question.required,
        "datatype_description": question.get_datatype_display(),
        "order": order,
        "description": question.label,
        "values": [{"key": option, "name": option} for option in question.choices]
        if question.has_options
        else [],
    }


def accepted(report: AppReport) -> dict[str, Any]:
    """Return the answer to a report: its number, or a token while its place is looked for."""
    case = report.found_case
    if case is None:
        notice = "已收到，地点待街道核实；可凭 token 查询编号。"
        return {"token": report.token, "service_notice": notice, "account_id": _account(report)}
    return {
        "service_request_id": case.case_no,
        "service_notice": f"已收到，由{case.grid.name}核实。",
        "account_id": _account(report),
    }


def _account(report: AppReport) -> str | None:
    return report.account_id or None


def request(case: Case, app: AppKey | None) -> dict[str, Any]:
    """Return one `request` of the register, with the words only for whoever may read them."""
    told, report = may_read_words(case, app), report_of(case)
    region = case.community.region
    place = f"{region.name if region else case.community.name}{case.grid.name}"
    return {
        "service_request_id": case.case_no,
        "status": "open" if case.is_open else "closed",
        "status_notes": PLAIN_STATUS.get(case.status, case.status_label),
        "service_name": case.category.name,
        "service_code": case.category.slug,
        "description": case.text if told else None,
        "agency_responsible": case.lead_unit.name if case.lead_unit else place,
        "service_notice": None,
        "requested_datetime": moment(case.created_at),
        "updated_datetime": moment(case.ended_at or case.updated_at),
        "expected_datetime": moment(case.due_at),
        "address": f"{case.address}，{place}" if told and case.address else place,
        "address_id": case.grid.code,
        "zipcode": None,
        "lat": report.latitude if told and report else None,
        "long": report.longitude if told and report else None,
        "media_url": report.media_url or None if told and report else None,
    }


def updates(
    app: AppKey | None, where: Q, start: datetime, end: datetime, first: int, last: int
) -> list[dict[str, Any]]:
    """Return what happened in the time, oldest first, in the sentences reporters read."""
    spoken = [name for name, known in BY_NAME.items() if known.public]
    cases = known_to(app).filter(where).order_by()
    events = (
        CaseEvent.objects.filter(
            recorded_at__gte=start,
            recorded_at__lte=end,
            move__in=spoken,
            case__in=cases.values("pk"),
        )
        .select_related("case__app_report__app", "case__external_order__app_report__app")
        .order_by("recorded_at", "id")[first:last]
    )
    page = list(events)
    taken_back = _taken_back(page)
    return [_update(event, app) for event in page if event.pk not in taken_back]


def _taken_back(events: Iterable[CaseEvent]) -> set[int]:
    undone = CaseEvent.objects.filter(case__in={event.case_id for event in events}, move="undo")
    return {data["of"] for data in undone.values_list("data", flat=True)}


def _update(event: CaseEvent, app: AppKey | None) -> dict[str, Any]:
    words = BY_NAME[event.move].public
    told = event.role == Who.REPORTER or event.move in TOLD
    if event.note and told and may_read_words(event.case, app):
        words = f"{words}{event.note}"
    return {
        "update_id": str(event.pk),
        "service_request_id": event.case.case_no,
        "status": "closed" if event.to_status in ENDED else "open",
        "updated_datetime": moment(event.recorded_at),
        "description": words,
        "media_url": None,
    }
