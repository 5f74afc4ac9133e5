"""Reference tables in the browser: template, upload or paste, preview, confirm, result; the admin."""

import io
import os
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orgs import sealedfiles
from orgs.models import AuditEntry, ImportJob, PartyMember, Unit
from orgs.tables.reading import read_tables
from orgs.tasks import run_import_jobs, tidy
from tests.orgs.tables import book, upload
from tests.town import Town

HEAD = ["单位名称", "类型", "联系人"]
GOOD, BAD = ["红星派出所", "公安", "景所"], ["怪单位", "大公司", ""]
ORDERS = {"hotline", "yiwangqing"}
KEEPERS = {
    "dispatcher": ORDERS,
    "second_dispatcher": ORDERS,
    "sysadmin": {"organisations", "units", "members", "teams"},
    "street_admin": {"organisations", "units", "members", "teams", "deployments", *ORDERS},
    "community_staff": {"organisations", "units", "members", "teams", "deployments", "volunteers"},
    "community_secretary": {"organisations", "units", "members", "teams", "deployments"},
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_each_role_gets_its_tables(town: Town, enter: Any) -> None:
    for who in town.users:
        answer = enter(who).get("/orgs/tables/")
        base = who.removeprefix("other_")
        if base in KEEPERS:
            kinds = {table.kind for table in answer.context["tables"]}
            assert kinds == KEEPERS[base], who
        else:
            assert answer.status_code == 403, who
    for kind in ("units", "members"):
        for page in ("", "template/", "export/"):
            assert enter("grid_head").get(f"/orgs/tables/{kind}/{page}").status_code == 403
    assert enter("sysadmin").get("/orgs/tables/deployments/export/").status_code == 403
    assert enter("sysadmin").get("/orgs/tables/nothing/").status_code == 404


def test_a_file_is_previewed_confirmed_and_its_result_fetched(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    job = upload(client, "units", book(HEAD, GOOD, BAD))
    page = text(client.get(f"/orgs/tables/jobs/{job.pk}/"))
    assert "还没有写入任何数据" in page
    assert "表!B3" in page
    assert "没有这种单位类型" in page
    assert not Unit.objects.filter(name="红星派出所").exists()
    assert sealedfiles.read(job.stored_as)[:2] == b"PK"
    client.post(f"/orgs/tables/jobs/{job.pk}/confirm/")
    run_import_jobs()
    job.refresh_from_db()
    assert job.state == "done"
    assert (job.counts["create"], job.counts["error"]) == (1, 1)
    assert Unit.objects.filter(name="红星派出所").exists()
    result = client.get(f"/orgs/tables/jobs/{job.pk}/result/")
    rows = read_tables(result.content)[0].rows
    assert [row[-2] for row in rows] == ["结果", "新增", "有错，未导入"]
    assert AuditEntry.objects.filter(action="table.result").exists()
    again = upload(client, "units", book(HEAD, GOOD))
    assert again.counts["unchanged"] == 1


def test_pasted_rows_need_no_header(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    for pasted in ("红星派出所\t公安", "单位名称\t类型\n红星派出所\t公安"):
        answer = client.post("/orgs/tables/units/", {"pasted": pasted})
        assert answer.status_code == 302
        run_import_jobs()
        assert ImportJob.objects.latest("pk").counts["create"] == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "二选一"),
        ({"pasted": "a\tb", "file": SimpleUploadedFile("a.xlsx", book(HEAD, GOOD))}, "二选一"),
        ({"file": SimpleUploadedFile("a.xlsx", b"")}, "文件是空的"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04no")}, "不是能识别的表格文件"),
        ({"file": SimpleUploadedFile("a.xlsx", book(["甲", "乙"], ["1", "2"]))}, "没有找到表头"),
    ],
)
def test_a_bad_upload_is_told_at_once(
    town: Town, enter: Any, data: dict[str, Any], sentence: str
) -> None:
    for value in data.values():
        if hasattr(value, "seek"):
            value.seek(0)
    answer = enter("street_admin").post("/orgs/tables/units/", data)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert not ImportJob.objects.exists()


def test_jobs_are_their_uploaders_own(town: Town, enter: Any) -> None:
    job = upload(enter("street_admin"), "units", book(HEAD, GOOD))
    for who in ("community_staff", "other_street_admin", "sysadmin"):
        for page in ("", "result/"):
            assert enter(who).get(f"/orgs/tables/jobs/{job.pk}/{page}").status_code == 404, who
        assert enter(who).post(f"/orgs/tables/jobs/{job.pk}/confirm/").status_code == 404, who
    todos = enter("street_admin").get("/").context["todos"]
    assert [todo.count for todo in todos if "基础表" in todo.sentence] == [1]
    client = enter("street_admin")
    client.post(f"/orgs/tables/jobs/{job.pk}/cancel/")
    assert "不能再做这项操作" in text(
        client.post(f"/orgs/tables/jobs/{job.pk}/confirm/", follow=True)
    )


def test_names_and_numbers_are_masked_in_the_preview(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    content = book(["姓名", "所属党支部", "联系电话"], ["钱党员", town.branch.name, "16900000044"])
    job = upload(client, "members", content)
    page = text(client.get(f"/orgs/tables/jobs/{job.pk}/"))
    assert "钱*员" in page
    assert "169****0044" in page
    assert "钱党员" not in page
    assert "16900000044" not in page


def test_template_and_export_are_files_to_fill_in(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    for kind in KEEPERS["community_staff"]:
        form = client.get(f"/orgs/tables/{kind}/template/")
        workbook = openpyxl.load_workbook(io.BytesIO(form.content))
        sheet = workbook.worksheets[0]
        assert sheet["A2"].value == "示例", kind
        assert sheet.column_dimensions["B"].width > 5
        assert {cell.number_format for cell in sheet[2]} == {"@"}, kind
        assert workbook.sheetnames[1] == "填表说明"
        assert client.get(f"/orgs/tables/{kind}/export/").status_code == 200
    members = openpyxl.load_workbook(
        io.BytesIO(client.get("/orgs/tables/members/template/").content)
    ).worksheets[0]
    assert members.data_validations.count >= 4
    assert AuditEntry.objects.filter(action="table.export").count() == 6


def send(client: Any, model: str, content: bytes) -> Any:
    file = SimpleUploadedFile("a.xlsx", content)
    return client.post(f"/admin/{model}/import/", {"import_file": file, "format": "0", "resource": "0"})  # fmt: skip


def confirm(client: Any, model: str, preview: Any) -> Any:
    form = preview.context["confirm_form"]
    data = {field.html_name: field.value() for field in form}
    return client.post(f"/admin/{model}/process_import/", data, follow=True)


def test_the_admin_previews_and_imports_by_the_same_rules(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    preview = send(client, "orgs/unit", book(HEAD, GOOD))
    assert "新增 1" in text(preview)
    assert not Unit.objects.filter(name="红星派出所").exists()
    done = confirm(client, "orgs/unit", preview)
    assert "已导入：新增 1 行" in text(done)
    assert Unit.objects.get(name="红星派出所").street == town.street
    assert AuditEntry.objects.filter(action="unit.create").exists()


def test_the_admin_takes_a_file_entirely_or_not_at_all(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    answer = send(client, "orgs/unit", book(HEAD, GOOD, BAD))
    assert "什么都没有写入" in text(answer)
    assert "表!B3" in text(answer)
    assert answer.context.get("confirm_form") is None
    assert not Unit.objects.filter(name="红星派出所").exists()
    unread = send(client, "orgs/unit", b"PK\x03\x04no")
    assert "不是能识别的表格文件" in text(unread)


def test_the_admin_masks_and_follows_the_roles(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    content = book(["姓名", "所属党支部", "联系电话"], ["钱党员", town.branch.name, "16900000044"])
    preview = send(client, "orgs/partymember", content)
    page = text(preview)
    assert "钱*员" in page
    assert "16900000044" not in page
    confirm(client, "orgs/partymember", preview)
    assert PartyMember.objects.get().org_unit == town.branch
    for model in ("orgs/unit", "orgs/partymember", "orgs/orgunit", "grids/gridteammember"):
        listing = enter("street_admin").get(f"/admin/{model}/")
        assert listing.status_code == 200
        assert "导入 Excel" in text(listing), model
        assert enter("auditor").get(f"/admin/{model}/import/").status_code == 403
        assert "导入 Excel" not in text(enter("auditor").get(f"/admin/{model}/")), model


@pytest.mark.parametrize(
    "name", ["~etc~passwd", "..~..~development.secret", "imports~admin~no.bin"]
)
def test_the_admin_reads_no_other_file(town: Town, enter: Any, name: str) -> None:
    data = {"import_file_name": name, "original_file_name": "a", "format": "0", "resource": "0"}
    answer = enter("street_admin").post("/admin/orgs/unit/process_import/", data)
    assert answer.status_code == 403


def test_what_nobody_confirmed_in_the_admin_is_deleted_after_a_day(
    town: Town, enter: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    send(enter("street_admin"), "orgs/unit", book(HEAD, GOOD))
    [stored] = tmp_path.rglob("*.bin")
    assert stored.read_bytes()[:2] != b"PK"
    tidy()
    assert stored.exists()
    os.utime(stored, (0, 0))
    assert tidy() == 1
    assert not stored.exists()
