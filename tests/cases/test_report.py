"""Reporting: what is kept, what is refused at which field, numbers, and repeated sends."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cases.catalog import CATEGORIES, SLA_CLASSES
from cases.models import Attachment, Case, Category, SlaClass
from cases.numbers import ALPHABET, next_case_no, read_tracking_code
from cases.seed import seed_catalog
from cases.services import MoveRefused, report_case
from tests.cases.cast import NOON, photo, reported
from tests.town import Town, build_town


def refused(town: Town, **more: Any) -> MoveRefused:
    before = Case.objects.count()
    with pytest.raises(MoveRefused) as caught:
        reported(town, **more)
    assert Case.objects.count() == before
    return caught.value


def test_it_takes_a_report_without_a_login(town: Town, media: object) -> None:
    case = reported(
        town, now=NOON, reporter_name="郑测试", reporter_phone="169-1234-5678", address="2楼",
        photos=[photo(), photo(kind="PNG")],
    )  # fmt: skip
    assert case.status == "reported"
    assert (case.grid, case.community, case.street) == (town.grid, town.community, town.street)
    assert case.district_id == "349901"
    assert case.case_no == "202606030010010001"
    assert case.reporter_phone.reveal() == "16912345678"
    assert "169" not in str(case.reporter_phone)
    event = case.events.get()
    assert (event.move, event.from_status, event.actor) == ("report", "", None)
    assert Attachment.objects.filter(event=event).count() == 2


def test_it_counts_the_characters_of_a_long_report(town: Town) -> None:
    answer = refused(town, text="长" * 10_000)
    assert answer.http_status == 400
    assert "10000 字" in answer.fields["text"] and "最多 2000 字" in answer.fields["text"]
    assert reported(town, text="长" * 2000).text == "长" * 2000


@pytest.mark.parametrize("blank", ["", "   ", "\n\t ", "　　"])
def test_it_refuses_a_blank_report(town: Town, blank: str) -> None:
    assert list(refused(town, text=blank).fields) == ["text"]


@pytest.mark.parametrize("name", ["text", "address", "reporter_name"])
def test_it_refuses_a_nul_character(town: Town, name: str) -> None:
    assert "空字符" in refused(town, **{name: "灯\0坏了"}).fields[name]


def test_it_names_every_bad_field_at_once(town: Town) -> None:
    answer = refused(
        town, text="", category="nothing", reporter_phone="1691", source="moon", client_key="short"
    )
    assert set(answer.fields) == {"text", "category", "reporter_phone", "source", "client_key"}


def test_it_keeps_prose_as_it_was_written(town: Town) -> None:
    assert reported(town, text="灯坏了，\r\n怎么办？ ").text == "灯坏了，\n怎么办？"


def test_the_place_must_fit(town: Town) -> None:
    assert list(refused(town, building=None).fields) == ["grid"]
    wrong = {"grid": town.sister_grid, "building": town.building}
    assert list(refused(town, **wrong).fields) == ["building"]
    town.grid.status = "closed"
    town.grid.save()
    assert list(refused(town, grid=town.grid, building=None).fields) == ["grid"]


def test_ten_photos_are_one_too_many(town: Town) -> None:
    assert list(refused(town, photos=[photo() for _ in range(10)]).fields) == ["photos"]


def test_an_anonymous_report_keeps_nothing_of_the_person(town: Town) -> None:
    case = reported(
        town, anonymous=True, reporter_name="郑测试", reporter_phone="16912345678",
        reporter_person=town.users["volunteer"].person,
    )  # fmt: skip
    assert (case.reporter_name, bool(case.reporter_phone), case.reporter_person) == (
        "",
        False,
        None,
    )


def test_a_confidential_category_makes_the_case_confidential(town: Town) -> None:
    assert reported(town, category="security-clue").confidential
    assert not reported(town).confidential


def test_a_role_without_the_right_cannot_report(town: Town) -> None:
    for key in ("auditor", "sysadmin", "partner_unit", "dept_handler", "district_official"):
        assert refused(town, by=town.users[key]).http_status == 403
    for key in ("corridor_head", "volunteer", "grid_informant", "police_contact", "dispatcher"):
        assert reported(town, by=town.users[key]).reporter_user == town.users[key]


def test_numbers_follow_each_other_by_day_and_community(town: Town) -> None:
    numbers = [reported(town, now=NOON).case_no for _ in range(3)]
    assert numbers == [f"20260603001001{serial:04d}" for serial in (1, 2, 3)]
    assert reported(town, now=NOON, building=town.far_building).case_no.endswith("0010020001")
    assert reported(town, now=NOON + timedelta(days=1)).case_no == "202606040010010001"


def test_the_ten_thousandth_report_of_a_day_gets_a_longer_number(town: Town) -> None:
    from cases.models import CaseNumberCounter

    CaseNumberCounter.objects.create(prefix="20260603001001", last=9999)
    assert next_case_no("349901001001", NOON) == "2026060300100110000"


@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_moment_get_different_numbers() -> None:
    town = build_town()
    numbers: list[str] = []

    def send() -> None:
        try:
            numbers.extend(reported(town, now=NOON).case_no for _ in range(3))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(numbers) == [f"20260603001001{serial:04d}" for serial in range(1, 13)]


def test_a_tracking_code_can_be_read_aloud(town: Town) -> None:
    code = reported(town).tracking_code
    assert len(code) == 8 and set(code) <= set(ALPHABET)
    assert not set("ILO01") & set(ALPHABET)
    assert read_tracking_code(f" {code[:4].lower()}-{code[4:]} ") == code
    for wrong in ("", "ABC", "ABCDEFG0", "ABCDEFGH9", "一二三四五六七八", "a\0bcdefg"):
        assert read_tracking_code(wrong) == ""


def test_a_second_send_with_the_same_key_finds_the_first_case(town: Town) -> None:
    key = "7d0f8c1e-0d2b-4c55-9f57-0a55b2a6f001"
    first = reported(town, client_key=key)
    assert reported(town, client_key=key) == first
    mine = reported(town, client_key=key, by=town.users["grid_head"])
    assert mine != first, "every user has keys of their own"
    assert reported(town, client_key=key, by=town.users["grid_head"]) == mine


@pytest.mark.django_db(transaction=True)
def test_the_same_report_twice_at_the_same_moment_is_one_case() -> None:
    town = build_town()
    found: list[int] = []

    def send() -> None:
        try:
            found.append(reported(town, client_key="0123456789abcdef").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(found) == 4 and len(set(found)) == 1
    assert Case.objects.count() == 1


def test_the_catalogue_is_seeded_in_two_levels_and_seeding_again_adds_nothing(town: Town) -> None:
    assert SlaClass.objects.count() == len(SLA_CLASSES) == 5
    assert Category.objects.count() == len(CATEGORIES)
    assert Category.objects.filter(parent=None).count() == 13
    assert len({row.slug for row in CATEGORIES}) == len(CATEGORIES)
    Category.objects.filter(slug="praise").update(name="点赞")
    seed_catalog(Category, SlaClass)
    assert Category.objects.count() == len(CATEGORIES)
    assert Category.objects.get(slug="praise").name == "点赞"


def test_intake_needs_few_queries(town: Town, django_assert_max_num_queries: object) -> None:
    by = town.users["grid_head"]
    report_case(by=by, text="路灯", category="facilities-lamp", grid=town.grid)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        report_case(by=by, text="路灯", category="facilities-lamp", grid=town.grid)


def test_whoever_has_a_territory_reports_only_there(town: Town) -> None:
    for key, place in (("grid_head", town.sister_building), ("dispatcher", town.other_building)):
        assert list(refused(town, by=town.users[key], building=place).fields) == ["grid"]
    assert reported(town, by=town.users["dispatcher"], building=town.far_building)
