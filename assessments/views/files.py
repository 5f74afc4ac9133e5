"""A report as a file: by the template in use, written down."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from assessments.models import ReportTemplate
from assessments.reports.kinds import ReportKind
from assessments.services.templates import fill_report
from gridparty.lib.filling import Facts
from orgs.audit import record
from orgs.models import OrgUnit

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def report_file(
    request: HttpRequest, kind: ReportKind, facts: Facts, street: OrgUnit | None, wanted: str,
    about: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """Return the file, written down with its template, its rows, and what it is `about` (ids, period)."""
    user: Any = request.user
    filled = fill_report(kind.code, wanted, facts, street)
    version = filled.template.version if filled.template else 0
    record(
        by=user, action="report.export", target=ReportTemplate, street=street,
        detail={
            "report": kind.code.value, "kind": wanted, "template": version, **about,
            "rows": sum(len(entries) for entries in facts.lists.values()),
        },
    )  # fmt: skip
    return attached(filled.data, f"{facts.single['标题']}.{wanted}", wanted)


def attached(data: bytes, name: str, kind: str) -> HttpResponse:
    """Return a Word or Excel file to be kept under a name."""
    header = str(content_disposition_header(True, name))
    return HttpResponse(
        data, content_type=MEDIA[kind],
        headers={"Content-Disposition": header, "X-Content-Type-Options": "nosniff"},
    )  # fmt: skip
