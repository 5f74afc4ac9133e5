"""报表模板: versions, upload, the default ones to start from, and the fields each may use."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assessments.catalog import ReportCode
from assessments.forms.reports import TemplateForm
from assessments.models import ReportTemplate
from assessments.querysets import streets_keeping_templates
from assessments.reports.kinds import COMMON, REPORTS
from assessments.reports.standard import standard
from assessments.services.templates import may_keep, upload_template, withdraw_template
from assessments.views.files import MEDIA, attached
from orgs import sealedfiles
from orgs.acting import attempt, do
from orgs.audit import record
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.roles import VIEW, Noun
from orgs.scope import require
from residents.views.edit import form_page


def _kept_streets(user: Any) -> Any:
    """Return the streets whose templates the user keeps; the system administrator keeps all."""
    roots = OrgUnit.objects.filter(parent=None).order_by("name")
    streets = streets_keeping_templates(user)
    return roots if streets is None else roots.filter(pk__in=streets)


@login_required
@never_cache
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    seen = ReportTemplate.objects.visible_to(user)
    chosen = request.GET.get("report", "")
    if chosen in REPORTS:
        seen = seen.filter(report=chosen)
    page = keyset_page(seen.for_list(), request, count=seen.count())
    kept = set(
        ReportTemplate.objects.kept_by(user)
        .filter(pk__in=[row.pk for row in page.rows])
        .values_list("pk", flat=True)
    )
    context = {
        "page_title": "报表模板",
        "page": page,
        "rows": [(row, ReportCode(row.report).label, row.pk in kept) for row in page.rows],
        "chosen": chosen,
        "reports": ReportCode.choices,
        "kinds": ReportTemplate.Kind.choices,
        "may_upload": _kept_streets(user).exists(),
    }
    return render(request, "assessments/report_templates.html", context)


@login_required
@never_cache
def upload(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    streets = _kept_streets(user)
    everywhere = may_keep(user, None)
    if not everywhere and not streets.exists():
        raise PermissionDenied("报表模板由系统管理员上传，街道的由街道党工委上传。")
    form = TemplateForm(
        request.POST or None, request.FILES or None, streets=streets, everywhere=everywhere,
        initial={"report": request.GET.get("report", "")},
    )  # fmt: skip
    back = reverse("assessments:templates")
    if request.method == "POST" and do(
        request, form, lambda: upload_template(by=user, **form.cleaned_data),
        "模板已上传，从现在起按它导出。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, "上传报表模板", back, "上传")


@login_required
@never_cache
@require_GET
def template_file(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    row = get_object_or_404(ReportTemplate.objects.visible_to(user), pk=pk)
    try:
        data = sealedfiles.read(row.stored_as)
    except FileNotFoundError:
        raise Http404 from None
    record(by=user, action="report.template", target=row, street=row.street)
    return attached(data, f"{ReportCode(row.report).label}模板第{row.version}版.{row.kind}", row.kind)  # fmt: skip


@login_required
@require_GET
def default_file(request: HttpRequest, report: str, kind: str) -> HttpResponse:
    """The default template: fields in their places, to change in Word or Excel."""
    require(request.user, Noun.ASSESSMENT, VIEW)
    if report not in REPORTS or kind not in MEDIA:
        raise Http404
    return attached(standard(report, kind), f"{REPORTS[report].label}默认模板.{kind}", kind)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = get_object_or_404(ReportTemplate.objects.visible_to(user).select_related("street"), pk=pk)
    attempt(request, lambda: withdraw_template(template=row, by=user), "已停用，改用上一版模板。")
    return redirect("assessments:templates")


@login_required
@require_GET
def fields(request: HttpRequest) -> HttpResponse:
    """Every field of every report, read from the registry."""
    require(request.user, Noun.ASSESSMENT, VIEW)
    context = {
        "page_title": "模板字段说明",
        "common": COMMON.items(),
        "kinds": [
            {
                "code": kind.code, "label": kind.label, "single": kind.single.items(),
                "lists": [(name, one.about, one.columns.items()) for name, one in kind.lists.items()],
            }
            for kind in REPORTS.values()
        ],
    }  # fmt: skip
    return render(request, "assessments/report_fields.html", context)
