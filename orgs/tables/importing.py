"""Reference tables as import jobs: what the pages' upload runs through, in the background."""

from typing import Any, ClassVar

from orgs import sealedfiles
from orgs.importers import Importer, ImportRefused, beat, importer
from orgs.models import ImportJob
from orgs.tables.base import Outcome, Table, table_of
from orgs.tables.engine import Line, Result, run
from orgs.tables.files import result_file
from orgs.tables.reading import TableFileError, read_tables

PREVIEW_ROWS = 50
MOST_ISSUES = 500
LEVELS = {
    Outcome.CREATE: "green", Outcome.UPDATE: "blue", Outcome.UNCHANGED: "grey",
    Outcome.ERROR: "red", Outcome.EXAMPLE: "grey",
}  # fmt: skip
PREFIX = "table."


class TableImporter(Importer):
    """An importer for every registered table; `kind` says which."""

    kind: ClassVar[str]

    def preview(self, job: ImportJob) -> None:
        self._run(job, dry_run=True)

    def apply(self, job: ImportJob) -> None:
        result = self._run(job, dry_run=False)
        job.progress = job.total
        table = table_of(self.kind)
        if table is not None:
            table.done(job, result)
        job.result_stored_as = sealedfiles.store(result_file(result), folder="imports/results")

    def undo(self, job: ImportJob) -> None:
        raise ImportRefused("这类表不能整批撤销，请在各自的页面上改回。")

    def _run(self, job: ImportJob, *, dry_run: bool) -> Result:
        table = table_of(self.kind)
        if table is None or job.uploaded_by is None:
            raise ImportRefused("系统不认识这种导入类型。")
        table.meet(job.uploaded_by)
        try:
            sheets = read_tables(sealedfiles.read(job.stored_as), table.most_rows)
            result = run(
                table, sheets, job.uploaded_by, dry_run=dry_run,
                on_batch=lambda done: beat(job, done),
            )  # fmt: skip
        except TableFileError as error:
            raise ImportRefused(str(error)) from error
        job.counts, job.total = result.counts, result.counts["rows"]
        job.mapping = mapping_of(result, table)
        job.issues = issues_of(result)
        job.preview = [shown(table, line) for line in result.lines[:PREVIEW_ROWS]]
        return result


def register_importer(table: type[Table]) -> None:
    """Let import jobs of kind "table.<kind>" run this table."""
    importer(f"{PREFIX}{table.kind}")(
        type(f"{table.__name__}Importer", (TableImporter,), {"kind": table.kind})
    )


def mapping_of(result: Result, table: Table) -> dict[str, Any]:
    """Return what was read as what: sheet, header row, columns used, kept nowhere, not known."""
    known = [column for column in table.columns if column.name in result.layout.places]
    return {
        "sheet": result.layout.sheet.name,
        "header_row": result.layout.header + 1,
        "columns": [column.label for column in known if not column.ignored],
        "ignored": [column.label for column in known if column.ignored],
        "unknown": result.layout.unknown,
    }


def issues_of(result: Result) -> list[dict[str, str]]:
    found = [problem for line in result.lines for problem in line.problems][:MOST_ISSUES]
    return [
        {
            "severity": "error", "label": "错误", "cell": one.cell, "column": one.column,
            "message": one.message, "sample": one.sample,
        }
        for one in found
    ]  # fmt: skip


def shown(table: Table, line: Line) -> dict[str, Any]:
    """Return a row of the preview, masked."""
    return {
        "row": line.number,
        "cells": [column.shown(str(line.row[column.name]))[:60] for column in table.stored],
        "outcome": line.label,
        "level": LEVELS[line.outcome],
    }
