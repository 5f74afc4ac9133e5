"""Reference tables by Excel: template, export, upload or paste → preview → confirm → result."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.models import ImportJob, OrgUnit
from orgs.paging import keyset_page
from orgs.scope import refusal
from orgs.services import cancel_import, confirm_import, submit_import
from orgs.tables.base import ID, LABELS, Outcome, Table, all_tables, table_of
from orgs.tables.engine import find_layout
from orgs.tables.files import XLSX, export, template
from orgs.tables.importing import PREFIX
from orgs.tables.reading import TableFileError, read_tables

describe_actions(table__export="导出基础表", table__result="下载基础表导入结果")
State = ImportJob.State
WAITING = (State.UPLOADED, State.CONFIRMED, State.RUNNING)
MOST_PASTED = 400_000


class UploadForm(forms.Form):
    """A file, or what was copied out of one."""

    file = forms.FileField(
        label="表格文件", required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv"}),
        error_messages={"empty": "文件是空的，请重新选择。"},
    )  # fmt: skip
    pasted = forms.CharField(
        label="或者从表格里复制，粘贴到这里", required=False, max_length=MOST_PASTED, strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-no-draft": "", "autocomplete": "off"}),
        help_text="带不带列名都行；不带列名时，列的顺序要和模板一样（不含编号）。",
    )  # fmt: skip

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.fields[
            "file"
        ].help_text = f"Excel（.xlsx、.xls）或 CSV，不超过 5 MB、{table.most_rows} 行。"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload, pasted = data.get("file"), data.get("pasted") or ""
        if self.errors:
            return data
        if bool(upload) == bool(pasted.strip()):
            raise ValidationError("请选择文件，或粘贴内容，二选一。")
        name, content = (
            (upload.name, upload.read())
            if upload
            else ("粘贴的内容.csv", self._with_header(pasted))
        )
        try:
            find_layout(self.table, read_tables(content, self.table.most_rows))
        except TableFileError as error:
            self.add_error("file" if upload else "pasted", str(error))
        return {"name": name or "表格", "content": content}

    def _with_header(self, pasted: str) -> bytes:
        content = pasted.encode()
        try:
            find_layout(self.table, read_tables(content, self.table.most_rows))
        except TableFileError:
            labels = [column.label for column in self.table.stored if column.name != ID]
            content = "\n".join(["\t".join(labels), pasted]).encode()
        return content


def _table(request: HttpRequest, kind: str) -> Table:
    """Return the table; 404 for one nobody registered, 403 without the letters."""
    table = table_of(kind)
    if table is None:
        raise Http404
    if not table.open_to(request.user):
        raise PermissionDenied(refusal(request.user, table.noun, table.letters))
    table.meet(request.user)
    return table


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The tables the user may keep."""
    user: Any = request.user
    mine = [table for table in all_tables() if table.open_to(user)]
    if not mine:
        raise PermissionDenied("您的角色不能导入导出基础表。如有需要，请联系上级管理员。")
    jobs = _jobs(user)
    page = keyset_page(jobs, request, count=jobs.count())
    context = {"page_title": "基础表", "tables": mine, "page": page, "titles": _titles()}
    context["rows"] = [(job, _titles().get(job.kind, "")) for job in page.rows]
    return render(request, "orgs/tables/index.html", context)


def _titles() -> dict[str, str]:
    return {f"{PREFIX}{table.kind}": table.title for table in all_tables()}


def _jobs(user: Any) -> Any:
    """Return the user's own uploads: a file may hold more than colleagues may see."""
    return ImportJob.objects.filter(uploaded_by=user, kind__startswith=PREFIX).for_list()


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file, or what is pasted; a table it cannot be is told at once, at the field."""
    user: Any = request.user
    table = _table(request, kind)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, table=table)
    if request.method == "POST" and form.is_valid():
        under = _home(user)
        if under is None:
            form.add_error(None, "还没有组织，请先在管理后台设立街道党工委。")
        else:
            job = submit_import(
                kind=f"{PREFIX}{kind}", under=under, by=user,
                file_name=form.cleaned_data["name"], data=form.cleaned_data["content"],
            )  # fmt: skip
            return redirect("orgs:table_job", pk=job.pk)
    context = {"page_title": f"{table.title}：导入导出", "table": table, "form": form}
    status = 400 if form.errors else 200
    return render(request, "orgs/tables/upload.html", context, status=status)


def _home(user: Any) -> OrgUnit | None:
    """Return the node a job is filed under: the user's own, or any tree for the whole system."""
    own = [grant.org_id for grant in user.grants if grant.org_id is not None]
    rows = OrgUnit.objects.filter(pk__in=own) if own else OrgUnit.objects.filter(parent=None)
    node: OrgUnit | None = rows.order_by("tree_id", "lft").first()
    return node


@login_required
@require_GET
def template_file(request: HttpRequest, kind: str) -> HttpResponse:
    table = _table(request, kind)
    return _file(template(table), f"{table.title}模板.xlsx")


@login_required
@never_cache
@require_GET
def export_file(request: HttpRequest, kind: str) -> HttpResponse:
    """What the user may see of the table; importing it again changes nothing. Audited."""
    user: Any = request.user
    table = _table(request, kind)
    content, rows = export(table, user)
    record(by=user, action="table.export", target=OrgUnit, detail={"kind": kind, "rows": rows})
    return _file(content, f"{table.title}_{timezone.localdate():%Y%m%d}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, XLSX, headers={"Content-Disposition": disposition})


@login_required
@never_cache
@require_GET
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the job stands; htmx asks again every two seconds while it runs."""
    job = _job(request, pk)
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    if asked_by_htmx and job.state not in WAITING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    table = _table(request, job.kind.removeprefix(PREFIX))
    page = "progress" if asked_by_htmx else "job"
    context = {
        "page_title": job.file_name,
        "job": job,
        "table": table,
        "waiting": job.state in WAITING,
        "percent": min(100, job.progress * 100 // job.total) if job.total else None,
        "tiles": _tiles(job),
        "labels": [column.label for column in table.stored],
    }
    return render(request, f"orgs/tables/{page}.html", context)


def _tiles(job: ImportJob) -> list[tuple[str, int, str]]:
    """Return (label, count, light); the numbers add up to the first one."""
    if not job.counts:
        return []
    parts = (
        (Outcome.CREATE, "green"), (Outcome.UPDATE, "green"), (Outcome.UNCHANGED, ""),
        (Outcome.ERROR, "red"),
    )  # fmt: skip
    found = [(LABELS[one], job.counts.get(one, 0), light) for one, light in parts]
    lit = [(label, count, light if count else "") for label, count, light in found]
    return [("行数", job.counts.get("rows", 0), ""), *lit]


@login_required
@require_POST
def job_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, confirm_import, "已确认，正在后台导入。可以离开这个页面。")


@login_required
@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, cancel_import, "已取消。已经写入的保留不动。")


def _decide(request: HttpRequest, pk: int, verb: Any, done: str) -> HttpResponse:
    job = _job(request, pk)
    try:
        verb(job=job, by=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, done)
    return redirect("orgs:table_job", pk=job.pk)


@login_required
@never_cache
@require_GET
def job_result(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows as they came, with 结果 and 原因; audited."""
    user: Any = request.user
    job = _job(request, pk)
    if not job.result_stored_as:
        messages.warning(request, "结果文件还没有生成，或已过期删除。")
        return redirect("orgs:table_job", pk=job.pk)
    record(by=user, action="table.result", target=job, street=job.street_id)
    return _file(sealedfiles.read(job.result_stored_as), f"导入结果{job.pk}.xlsx")


def _job(request: HttpRequest, pk: int) -> ImportJob:
    job: ImportJob = get_object_or_404(_jobs(request.user), pk=pk)
    return job
