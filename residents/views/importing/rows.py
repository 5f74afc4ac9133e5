"""The pages of one import job beside its summary: its rows, its columns, its undo."""

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids.forms import BLANK
from orgs.audit import describe_actions, record
from orgs.services.jobs import undo_import, undo_until
from orgs.workbook import write_workbook
from residents.roster.issues import SEVERITY_LABELS
from residents.roster.lines import Lines
from residents.roster.outcome import LABELS
from residents.services.undo import undo_effect
from residents.views.importing.jobs import XLSX, decide, lines_of, the_job
from residents.views.importing.undo import SHOWN_LEFT, doors_of, may_undo

describe_actions(import__report="下载导入检查报告")
ROWS_A_PAGE = 50
COLUMNS = (
    ("工作表", 14), ("行", 6), ("去向", 8), ("程度", 8), ("单元格", 16), ("列", 12), ("说明", 50),
    ("内容（已脱敏）", 20), ("姓名（已脱敏）", 12),
)  # fmt: skip


class LinesForm(forms.Form):
    """Which rows are shown: by what becomes of them, or by how serious their findings are."""

    outcome = forms.ChoiceField(
        label="去向",
        required=False,
        choices=BLANK + [(outcome.value, label) for outcome, label in LABELS.items()],
    )
    severity = forms.ChoiceField(
        label="问题程度", required=False, choices=BLANK + list(SEVERITY_LABELS.items())
    )


@login_required
@never_cache
@require_GET
def import_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """List every person row with its fate and findings, fifty a page."""
    job = the_job(request, pk)
    form = LinesForm(request.GET)
    lines = lines_of(job)
    rows = _chosen(lines, form.cleaned_data) if form.is_valid() else []
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    said = _findings_of(lines, {(row.sheet, row.row) for row in page.object_list})
    context = {
        "page_title": "逐行结果",
        "job": job,
        "form": form,
        "page": page,
        "rows": [(row, said.get((row.sheet, row.row), [])) for row in page.object_list],
        "query": query.urlencode(),
        "gone": not job.lines_stored_as,
    }
    status = 200 if form.is_valid() else 400
    return render(request, "residents/imports/lines.html", context, status=status)


def _chosen(lines: Lines, asked: dict[str, str]) -> list[Any]:
    rows = lines.rows
    if asked["outcome"]:
        rows = [row for row in rows if row.outcome == asked["outcome"]]
    if asked["severity"]:
        marked = {
            (one.sheet, one.row) for one in lines.findings if one.severity == asked["severity"]
        }
        rows = [row for row in rows if (row.sheet, row.row) in marked]
    return rows


def _findings_of(lines: Lines, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], list[Any]]:
    found: dict[tuple[str, int], list[Any]] = {}
    for one in lines.findings:
        if (one.sheet, one.row) in wanted:
            found.setdefault((one.sheet, one.row), []).append(one)
    return found


@login_required
@never_cache
@require_GET
def import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Download every finding as a workbook, before or after the import; audited."""
    user: Any = request.user
    job = the_job(request, pk)
    if not job.lines_stored_as:
        messages.warning(request, "检查报告还没有生成，或已过期删除。")
        return redirect("residents:import", pk=job.pk)
    lines = lines_of(job)
    rows = {(row.sheet, row.row): row for row in lines.rows}
    file = io.BytesIO()
    write_workbook(
        file, COLUMNS,
        (
            [
                one.sheet, one.row, rows[at].label if at in rows else "", one.label, one.cell,
                one.column, one.message, one.sample, rows[at].name if at in rows else "",
            ]
            for one in lines.findings
            for at in [(one.sheet, one.row)]
        ),
        title="花名册检查报告",
        note=f"{job.file_name}，导入到{job.under}，{job.get_state_display()}",
    )  # fmt: skip
    record(by=user, action="import.report", target=job, street=job.street_id)
    return HttpResponse(
        file.getvalue(),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="import-report-{job.pk}.xlsx"'},
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what an undo would do; POST queues it."""
    if request.method == "POST":
        user: Any = request.user
        job = the_job(request, pk)
        said = "正在后台撤销。可以离开这个页面。"
        return decide(request, job, lambda: undo_import(job=job, by=user), said)
    job = the_job(request, pk)
    if not may_undo(job):
        messages.warning(request, "这次导入不能撤销。")
        return redirect("residents:import", pk=pk)
    effect = undo_effect(job)
    context = {
        "page_title": "撤销导入",
        "job": job,
        "effect": effect,
        "undo_until": undo_until(job),
        "left": doors_of(list(effect.left.items())[:SHOWN_LEFT], request.user),
    }
    return render(request, "residents/imports/undo.html", context)
