"""A corridor head's life, the assignment of doors, and what he does for them."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from grids.services import move_buildings
from orgs.levels import PostKind
from orgs.models import AuditEntry, OrgPost
from residents.assigning import area_q, propose
from residents.headship import MOVES, HeadState
from residents.models import CorridorHead, Household, LinkedHousehold, Residency
from residents.querysets import HouseholdQuerySet
from residents.services import (
    apply_assignment,
    end_residency,
    move_head,
    nominate,
    note_contact,
    record_deed,
    restore_links,
    take_back_contact,
)
from residents.services.heads import years_later
from tests.residents.heads import BEGAN, DAY, fill, live_in, serve
from tests.town import Town, make_person


@pytest.fixture
def homes(town: Town) -> list[Household]:
    """Twenty-four homes in 1栋, and nobody linked."""
    LinkedHousehold.objects.all().delete()
    for home in town.households:
        home.closed_on = BEGAN
        home.save()
    return fill(town.building)


def all_homes(town: Town) -> HouseholdQuerySet:
    return Household.objects.filter(grid=town.grid)


def linked(head: CorridorHead) -> list[int]:
    rows = LinkedHousehold.objects.of_heads().filter(head=head.person)
    return list(rows.order_by("household__sort_key").values_list("household_id", flat=True))


# ---- the life ----


def test_from_nomination_to_service(town: Town, homes: list[Household]) -> None:
    person = live_in(homes[0], "热心人")
    head = nominate(person=person, grid=town.grid, on=DAY, by=town.users["community_staff"])
    assert (head.state, head.building) == (HeadState.NOMINATED, town.building)
    for move, facts in (
        ("consent", {"shows_phone": True}), ("approve", {"note": "支部〔2026〕3号"}),
        ("publish", {}), ("take_up", {"years": 2}),
    ):  # fmt: skip
        head = move_head(head=head, move=move, on=DAY, by=None, **facts)
    assert (head.state, head.start, head.term_end) == (HeadState.SERVING, DAY, date(2028, 3, 1))
    assert head.shows_phone
    assert [event.move for event in head.events.all()] == [
        "nominate", "consent", "approve", "publish", "take_up",
    ]  # fmt: skip
    head = move_head(head=head, move="evaluate", on=DAY, grade="excellent", by=None)
    assert head in CorridorHead.objects.in_duty(DAY)
    head = move_head(head=head, move="renew", on=DAY, years=1, by=None)
    assert (head.state, head.term_end) == (HeadState.SERVING, date(2029, 3, 1))
    assert AuditEntry.objects.filter(action="head.take_up", target_id=str(head.pk)).count() == 1


@pytest.mark.parametrize("state", list(HeadState))
def test_only_moves_of_the_table_are_taken(
    town: Town, homes: list[Household], state: HeadState
) -> None:
    head = serve(homes[0], "甲")
    CorridorHead.objects.filter(pk=head.pk).update(state=state)
    head.refresh_from_db()
    for move in MOVES.values():
        if state in move.sources:
            continue
        with pytest.raises(ValidationError, match="刚被别人改过"):
            move_head(
                head=head, move=move.name, on=DAY, by=None, years=1, grade="good", reason="term"
            )
    head.refresh_from_db()
    assert head.state == state


def test_facts_are_asked_for(town: Town, homes: list[Household]) -> None:
    head = serve(homes[0], "甲")
    with pytest.raises(ValidationError, match="评议等次"):
        move_head(head=head, move="evaluate", on=DAY, by=None)
    with pytest.raises(ValidationError, match="离任原因"):
        move_head(head=head, move="end", on=DAY, by=None)
    with pytest.raises(ValidationError, match="不能早于提名日期"):
        move_head(head=head, move="end", on=date(2020, 1, 1), reason="term", by=None)
    CorridorHead.objects.update(state=HeadState.PUBLISHED)
    head.refresh_from_db()
    with pytest.raises(ValidationError, match="1 至 3 年"):
        move_head(head=head, move="take_up", on=DAY, years=4, by=None)


def test_who_may_be_nominated(town: Town, homes: list[Household]) -> None:
    with pytest.raises(ValidationError, match="没有登记住在本社区"):
        nominate(person=make_person("外人"), grid=town.grid, on=DAY, by=None)
    person = live_in(homes[0], "甲")
    nominate(person=person, grid=town.grid, on=DAY, by=None)
    with pytest.raises(ValidationError, match="已提名"):
        nominate(person=person, grid=town.grid, on=DAY, by=None)
    dead = live_in(homes[1], "乙")
    dead.died_on = DAY
    dead.save()
    with pytest.raises(ValidationError, match="死亡"):
        nominate(person=dead, grid=town.grid, on=DAY, by=None)


def test_a_term_ends_the_day_before(db: None) -> None:
    assert years_later(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert years_later(date(2026, 3, 1), 2) == date(2028, 2, 29)


# ---- the assignment ----


def test_assigning_links_entrance_by_entrance(town: Town, homes: list[Household]) -> None:
    first, second = serve(homes[3], "甲"), serve(homes[20], "乙")
    done = apply_assignment(homes=all_homes(town), day=DAY, by=town.users["community_staff"])
    assert (done.covered_before, done.covered_after) == (0, 24)
    assert linked(first) == [home.pk for home in homes[:12]]
    assert linked(second) == [home.pk for home in homes[12:]]
    assert not Household.objects.filter(grid=town.grid).without_head().exists()
    again = apply_assignment(homes=all_homes(town), day=DAY, by=None)
    assert again.plan.changes == ()
    assert AuditEntry.objects.filter(action="head.assign").count() == 1


def test_vacant_homes_need_nobody(town: Town, homes: list[Household]) -> None:
    serve(homes[3], "甲")
    Household.objects.filter(pk__in=[home.pk for home in homes[12:]]).update(occupancy="vacant")
    assert propose(all_homes(town), DAY).covered_after == 12


def test_the_preview_must_still_hold(town: Town, homes: list[Household]) -> None:
    serve(homes[3], "甲")
    seen = propose(all_homes(town), DAY)
    serve(homes[20], "乙")
    with pytest.raises(ValidationError, match="请看过新的预览"):
        apply_assignment(homes=all_homes(town), day=DAY, by=None, mark=seen.mark)
    assert not LinkedHousehold.objects.exists()


def test_links_elsewhere_count(town: Town, homes: list[Household]) -> None:
    head = serve(homes[3], "甲")
    for home in fill(town.sister_building, 5):
        LinkedHousehold.objects.create(head=head.person, household=home, start=BEGAN)
    assert propose(all_homes(town), DAY).covered_after == 5


def test_an_assignment_can_be_taken_back(town: Town, homes: list[Household]) -> None:
    first = serve(homes[3], "甲")
    for home in homes[:14]:
        LinkedHousehold.objects.create(head=first.person, household=home, start=BEGAN)
    before = linked(first)
    second = serve(homes[20], "乙")
    LinkedHousehold.objects.filter(household__in=homes[10:14]).update(end=DAY - timedelta(days=1))
    apply_assignment(homes=all_homes(town), day=DAY, by=None)
    assert len(linked(second)) > 0
    later = DAY + timedelta(days=3)
    restore_links(homes=all_homes(town), to=DAY - timedelta(days=1), day=later, by=None)
    assert linked(first) == before
    assert linked(second) == []
    with pytest.raises(ValidationError, match="今天以前"):
        restore_links(homes=all_homes(town), to=later, day=later, by=None)


def test_an_undone_first_day_is_never_in_force(town: Town, homes: list[Household]) -> None:
    head = serve(homes[3], "甲")
    apply_assignment(homes=all_homes(town), day=DAY, by=None)
    move_head(head=head, move="end", on=DAY, reason="own_wish", by=None)
    assert not LinkedHousehold.objects.current(DAY).exists()
    assert LinkedHousehold.objects.count() > 0


def test_areas_are_named_by_code(town: Town, homes: list[Household]) -> None:
    for code, count in (
        (town.grid.code, 26), ("349901001001", 27), ("349901001", 28), ("349901", 29), ("34", 29),
    ):  # fmt: skip
        assert Household.objects.filter(area_q(code)).count() == count
    for code in ("349901009", "红星", "1", "３４"):
        with pytest.raises(ValidationError, match="没有编码为"):
            area_q(code)


def test_the_command_previews_and_applies(town: Town, homes: list[Household]) -> None:
    serve(homes[3], "甲")
    out = StringIO()
    call_command("assign_heads", "--under", town.grid.code, "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "households": 24, "heads": 1, "covered_before": 0, "covered": 15, "uncovered": 9,
        "gained": 15, "moved": 0, "lost": 0, "loads": {"15": 1},
    }  # fmt: skip
    assert not LinkedHousehold.objects.exists()
    out = StringIO()
    call_command("assign_heads", "--under", town.grid.code, stdout=out)
    assert "未覆盖 9 户" in out.getvalue()
    assert "不在 8–12 户之间" in out.getvalue()
    assert LinkedHousehold.objects.count() == 15
    with pytest.raises(CommandError, match="没有编码"):
        call_command("assign_heads", "--under", "000")


# ---- a head goes ----


def test_the_group_leader_stands_in(town: Town, homes: list[Household]) -> None:
    head = serve(homes[3], "甲")
    leader = live_in(homes[7], "组长")
    OrgPost.objects.create(
        person=leader, org_unit=town.group, kind=PostKind.GROUP_LEADER, start=BEGAN
    )
    apply_assignment(homes=all_homes(town), day=DAY, by=None)
    residency = Residency.objects.get(person=head.person)
    end_residency(residency=residency, on=DAY, reason="moved_out", by=None)
    head.refresh_from_db()
    assert (head.state, head.end_reason, head.ended_on) == ("ended", "moved_out", DAY)
    assert Household.objects.filter(grid=town.grid).stood_in_for().count() == 15
    assert Household.objects.filter(grid=town.grid).without_head().count() == 24
    serve(homes[5], "丙")
    apply_assignment(homes=all_homes(town), day=DAY + timedelta(days=1), by=None)
    assert Household.objects.filter(grid=town.grid).with_head().count() == 15
    assert LinkedHousehold.objects.open().values("household").distinct().count() == (
        LinkedHousehold.objects.open().count()
    )


def test_who_dies_is_no_head_any_more(town: Town, homes: list[Household]) -> None:
    head = serve(homes[3], "甲")
    end_residency(
        residency=Residency.objects.get(person=head.person), on=DAY, reason="died", by=None
    )
    head.refresh_from_db()
    assert (head.state, head.end_reason) == ("ended", "died")


def test_who_moves_within_the_community_stays_head(town: Town, homes: list[Household]) -> None:
    head = serve(homes[3], "甲")
    Residency.objects.create(person=head.person, household=homes[9], start=DAY)
    end_residency(
        residency=Residency.objects.get(person=head.person, household=homes[3]), on=DAY,
        reason="moved_out", by=None,
    )  # fmt: skip
    head.refresh_from_db()
    assert head.state == HeadState.SERVING
    assert not CorridorHead.objects.moved_away(DAY).exists()


def test_heads_follow_their_building(town: Town, homes: list[Household]) -> None:
    head = serve(homes[3], "甲")
    move_buildings(buildings=[town.building], to=town.sister_grid, by=None)
    head.refresh_from_db()
    assert head.grid == town.sister_grid


# ---- what a head does ----


def test_contact_with_one_tap(town: Town, homes: list[Household]) -> None:
    head = serve(homes[3], "甲")
    apply_assignment(homes=all_homes(town), day=DAY, by=None)
    first = note_contact(head=head, household=homes[0], on=DAY, today=DAY, by=None)
    again = note_contact(
        head=head, household=homes[0], on=DAY, today=DAY, how="phone", note="平安", by=None
    )
    assert (again.pk, again.how, head.contacts.count()) == (first.pk, "phone", 1)
    with pytest.raises(ValidationError, match="不是这位楼道长"):
        note_contact(head=head, household=homes[23], on=DAY, today=DAY, by=None)
    with pytest.raises(ValidationError, match="晚于今天"):
        note_contact(head=head, household=homes[0], on=DAY + timedelta(days=1), today=DAY, by=None)
    with pytest.raises(ValidationError, match="空字符"):
        note_contact(head=head, household=homes[1], on=DAY, today=DAY, note="a\x00b", by=None)
    take_back_contact(contact=again, today=DAY, by=None)
    assert not head.contacts.exists()


def test_a_good_deed(town: Town, homes: list[Household]) -> None:
    head = serve(homes[3], "甲")
    apply_assignment(homes=all_homes(town), day=DAY, by=None)
    deed = record_deed(
        head=head, on=DAY, today=DAY, what="帮王奶奶换灯泡", households=homes[:2], by=None
    )
    assert deed.households.count() == 2
    with pytest.raises(ValidationError, match="不是这位楼道长"):
        record_deed(head=head, on=DAY, today=DAY, what="修门", households=homes[23:], by=None)
