"""Each integrity check of the register finds what it is for, and nothing in a sound home."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from grids.catalog import GridStatus
from grids.models import Grid
from orgs.models import ImportJob, OrgPost, Person
from orgs.quality import Asked, all_checks, check_named
from orgs.services import run_checks
from residents.models import CareKind, CareTag, Household, LinkedHousehold, Residency
from residents.services import add_care_tag, add_resident, start_rental
from residents.services.residency import Identity
from tests.residents.test_households_services import citizen_id, identity
from tests.town import LONG_AGO, Town, make_household, make_person

YEAR = timezone.localdate().year


def live(home: Household, name: str = "王小明", relation: str = "户主", **facts: Any) -> Residency:
    """Register somebody with valid papers, born 1980 unless told."""
    serial = f"{2 * (Person.objects.count() % 400) + facts.pop('serial', 1):03d}"
    number = citizen_id(f"{facts.pop('born', 1980)}0101", serial)
    given = identity(number=number) if facts.pop("papers", True) else None
    return add_resident(
        household=home, name=name, relation=relation, identity=given, by=None, **facts
    )


def change(row: Any, **columns: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**columns)


def found(code: str) -> list[int]:
    one = check_named(code)
    assert one is not None
    return sorted(one.look(Asked(timezone.localdate())).values_list("pk", flat=True))


def wrong_scope(town: Town) -> Any:
    change(town.households[0], grid=town.sister_grid)
    return town.households[0]


def wrong_entrance(town: Town) -> Any:
    change(town.households[0], entrance=town.sister_building.entrances.all()[0])
    return town.households[0]


def reserved(town: Town) -> Any:
    live(town.households[0])
    Grid.objects.filter(pk=town.grid.pk).update(status=GridStatus.RESERVED)
    return town.households[0]


def second_head(town: Town) -> Any:
    live(town.households[0])
    change(live(town.households[0], "王小红", "配偶"), is_head=True)
    return town.households[0]


def no_head(town: Town) -> Any:
    live(town.households[0], relation="租户")
    return town.households[0]


def thirteen(town: Town) -> Any:
    for number in range(13):
        live(town.households[0], f"客{number}", relation="" if number else "户主")
    return town.households[0]


def vacant(town: Town) -> Any:
    live(town.households[0])
    change(town.households[0], occupancy="vacant")
    return town.households[0]


def dead(town: Town) -> Any:
    row = live(town.households[0])
    change(row.person, died_on=LONG_AGO)
    return row


def minor_head(town: Town) -> Any:
    return live(town.households[0], born=YEAR - 9)


def same_gender(town: Town) -> Any:
    head = live(town.households[0])
    spouse = live(town.households[0], "王小红", "配偶")
    change(head.person, gender="2")
    change(spouse.person, gender="2")
    return spouse


def old_child(town: Town) -> Any:
    live(town.households[0])
    return live(town.households[0], "王大明", "子女", born=1975)


def young_parent(town: Town) -> Any:
    live(town.households[0])
    return live(town.households[0], "王大明", "父母", born=1985)


def too_old(town: Town) -> Any:
    return live(town.households[0], born=YEAR - 121)


def without_papers(town: Town) -> Any:
    return live(town.households[0], papers=False)


def homeless(town: Town) -> Any:
    row = live(town.households[0])
    change(row, end=timezone.localdate(), end_reason="error")
    return row


def gone_head(town: Town) -> Any:
    row = live(town.households[1])
    LinkedHousehold.objects.create(head=row.person, household=town.households[1], start=LONG_AGO)
    change(row, end=timezone.localdate(), end_reason="moved_out")
    return row


def dead_secretary(town: Town) -> Any:
    row = live(town.households[1])
    OrgPost.objects.create(
        person=row.person, org_unit=town.branch, kind="secretary", start=LONG_AGO
    )
    change(row.person, died_on=LONG_AGO)
    change(row, end=timezone.localdate(), end_reason="died")
    return row


def tag(row: Residency, code: str) -> CareTag:
    return add_care_tag(
        residency=row, kind=CareKind.objects.get(code=code), level="blue", start=LONG_AGO, by=None
    )


def gone_tag(town: Town) -> Any:
    row = live(town.households[0])
    tag(row, "disabled")
    change(row, end=timezone.localdate(), end_reason="moved_out")
    return row


def young_for_old_age(town: Town) -> Any:
    row = live(town.households[0])
    tag(row, "advanced_age")
    return row


def grown_child(town: Town) -> Any:
    row = live(town.households[0])
    tag(row, "left_behind_child")
    return row


def contradiction(town: Town) -> Any:
    row = live(town.households[0])
    row.person.set_birth_date(date(1981, 1, 1))
    row.person.save()
    return row


def wrong_gender(town: Town) -> Any:
    row = live(town.households[0])
    change(row.person, gender="1" if row.person.gender == "2" else "2")
    return row


def twin(town: Town) -> Any:
    live(town.households[0])
    return add_resident(
        household=town.households[1], name="王小明", by=None,
        identity=Identity(birth=date(1980, 1, 1)),
    )  # fmt: skip


def little_to_do(town: Town) -> Any:
    return LinkedHousehold.objects.get(household=town.households[0])


def far_too_much(town: Town) -> Any:
    link = LinkedHousehold.objects.get(household=town.households[0])
    for number in range(15):
        home = make_household(town.building, f"9{number:02d}")
        LinkedHousehold.objects.create(head=link.head, household=home, start=LONG_AGO)
    return link


def uncovered(town: Town) -> Any:
    live(town.households[0])
    live(town.households[1])
    return town.households[1]


def expired_rental(town: Town) -> Any:
    start_rental(
        household=town.households[0], landlord="房东甲", start=LONG_AGO,
        until=date(2025, 1, 1), by=None,
    )  # fmt: skip
    return town.households[0]


CASES: list[tuple[str, Callable[[Town], Any]]] = [
    ("home_scope", wrong_scope), ("home_entrance", wrong_entrance), ("home_reserved", reserved),
    ("home_two_heads", second_head), ("home_no_head", no_head), ("home_crowded", thirteen),
    ("home_vacant", vacant), ("dead_living", dead), ("minor_head", minor_head),
    ("spouse_gender", same_gender), ("child_age", old_child), ("child_age", young_parent),
    ("age", too_old), ("no_id", without_papers), ("no_home", homeless),
    ("gone_posts", gone_head), ("gone_posts", dead_secretary), ("gone_tags", gone_tag),
    ("tag_age", young_for_old_age), ("tag_age", grown_child), ("id_contradicts", contradiction),
    ("id_contradicts", wrong_gender), ("same_person", twin), ("head_load", little_to_do),
    ("head_overload", far_too_much), ("head_none", uncovered), ("rental_over", expired_rental),
]  # fmt: skip


@pytest.mark.parametrize(("code", "spoil"), CASES, ids=[f"{c}-{s.__name__}" for c, s in CASES])
def test_it_finds_what_it_is_for(town: Town, code: str, spoil: Callable[[Town], Any]) -> None:
    assert found(code) in ([], [little_to_do(town).pk])
    assert found(code) == [] or code == "head_load"
    row = spoil(town)
    assert found(code) == [row.pk]


def test_a_family_in_order_is_found_by_no_check(town: Town) -> None:
    before = {one.code for one in all_checks() if found(one.code)}  # of the empty town
    home = town.households[0]
    live(home, phone="16900000001")
    live(home, "李小红", "配偶", phone="16900000002", serial=2)
    live(home, "王一", "子女", born=2010)
    live(home, "王老", "父母", born=1950)
    assert {one.code for one in all_checks() if found(one.code)} <= before


def test_one_person_in_two_homes_is_told_apart_from_registered_elsewhere(town: Town) -> None:
    first = live(town.households[0])
    second = Residency.objects.create(person=first.person, household=town.households[1])
    assert found("two_homes") == sorted([first.pk, second.pk])
    change(second, status="人户分离")
    assert found("two_homes") == []


def test_a_phone_may_be_shared_by_three_homes_not_by_four(town: Town) -> None:
    homes = [*town.households, make_household(town.building, "103")]
    for number, home in enumerate(homes):
        live(home, f"客{number}", phone="16900000009")
    assert found("phone_shared") == []
    live(make_household(town.building, "104"), "客九", phone="16900000009")
    assert len(found("phone_shared")) == 4


def test_two_homes_behind_one_door_are_mentioned(town: Town) -> None:
    first = make_household(town.building, "801")
    second = make_household(town.building, "801")
    assert found("home_same_door") == [first.pk, second.pk]
    change(second, closed_on=LONG_AGO)
    assert found("home_same_door") == []


def test_a_column_sorted_alone_shows_in_its_file_only(town: Town) -> None:
    def job(wrong: int) -> set[int]:
        row = ImportJob.objects.create(
            kind="roster", under=town.community, street=town.street, uploaded_by=town.users["community_staff"],
            file_name="名单.xlsx",
        )  # fmt: skip
        people = [live(town.households[0], f"人{row.pk}{number}", "") for number in range(10)]
        Residency.objects.filter(pk__in=[one.pk for one in people]).update(import_job=row)
        for one in people[:wrong]:
            one.person.set_birth_date(date(1990, 5, 5))
            one.person.save()
        return {one.pk for one in people[:wrong]}

    job(wrong=2)
    shifted = job(wrong=3)
    assert set(found("id_shifted")) == shifted
    run_checks(day=timezone.localdate())
    one = check_named("id_shifted")
    assert one is not None
    assert set(one.listed(Asked(timezone.localdate())).values_list("pk", flat=True)) == shifted


def test_lists_mask_names_and_stay_in_scope(town: Town, enter: Any) -> None:
    without_papers(town)
    run_checks(day=timezone.localdate())
    for who, label in (
        ("grid_head", "王*明　阳光花园1栋1单元101"), ("dispatcher", "王*明　阳光花园1栋1单元1**")
    ):  # fmt: skip
        page = enter(who).get("/orgs/quality/no_id/")
        assert label in page.content.decode(), who
        assert "王小明" not in page.content.decode()
    assert enter("sister_grid_head").get("/orgs/quality/no_id/").context["page"].count == 0
    assert enter("sysadmin").get("/orgs/quality/no_id/").status_code == 403
    assert enter("corridor_head").get("/orgs/quality/gone_tags/").status_code == 403


@pytest.mark.parametrize("code", ["home_empty", "no_id", "head_load"])
def test_a_list_asks_no_more_for_more_rows(
    town: Town, enter: Any, code: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        home = make_household(town.building, f"7{number:02d}")
        live(make_household(town.building, f"6{number:02d}"), papers=False)
        LinkedHousehold.objects.create(
            head=make_person(f"长{number}"), household=home, start=LONG_AGO
        )
    run_checks(day=timezone.localdate())
    client = enter("community_staff")
    with django_assert_max_num_queries(15):
        page = client.get(f"/orgs/quality/{code}/")
    assert len(page.context["rows"]) >= 5
