"""Rosters into the register: create, update, leave alone, and never overwrite a contradiction."""

import threading
from datetime import date

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from orgs.keys import fingerprint
from orgs.models import AuditEntry, Person
from residents.models import CareKind, CareTag, Household, Residency
from residents.roster.apply import _batch_rows
from residents.roster.write import Writer
from residents.services.roster import import_roster
from tests.residents.rosters import HEADER, TODAY, citizen_id, person, sheet_rows, workbook
from tests.town import build_town, make_person

ID = citizen_id()
WIFE = citizen_id("19810203", 2)
CHILD = {
    "姓名": "张小四",
    "与户主关系": "子女",
    "证件号码": "",
    "证件类型": "",
    "出生日期": "2024-05-01",
}


def wife(**cells):
    wanted = {
        "姓名": "李美丽", "与户主关系": "配偶", "性别": "女", "证件号码": WIFE, "出生日期": "1981-02-03",
    }  # fmt: skip
    return person(**(wanted | cells))


def load(town, *people, **options):
    """Import these people into 幸福社区 and return the result."""
    return import_roster(
        data=workbook(sheet_rows(list(people))), communities=[town.community], today=TODAY,
        by=None, **options,
    )  # fmt: skip


def kinds(result):
    return set(result.kinds())


def fates(result):
    return [str(outcome) for outcome in result.outcomes]


def the(name):
    return Person.objects.get(name=name)


def test_it_stores_people_with_their_door_scope_and_sealed_numbers(town):
    result = load(
        town, person(联系电话="16900000001/16900000002", 重点人群="困难", 备注="+86联系"), wife()
    )
    assert fates(result) == ["create", "create"]
    zhang = the("张小三")
    assert (zhang.name_initials, zhang.gender, zhang.birth_date) == ("ZXS", "1", date(1980, 5, 6))
    assert zhang.id_number.reveal() == ID
    assert zhang.id_fingerprint == fingerprint(ID)
    assert zhang.phone.reveal() == "16900000001;16900000002"
    assert zhang.remark == "+86联系"
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone, birth FROM orgs_person WHERE id = %s", [zhang.pk])
        assert all(token.startswith(("sm4:", "aes:")) for token in cursor.fetchone())
    home = zhang.residencies.get()
    assert (home.relation, home.is_head, home.start, home.end) == ("户主", True, None, None)
    household = home.household
    assert household.building == town.building
    assert household.entrance == town.entrance
    assert (household.room, household.number) == ("101", "000001")
    assert (household.grid, household.community) == (town.grid, town.community)
    assert (household.street, household.district) == (town.street, town.district)
    assert CareTag.objects.get(person=zhang).kind.name == "困难家庭"


def test_it_uses_an_empty_household_of_the_room_and_opens_a_second_for_strangers(town):
    load(town, person())
    assert the("张小三").residencies.get().household == town.households[0]
    stranger = person(姓名="王五", 户编号="000009", 证件号码=citizen_id(serial=3))
    assert kinds(load(town, stranger)) == {"room_shared"}
    assert Household.objects.filter(building=town.building, room="101").count() == 2


def test_the_same_file_again_changes_nothing(town):
    people = [person(联系电话="16900000001", 重点人群="高龄"), wife(), person(**CHILD)]
    load(town, *people)
    before = list(Person.objects.order_by("pk").values())
    version = Household.objects.get(number="000001").version
    result = load(town, *people)
    assert fates(result) == ["unchanged"] * 3
    assert list(Person.objects.order_by("pk").values()) == before
    assert Household.objects.get(number="000001").version == version
    assert CareTag.objects.count() == 1


def test_a_dry_run_says_what_would_happen_and_writes_nothing(town):
    people = Person.objects.count()
    result = load(town, person(), wife(), dry_run=True)
    assert (result.counts.create, result.counts.households) == (2, 1)
    assert (Person.objects.count(), Residency.objects.count()) == (people, 0)
    assert not AuditEntry.objects.filter(action="roster.import").exists()


def test_a_corrected_file_updates_and_blanks_clear_nothing(town):
    load(town, person(联系电话="16900000001", 文化程度="本科"), wife())
    result = load(town, person(联系电话="16900000009", 民族="回族", 文化程度=""), wife())
    assert fates(result) == ["update", "unchanged"]
    zhang = the("张小三")
    assert zhang.phone.reveal() == "16900000009"
    assert zhang.phone_fingerprint == fingerprint("16900000009")
    assert (zhang.ethnicity, zhang.education) == ("回族", "本科")
    assert Household.objects.get(number="000001").version > 1


@pytest.mark.parametrize("batch_rows", [0, 1])
def test_a_namesake_does_not_take_a_household_the_file_numbers(town, settings, batch_rows):
    """The room has household 000001; the file adds 000009 above it, where the same name occurs."""
    settings.ROSTER_BATCH_ROWS = batch_rows
    load(town, person())
    stranger = person(户编号="000009", 证件号码=citizen_id("19700101", 5), 出生日期="1970-01-01")
    counts = load(town, stranger, person()).counts
    assert (counts.create, counts.unchanged, counts.conflict) == (1, 1, 0)
    assert Household.objects.filter(number__in=["000001", "000009"]).count() == 2


def test_a_number_of_rows_that_was_set_holds_for_large_files(settings):
    assert [_batch_rows(rows) for rows in (1000, 40_000, 900_000)] == [3000, 4000, 10_000]
    settings.ROSTER_BATCH_ROWS = 500
    assert [_batch_rows(rows) for rows in (1000, 900_000)] == [500, 500]


def test_a_corrected_household_number_stays_one_household(town):
    nobody = {"证件号码": "", "证件类型": "", "出生日期": "1980-05-06"}
    load(town, person(**nobody))
    counts = load(town, person(户编号="000009", **nobody)).counts
    assert (counts.create, counts.update) == (0, 1)
    assert Household.objects.filter(number="000009").count() == 1
    assert not Household.objects.filter(number="000001").exists()


def test_a_second_phone_number_is_noticed(town):
    load(town, person(联系电话="16900000001"))
    assert fates(load(town, person(联系电话="16900000001;16900000002"))) == ["update"]
    assert fates(load(town, person(联系电话="16900000001;16900000002"))) == ["unchanged"]
    assert fates(load(town, person(联系电话="16900000001"))) == ["unchanged"]


def test_a_corrected_door_moves_the_whole_household(town):
    load(town, person(), wife())
    result = load(
        town,
        person(楼栋="2栋", 房号="301", 单元="2单元"),
        wife(楼栋="2栋", 房号="301", 单元="2单元"),
    )
    assert fates(result) == ["update", "update"]
    household = the("张小三").residencies.get().household
    assert (household.building, household.room) == (town.sister_building, "301")
    assert household.entrance is not None
    assert household.entrance.name == "2单元"
    assert household.grid == town.sister_grid


def test_a_new_member_joins_the_household_of_the_register(town):
    load(town, person())
    assert fates(load(town, person(), wife())) == ["unchanged", "create"]
    assert Residency.objects.values("household").distinct().count() == 1


def test_one_number_with_two_names_is_a_conflict(town):
    load(town, person())
    result = load(town, person(姓名="赵六"))
    assert fates(result) == ["conflict"]
    assert kinds(result) == {"conflict_name"}
    assert not Person.objects.filter(name="赵六").exists()


def test_a_number_that_lives_in_another_home_is_a_conflict(town):
    load(town, person())
    result = load(town, person(房号="102", 户编号="000002"))
    assert fates(result) == ["conflict"]
    assert kinds(result) == {"conflict_home"}
    assert the("张小三").residencies.get().household.room == "101"


def test_the_dead_and_the_moved_out_are_not_brought_back(town):
    load(town, person(), wife())
    zhang, li = the("张小三"), the("李美丽")
    Person.objects.filter(pk=zhang.pk).update(died_on=TODAY)
    Residency.objects.filter(person__in=[zhang, li]).update(end=TODAY)
    result = load(town, person(), wife())
    assert fates(result) == ["conflict", "conflict"]
    assert kinds(result) == {"conflict_died", "conflict_moved_out"}


def test_somebody_who_moved_out_elsewhere_may_move_in_here(town):
    load(town, person())
    Residency.objects.update(end=date(2026, 1, 1))
    assert fates(load(town, person(房号="102", 户编号="000002"))) == ["update"]
    assert the("张小三").residencies.count() == 2


def test_a_person_with_another_hat_is_not_copied(town):
    zhang = make_person("张小三")
    zhang.seal_identity(id_number=ID)
    zhang.save()
    assert fates(load(town, person())) == ["update"]
    assert Person.objects.filter(name="张小三").get() == zhang
    assert the("张小三").birth_date == date(1980, 5, 6)


def test_a_person_without_paper_is_known_by_name_birth_date_and_household(town):
    load(town, person(), person(**CHILD))
    twin = CHILD | {"出生日期": "2024-05-02"}
    result = load(town, person(), person(**CHILD), person(**twin))
    assert fates(result) == ["unchanged", "unchanged", "create"]
    paper = {"证件类型": "居民身份证", "证件号码": citizen_id("20240501", 7)}
    assert fates(load(town, person(), person(**(CHILD | paper)))) == ["unchanged", "update"]
    child = Person.objects.get(id_fingerprint=fingerprint(paper["证件号码"]))
    assert (child.name, child.id_kind) == ("张小四", "居民身份证")


def test_a_member_whose_number_changed_is_a_conflict(town):
    load(town, person())
    result = load(town, person(证件号码=citizen_id(serial=5)))
    assert (fates(result), kinds(result)) == (["conflict"], {"conflict_id"})


def test_a_new_head_replaces_the_old_one_and_never_stands_beside_it(town):
    load(town, person(), wife())
    result = load(town, person(与户主关系="配偶"), wife(与户主关系="户主"))
    assert fates(result) == ["update", "update"]
    assert Residency.objects.get(is_head=True).person == the("李美丽")
    third = person(姓名="张老大", 证件号码=citizen_id("19500101", 9), 出生日期="1950-01-01")
    assert "head_changed" in kinds(load(town, third))
    assert Residency.objects.get(is_head=True).person == the("张老大")
    assert the("李美丽").residencies.get().relation == ""


def test_of_two_heads_in_the_file_the_first_is_the_head(town):
    result = load(town, person(), wife(与户主关系="户主"))
    assert kinds(result) == {"head_two"}
    assert Residency.objects.get(is_head=True).person == the("张小三")


def test_key_populations_are_added_once_and_stay_removed(town):
    load(town, person(重点人群="困难;残疾"))
    CareTag.objects.filter(kind__name="残疾人").update(end=TODAY, end_reason="复核")
    result = load(town, person(重点人群="困难;残疾;大病"))
    assert fates(result) == ["update"]
    assert kinds(result) == {"care_ended"}
    still = CareTag.objects.filter(end=None).values_list("kind__name", flat=True)
    assert set(still) == {"困难家庭", "大病患者"}


def test_a_kind_added_by_the_administrator_is_known_at_once(town):
    CareKind.objects.create(code="boat", name="船民", aliases=["渔民"])
    load(town, person(重点人群="渔民"))
    assert CareTag.objects.get().kind.name == "船民"


def test_a_row_the_database_refuses_takes_nobody_with_it(town, monkeypatch):
    write = Writer.write

    def picky(self, plans):
        if any(row.row.name == "坏一行" for plan in plans for row in plan.rows):
            raise DataError("value too long")
        write(self, plans)

    monkeypatch.setattr(Writer, "write", picky)
    people = [
        person(
            姓名=f"张{name}",
            房号=f"{floor}01",
            户编号=str(floor),
            证件号码=citizen_id(serial=2 * floor),
        )
        for floor, name in enumerate("甲乙丙丁戊己", start=1)
    ]
    bad = person(姓名="坏一行", 房号="901", 户编号="9", 证件号码=citizen_id(serial=99))
    result = load(town, *people[:3], bad, *people[3:])
    assert fates(result) == ["create"] * 3 + ["reject"] + ["create"] * 3
    assert result.kinds()["store_failed"] == 1
    assert Residency.objects.count() == 6


def test_it_writes_only_into_the_area_of_the_person_who_imports(town):
    head = town.users["grid_head"]
    inside = person()
    outside = wife(楼栋="2栋", 户编号="2", 与户主关系="户主")
    result = load(town, inside, outside, within=head)
    assert fates(result) == ["create", "reject"]
    assert "out_of_scope" in kinds(result)


def test_a_roster_of_another_community_is_refused_row_by_row(town):
    result = load(town, person(小区名称="和平里", 楼栋="1栋"), wife(所属社区="和平社区"))
    assert fates(result) == ["reject", "reject"]
    assert kinds(result) >= {"compound_unknown", "community_unknown"}


def test_it_tells_the_audit_trail_counts_and_no_names(town):
    load(town, person())
    entry = AuditEntry.objects.get(action="roster.import")
    assert entry.street_id == town.street.pk
    assert entry.detail["create"] == 1
    assert "张小三" not in str(entry.detail)


def test_it_asks_the_database_as_often_for_many_as_for_few(town):
    def queries(count, first):
        people = [
            person(
                姓名="张" + "甲乙丙丁戊己庚辛壬癸"[n % 10], 房号=f"{first + n}", 户编号=str(first + n),
                证件号码=citizen_id(serial=(first + n) % 1000),
            )
            for n in range(count)
        ]  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert load(town, *people).counts.create == count
        return len(seen)

    assert queries(40, 300) <= queries(4, 100)


def test_rows_are_counted_so_that_they_add_up(town):
    load(town, person())
    repeated = wife()
    result = load(
        town, person(民族="回族"), wife(), repeated, person(姓名="", 证件号码=citizen_id(serial=11)),
        person(姓名="王五", 房号="102", 户编号="2", 证件号码=citizen_id(serial=13), 重点人群="关注"),
        [None] * 24,
    )  # fmt: skip
    counts = result.counts
    assert (counts.rows, counts.create, counts.update, counts.reject) == (5, 2, 1, 1)
    assert (counts.skip, counts.warn, counts.households, counts.persons) == (1, 1, 2, 3)
    parts = ("create", "update", "unchanged", "conflict", "reject", "skip")
    assert counts.rows == sum(getattr(counts, name) for name in parts)


@pytest.mark.django_db(transaction=True)
def test_two_who_import_the_same_file_at_once_store_everybody_once():
    town = build_town()
    gate = threading.Barrier(2)
    results, errors = [], []

    def run():
        try:
            gate.wait()
            results.append(load(town, person(), wife()))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(fates(results[0]) + fates(results[1])) == ["create"] * 2 + ["unchanged"] * 2
    assert Residency.objects.count() == 2


def test_it_takes_the_day_somebody_moved_in(town):
    header = [*HEADER, "入住日期"]

    def at(day):
        data = workbook(sheet_rows([person(入住日期=day)], header))
        return import_roster(data=data, communities=[town.community], today=TODAY, by=None)

    assert fates(at("2020年5月6日")) == ["create"]
    assert Residency.objects.get().start == date(2020, 5, 6)
    assert fates(at("2020-05-06")) == ["unchanged"]
    assert fates(at("2021-01-01")) == ["update"]
    assert kinds(at("2093-01-01")) == {"date_bad"}
    assert Residency.objects.get().start == date(2021, 1, 1)


def test_the_street_may_stand_in_the_community_column(town):
    assert fates(load(town, person(所属社区="红星街道"))) == ["create"]
