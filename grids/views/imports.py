"""Uploading maps and code tables: upload → preview → confirm → result, as background jobs."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grids.locate import communities_where
from grids.map_file import MAX_BYTES
from orgs.models import ImportJob, OrgUnit
from orgs.paging import keyset_page
from orgs.roles import CREATE, Noun
from orgs.scope import require
from orgs.services.jobs import cancel_import, confirm_import, submit_import

State = ImportJob.State
WAITING = (State.UPLOADED, State.CONFIRMED, State.RUNNING)


@dataclass(frozen=True)
class ImportPage:
    """One upload page: its job kinds with their labels (the first is the usual one), and words."""

    title: str
    kinds: tuple[tuple[str, str], ...]
    kind_label: str
    accept: str
    help: str
    about: str
    back: str


PAGES = {
    "map": ImportPage(
        title="导入地图",
        kinds=(
            ("map", "WGS-84（GPS、天地图、CGCS2000）"),
            ("map_gcj", "GCJ-02（高德、腾讯地图）"),
        ),
        kind_label="文件的坐标",
        accept=".geojson,.json",
        help="GeoJSON，不超过 20 MB。每个网格一个多边形，属性里写“网格编码”（15 位）。",
        about="网格和社区的边界、楼栋的位置。先检查，再由您确认；网格有一处错误就全部不写入。",
        back="grids:map",
    ),
    "nets": ImportPage(
        title="导入原网格编码",
        kinds=(("nets", "原网格编码对照表"),),
        kind_label="内容",
        accept=".xlsx,.xls,.csv",
        help="Excel 或 CSV，四列：系统（综治、信访、城管…）、代码、名称、网格编码。可以先导出再改。",
        about="登记各系统原来的网格编码和并网日期。先检查，再由您确认；一行有错就全部不写入，空格不会清掉原来的内容。",
        back="grids:nets",
    ),
}  # fmt: skip


class MapUploadForm(forms.Form):
    under = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="导入到", empty_label="请选择社区",
        error_messages={"required": "请选择社区。", "invalid_choice": "请在列出的社区里选择。"},
    )  # fmt: skip
    kind = forms.ChoiceField()
    file = forms.FileField(
        label="文件",
        error_messages={
            "required": "请选择文件。",
            "empty": "文件是空的，请重新选择。",
            "invalid": "没有收到文件，请重新选择。",
        },
    )

    def __init__(self, *args: Any, user: Any, page: ImportPage) -> None:
        super().__init__(*args)
        communities = communities_where(user, CREATE)
        under: Any = self.fields["under"]
        under.queryset = communities
        if communities.count() == 1:
            under.initial = communities.first()
        kind: Any = self.fields["kind"]
        kind.label, kind.choices = page.kind_label, page.kinds
        if len(page.kinds) == 1:
            kind.widget, kind.initial = forms.HiddenInput(), page.kinds[0][0]
        self.fields["file"].help_text = page.help
        self.fields["file"].widget.attrs["accept"] = page.accept

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请按社区分开导入。")
        return upload


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, what: str) -> HttpResponse:
    """The upload form above past imports of this kind."""
    user: Any = request.user
    require(user, Noun.GRID, CREATE)
    page = _page(what)
    form = MapUploadForm(request.POST or None, request.FILES or None, user=user, page=page)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        job = submit_import(
            kind=form.cleaned_data["kind"], under=form.cleaned_data["under"], by=user,
            file_name=upload.name or page.title, data=upload.read(),
        )  # fmt: skip
        return redirect("grids:import", what=what, pk=job.pk)
    jobs = ImportJob.objects.visible_to(user).filter(kind__in=dict(page.kinds)).for_list()
    context = {
        "page_title": page.title,
        "about": page.about,
        "what": what,
        "back": reverse(page.back),
        "form": form,
        "page": keyset_page(jobs, request, count=jobs.count()),
    }
    status = 400 if form.errors else 200
    return render(request, "grids/imports/list.html", context, status=status)


@login_required
@never_cache
@require_GET
def import_detail(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Where the job stands; htmx asks again every two seconds while it runs."""
    page, job = _page(what), _job(request, what, pk)
    waiting = job.state in WAITING
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    if asked_by_htmx and not waiting:
        return HttpResponse(headers={"HX-Refresh": "true"})
    errors = [issue for issue in job.issues if issue["severity"] == "error"]
    context = {
        "page_title": job.file_name,
        "title": page.title,
        "kind_label": dict(page.kinds)[job.kind],
        "what": what,
        "back": reverse(page.back),
        "job": job,
        "waiting": waiting,
        "errors": errors,
        "warnings": [issue for issue in job.issues if issue["severity"] != "error"],
    }
    template = "progress" if asked_by_htmx else "detail"
    return render(request, f"grids/imports/{template}.html", context)


@login_required
@require_POST
def import_confirm(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    return _decide(request, what, pk, confirm_import, "已确认，正在后台写入。")


@login_required
@require_POST
def import_cancel(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    return _decide(request, what, pk, cancel_import, "已取消，没有写入。")


def _decide(request: HttpRequest, what: str, pk: int, verb: Any, done: str) -> HttpResponse:
    job = _job(request, what, pk)
    try:
        verb(job=job, by=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, done)
    return redirect("grids:import", what=what, pk=pk)


def _page(what: str) -> ImportPage:
    if what not in PAGES:
        raise Http404
    return PAGES[what]


def _job(request: HttpRequest, what: str, pk: int) -> ImportJob:
    user: Any = request.user
    require(user, Noun.GRID, CREATE)
    rows = ImportJob.objects.visible_to(user).for_list()
    return get_object_or_404(rows, pk=pk, kind__in=dict(_page(what).kinds))
