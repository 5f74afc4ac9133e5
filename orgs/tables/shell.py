"""django-import-export as the shell in the admin: its screens and steps, our reader and engine.

Its own defaults would load row by row past the services, keep the upload in the clear and show
personal data in the preview. A file with a single bad row is not imported here at all; the pages
under /orgs/tables/ import the good rows of such a file.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ImportMixin
from import_export.formats.base_formats import Format
from import_export.resources import Resource
from import_export.results import Error, InvalidRow, Result, RowResult
from import_export.tmp_storages import BaseStorage
from tablib import Dataset

from orgs import sealedfiles
from orgs.scope import can
from orgs.tables.base import Outcome, Table
from orgs.tables.engine import Line, run
from orgs.tables.reading import TableFileError, read_tables

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Admin = ModelAdmin[Any]
else:
    _Admin = object

TYPES = {
    Outcome.CREATE: RowResult.IMPORT_TYPE_NEW, Outcome.UPDATE: RowResult.IMPORT_TYPE_UPDATE,
    Outcome.UNCHANGED: RowResult.IMPORT_TYPE_SKIP, Outcome.EXAMPLE: RowResult.IMPORT_TYPE_SKIP,
    Outcome.ERROR: RowResult.IMPORT_TYPE_INVALID,
}  # fmt: skip
MOST_SHOWN = 50
ADMIN_FOLDER = sealedfiles.UNCONFIRMED


class SealedStorage(BaseStorage):  # type: ignore[misc]
    """Keeps the upload between preview and confirmation sealed, under a name nobody can guess."""

    FOLDER = ADMIN_FOLDER

    def save(self, data: bytes | str) -> None:
        content = data.encode() if isinstance(data, str) else data
        self.name = sealedfiles.store(content, folder=self.FOLDER).replace("/", "~")

    def read(self) -> bytes:
        try:
            return sealedfiles.read(self._path)
        except (FileNotFoundError, ValueError) as error:
            raise PermissionDenied("上传的文件已过期，请重新上传。") from error

    def remove(self) -> None:
        sealedfiles.delete(self._path)

    @property
    def _path(self) -> str:
        path = str(self.name).replace("~", "/")
        if not path.startswith(f"{self.FOLDER}/"):
            raise PermissionDenied("没有这个上传的文件。")
        return path


class FileDataset(Dataset):  # type: ignore[misc]
    """Carries a file's bytes through the shell, which takes an empty dataset for an empty file."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content

    def __bool__(self) -> bool:
        return True


class TableFormat(Format):  # type: ignore[misc]
    """Any spreadsheet our reader knows."""

    def __init__(self, encoding: str | None = None) -> None:
        """Take what the shell passes; the reader finds the encoding itself."""

    def get_title(self) -> str:
        return "Excel 或 CSV"

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> Dataset:
        return FileDataset(in_stream)


class TableResource(Resource):  # type: ignore[misc]
    """Runs our engine behind import_data(): the same rules, locks and audit as on the pages."""

    table: ClassVar[Table]

    @classmethod
    def get_display_name(cls) -> str:
        return cls.table.title

    def get_user_visible_fields(self) -> list[Any]:
        return []

    def import_data(self, dataset: Any, dry_run: bool = False, **kwargs: Any) -> Result:
        result = Result()
        result.diff_headers = [column.label for column in self.table.stored]
        try:
            sheets = read_tables(dataset.content)
            # Judged as a whole first: here a file goes in entirely or not at all.
            judged = run(self.table, sheets, kwargs["user"], dry_run=True)
            clean = not any(line.problems for line in judged.lines)
            done = judged if dry_run or not clean else run(
                self.table, sheets, kwargs["user"], dry_run=False
            )  # fmt: skip
        except TableFileError as error:
            result.append_base_error(Error(error))
            return result
        result.total_rows = len(done.lines)
        for line in done.lines:
            self._append(result, line)
        return result

    def _append(self, result: Result, line: Line) -> None:
        cells = [column.shown(str(line.row[column.name])) for column in self.table.stored]
        row = RowResult()
        row.import_type = TYPES[line.outcome]
        row.diff = cells
        result.increment_row_result_total(row)
        if line.problems:
            refusal = ValidationError([f"{one.cell}　{one.column}：{one.message}" for one in line.problems])  # fmt: skip
            result.invalid_rows.append(InvalidRow(line.number, refusal, cells))
        elif len(result.rows) < MOST_SHOWN:
            result.append_row_result(row)


def resource_for(table: type[Table]) -> type[TableResource]:
    return type(f"{table.__name__}Resource", (TableResource,), {"table": table()})


class TableShell(ImportMixin, _Admin):  # type: ignore[misc]
    """Mix in before ScopedAdmin; `import_table` names the table. Adds 导入, 导出 and 下载模板."""

    import_table: ClassVar[type[Table]]
    tmp_storage_class = SealedStorage
    import_template_name = "admin/orgs/table_import.html"
    import_export_change_list_template = "admin/orgs/table_list.html"
    skip_admin_log = True

    def get_import_formats(self) -> list[Any]:
        return [TableFormat]

    def get_import_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [resource_for(self.import_table)]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return can(request.user, self.import_table.noun, self.import_table.letters)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "has_import_permission": self.has_import_permission(request),
            "table": self.import_table,
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})  # type: ignore[no-any-return]

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Say what was done; a file that went bad since its preview changed nothing."""
        if result.has_errors() or result.has_validation_errors():
            self.message_user(request, "有行不能导入，什么都没有写入。请重新上传检查。", "error")
        else:
            new, old = (result.totals[kind] for kind in ("new", "update"))
            self.message_user(request, f"已导入：新增 {new} 行，更新 {old} 行。")
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))
