"""Taking an import back within seven days: what nobody touched since stands again as before."""

from datetime import timedelta

import pytest
from django.core import serializers
from django.urls import reverse
from django.utils import timezone

from orgs import services as org_services
from orgs.importers import beat
from orgs.models import AuditEntry, ImportJob, Person
from orgs.tasks import run_import_jobs
from residents.models import CareTag, Household, LinkedHousehold, Residency, RosterUndo
from residents.services import add_resident, edit_resident
from residents.services.roster import import_roster
from tests.residents.rosters import TODAY, citizen_id, person, sheet_rows, workbook

WIFE = citizen_id("19810203", 2)
STATE = ImportJob.State


def wife(**cells):
    wanted = {
        "姓名": "李美丽", "与户主关系": "配偶", "性别": "女", "证件号码": WIFE, "出生日期": "1981-02-03",
    }  # fmt: skip
    return person(**(wanted | cells))


def load(town, *people):
    import_roster(
        data=workbook(sheet_rows(list(people))), communities=[town.community], today=TODAY, by=None
    )


@pytest.fixture
def submit(town, media):
    """Upload these people and run the job to its end."""

    def go(*people):
        staff = town.users["community_staff"]
        job = org_services.submit_import(
            kind="roster", under=town.community, file_name="册.xlsx", by=staff,
            data=workbook(sheet_rows(list(people))),
        )  # fmt: skip
        run_import_jobs()
        org_services.confirm_import(job=job, by=staff)
        run_import_jobs()
        job.refresh_from_db()
        assert job.state == STATE.DONE
        return job

    return go


def undo(town, job):
    org_services.undo_import(job=job, by=town.users["community_staff"])
    run_import_jobs()
    job.refresh_from_db()
    return job.counts.get("undo")


def everything():
    """The register as it is, but for versions and stamps."""
    rows = []
    for model in (Household, Person, Residency, CareTag):
        for row in serializers.serialize("python", model.objects.order_by("pk")):
            fields = row["fields"]
            for name in ("version", "updated_at"):
                fields.pop(name, None)
            rows.append((row["model"], row["pk"], fields))
    return rows


def test_everything_stands_again_as_it_was(town, submit):
    load(town, person(联系电话="16900000001", 证件号码="", 证件类型=""), wife(备注="原备注"))
    before = everything()
    job = submit(
        person(联系电话="16900000002", 民族="回族", 重点人群="困难"),
        wife(备注="新备注", 与户主关系="户主", 居住状态="流动"),
        wife(姓名="王五", 房号="102", 户编号="2", 证件号码=citizen_id(serial=21)),
    )
    assert (job.counts["create"], job.counts["update"]) == (1, 2)
    assert everything() != before
    assert undo(town, job) == {"households": 2, "people": 1, "left": 0}
    assert job.state == STATE.UNDONE
    assert everything() == before
    assert not RosterUndo.objects.exists()
    assert AuditEntry.objects.filter(action="import.undone", target_id=str(job.pk)).exists()


def test_a_corrected_door_goes_back_with_its_scope(town, submit):
    load(town, person(房号="801"))
    before = everything()
    job = submit(person(楼栋="2栋", 房号="301"))
    assert Household.objects.get(residencies__isnull=False).building == town.sister_building
    undo(town, job)
    assert everything() == before


def test_what_somebody_worked_with_since_is_left_and_named(town, submit, client):
    job = submit(
        person(),
        wife(
            姓名="王五", 房号="702", 户编号="2", 与户主关系="户主", 证件号码=citizen_id(serial=21)
        ),
        wife(
            姓名="赵六", 房号="103", 户编号="3", 与户主关系="户主", 证件号码=citizen_id(serial=23)
        ),
    )
    zhang = Person.objects.get(name="张小三")
    residency = zhang.residencies.get()
    edit_resident(
        residency=residency, version=residency.household.version, by=None, name="张小三",
        relation="户主", status="", identity=None, phone=None, gender="1",
    )  # fmt: skip
    linked = Household.objects.get(room="702")
    LinkedHousehold.objects.create(
        head=town.users["corridor_head"].person, household=linked, start=TODAY
    )
    assert undo(town, job) == {"households": 1, "people": 1, "left": 2}
    assert not Person.objects.filter(name="赵六").exists()
    assert Person.objects.filter(name__in=["张小三", "王五"]).count() == 2
    client.force_login(town.users["community_staff"])
    page = client.get(reverse("residents:import", args=[job.pk])).content.decode()
    assert "导入后改过" in page
    assert "已被其他业务使用" in page


def test_somebody_who_moved_in_since_keeps_the_household(town, submit):
    job = submit(person())
    add_resident(household=Household.objects.get(room="101", number="000001"), name="新人", by=None)
    assert undo(town, job)["left"] == 1
    assert Person.objects.filter(name="张小三").exists()


def test_the_page_says_what_an_undo_would_do_and_writes_nothing(town, submit, client):
    job = submit(person(), wife())
    client.force_login(town.users["community_staff"])
    url = reverse("residents:import_undo", args=[job.pk])
    assert "撤销这次导入" in client.get(reverse("residents:import", args=[job.pk])).content.decode()
    page = client.get(url)
    assert (page.context["effect"].households, page.context["effect"].people) == (1, 2)
    assert Person.objects.filter(name="张小三").exists()
    client.post(url)
    run_import_jobs()
    assert not Person.objects.filter(name="张小三").exists()
    assert "已撤销" in client.get(reverse("residents:import", args=[job.pk])).content.decode()


def test_after_seven_days_it_is_refused_with_a_sentence(town, submit, client):
    job = submit(person())
    ImportJob.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=8))
    client.force_login(town.users["community_staff"])
    url = reverse("residents:import_undo", args=[job.pk])
    assert "不能撤销" in client.get(url, follow=True).content.decode()
    assert "超过 7 天" in client.post(url, follow=True).content.decode()
    assert Person.objects.filter(name="张小三").exists()


def test_people_of_another_street_find_no_undo(town, submit, client):
    job = submit(person())
    client.force_login(town.users["other_community_staff"])
    assert client.post(reverse("residents:import_undo", args=[job.pk])).status_code == 404


def test_a_cancelled_import_reports_what_it_wrote_and_can_be_undone(
    town, media, settings, monkeypatch
):
    settings.ROSTER_BATCH_ROWS = 1
    staff = town.users["community_staff"]
    job = org_services.submit_import(
        kind="roster", under=town.community, file_name="册.xlsx", by=staff,
        data=workbook(sheet_rows([person(), wife(房号="102", 户编号="2")])),
    )  # fmt: skip
    run_import_jobs()
    org_services.confirm_import(job=job, by=staff)

    def cancel_first(job, done):
        org_services.cancel_import(job=ImportJob.objects.get(pk=job.pk), by=staff)
        return beat(job, done)

    monkeypatch.setattr("residents.resources.beat", cancel_first)
    run_import_jobs()
    job.refresh_from_db()
    assert (job.state, job.counts["create"], job.counts["not_reached"]) == (STATE.CANCELLED, 1, 1)
    assert job.result_stored_as
    stopped = AuditEntry.objects.get(action="import.stopped")
    assert stopped.detail["create"] == 1
    assert undo(town, job)["people"] == 1
    assert not Person.objects.filter(name__in=["张小三", "李美丽"]).exists()
