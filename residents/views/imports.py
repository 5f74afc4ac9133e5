"""Importing a roster in the browser: upload → preview → confirm → progress → result."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import ImportJob, OrgUnit
from orgs.paging import keyset_page
from orgs.roles import CREATE, Noun
from orgs.scope import grants_with, require
from orgs.services.jobs import (
    cancel_import,
    confirm_import,
    kept_until,
    submit_import,
    undo_import,
    undo_until,
)
from residents.display import shown_door
from residents.models import Household, RosterConflict, RosterUndo
from residents.roster.errors import RosterFileError
from residents.roster.sheets import read_sheets
from residents.services.undo import undo_effect

describe_actions(import__download="下载导入结果")
KIND = "roster"
SHOWN_LEFT = 100
READ_AT_ONCE = 2 * 1024 * 1024
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
        help_text="Excel（.xlsx、.xls）或 CSV，不超过 50 MB。证件号码、电话两列请设为文本格式。",
        error_messages={
            "required": "请选择文件。",
            "empty": "文件是空的，请重新选择。",
            "invalid": "没有收到文件，请重新选择。",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv"}),
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
        """Return name and bytes. A file that is quick to read is refused here, at the field, if it is
        no roster; a large one says so when the background has read it."""
        upload = self.cleaned_data["file"]
        if upload.size > settings.MAX_ROSTER_BYTES:
            limit = settings.MAX_ROSTER_BYTES // 1024 // 1024
            raise ValidationError(f"文件超过 {limit} MB，请删去图片或分开导入。")
        data: bytes = upload.read()
        if upload.size <= READ_AT_ONCE:
            try:
                read_sheets(data)
            except RosterFileError as error:
                raise ValidationError(f"{error.message_zh}。") from error
        return upload.name or "花名册", data


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
                kind=KIND, under=form.cleaned_data["under"], by=user, file_name=name, data=data
            )
            return redirect("residents:import", pk=job.pk)
        status = 400
    jobs = ImportJob.objects.visible_to(user).filter(kind=KIND).for_list()
    page = keyset_page(jobs, request, count=jobs.count())
    context = {
        "page_title": "花名册导入",
        "form": form,
        "page": page,
        "conflicts": open_conflicts(user).count(),
    }
    return render(request, "residents/imports/list.html", context, status=status)


@login_required
@never_cache
@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the job stands; htmx asks again every two seconds while it runs."""
    job = _job(request, pk)
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    if asked_by_htmx and job.state not in WAITING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = "progress" if asked_by_htmx else "detail"
    errors = [issue for issue in job.issues if issue["severity"] == "error"]
    others = [issue for issue in job.issues if issue["severity"] != "error"]
    context = {
        "page_title": job.file_name,
        "job": job,
        "waiting": job.state in WAITING,
        "percent": min(100, job.progress * 100 // job.total) if job.total else None,
        "tiles": tiles(job),
        "errors": errors,
        "others": others,
        "same_file": _same_file(request, job),
        "conflicts": open_conflicts(request.user).filter(job=job).count(),
        "may_undo": may_undo(job),
        "undo_until": undo_until(job),
        "kept_until": kept_until(job),
        "left": left_alone(job, request.user),
    }
    return render(request, f"residents/imports/{template}.html", context)


def open_conflicts(user: Any) -> Any:
    return RosterConflict.objects.visible_to(user).filter(state=RosterConflict.State.OPEN)


def tiles(job: ImportJob) -> list[tuple[str, int, str]]:
    """Return (label, count, light) of the person rows; the numbers add up to the first one."""
    labels = (
        ("rows", "居民行数", ""), ("create", "新增", "green"), ("update", "更新", "green"),
        ("unchanged", "未变", ""), ("conflict", "冲突，待核对", "red"), ("reject", "有错，未导入", "red"),
        ("skip", "重复行", ""),
    )  # fmt: skip
    if not job.counts:
        return []
    return [
        (label, job.counts.get(name, 0), light if job.counts.get(name) else "")
        for name, label, light in labels
    ]


@login_required
@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, confirm_import, "已确认，正在后台导入。可以离开这个页面。")


@login_required
@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, cancel_import, "已取消。已经写入的居民保留不动。")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what an undo would do; POST queues it."""
    if request.method == "POST":
        return _decide(request, pk, undo_import, "正在后台撤销。可以离开这个页面。")
    job = _job(request, pk)
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


def may_undo(job: ImportJob) -> bool:
    last = undo_until(job)
    return (
        job.state in (State.DONE, State.CANCELLED)
        and last is not None
        and last > timezone.now()
        and RosterUndo.objects.filter(job=job, homes__gt=0).exists()
    )


def left_alone(job: ImportJob, user: Any) -> list[tuple[Household, str, str]]:
    """Return what the undo of this job left as it was: household, door, reason."""
    return doors_of(job.options.get("left", [])[:SHOWN_LEFT], user)


def doors_of(reasons: Any, user: Any) -> list[tuple[Household, str, str]]:
    rows = Household.objects.visible_to(user).select_related("building__compound", "entrance")
    found = rows.in_bulk([pk for pk, _reason in reasons]) if reasons else {}
    full = set(
        rows.in_full_to(user).filter(pk__in=list(found)).values_list("pk", flat=True)
        if found
        else ()
    )
    return [
        (found[pk], shown_door(found[pk], full=pk in full), reason)
        for pk, reason in reasons
        if pk in found
    ]


def _decide(request: HttpRequest, pk: int, verb: Any, done: str) -> HttpResponse:
    job = _job(request, pk)
    try:
        verb(job=job, by=request.user)
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
    job = _job(request, pk)
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


def _job(request: HttpRequest, pk: int) -> ImportJob:
    user: Any = request.user
    require(user, Noun.RESIDENT, CREATE)
    return get_object_or_404(ImportJob.objects.visible_to(user).for_list(), pk=pk, kind=KIND)


def _same_file(request: HttpRequest, job: ImportJob) -> ImportJob | None:
    """Return an earlier import of the very same file, if the user may see one."""
    earlier = ImportJob.objects.visible_to(request.user).filter(
        kind=KIND, file_hash=job.file_hash, state=State.DONE, pk__lt=job.pk
    )
    return earlier.order_by("-id").first()
