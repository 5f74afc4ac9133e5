"""What a person sees of an import before confirming it: every row, every finding, every column."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from orgs.models import AuditEntry, ImportJob
from orgs.tasks import run_import_jobs, tidy
from residents.models import Residency, RosterAbsence, RosterMapping
from residents.services.absences import decide_absences
from tests.residents.rosters import HEADER, citizen_id, person, sheet_rows, workbook

State = RosterAbsence.State
ODD = ["小区名称", "楼栋", "单元", "房号", "大名", "与户主关系", "证件号码", "血型"]


def odd_rows(*people):
    return [[one.get("姓名" if name == "大名" else name) for name in ODD] for one in people]


def neighbour(number, **cells):
    wanted = {
        "姓名": f"邻居{number}", "房号": f"{600 + number}", "户编号": f"N{number}",
        "证件号码": citizen_id(serial=100 + number * 2 + 1),
    }  # fmt: skip
    return person(**(wanted | cells))


@pytest.fixture
def staff(client, town, media):
    client.force_login(town.users["community_staff"])
    return client


def upload(client, town, data, **more):
    client.post(
        reverse("residents:imports"),
        {"under": town.community.pk, "file": SimpleUploadedFile("册.xlsx", data), **more},
    )
    run_import_jobs()
    return ImportJob.objects.latest("pk")


def confirm(client, job, **more):
    client.post(reverse("residents:import_confirm", args=[job.pk]), more)
    run_import_jobs()
    job.refresh_from_db()
    return job


def page(client, name, job, query=""):
    return client.get(reverse(f"residents:{name}", args=[job.pk]) + query)


# Rows


def test_every_number_links_to_the_rows_it_counts(staff, town):
    people = [neighbour(number) for number in range(60)] + [neighbour(70, 证件号码="123")]
    job = upload(staff, town, workbook(sheet_rows(people)))
    shown = page(staff, "import", job)
    for _label, count, _level, url in shown.context["tiles"]:
        rows = staff.get(url)
        assert rows.context["page"].paginator.count == count
    second = page(staff, "import_lines", job, "?outcome=create&page=2")
    assert second.context["page"].number == 2
    assert len(second.context["rows"]) == 10
    assert "没有符合条件" in page(staff, "import_lines", job, "?outcome=update").content.decode()
    assert page(staff, "import_lines", job, "?outcome=x").status_code == 400


def test_a_row_shows_its_cell_and_sentence(staff, town):
    job = upload(staff, town, workbook(sheet_rows([neighbour(1), neighbour(2, 证件号码="123")])))
    text = page(staff, "import_lines", job, "?severity=error").content.decode()
    assert "居民花名册!N3" in text
    assert "邻*2" in text
    assert "邻*1" not in text


def test_the_report_can_be_had_before_the_confirmation_and_is_harmless(staff, town):
    job = upload(staff, town, workbook(sheet_rows([neighbour(2, 证件号码="123", 备注="=1+1")])))
    answer = page(staff, "import_report", job)
    book = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    texts = [str(cell.value) for row in book.iter_rows() for cell in row if cell.value]
    assert "居民花名册!N2" in texts
    assert not any(text.startswith("=") for text in texts)
    assert AuditEntry.objects.filter(action="import.report").exists()


def test_expired_rows_are_said_to_be_gone(staff, town):
    job = upload(staff, town, workbook(sheet_rows([neighbour(1)])))
    confirm(staff, job)
    ImportJob.objects.update(finished_at=timezone.now() - timedelta(days=31))
    tidy()
    job.refresh_from_db()
    assert job.lines_stored_as == ""
    assert "已过期删除" in page(staff, "import_lines", job).content.decode()
    assert page(staff, "import_report", job).status_code == 302


def test_a_preview_nobody_confirmed_does_not_lie_here_for_ever(staff, town):
    job = upload(staff, town, workbook(sheet_rows([neighbour(1)])))
    ImportJob.objects.update(created_at=timezone.now() - timedelta(days=31))
    tidy()
    job.refresh_from_db()
    assert (job.state, job.stored_as) == ("cancelled", "")


# Columns


def test_an_unknown_column_is_asked_about_once(staff, town):
    rows = [ODD, *odd_rows(neighbour(1), neighbour(2))]
    job = upload(staff, town, workbook(rows))
    shown = page(staff, "import", job).content.decode()
    assert "缺少必需的列" in shown
    assert "确认导入" not in shown
    columns = page(staff, "import_columns", job)
    assert "大名" in columns.content.decode()
    assert "邻居1" not in columns.content.decode()
    staff.post(
        reverse("residents:import_columns", args=[job.pk]),
        {"use": "居民花名册", "header-0": "1", "field-0-4": "name"},
    )
    run_import_jobs()
    assert "确认导入" in page(staff, "import", job).content.decode()
    assert confirm(staff, job).counts["create"] == 2
    again = upload(staff, town, workbook([ODD, *odd_rows(neighbour(3))]))
    assert again.mapping["sure"]
    assert confirm(staff, again).counts["create"] == 1


def test_a_remembered_header_can_be_looked_at_and_forgotten(staff, town):
    job = upload(staff, town, workbook([ODD, *odd_rows(neighbour(1))]))
    asked = {"use": "居民花名册", "header-0": "1", "field-0-4": "name"}
    staff.post(reverse("residents:import_columns", args=[job.pk]), asked)
    kept = RosterMapping.objects.get()
    assert "册.xlsx" in staff.get(reverse("residents:mappings")).content.decode()
    url = reverse("residents:mapping", args=[kept.pk])
    assert "大名" in staff.get(url).content.decode()
    staff.post(url)
    assert not RosterMapping.objects.exists()
    job = upload(staff, town, workbook([ODD, *odd_rows(neighbour(1))]))
    assert not job.mapping["sure"]


def test_a_moved_header_is_shown_once_more(staff, town):
    rows = [HEADER, ODD, *odd_rows(neighbour(1))]
    job = upload(staff, town, workbook(rows))
    url = reverse("residents:import_columns", args=[job.pk])
    staff.post(url, {"use": "居民花名册", "header-0": "2"})
    run_import_jobs()
    job.refresh_from_db()
    assert job.mapping["sheets"][0]["header_row"] == 2
    assert not job.mapping["sure"]
    assert not RosterMapping.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"header-0": "0", "use": "居民花名册"}, "表头所在行请填"),
        ({"header-0": "1"}, "至少保留一张"),
        ({"use": "居民花名册", "field-0-4": "evil"}, "请从列表里选择"),
    ],
)
def test_bad_choices_are_refused_with_a_sentence(staff, town, sent, sentence):
    job = upload(staff, town, workbook([ODD, *odd_rows(neighbour(1))]))
    answer = staff.post(reverse("residents:import_columns", args=[job.pk]), sent)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("name", ["import_lines", "import_report", "import_columns"])
def test_people_of_another_street_find_nothing(staff, client, town, name):
    job = upload(staff, town, workbook(sheet_rows([neighbour(1)])))
    client.force_login(town.users["other_community_staff"])
    assert page(client, name, job).status_code == 404


# 疑似迁出


@pytest.fixture
def two_lists(staff, town):
    """邻居1–3 registered; then a full list that names 邻居1 only, and 邻居3 with a bad id."""
    confirm(staff, upload(staff, town, workbook(sheet_rows([neighbour(n) for n in (1, 2, 3)]))))
    rest = [neighbour(1), neighbour(3, 证件号码="123")]
    return upload(staff, town, workbook(sheet_rows(rest)), is_full="on")


def test_a_full_list_asks_about_those_it_does_not_name(staff, town, two_lists):
    job = two_lists
    assert job.counts["absent"] == {str(town.building.pk): 1}
    assert job.counts["covered"] == [town.building.pk]
    assert "1 人" in page(staff, "import", job).content.decode()
    confirm(staff, job, area="covered")
    absence = RosterAbsence.objects.get()
    assert absence.residency.person.name == "邻居2"
    assert absence.residency.end is None
    assert "疑似迁出" in page(staff, "import", job).content.decode()


def test_nobody_is_listed_where_that_is_wanted(staff, town, two_lists):
    confirm(staff, two_lists, area="nobody")
    assert not RosterAbsence.objects.exists()


def test_a_full_list_of_one_building_leaves_the_next_one_alone(staff, town):
    """阳光花园 1栋 is listed; who lives in 2栋 is asked about only on demand."""
    people = [neighbour(1), neighbour(2), neighbour(3, 楼栋="2栋"), neighbour(4, 楼栋="2栋")]
    confirm(staff, upload(staff, town, workbook(sheet_rows(people))))
    job = upload(staff, town, workbook(sheet_rows([neighbour(1)])), is_full="on")
    content = page(staff, "import", job).content.decode()
    assert "名单里写到的楼栋：1 人不在名单里" in content
    assert "名单里写到的网格，整个网格：1 人不在名单里" in content
    assert "您范围内的全部楼栋：3 人不在名单里" in content
    assert "2 人（名单没有写到这栋楼）" in content
    confirm(staff, job, area="covered")
    assert RosterAbsence.objects.get().residency.person.name == "邻居2"


def test_buildings_of_a_full_list_can_be_ticked(staff, town):
    confirm(staff, upload(staff, town, workbook(sheet_rows([neighbour(n) for n in (1, 2)]))))
    confirm(staff, upload(staff, town, workbook(sheet_rows([neighbour(3, 楼栋="2栋")]))))
    job = upload(staff, town, workbook(sheet_rows([neighbour(1)])), is_full="on")
    said = staff.post(
        reverse("residents:import_confirm", args=[job.pk]), {"area": "chosen"}, follow=True
    )
    assert "请至少勾选一栋楼" in said.content.decode()
    job.refresh_from_db()
    assert job.state == ImportJob.State.PREVIEWED
    confirm(staff, job, area="chosen", buildings=[town.sister_building.pk])
    assert RosterAbsence.objects.get().residency.person.name == "邻居3"


def test_a_list_that_is_not_full_asks_nothing(staff, town):
    confirm(staff, upload(staff, town, workbook(sheet_rows([neighbour(1)]))))
    job = upload(staff, town, workbook(sheet_rows([neighbour(2)])))
    assert job.counts["absent"] == {}


def test_missing_people_are_settled_together(staff, town, two_lists):
    confirm(staff, two_lists, area="covered")
    absence = RosterAbsence.objects.get()
    url = reverse("residents:absences")
    assert "邻居2" in staff.get(url).content.decode()
    assert staff.post(url, {"choice": "moved"}).status_code == 400
    staff.post(url, {"rows": absence.pk, "choice": "moved", "on": "2026-11-01"})
    residency = Residency.objects.get(person__name="邻居2")
    assert (str(residency.end), residency.end_reason) == ("2026-11-01", "moved_out")
    absence.refresh_from_db()
    assert absence.state == State.MOVED
    assert AuditEntry.objects.filter(action="roster.absent").exists()


def test_somebody_found_at_home_is_not_asked_about_again_at_once(staff, town, two_lists):
    confirm(staff, two_lists, area="covered")
    decide_absences(
        rows=RosterAbsence.objects.all(), choice="stays", by=town.users["community_staff"]
    )
    job = upload(staff, town, workbook(sheet_rows([neighbour(1), neighbour(3)])), is_full="on")
    confirm(staff, job, area="covered")
    assert RosterAbsence.objects.get().state == State.STAYS


def test_somebody_on_the_next_list_is_missing_no_more(staff, town, two_lists):
    confirm(staff, two_lists, area="covered")
    everybody = [neighbour(n) for n in (1, 2, 3)]
    confirm(staff, upload(staff, town, workbook(sheet_rows(everybody)), is_full="on"))
    assert RosterAbsence.objects.get().state == State.EXPIRED


@pytest.mark.parametrize(
    ("key", "status"),
    [("community_secretary", 200), ("grid_head", 200), ("dispatcher", 403), ("volunteer", 403)],
)
def test_who_sees_the_missing(staff, client, town, two_lists, key, status):
    confirm(staff, two_lists, area="covered")
    client.force_login(town.users[key])
    assert client.get(reverse("residents:absences")).status_code == status


def test_those_of_another_street_are_not_settled(staff, client, town, two_lists):
    confirm(staff, two_lists, area="covered")
    client.force_login(town.users["other_community_staff"])
    absence = RosterAbsence.objects.get()
    answer = client.post(reverse("residents:absences"), {"rows": absence.pk, "choice": "stays"})
    assert answer.status_code == 403
    assert RosterAbsence.objects.get().state == State.OPEN
