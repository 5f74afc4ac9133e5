"""Rows of a roster that say 迁出 or 死亡: nobody is deleted, a clerk is asked (疑似迁出/疑似死亡)."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from grids.locate import communities_under
from orgs.models import AuditEntry
from residents.models import Residency, RosterAbsence
from residents.roster.apply import Result
from residents.services.absences import decide_absences
from residents.services.roster import import_roster
from residents.views.importing import absences
from tests.residents.rosters import HEADER, TODAY, citizen_id, person, sheet_rows, workbook
from tests.town import Town

MORE = [*HEADER, "人员状态", "死亡日期"]
State, Kind = RosterAbsence.State, RosterAbsence.Kind
FIRST = person(姓名="钱多多")
SECOND = person(姓名="周不在", 证件号码="", 出生日期="1950-01-01", 房号="102", 户编号="000002")


def read(town: Town, *people: Any, **more: Any) -> Result:
    return import_roster(
        data=workbook(sheet_rows(list(people), MORE)),
        communities=communities_under(town.community.division_code or ""),
        today=TODAY, by=town.users["community_staff"], **more,
    )  # fmt: skip


@pytest.fixture
def two_residents(town: Town) -> Town:
    read(town, FIRST, SECOND)
    assert Residency.objects.filter(end=None).count() == 2
    return town


def test_those_on_the_register_are_queued_with_the_day_the_list_gives(two_residents: Town) -> None:
    gone = FIRST | {"人员状态": "死亡", "死亡日期": "2026-05-01"}, SECOND | {"人员状态": "已迁出"}
    preview = read(two_residents, *gone, dry_run=True)
    assert len(preview.gone) == 2
    assert not RosterAbsence.objects.exists()
    result = read(two_residents, *gone)
    assert result.counts.reject == 2
    found = dict(RosterAbsence.objects.values_list("residency__person__name", "kind"))
    assert found == {"钱多多": Kind.DIED, "周不在": Kind.MOVED}
    assert str(RosterAbsence.objects.get(kind=Kind.DIED).said_on) == "2026-05-01"
    assert Residency.objects.filter(end=None).count() == 2
    read(two_residents, *gone)
    assert RosterAbsence.objects.count() == 2


def test_strangers_who_are_gone_are_only_refused(town: Town) -> None:
    stranger = person(姓名="吴此人", 证件号码=citizen_id(serial=7), 人员状态="已故")
    assert read(town, stranger).gone == set()
    assert not RosterAbsence.objects.exists()


def test_a_full_list_does_not_ask_about_them_twice(two_residents: Town) -> None:
    gone = FIRST | {"人员状态": "已迁出"}
    here = {two_residents.building.pk}
    result = read(two_residents, gone, SECOND, is_full=True, full_buildings=here)
    assert result.absent == {}
    assert RosterAbsence.objects.get().kind == Kind.MOVED


def test_a_clerk_settles_them_by_the_day_of_the_list(two_residents: Town) -> None:
    read(two_residents, FIRST | {"死亡日期": "2026-05-01"}, SECOND | {"人员状态": "已迁出"})
    clerk = two_residents.users["community_staff"]
    died = RosterAbsence.objects.filter(kind=Kind.DIED)
    assert decide_absences(rows=died, choice="died", by=clerk) == 1
    residency = Residency.objects.select_related("person").get(person__name="钱多多")
    assert (str(residency.end), residency.end_reason) == ("2026-05-01", "died")
    assert str(residency.person.died_on) == "2026-05-01"
    moved = RosterAbsence.objects.filter(kind=Kind.MOVED)
    with pytest.raises(ValidationError, match="请填写迁出日期"):
        decide_absences(rows=moved, choice="moved", by=clerk)
    assert moved.get().state == State.OPEN


def test_the_pages_say_why_somebody_is_on_the_list(two_residents: Town, client: Any) -> None:
    read(two_residents, FIRST | {"死亡日期": "2026-05-01"})
    client.force_login(two_residents.users["community_staff"])
    page = client.get("/residents/imports/missing/").content.decode()
    assert "名单写明死亡，2026-05-01" in page
    assert "已死亡" in page


def test_the_list_goes_along_to_the_doors(
    two_residents: Town, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(two_residents, FIRST | {"人员状态": "死亡", "死亡日期": "2026-05-01"})
    client, url = enter("community_staff"), "/residents/imports/missing/"
    page = client.get(url)
    assert page.context["page"].count == 1
    assert page.context["export_url"] == f"{url}export/?"
    assert client.get(f"{url}export/").status_code == 405
    response = client.post(f"{url}export/")
    assert "no-store" in response["Cache-Control"]
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    row = list(book.active.values)[-1]
    assert (row[1], row[7], row[8]) == ("钱多多", "名单写明死亡，2026-05-01", "命令行导入")
    assert "101" in row[6]
    assert AuditEntry.objects.get(action="roster.absent_export").detail == {"rows": 1}
    settled = list(
        openpyxl.load_workbook(
            BytesIO(b"".join(client.post(f"{url}export/?state=stays").streaming_content))
        ).active.values
    )
    assert settled[-1][1] == "姓名"
    monkeypatch.setattr(absences, "MOST_EXPORTED", 0)
    refused = client.post(f"{url}export/", follow=True)
    assert "共 1 人，一次最多导出 0 人" in refused.content.decode()
    assert enter("other_community_staff").post(f"{url}export/").status_code == 200
    assert enter("grid_head").post(f"{url}export/").status_code == 403
