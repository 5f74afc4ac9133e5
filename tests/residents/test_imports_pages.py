"""Importing a roster in the browser: upload, preview, confirm, result; and who may see it."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.models import AuditEntry, ImportJob, Person
from orgs.tasks import run_import_jobs
from residents.models import Residency

HEADER = ["小区名称", "楼栋", "单元", "房号", "户编号", "姓名", "与户主关系", "性别", "证件号码"]
GOOD = ["阳光花园", "1栋", "1单元", "501", "000001", "钱多多", "户主", "男", "349901198001010015"]
BAD = ["阳光花园", "1栋", "1单元", "502", "000002", "周错号", "户主", "女", "3499011980010100"]
STATE = ImportJob.State


def workbook(*rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(client, town, data: bytes, name: str = "花名册.xlsx"):
    return client.post(
        reverse("residents:imports"),
        {"under": town.community.pk, "file": SimpleUploadedFile(name, data)},
    )


@pytest.fixture
def staff(client, town):
    client.force_login(town.users["community_staff"])
    return client


def test_nothing_is_written_before_the_confirmation(staff, town):
    answer = upload(staff, town, workbook(GOOD, BAD))
    job = ImportJob.objects.get()
    assert answer.url == reverse("residents:import", args=[job.pk])
    assert "正在检查" in staff.get(answer.url).content.decode()
    run_import_jobs()
    page = staff.get(answer.url).content.decode()
    assert "还没有写入任何数据" in page
    assert not Residency.objects.exists()
    assert "G3" in page or "I3" in page
    rows = staff.get(reverse("residents:import_lines", args=[job.pk])).content.decode()
    assert "钱*多" in rows
    for text in (page, rows):
        assert "钱多多" not in text
        assert "349901198001010015" not in text


def test_a_confirmed_file_is_imported_and_its_result_can_be_fetched(staff, town):
    job_url = upload(staff, town, workbook(GOOD, BAD)).url
    run_import_jobs()
    job = ImportJob.objects.get()
    staff.post(reverse("residents:import_confirm", args=[job.pk]))
    run_import_jobs()
    job.refresh_from_db()
    assert job.state == STATE.DONE
    assert (job.counts["create"], job.counts["reject"]) == (1, 1)
    assert Residency.objects.get().person.name == "钱多多"
    assert "下载结果文件" in staff.get(job_url).content.decode()
    result = staff.get(reverse("residents:import_result", args=[job.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(result.content)).active
    assert [cell.value for cell in sheet[1]][-2:] == ["结果", "原因"]
    assert [row[-2].value for row in sheet.iter_rows(min_row=2)] == ["新增", "未导入"]
    assert AuditEntry.objects.filter(action="import.download", target_id=str(job.pk)).exists()


def test_the_stored_file_is_sealed(staff, town, settings):
    upload(staff, town, workbook(GOOD))
    stored = settings.MEDIA_ROOT / ImportJob.objects.get().stored_as
    assert b"PK" not in stored.read_bytes()[:4]


def test_the_same_file_again_changes_nothing_and_says_so(staff, town):
    data = workbook(GOOD)  # a workbook notes the second it was made
    for _ in range(2):
        url = upload(staff, town, data).url
        run_import_jobs()
        job = ImportJob.objects.latest("pk")
        staff.post(reverse("residents:import_confirm", args=[job.pk]))
        run_import_jobs()
    job.refresh_from_db()
    assert job.counts["unchanged"] == 1
    assert Person.objects.filter(name="钱多多").count() == 1
    assert "导入过" in staff.get(url).content.decode()


def test_a_second_confirmation_gets_a_sentence(staff, town):
    upload(staff, town, workbook(GOOD))
    run_import_jobs()
    confirm = reverse("residents:import_confirm", args=[ImportJob.objects.get().pk])
    staff.post(confirm)
    page = staff.post(confirm, follow=True).content.decode()
    assert "不能再做这项操作" in page


def test_a_cancelled_job_writes_nothing(staff, town):
    upload(staff, town, workbook(GOOD))
    run_import_jobs()
    job = ImportJob.objects.get()
    staff.post(reverse("residents:import_cancel", args=[job.pk]))
    run_import_jobs()
    job.refresh_from_db()
    assert job.state == STATE.CANCELLED
    assert not Residency.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 500, "不是能识别的表格"),
        (workbook(), "没有"),
    ],
    ids=["empty", "no spreadsheet", "header only"],
)
def test_what_is_no_roster_is_refused_with_a_sentence(staff, town, data, sentence):
    answer = upload(staff, town, data)
    if answer.status_code == 302:  # readable as a table: the check says what is missing
        run_import_jobs()
        answer = staff.get(answer.url)
    assert sentence in answer.content.decode()
    assert not Residency.objects.exists()


def test_a_file_for_a_community_of_others_is_refused(staff, town):
    answer = staff.post(
        reverse("residents:imports"),
        {
            "under": town.sister_community.pk,
            "file": SimpleUploadedFile("a.xlsx", workbook(GOOD)),
        },
    )
    assert answer.status_code == 400
    assert not ImportJob.objects.exists()


def test_a_grid_head_imports_into_the_own_grid_only(client, town):
    client.force_login(town.users["grid_head"])
    elsewhere = ["阳光花园", "2栋", "1单元", "101", "000003", "吴二栋", "户主", "男", ""]
    upload(client, town, workbook(GOOD, elsewhere))
    run_import_jobs()
    counts = ImportJob.objects.get().counts
    assert (counts["create"], counts["reject"]) == (1, 1)


@pytest.mark.parametrize("name", ["import", "import_result"])
def test_people_of_another_street_find_nothing(staff, client, town, name):
    upload(staff, town, workbook(GOOD))
    job = ImportJob.objects.get()
    client.force_login(town.users["other_community_staff"])
    assert client.get(reverse(f"residents:{name}", args=[job.pk])).status_code == 404
    confirm = reverse("residents:import_confirm", args=[job.pk])
    assert client.post(confirm).status_code == 404


@pytest.mark.parametrize("key", ["street_admin", "sysadmin", "volunteer", "dept_handler"])
def test_roles_that_may_not_add_residents_are_told_so(client, town, key):
    client.force_login(town.users[key])
    page = client.get(reverse("residents:imports"))
    assert page.status_code == 403
    assert "您的角色" in page.content.decode()


def test_the_list_does_not_ask_more_with_more_jobs(staff, town, django_assert_max_num_queries):
    for number in range(12):
        ImportJob.objects.create(
            kind="roster", under=town.community, street=town.street, file_name=f"{number}.xlsx",
            file_hash=str(number), uploaded_by=town.users["community_staff"],
        )  # fmt: skip
    with django_assert_max_num_queries(14):
        staff.get(reverse("residents:imports"))
