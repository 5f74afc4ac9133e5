"""django-import-export as the shell of the roster import in the admin; the engine is our own.

The file is judged in the request (a dry run of the engine: totals, masked rows, all findings).
What is confirmed becomes an import job like one of 花名册导入: it runs in the background, keeps a
journal and can be taken back. A job that finds something else than was confirmed waits on its page.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from import_export.admin import ExportMixin, ImportMixin
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.resources import Resource
from import_export.results import Error, Result, RowResult
from import_export.signals import post_import

from grids.locate import communities_under
from orgs.models import ImportJob, OrgUnit
from orgs.roles import CREATE, EXPORT, Noun
from orgs.scope import can, refusal
from orgs.services.jobs import submit_import
from orgs.tables.shell import MOST_SHOWN, SealedStorage, TableFormat
from residents.models import Household
from residents.resources import choose_mappings
from residents.roster.errors import RosterFileError
from residents.roster.lines import pack_lines, unpack_lines
from residents.roster.outcome import Outcome
from residents.services.roster import import_roster
from residents.views.importing.export import roster_file
from residents.views.importing.jobs import KIND, READ_AT_ONCE, communities_of, roster_bytes, tiles

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Admin = ModelAdmin[Any]
else:
    _Admin = object

TYPES = {
    Outcome.CREATE: RowResult.IMPORT_TYPE_NEW, Outcome.UPDATE: RowResult.IMPORT_TYPE_UPDATE,
    Outcome.UNCHANGED: RowResult.IMPORT_TYPE_SKIP, Outcome.DUPLICATE: RowResult.IMPORT_TYPE_SKIP,
    Outcome.CONFLICT: RowResult.IMPORT_TYPE_ERROR, Outcome.REJECT: RowResult.IMPORT_TYPE_ERROR,
}  # fmt: skip
MOST_FINDINGS = 500
# What a job has to find again to go on by itself.
SEEN = ("rows", "create", "update", "unchanged", "conflict", "reject", "skip")


class RosterImportForm(ImportForm):  # type: ignore[misc]
    under = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="导入到", empty_label="请选择社区",
        error_messages={"required": "请选择社区。", "invalid_choice": "请在列出的社区里选择。"},
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = communities_of(user)
        self.fields["under"].queryset = choices
        if choices.count() == 1:
            self.initial["under"] = choices.first()

    def clean_import_file(self) -> Any:
        upload = self.cleaned_data["import_file"]
        upload.content = roster_bytes(upload)
        return upload


class RosterConfirmForm(ConfirmImportForm):  # type: ignore[misc]
    under = forms.ModelChoiceField(OrgUnit.objects.none(), widget=forms.HiddenInput())
    seen = forms.JSONField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["under"].queryset = communities_of(user)


class RosterResult(Result):  # type: ignore[misc]
    """What the shell shows of a dry run; after the confirmation, the job."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[tuple[str, int, str, str]] = []
        self.lines: list[Any] = []
        self.findings: list[Any] = []
        self.findings_count = 0
        self.is_sure = True
        self.job: ImportJob | None = None


class RosterResource(Resource):  # type: ignore[misc]
    """Runs the roster engine behind import_data(): a dry run here, the import as a job."""

    @classmethod
    def get_display_name(cls) -> str:
        return "居民花名册"

    def get_user_visible_fields(self) -> list[Any]:
        return []

    def import_data(self, dataset: Any, dry_run: bool = False, **kwargs: Any) -> Result:
        form, user = kwargs["form"], kwargs["user"]
        under = form.cleaned_data["under"]
        result = RosterResult()
        if not dry_run:
            result.job = submit_import(
                kind=KIND, under=under, by=user, file_name=kwargs["file_name"] or "花名册",
                data=dataset.content, options={"seen": form.cleaned_data["seen"]},
            )  # fmt: skip
            return result
        job = ImportJob(kind=KIND, under=under, uploaded_by=user)
        try:
            judged = import_roster(
                data=dataset.content,
                communities=communities_under(under.division_code),
                today=timezone.localdate(),
                by=user,
                within=user,
                dry_run=True,
                choose=lambda sheets: choose_mappings(job, sheets),
            )
        except RosterFileError as error:
            result.append_base_error(Error(error, error.message_zh))
            return result
        job.counts = judged.counts.as_dict()
        form.seen = {name: job.counts[name] for name in SEEN}
        opened = unpack_lines(pack_lines(judged))
        result.tiles, result.is_sure = tiles(job), job.mapping["sure"]
        result.lines, result.findings = opened.rows[:MOST_SHOWN], opened.findings[:MOST_FINDINGS]
        result.total_rows, result.findings_count = len(opened.rows), len(opened.findings)
        for line in opened.rows:
            result.totals[TYPES[Outcome(line.outcome)]] += 1
        # A row in error is left out, as on 花名册导入; for the shell it would stop the whole file.
        result.totals[RowResult.IMPORT_TYPE_ERROR] = 0
        return result


class RosterShell(ExportMixin, ImportMixin, _Admin):  # type: ignore[misc]
    """Mix in before ScopedAdmin: 导入花名册, 导出花名册 and 下载模板 over the list of households."""

    tmp_storage_class = SealedStorage
    import_form_class = RosterImportForm
    confirm_form_class = RosterConfirmForm
    import_template_name = "admin/residents/roster_import.html"
    export_template_name = "admin/residents/roster_export.html"
    import_export_change_list_template = "admin/residents/roster_list.html"
    skip_admin_log = True

    def get_import_formats(self) -> list[Any]:
        return [TableFormat]

    def get_import_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [RosterResource]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return can(request.user, Noun.RESIDENT, CREATE)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return can(request.user, Noun.RESIDENT, EXPORT)

    def get_import_form_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_import_form_kwargs(request), "user": request.user}

    def get_confirm_form_kwargs(self, request: HttpRequest, import_form: Any = None) -> Any:
        return {**super().get_confirm_form_kwargs(request, import_form), "user": request.user}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial |= {"under": import_form.cleaned_data["under"], "seen": import_form.seen}
        return initial

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {"form": kwargs["form"]}

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Judge the file at once; a large one is checked in the background, on its own page."""
        if request.method == "POST" and self.has_import_permission(request):
            form = self.create_import_form(request)
            if form.is_valid() and len(form.cleaned_data["import_file"].content) > READ_AT_ONCE:
                upload = form.cleaned_data["import_file"]
                job = submit_import(
                    kind=KIND, under=form.cleaned_data["under"], by=_user(request),
                    file_name=upload.name, data=upload.content,
                )  # fmt: skip
                self.message_user(request, "文件较大，正在后台检查，检查完请在这里确认。")
                return redirect("residents:import", pk=job.pk)
            for upload in request.FILES.values():
                upload.seek(0)  # type: ignore[union-attr]
        return super().import_action(request, **kwargs)  # type: ignore[no-any-return]

    def process_result(self, result: RosterResult, request: HttpRequest) -> HttpResponse:
        assert result.job is not None
        post_import.send(sender=None, model=self.model)
        self.message_user(request, "已确认，正在后台导入。可以离开这个页面。")
        return redirect("residents:import", pk=result.job.pk)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Offer, then send, the households of the list as it is filtered."""
        if not self.has_export_permission(request):
            raise PermissionDenied(refusal(request.user, Noun.RESIDENT, EXPORT))
        listed = self.get_export_queryset(request)
        mine = Household.objects.filter(pk__in=listed.order_by().values("pk"))
        if request.method == "POST":
            return roster_file(mine, _user(request))
        context = {
            **self.admin_site.each_context(request),
            "title": "导出花名册", "opts": self.opts,
            "count": mine.visible_to(request.user, EXPORT).open().count(),
        }  # fmt: skip
        return TemplateResponse(request, [self.export_template_name], context)


def _user(request: HttpRequest) -> Any:
    return request.user
