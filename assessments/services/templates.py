"""Writes of report templates: upload (checked before anything is kept), withdraw; and which one is used."""

import hashlib
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import ReportTemplate
from assessments.querysets import streets_keeping_templates
from assessments.reports.kinds import REPORTS
from assessments.reports.standard import standard
from gridparty.lib.filling import Facts, Unusable, fill, kind_of
from orgs import audit, sealedfiles
from orgs.models import OrgUnit, User

MAX_BYTES = 5 * 1024 * 1024
FOLDER = "templates"

audit.describe_actions(
    report__upload="上传报表模板", report__withdraw="停用报表模板", report__template="下载报表模板",
    report__export="导出报表",
)  # fmt: skip


def may_keep(user: Any, street: OrgUnit | None) -> bool:
    """Say whether the user keeps the templates of a street, or (None) those for all."""
    streets = streets_keeping_templates(user)
    return streets is None or (street is not None and street.pk in streets)


def upload_template(
    *, report: str, file: IO[bytes], street: OrgUnit | None, note: str, by: User
) -> ReportTemplate:
    """Keep a new version; ValidationError says what is wrong with the file, and nothing is kept."""
    if not may_keep(by, street):
        raise PermissionDenied("报表模板由系统管理员上传，街道的由街道党工委上传。")
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError({"file": "模板超过 5 MB，请删去大图片后再上传。"})
    try:
        kind = kind_of(data)
        fields = REPORTS[report].check(data)
    except Unusable as wrong:
        raise ValidationError({"file": str(wrong)}) from None
    name = sealedfiles.store(data, folder=FOLDER)
    same = ReportTemplate.objects.filter(report=report, kind=kind, street=street)
    newest = same.order_by("-version").values_list("version", flat=True).first()
    try:
        with transaction.atomic():
            made = ReportTemplate.objects.create(
                report=report, kind=kind, street=street, version=(newest or 0) + 1, note=note,
                fields=fields, stored_as=name, sha256=hashlib.sha256(data).hexdigest(), by=by,
            )  # fmt: skip
            audit.record(
                by=by, action="report.upload", target=made, street=street,
                detail={"report": report, "kind": kind, "version": made.version},
            )  # fmt: skip
    except IntegrityError:
        sealedfiles.delete(name)
        raise ValidationError("同时有人上传了这个模板，请看过列表后再上传。") from None
    return made


@transaction.atomic
def withdraw_template(*, template: ReportTemplate, by: User) -> None:
    """Take a version out of use: the one before it serves again, at last the default."""
    if not may_keep(by, template.street):
        raise PermissionDenied("这个模板由上传它的街道或系统管理员停用。")
    taken = ReportTemplate.objects.in_use().filter(pk=template.pk)
    if not taken.update(withdrawn_at=timezone.now()):
        raise ValidationError("这个模板已经停用。")
    audit.record(
        by=by, action="report.withdraw", target=template, street=template.street,
        detail={"report": template.report, "kind": template.kind, "version": template.version},
    )  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A finished file; `template` None: the default one was used."""

    data: bytes
    template: ReportTemplate | None


def template_for(report: str, kind: str, street: OrgUnit | None) -> ReportTemplate | None:
    """Return the newest in use: the street's own before the one for all."""
    rows = ReportTemplate.objects.in_use().filter(report=report, kind=kind)
    own = rows.filter(street=street).order_by("-version").first() if street else None
    return own or rows.filter(street=None).order_by("-version").first()


def fill_report(report: str, kind: str, facts: Facts, street: OrgUnit | None) -> Filled:
    """Return the report as a file, by the template in use or the default.

    A template whose file is lost is passed over: a report is wanted now.
    """
    used = template_for(report, kind, street)
    if used is not None:
        try:
            return Filled(fill(sealedfiles.read(used.stored_as), facts), used)
        except FileNotFoundError:
            used = None
    return Filled(fill(standard(report, kind), facts), None)
