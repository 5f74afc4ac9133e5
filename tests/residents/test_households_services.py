"""Households and who lives in them: set up, edit at a version, move in, out, die; care tags."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gridparty.lib.citizen_id import check_digit
from orgs.models import AuditEntry, Person
from residents.models import CareKind, CareTag, Household, Residency
from residents.services import (
    add_care_tag,
    add_resident,
    close_household,
    create_household,
    edit_household,
    edit_resident,
    end_care_tag,
    end_residency,
    reveal,
    set_head,
)
from residents.services.households import entrance_named
from residents.services.residency import Identity, read_identity, read_phone
from residents.services.reveal import DAILY_LIMIT, RevealLimit
from tests.town import Town

TODAY = date(2026, 11, 20)


def citizen_id(birth: str = "19800101", serial: str = "001") -> str:
    first17 = f"349901{birth}{serial}"
    return first17 + check_digit(first17)


def identity(**facts: Any) -> Identity:
    given = {"kind": "", "number": "", "birth": None, "gender": "0", "today": TODAY} | facts
    return read_identity(**given)


def test_a_household_takes_the_scope_of_its_building(town: Town) -> None:
    home = create_household(
        building=town.building, entrance=town.entrance, room=" ５０１室 ", by=None, number="H1"
    )
    assert (home.room, home.room_raw, home.grid) == ("501", "501室", town.grid)
    assert home.door == "阳光花园1栋1单元501"
    assert (home.street, home.community, home.version) == (town.street, town.community, 1)
    assert AuditEntry.objects.filter(action="household.create", target_id=str(home.pk)).exists()


def test_doors_sort_as_people_count(town: Town) -> None:
    rooms = ["1001", "201", "901"]
    homes = [
        create_household(building=town.building, entrance=town.entrance, room=room, by=None)
        for room in rooms
    ]
    ordered = Household.objects.filter(pk__in=[home.pk for home in homes]).by_door()
    assert [home.room for home in ordered] == ["201", "901", "1001"]


def test_a_room_is_taken_unless_shared(town: Town) -> None:
    with pytest.raises(ValidationError, match="已有一户") as refused:
        create_household(building=town.building, entrance=town.entrance, room="101", by=None)
    assert refused.value.code == "room_taken"
    create_household(
        building=town.building, entrance=town.entrance, room="101", by=None, second_in_room=True
    )


@pytest.mark.parametrize("room", ["1\x0001", "9" * 41])
def test_a_bad_room_is_refused(town: Town, room: str) -> None:
    with pytest.raises(ValidationError):
        create_household(building=town.building, entrance=town.entrance, room=room, by=None)


def test_an_entrance_is_named_among_those_there_are(town: Town) -> None:
    assert entrance_named(town.building, "一单元") == town.entrance
    with pytest.raises(ValidationError, match="1单元、2单元"):
        entrance_named(town.building, "3单元")
    with pytest.raises(ValidationError, match="不在"):
        create_household(building=town.sister_building, entrance=town.entrance, room="1", by=None)


def test_the_second_editor_is_told(town: Town) -> None:
    home = town.households[0]
    edit_household(household=home, version=1, by=None, entrance=home.entrance, room="103")
    with pytest.raises(ValidationError, match="刚被别人改过") as refused:
        edit_household(household=home, version=1, by=None, entrance=home.entrance, room="104")
    assert refused.value.code == "stale"
    home.refresh_from_db()
    assert (home.room, home.version) == ("103", 2)
    assert "103" in home.sort_key


def test_a_household_closes_when_empty(town: Town) -> None:
    home = town.households[0]
    lives = add_resident(household=home, name="甲", by=None)
    home.refresh_from_db()
    with pytest.raises(ValidationError, match="还有 1 人"):
        close_household(household=home, version=home.version, on=TODAY, by=None)
    end_residency(residency=lives, on=timezone.localdate(), reason="moved_out", by=None)
    home.refresh_from_db()
    close_household(household=home, version=home.version, on=TODAY, by=None)
    assert home.closed_on == TODAY
    with pytest.raises(ValidationError, match="已经销户"):
        add_resident(household=home, name="乙", by=None)


def test_a_number_tells_birth_and_gender(town: Town) -> None:
    number = citizen_id("19800101", "001")
    found = identity(number=f" {number.lower()} ")
    assert (found.number, found.birth, found.gender) == (number, date(1980, 1, 1), "1")
    assert found.kind == "居民身份证"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"number": "349901198001010019"}, "id_number"),
        ({"number": "3499011980010"}, "id_number"),
        ({"number": citizen_id(), "birth": date(1981, 1, 1)}, "birth"),
        ({"number": citizen_id(), "gender": "2"}, "gender"),
        ({"birth": date(2030, 1, 1)}, "birth"),
        ({"birth": date(1850, 1, 1)}, "birth"),
    ],
)
def test_a_number_that_does_not_fit_is_refused_at_its_field(
    facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        identity(**facts)
    assert list(refused.value.error_dict) == [field]
    assert facts.get("number", "没有") not in str(refused.value)


def test_other_papers_are_kept_as_written() -> None:
    assert identity(kind="护照", number="e 1234567").number == "E1234567"


def test_phones_are_normalised_or_refused() -> None:
    assert read_phone("16900001234、0551-6234567") == "16900001234;0551-6234567"
    with pytest.raises(ValidationError, match="11 位"):
        read_phone("1690000123")


def test_one_person_many_hats(town: Town) -> None:
    papers = identity(number=citizen_id())
    first = add_resident(household=town.households[0], name="张三", identity=papers, by=None)
    again = add_resident(household=town.households[1], name="张 三", identity=papers, by=None)
    assert first.person == again.person
    with pytest.raises(ValidationError, match="已登记在这一户"):
        add_resident(household=town.households[0], name="张三", identity=papers, by=None)
    with pytest.raises(ValidationError, match="另一个姓名"):
        add_resident(household=town.households[0], name="李四", identity=papers, by=None)


def test_sealed_values_survive_an_edit_that_leaves_them_blank(town: Town) -> None:
    lives = add_resident(
        household=town.households[0], name="张三", identity=identity(number=citizen_id()),
        phone="16900001234", by=None,
    )  # fmt: skip
    lives.household.refresh_from_db()
    edit_resident(
        residency=lives, version=lives.household.version, by=None, name="张三丰", relation="配偶",
        status="常住", identity=None, phone=None, gender="1", workplace="学校",
    )  # fmt: skip
    person = Person.objects.get(pk=lives.person_id)
    assert (person.name, person.workplace, person.name_initials) == ("张三丰", "学校", "ZSF")
    assert person.phone.reveal() == "16900001234"
    assert person.id_number.reveal() == citizen_id()
    with pytest.raises(ValidationError, match="刚被别人改过"):
        edit_resident(
            residency=lives, version=1, by=None, name="x", relation="", status="", identity=None,
            phone=None, gender="0",
        )  # fmt: skip


def test_a_number_belongs_to_one_person(town: Town) -> None:
    add_resident(
        household=town.households[0], name="张三", identity=identity(number=citizen_id()), by=None
    )
    other = add_resident(household=town.households[1], name="李四", by=None)
    other.household.refresh_from_db()
    with pytest.raises(ValidationError, match="另一个人名下"):
        edit_resident(
            residency=other, version=other.household.version, by=None, name="李四", relation="",
            status="", identity=identity(number=citizen_id()), phone=None, gender="0",
        )  # fmt: skip


def test_there_is_one_head(town: Town) -> None:
    home = town.households[0]
    first = add_resident(household=home, name="甲", relation="户主", by=None)
    second = add_resident(household=home, name="乙", relation="配偶", by=None)
    set_head(residency=second, by=None)
    first.refresh_from_db()
    assert (first.is_head, first.relation) == (False, "")
    assert home.residencies.get(is_head=True) == second


def test_moving_out_ends_with_a_date(town: Town) -> None:
    lives = add_resident(household=town.households[0], name="甲", by=None, start=date(2026, 1, 1))
    today = timezone.localdate()
    for on, words in ((date(2025, 1, 1), "早于入住"), (today + timedelta(days=1), "晚于今天")):
        with pytest.raises(ValidationError, match=words):
            end_residency(residency=lives, on=on, reason="moved_out", by=None)
    with pytest.raises(ValidationError, match="请选择原因"):
        end_residency(residency=lives, on=today, reason="x", by=None)
    end_residency(residency=lives, on=today, reason="moved_out", by=None)
    assert lives not in Residency.objects.current(today)
    with pytest.raises(ValidationError, match="结束"):
        end_residency(residency=lives, on=today, reason="moved_out", by=None)


def test_a_death_ends_everything(town: Town) -> None:
    papers = identity(number=citizen_id())
    first = add_resident(household=town.households[0], name="甲", identity=papers, by=None)
    second = add_resident(household=town.households[1], name="甲", identity=papers, by=None)
    kind = CareKind.objects.get(code="living_alone")
    add_care_tag(residency=first, kind=kind, level="red", start=date(2026, 1, 1), by=None)
    today = timezone.localdate()
    end_residency(residency=first, on=today, reason="died", by=None)
    second.refresh_from_db()
    assert (second.end, second.end_reason) == (today, "died")
    assert Person.objects.get(pk=first.person_id).died_on == today
    assert CareTag.objects.get().end == today


def test_care_tags(town: Town) -> None:
    lives = add_resident(household=town.households[0], name="甲", by=None)
    kind = CareKind.objects.get(code="hardship")
    tag = add_care_tag(residency=lives, kind=kind, level="yellow", start=TODAY, by=None)
    with pytest.raises(ValidationError, match="已登记为"):
        add_care_tag(residency=lives, kind=kind, level="red", start=TODAY, by=None)
    off = CareKind.objects.get(code="public_order")
    with pytest.raises(ValidationError, match="没有启用"):
        add_care_tag(residency=lives, kind=off, level="red", start=TODAY, by=None)
    with pytest.raises(ValidationError, match="移出原因"):
        end_care_tag(tag=tag, end=TODAY, reason=" ", by=None)
    with pytest.raises(ValidationError, match="早于开始"):
        end_care_tag(tag=tag, end=date(2020, 1, 1), reason="脱困", by=None)
    end_care_tag(tag=tag, end=TODAY, reason="脱困", by=None)


def test_care_tags_are_seen_by_those_who_care(town: Town) -> None:
    home = town.households[0]
    lives = add_resident(household=home, name="甲", by=None)
    for code in ("hardship", "left_behind_child"):
        kind = CareKind.objects.get(code=code)
        add_care_tag(residency=lives, kind=kind, level="red", start=date(2026, 1, 1), by=None)
    seen = {
        who: {tag.kind.code for tag in CareTag.objects.visible_to(user)}
        for who, user in town.users.items()
    }
    both = {"hardship", "left_behind_child"}
    for who in ("community_staff", "community_secretary", "grid_head"):
        assert seen.pop(who) == both, who
    for who in ("street_admin", "branch_secretary", "grid_worker_ft", "group_leader"):
        assert seen.pop(who) == {"hardship"}, who
    assert not any(seen.values()), seen


def test_revealing_is_recorded_and_limited(town: Town) -> None:
    user = town.users["grid_head"]
    lives = add_resident(
        household=town.households[0], name="甲", identity=identity(number=citizen_id()), by=None
    )
    with pytest.raises(ValidationError, match="用途"):
        reveal(residency=lives, field="id_number", purpose=" ", by=user)
    with pytest.raises(ValidationError, match="没有这一项"):
        reveal(residency=lives, field="name", purpose="核实", by=user)
    assert not AuditEntry.objects.filter(action="resident.reveal").exists()
    for _ in range(DAILY_LIMIT):
        assert reveal(residency=lives, field="id_number", purpose="核实", by=user) == citizen_id()
    with pytest.raises(RevealLimit, match="达到上限"):
        reveal(residency=lives, field="phone", purpose="核实", by=user)
    entry = AuditEntry.objects.filter(action="resident.reveal").first()
    assert entry is not None
    assert (entry.purpose, entry.detail["field"]) == ("核实", "id_number")
    assert citizen_id() not in str(entry.detail)
    other = town.users["community_staff"]
    assert reveal(residency=lives, field="birth", purpose="核实", by=other) == "1980-01-01"
