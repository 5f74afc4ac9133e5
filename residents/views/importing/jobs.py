"""Importing a roster in the browser: upload → columns → preview → confirm → progress → result."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import ImportJob, OrgUnit
from orgs.paging import keyset_page
from orgs.roles import CREATE, EXPORT, Noun
from orgs.scope import can, grants_with, require
from orgs.services.jobs import (
    cancel_import,
    confirm_import,
    kept_until,
    submit_import,
    undo_until,
)
from residents.forms.full_list import FullListForm, missing_of
from residents.models import RosterAbsence, RosterConflict
from residents.resources import file_facts
from residents.roster.errors import RosterFileError
from residents.roster.lines import Lines, unpack_lines
from residents.roster.sheets import read_sheets
from residents.views.importing.undo import left_alone, may_undo

describe_actions(import__download="下载导入结果")
KIND = "roster"
READ_AT_ONCE = 2 * 1024 * 1024
SHOWN_FINDINGS = 20
State = ImportJob.State
WAITING = (State.UPLOADED, State.CONFIRMED, State.RUNNING, State.UNDOING)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    under = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="导入到", empty_label="请选择社区",
        error_messages={"required": "请选择社区。", "invalid_choice": "请在列出的社区里选择。"},
    )  # fmt: skip
    file = forms.FileField(
        label="花名册文件",
        help_text="Excel（.xlsx、.xls）、WPS（.et）或 CSV，不超过 50 MB。证件号码、电话两列请设为文本格式。",
        error_messages={
            "required": "请选择文件。",
            "empty": "文件是空的，请重新选择。",
            "invalid": "没有收到文件，请重新选择。",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv"}),
    )

    is_full = forms.BooleanField(
        label="这是全量名单",
        required=False,
        help_text="勾选后，确认时再选它管哪些楼栋；那里在册而名单里没有的人列为疑似迁出，由您核实。",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = communities_of(user)
        field = self.fields["under"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices
        if choices.count() == 1:
            field.initial = choices.first()

    def clean_file(self) -> tuple[str, bytes]:
        """Return name and bytes."""
        upload = self.cleaned_data["file"]
        return upload.name or "花名册", roster_bytes(upload)


def roster_bytes(upload: Any) -> bytes:
    """Return the bytes of an upload. One that is quick to read is refused here, at the field, if it
    is no roster; a large one says so when the background has read it."""
    if upload.size > settings.MAX_ROSTER_BYTES:
        limit = settings.MAX_ROSTER_BYTES // 1024 // 1024
        raise ValidationError(f"文件超过 {limit} MB，请删去图片或分开导入。")
    data: bytes = upload.read()
    if upload.size <= READ_AT_ONCE:
        try:
            read_sheets(data)
        except RosterFileError as error:
            raise ValidationError(f"{error.message_zh}。") from error
    return data


def communities_of(user: Any) -> Any:
    """Return the communities into which the user may import; grid roles their own community."""
    found: set[int] = set()
    for grant in grants_with(user, Noun.RESIDENT, CREATE):
        if grant.tree_id is not None:
            nodes = OrgUnit.objects.active().filter(tier=Tier.COMMUNITY, tree_id=grant.tree_id)
            inside = nodes.filter(lft__gte=grant.lft, rght__lte=grant.rght)
            found.update(inside.values_list("pk", flat=True))
    return OrgUnit.objects.filter(pk__in=found).exclude(division_code=None).order_by("lft")


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List past imports below the upload form."""
    user: Any = request.user
    require(user, Noun.RESIDENT, CREATE)
    form = UploadForm(request.POST or None, request.FILES or None, user=user)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            name, data = form.cleaned_data["file"]
            job = submit_import(
                kind=KIND, under=form.cleaned_data["under"], by=user, file_name=name, data=data,
                options={"is_full": form.cleaned_data["is_full"]},
            )  # fmt: skip
            return redirect("residents:import", pk=job.pk)
        status = 400
    jobs = ImportJob.objects.visible_to(user).filter(kind=KIND).for_list()
    page = keyset_page(jobs, request, count=jobs.count())
    context = {
        "page_title": "花名册导入",
        "form": form,
        "page": page,
        "conflicts": open_conflicts(user).count(),
        "absences": open_absences(user).count(),
        "may_export": can(user, Noun.RESIDENT, EXPORT),
    }
    return render(request, "residents/imports/list.html", context, status=status)


@login_required
@never_cache
@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the job stands; htmx asks again every two seconds while it runs."""
    job = the_job(request, pk)
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    if asked_by_htmx and job.state not in WAITING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    waiting = job.state in WAITING
    context = {
        "page_title": job.file_name,
        "job": job,
        "waiting": waiting,
        "percent": min(100, job.progress * 100 // job.total) if job.total else None,
    }
    if asked_by_htmx:
        return render(request, "residents/imports/progress.html", context)
    findings = [] if waiting else lines_of(job).findings
    context |= {
        "tiles": tiles(job),
        "findings": findings[:SHOWN_FINDINGS],
        "findings_count": len(findings),
        "same_file": _same_file(request, job),
        "conflicts": open_conflicts(request.user).filter(job=job).count(),
        "absences": open_absences(request.user).filter(job=job).count(),
        "full_list": _full_list(job),
        "sheets": file_facts(job),
        "may_undo": may_undo(job),
        "undo_until": undo_until(job),
        "kept_until": kept_until(job),
        "left": left_alone(job, request.user),
    }
    return render(request, "residents/imports/detail.html", context)


def open_conflicts(user: Any) -> Any:
    return RosterConflict.objects.visible_to(user).filter(state=RosterConflict.State.OPEN)


def open_absences(user: Any) -> Any:
    return RosterAbsence.objects.visible_to(user).undecided()


def lines_of(job: ImportJob) -> Lines:
    """Return every row and finding of the job; none before its preview and after its deletion."""
    if not job.lines_stored_as:
        return Lines([], [])
    try:
        return unpack_lines(sealedfiles.read(job.lines_stored_as))
    except FileNotFoundError:
        return Lines([], [])


def _full_list(job: ImportJob, data: Any = None) -> FullListForm | None:
    """The question which buildings a full list is complete for; None when nobody is missing."""
    missing = missing_of(job) if job.options.get("is_full") else []
    return FullListForm(data, missing=missing) if missing else None


def tiles(job: ImportJob) -> list[tuple[str, int, str, str]]:
    """Return (label, count, light, list) of the person rows; the counts add up to the first."""
    labels = (
        ("rows", "居民行数", "", ""), ("create", "新增", "green", "create"),
        ("update", "更新", "green", "update"), ("unchanged", "未变", "", "unchanged"),
        ("conflict", "冲突，待核对", "red", "conflict"),
        ("reject", "有错，未导入", "red", "reject"), ("skip", "重复行", "", "duplicate"),
        ("not_reached", "未处理", "", "not_reached"),
    )  # fmt: skip
    if not job.counts:
        return []
    lines = reverse("residents:import_lines", args=[job.pk]) if job.lines_stored_as else ""
    return [
        (
            label,
            job.counts.get(name, 0),
            light if job.counts.get(name) else "",
            lines and (f"{lines}?outcome={outcome}" if outcome else lines),
        )
        for name, label, light, outcome in labels
        if name != "not_reached" or job.counts.get(name)
    ]


@login_required
@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm; of a full list together with the buildings it is complete for."""
    job = the_job(request, pk)
    user: Any = request.user
    form = _full_list(job, request.POST)

    def confirm() -> None:
        if form is not None and not form.is_valid():
            raise ValidationError([one for errors in form.errors.values() for one in errors])
        buildings = form.chosen() if form is not None else []
        confirm_import(job=job, by=user, options={"buildings": buildings})

    return decide(request, job, confirm, "已确认，正在后台导入。可以离开这个页面。")


@login_required
@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = the_job(request, pk)
    user: Any = request.user
    said = "已取消。已经写入的居民保留不动。"
    return decide(request, job, lambda: cancel_import(job=job, by=user), said)


def decide(request: HttpRequest, job: ImportJob, verb: Any, done: str) -> HttpResponse:
    """Run the verb and say so; a refusal is said, too. Back to the page of the job."""
    try:
        verb()
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, done)
    return redirect("residents:import", pk=job.pk)


@login_required
@never_cache
@require_GET
def import_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the file as it came, with 结果 and 原因 beside each row; audited."""
    user: Any = request.user
    job = the_job(request, pk)
    if not job.result_stored_as:
        messages.warning(request, "结果文件还没有生成，或已过期删除。")
        return redirect("residents:import", pk=job.pk)
    record(by=user, action="import.download", target=job, street=job.street_id)
    name = f"import-result-{job.pk}.xlsx"
    return HttpResponse(
        sealedfiles.read(job.result_stored_as),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def the_job(request: HttpRequest, pk: int) -> ImportJob:
    """Return a roster job the user may see; 404 for others, 403 without the capability."""
    user: Any = request.user
    require(user, Noun.RESIDENT, CREATE)
    return get_object_or_404(ImportJob.objects.visible_to(user).for_list(), pk=pk, kind=KIND)


def _same_file(request: HttpRequest, job: ImportJob) -> ImportJob | None:
    """Return an earlier import of the very same file, if the user may see one."""
    earlier = ImportJob.objects.visible_to(request.user).filter(
        kind=KIND, file_hash=job.file_hash, state=State.DONE, pk__lt=job.pk
    )
    return earlier.order_by("-id").first()
