"""The register as a roster: it comes back all unchanged, shows no numbers, and notices newer edits."""

import io

import openpyxl
import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Person
from residents.models import Household, Residency, RosterConflict
from residents.roster.keys import person_key, read_person_key
from residents.services import edit_resident
from residents.services.export import export_roster
from residents.services.roster import import_roster
from tests.residents.rosters import TODAY, citizen_id, person
from tests.residents.test_import_roster import fates, load, wife

CHILD = {
    "姓名": "张小四",
    "与户主关系": "子女",
    "证件号码": "",
    "证件类型": "",
    "出生日期": "2024-05-01",
}


@pytest.fixture
def exported(town):
    """Three people of one home, exported by the community's staff: an openpyxl workbook."""
    load(
        town,
        person(联系电话="16900000001/16900000002", 居住状态="常住", 备注="+86联系", 民族="回族"),
        wife(工作单位="身份证" + citizen_id(serial=5)),
        person(**CHILD),
    )
    return _export(town)


def _export(town):
    file = io.BytesIO()
    export_roster(households=Household.objects, by=town.users["community_staff"], file=file)
    return openpyxl.load_workbook(file)


def _again(town, book):
    file = io.BytesIO()
    book.save(file)
    return import_roster(data=file.getvalue(), communities=[town.community], today=TODAY, by=None)


def _set(book, name, header, value):
    sheet = book.active
    headers = [cell.value for cell in sheet[3]]
    for row in sheet.iter_rows(min_row=4):
        if row[headers.index("姓名")].value == name:
            row[headers.index(header)].value = value


def test_it_comes_back_all_unchanged(town, exported):
    result = _again(town, exported)
    assert fates(result) == ["unchanged"] * 3
    assert "id_missing" not in result.kinds()


def test_namesakes_of_one_home_come_back_as_two(town):
    """Masked alike, told apart by their keys."""
    load(
        town,
        person(),
        wife(姓名="王大明"),
        person(姓名="王大明", 与户主关系="兄弟", 证件号码=citizen_id(serial=9)),
    )
    assert fates(_again(town, _export(town))) == ["unchanged"] * 3


def test_it_shows_no_numbers_and_is_on_record(town, exported):
    texts = " ".join(str(cell.value) for row in exported.active.iter_rows() for cell in row)
    assert citizen_id() not in texts
    assert "16900000001" not in texts
    assert "1980-05-06" not in texts
    assert "3499**********" in texts
    assert citizen_id(serial=5) not in texts
    assert AuditEntry.objects.get(action="roster.export").detail == {"people": 3}


def test_a_changed_cell_updates_that_person_only(town, exported):
    _set(exported, "张小三", "文化程度", "本科")
    _set(exported, "张小三", "联系电话", "16900000009")
    assert fates(_again(town, exported)) == ["update", "unchanged", "unchanged"]
    zhang = Person.objects.get(name="张小三")
    assert (zhang.education, zhang.phone.reveal()) == ("本科", "16900000009")
    assert zhang.id_number.reveal() == citizen_id()


def test_a_newer_edit_in_the_system_is_not_overwritten(town, exported):
    residency = Residency.objects.get(person__name="张小三")
    edit_resident(
        residency=residency, version=residency.household.version, by=None, name="张小三",
        relation="户主", status="常住", identity=None, phone=None, gender="1", education="大专",
    )  # fmt: skip
    _set(exported, "张小三", "文化程度", "本科")
    assert fates(_again(town, exported)) == ["conflict", "unchanged", "unchanged"]
    assert RosterConflict.objects.get().kind == "newer"
    assert Person.objects.get(name="张小三").education == "大专"


def test_a_key_nobody_signed_stands_for_nobody():
    assert read_person_key(person_key(12)) == 12
    for key in ("12-0000", "13" + person_key(12)[2:], "", "x", "１２-a", "9" * 30):
        assert read_person_key(key) is None


@pytest.mark.parametrize(
    ("key", "status"),
    [("community_staff", 200), ("street_admin", 200), ("grid_head", 403), ("dispatcher", 403)],
)
def test_who_may_export(client, town, key, status):
    load(town, person())
    client.force_login(town.users[key])
    answer = client.post(reverse("residents:roster_export"))
    assert answer.status_code == status
    if key == "street_admin":
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        names = [row[7].value for row in book.active.iter_rows(min_row=4)]
        assert names == ["张*三"]


def test_nobody_exports_another_area(client, town):
    load(town, person())
    client.force_login(town.users["other_community_staff"])
    answer = client.post(reverse("residents:roster_export"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.active.max_row == 3
