"""Workbooks and jobs for the tests of reference tables."""

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from orgs.models import ImportJob
from orgs.tables.base import Table
from orgs.tables.engine import Result, run
from orgs.tables.files import export
from orgs.tables.reading import read_tables
from orgs.tasks import run_import_jobs

Rows = list[list[Any]]


def book(*rows: list[Any]) -> bytes:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = "表"
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def put(table: Table, user: Any, *rows: list[Any], dry_run: bool = False) -> Result:
    """Run rows (the first one is the header) as `user`."""
    return run(table, read_tables(book(*rows)), user, dry_run=dry_run)


def outcomes(result: Result) -> list[str]:
    return [line.outcome.value for line in result.lines]


def problems(result: Result) -> list[str]:
    return [f"{one.cell} {one.message}" for line in result.lines for one in line.problems]


def again(table: Table, user: Any) -> dict[str, int]:
    """Export the table and import it as it is; return the counts."""
    content, _ = export(table, user)
    return run(table, read_tables(content), user, dry_run=False).counts


def upload(client: Any, kind: str, content: bytes) -> ImportJob:
    """Send a file to the page and let the background look at it."""
    answer = client.post(f"/orgs/tables/{kind}/", {"file": SimpleUploadedFile("a.xlsx", content)})
    assert answer.status_code == 302, answer.content.decode()
    run_import_jobs()
    return ImportJob.objects.latest("pk")
