"""Life events: each writes its row, ends instead of deleting, and refuses what cannot be."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs.models import AuditEntry, Person
from residents.models import Household, LifeEvent, LinkedHousehold, Rental, Residency
from residents.services import (
    add_resident,
    end_rental,
    end_residency,
    live_apart,
    live_together,
    marry,
    merge_households,
    move_in,
    move_to,
    register_birth,
    set_head,
    split_household,
    start_rental,
)
from residents.signals import register_changed
from tests.residents.test_households_services import citizen_id, identity
from tests.town import Town, make_household

TODAY = timezone.localdate()
PAST = TODAY - timedelta(days=3)
SETTLED = date(2026, 1, 1)


@pytest.fixture
def wang(town: Town) -> Residency:
    return add_resident(
        household=town.households[0], name="王小明", relation="户主", by=None, start=SETTLED,
        identity=identity(number=citizen_id()),
    )  # fmt: skip


def events(household: Household) -> list[str]:
    return list(LifeEvent.objects.at(household).order_by("pk").values_list("kind", flat=True))


def refused(words: str) -> Any:
    return pytest.raises(ValidationError, match=words)


def test_moving_in_brings_the_person_we_know_and_ends_the_old_home(
    town: Town, wang: Residency
) -> None:
    worker, new = town.users["grid_head"], town.households[1]
    moved = move_in(
        household=new, name="王小明", on=PAST, by=worker, origin="同小区",
        identity=identity(number=citizen_id()), relation="户主",
    )  # fmt: skip
    wang.refresh_from_db()
    assert (moved.person, moved.start) == (wang.person, PAST)
    assert (wang.end, wang.end_reason) == (PAST, "moved_out")
    assert events(new) == ["moved_in"]
    assert events(town.households[0]) == ["moved_out"]
    event = LifeEvent.objects.get(kind="moved_in")
    assert (event.by, event.delay_days, event.other_household) == (worker, 3, town.households[0])
    assert event.note == "同小区"


def test_a_home_out_of_reach_is_left_for_the_other_community_to_end(
    town: Town, wang: Residency
) -> None:
    assert town.far_household is not None
    Residency.objects.filter(pk=wang.pk).update(household=town.far_household)
    move_in(
        household=town.households[1], name="王小明", on=PAST, by=town.users["grid_head"],
        identity=identity(number=citizen_id()),
    )  # fmt: skip
    assert Residency.objects.get(pk=wang.pk).end is None


def test_a_move_behind_another_door_is_in_both_histories(town: Town, wang: Residency) -> None:
    row = move_to(residency=wang, to=town.households[1], on=TODAY, by=None)
    assert (row.household, row.person) == (town.households[1], wang.person)
    assert events(town.households[0]) == ["moved_out"]
    assert events(town.households[1]) == ["moved_in"]
    with refused("就住在这一户"):
        move_to(residency=row, to=town.households[1], on=TODAY, by=None)


def test_a_birth_begins_a_life_with_its_day(town: Town, wang: Residency) -> None:
    child = register_birth(
        household=town.households[0], name="王小明之子", gender="1", on=PAST, by=None
    )
    assert (child.relation, child.start, child.person.birth_date) == ("子女", PAST, PAST)
    assert child.person.gender == "1"
    assert events(town.households[0]) == ["birth"]
    with refused("晚于今天"):
        register_birth(
            household=town.households[0], name="甲", gender="1",
            on=TODAY + timedelta(days=1), by=None,
        )  # fmt: skip
    with refused("子女或孙子女"):
        register_birth(
            household=town.households[0], name="甲", gender="1", on=PAST, by=None, relation="父母"
        )


def test_a_death_is_one_event_and_ends_what_lasts(town: Town, wang: Residency) -> None:
    live_apart(residency=wang, kind="away", elsewhere="外地", on=SETTLED, by=None)
    end_residency(residency=wang, on=TODAY, reason="died", by=None)
    assert events(town.households[0]) == ["away", "death"]
    assert not wang.separations.filter(end=None).exists()
    assert Person.objects.get(pk=wang.person_id).died_on == TODAY


def test_a_correction_is_no_event(town: Town, wang: Residency) -> None:
    end_residency(residency=wang, on=TODAY, reason="error", by=None)
    assert events(town.households[0]) == []


def test_a_spouse_moves_in_and_both_are_married(town: Town, wang: Residency) -> None:
    bride = marry(
        residency=wang, on=PAST, by=None, name="李小红",
        identity=identity(number=citizen_id("19820303", "002")),
    )  # fmt: skip
    assert bride.relation == "配偶"
    assert set(Person.objects.values_list("marriage", flat=True).filter(
        pk__in=[wang.person_id, bride.person_id])) == {"已婚"}  # fmt: skip
    assert events(town.households[0]) == ["moved_in", "marriage", "marriage"]
    with refused("已是已婚"):
        marry(residency=wang, on=PAST, by=None, spouse=bride)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": " "}, "请选择同户的配偶"),
        ({"name": "李小红", "identity": ("20100303", "002")}, "法定婚龄"),
        ({"name": "李小刚", "identity": ("19820303", "001")}, "性别相同"),
    ],
)
def test_a_marriage_that_cannot_be_is_refused_whole(
    town: Town, wang: Residency, facts: dict[str, Any], words: str
) -> None:
    if "identity" in facts:
        facts = facts | {"identity": identity(number=citizen_id(*facts["identity"]))}
    with refused(words):
        marry(residency=wang, on=PAST, by=None, **facts)
    assert not LifeEvent.objects.exists()
    assert town.households[0].residencies.count() == 1


def test_a_family_splits_behind_the_same_door_or_another(town: Town, wang: Residency) -> None:
    home = town.households[0]
    son = add_resident(household=home, name="王大", relation="子女", by=None, start=SETTLED)
    wife = add_resident(household=home, name="刘二", relation="子女", by=None, start=SETTLED)
    new = split_household(household=home, leaving=[son, wife], head=son, on=PAST, by=None)
    assert (new.room, new.grid, new.sort_key) == (home.room, home.grid, new.sort_key)
    head = new.residencies.get(is_head=True)
    assert (head.person, head.relation, head.start) == (son.person, "户主", PAST)
    assert home.residencies.filter(end=None).get() == wang
    assert events(home) == events(new) == ["split"]
    son.refresh_from_db()
    assert (son.end, son.end_reason) == (PAST, "split")
    with refused("已不住在这一户"):
        add_resident(household=home, name="丙", by=None)
        split_household(household=home, leaving=[son], head=son, on=PAST, by=None)


def test_a_split_needs_a_part_and_its_head(town: Town, wang: Residency) -> None:
    home = town.households[0]
    son = add_resident(household=home, name="王大", by=None, start=SETTLED)
    for facts, words in (
        ({"leaving": [], "head": son}, "要分出去"),
        ({"leaving": [son], "head": wang}, "新户的户主"),
        ({"leaving": [son, wang], "head": son}, "全部"),
        ({"leaving": [son], "head": son, "on": date(2025, 1, 1)}, "早于入住"),
    ):
        with refused(words):
            split_household(household=home, by=None, **{"on": PAST, **facts})  # type: ignore[arg-type]
    assert Household.objects.filter(building=home.building).count() == 2


def test_merging_moves_everybody_once_and_closes(town: Town, wang: Residency) -> None:
    home, into = town.households
    add_resident(household=home, name="李二", relation="配偶", by=None, start=SETTLED)
    both = identity(number=citizen_id())
    add_resident(household=into, name="王小明", identity=both, relation="户主", by=None)
    merge_households(household=home, into=into, on=TODAY, by=None)
    home.refresh_from_db()
    assert home.closed_on == TODAY
    living = into.residencies.filter(end=None)
    assert sorted(one.person.name for one in living) == ["李二", "王小明"]
    assert living.filter(is_head=True).count() == 1
    assert set(home.residencies.values_list("end_reason", flat=True)) == {"merged"}
    assert events(home) == events(into) == ["merge"]
    assert LinkedHousehold.objects.get(household=home).end == TODAY
    with refused("已经销户"):
        merge_households(household=home, into=into, on=TODAY, by=None)
    with refused("另一户"):
        merge_households(household=into, into=into, on=TODAY, by=None)


def test_the_head_changes_with_a_date_and_a_relation(town: Town, wang: Residency) -> None:
    son = add_resident(household=town.households[0], name="王大", relation="子女", by=None)
    set_head(residency=son, on=PAST, former_relation="父母", by=None)
    wang.refresh_from_db()
    assert (wang.is_head, wang.relation) == (False, "父母")
    assert events(town.households[0]) == ["head"]
    son.refresh_from_db()
    with refused("已是户主"):
        set_head(residency=son, by=None)


def test_home_and_registration_part_and_meet_again(town: Town, wang: Residency) -> None:
    live_apart(residency=wang, kind="guest", elsewhere="东风街道 9 号", on=SETTLED, by=None)
    wang.refresh_from_db()
    assert wang.status == "人户分离"
    assert Person.objects.get(pk=wang.person_id).registered_address == "东风街道 9 号"
    live_apart(residency=wang, kind="away", elsewhere="县城", on=PAST, by=None)
    assert list(wang.separations.order_by("pk").values_list("kind", "end")) == [
        ("guest", PAST), ("away", None)
    ]  # fmt: skip
    with refused("早于上次登记"):
        live_together(residency=wang, on=SETTLED, by=None)
    live_together(residency=wang, on=TODAY, by=None)
    wang.refresh_from_db()
    assert wang.status == "常住"
    assert events(town.households[0]) == ["guest", "away", "together"]
    with refused("没有登记人户分离"):
        live_together(residency=wang, on=TODAY, by=None)
    with refused("请选择"):
        live_apart(residency=wang, kind="x", elsewhere="县城", on=TODAY, by=None)
    with refused("另一处地址"):
        live_apart(residency=wang, kind="away", elsewhere=" ", on=TODAY, by=None)


def test_a_home_is_let_and_given_back(town: Town) -> None:
    home = town.households[0]
    until = TODAY + timedelta(days=300)
    rental = start_rental(
        household=home, landlord="房东甲", phone="16900007777", start=PAST, until=until, by=None
    )
    home.refresh_from_db()
    assert (home.occupancy, rental.landlord_phone.reveal()) == ("rented", "16900007777")
    assert "16900007777" not in str(Rental.objects.values_list("landlord_phone")[0])
    with refused("已登记出租"):
        start_rental(household=home, landlord="乙", start=PAST, by=None)
    with refused("不能早于起租"):
        end_rental(rental=rental, on=date(2026, 1, 1), occupancy="owned", by=None)
    with refused("自住还是空置"):
        end_rental(rental=rental, on=TODAY, occupancy="rented", by=None)
    end_rental(rental=rental, on=TODAY, occupancy="vacant", by=None)
    home.refresh_from_db()
    assert home.occupancy == "vacant"
    assert events(home) == ["rented", "rent_ended"]
    with refused("退租"):
        end_rental(rental=rental, on=TODAY, occupancy="vacant", by=None)
    with refused("到期日期"):
        start_rental(household=home, landlord="乙", start=TODAY, until=PAST, by=None)


def test_events_say_how_fresh_they_are_and_tell_the_floors_above(
    town: Town, wang: Residency
) -> None:
    heard: list[Any] = []

    def hear(*, event: LifeEvent, by: Any, **_: Any) -> None:
        heard.append((event.kind, by))

    register_changed.connect(hear, sender=LifeEvent)
    try:
        late = TODAY - timedelta(days=8)
        set_head(residency=add_resident(household=town.households[0], name="乙", by=None), by=None)
        end_residency(residency=wang, on=late, reason="moved_out", by=town.users["grid_head"])
    finally:
        register_changed.disconnect(hear, sender=LifeEvent)
    assert heard == [("head", None), ("moved_out", town.users["grid_head"])]
    assert [event.kind for event in LifeEvent.objects.prompt()] == ["head"]


def test_events_are_seen_where_the_household_is(town: Town, wang: Residency) -> None:
    end_residency(residency=wang, on=TODAY, reason="moved_out", by=None)
    seen = {key for key, user in town.users.items() if LifeEvent.objects.visible_to(user).exists()}
    assert {"grid_head", "community_staff", "corridor_head", "street_admin"} <= seen
    assert not seen & {"sister_grid_head", "other_grid_head", "sysadmin", "volunteer"}


def test_every_event_is_on_the_record(town: Town, wang: Residency) -> None:
    home = make_household(town.building, "109")
    register_birth(household=home, name="甲", gender="1", on=PAST, by=None)
    start_rental(household=home, landlord="房东", start=PAST, by=None)
    merge_households(household=home, into=town.households[0], on=TODAY, by=None)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"resident.add", "household.rent", "household.merge"} <= actions
