"""The roster in the browser admin: import-export's screens around our engine and our import job."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orgs.models import AuditEntry, ImportJob
from orgs.roles import EXPORT
from orgs.tasks import run_import_jobs
from residents.models import Household, Residency, RosterUndo
from tests.residents.rosters import citizen_id, person, sheet_rows, workbook
from tests.town import Town

LIST = "/admin/residents/household/"
STATE = ImportJob.State
GOOD = person(姓名="钱多多")
BAD = person(姓名="周错号", 证件号码="3499011980010100", 房号="102")


@pytest.fixture
def enter(client: Any, town: Town) -> Any:
    def log_in(role: str) -> Any:
        client.force_login(town.users[role])
        return client

    return log_in


def send(client: Any, town: Town, *people: Any, data: bytes | None = None) -> Any:
    file = SimpleUploadedFile("花名册.xlsx", data or workbook(sheet_rows(list(people))))
    body = {"under": town.community.pk, "import_file": file, "format": "0", "resource": "0"}
    return client.post(f"{LIST}import/", body)


def confirm(client: Any, preview: Any) -> Any:
    fields = preview.context["confirm_form"]
    body = {one.html_name: one.value() for one in fields}
    return client.post(f"{LIST}process_import/", body)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_dry_run_shows_totals_masked_rows_and_findings_and_writes_nothing(
    town: Town, enter: Any
) -> None:
    page = text(send(enter("community_staff"), town, GOOD, BAD))
    assert "居民行数 2，新增 1" in page
    assert "有错，未导入 1" in page
    assert "钱*多" in page
    assert "居民花名册!" in page
    assert "钱多多" not in page
    assert citizen_id() not in page
    assert not Residency.objects.exists()
    assert not ImportJob.objects.exists()


def test_what_is_confirmed_runs_as_an_import_job_with_a_journal(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    answer = confirm(client, send(client, town, GOOD, BAD))
    job = ImportJob.objects.get()
    assert answer.url == f"/residents/imports/{job.pk}/"
    assert not Residency.objects.exists()
    run_import_jobs()
    job.refresh_from_db()
    assert (job.state, job.counts["create"], job.counts["reject"]) == (STATE.DONE, 1, 1)
    assert job.result_stored_as
    assert Residency.objects.get().person.name == "钱多多"
    assert RosterUndo.objects.filter(job=job).exists()
    actions = AuditEntry.objects.filter(target_id=str(job.pk)).values_list("action", flat=True)
    assert {"import.submit", "import.confirm"} <= set(actions)


def test_a_job_that_finds_something_else_waits_for_a_second_look(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    preview = send(client, town, GOOD)
    first = send(client, town, GOOD)
    confirm(client, first)
    run_import_jobs()
    confirm(client, preview)
    run_import_jobs()
    assert ImportJob.objects.order_by("-id")[0].state == STATE.PREVIEWED


def test_a_header_nobody_knows_waits_for_its_columns(town: Town, enter: Any) -> None:
    header = ["小区名称", "楼栋", "单元", "房号", "姓名", "证件号码", "神秘列"]
    client = enter("community_staff")
    preview = send(client, town, data=workbook(sheet_rows([GOOD | {"神秘列": "甲"}], header)))
    assert "有的列没有认出来" in text(preview)
    confirm(client, preview)
    run_import_jobs()
    assert ImportJob.objects.get().state == STATE.PREVIEWED


def test_a_large_file_is_checked_in_the_background(
    town: Town, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("residents.admin.shell.READ_AT_ONCE", 100)
    answer = send(enter("community_staff"), town, GOOD)
    job = ImportJob.objects.get()
    assert answer.url == f"/residents/imports/{job.pk}/"
    run_import_jobs()
    job.refresh_from_db()
    assert job.state == STATE.PREVIEWED


def test_a_file_that_is_no_roster_is_refused_at_the_field(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    answer = send(client, town, data=b"PK\x03\x04no")
    assert answer.context["form"].errors["import_file"]
    assert answer.context.get("confirm_form") is None
    headless = send(client, town, data=workbook([["甲", "乙"], ["1", "2"]]))
    assert headless.context.get("confirm_form") is None
    assert "errornote" in text(headless)
    assert not ImportJob.objects.exists()


def test_the_community_must_be_ones_own(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    file = SimpleUploadedFile("a.xlsx", workbook(sheet_rows([GOOD])))
    body = {"under": town.other_street.pk, "import_file": file, "format": "0", "resource": "0"}
    assert "请在列出的社区里选择" in text(client.post(f"{LIST}import/", body))


@pytest.mark.parametrize(
    ("role", "imports", "exports"),
    [("community_staff", 200, 200), ("community_secretary", 403, 200), ("street_admin", 403, 200),
     ("sysadmin", 403, 403), ("auditor", 403, 403), ("grid_head", 302, 302)],
)  # fmt: skip
def test_roles(town: Town, enter: Any, role: str, imports: int, exports: int) -> None:
    client = enter(role)
    assert client.get(f"{LIST}import/").status_code == imports
    assert client.get(f"{LIST}export/").status_code == exports


def test_the_export_is_the_registers_own_and_imports_as_unchanged(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    confirm(client, send(client, town, GOOD))
    run_import_jobs()
    listing = text(client.get(LIST))
    assert "导入花名册" in listing
    assert "导出花名册" in listing
    homes = Household.objects.visible_to(town.users["community_staff"], EXPORT).open().count()
    assert f"将导出 {homes} 户" in text(client.get(f"{LIST}export/"))
    assert "没有可以导出" in text(client.get(f"{LIST}export/?kind__exact=none"))
    answer = client.post(f"{LIST}export/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert any("钱多多" in row for row in sheet.iter_rows(values_only=True))
    assert AuditEntry.objects.filter(action="roster.export").exists()
    again = text(send(client, town, data=answer.content))
    assert "未变 1" in again
