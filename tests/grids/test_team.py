"""Filling the slots of a grid's team, and how complete it is."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from grids.models import Grid, GridTeamMember, TeamSlot, TeamTemplate
from grids.services import assign_member, edit_member, remove_member, replace_member
from grids.staffing import completeness_of, team_card, team_completeness, vacancies_of
from orgs.models import PartyMember, Person
from residents.models import CareKind, CareTag, Residency
from tests.town import Town, make_person

DAY = date(2026, 3, 2)


def slot(template: str, code: str) -> TeamSlot:
    return TeamSlot.objects.get(template__code=template, code=code)


@pytest.fixture
def bare_grid(town: Town) -> Grid:
    """A grid of the 宣城 kind with an empty team."""
    town.far_grid.team_template = TeamTemplate.objects.get(code="xuancheng-1-2-n")
    town.far_grid.save()
    return town.far_grid


def member_of_the_party(name: str) -> Person:
    person = make_person(name)
    PartyMember.objects.create(person=person)
    return person


def test_the_built_in_templates_are_there(db: None) -> None:
    sizes = {
        row.code: row.slots.filter(minimum__gt=0).count() for row in TeamTemplate.objects.all()
    }
    assert sizes == {"xuancheng-1-2-n": 3, "haiheng-1-2-n": 3, "huangshan-1-6": 7}
    forces = TeamSlot.objects.filter(template__code="huangshan-1-6", is_force=True)
    assert [force.name for force in forces.order_by("order")] == [
        "城管", "环卫", "市政园林", "物业公司", "原综治网格信息员", "物管专员",
    ]  # fmt: skip


def test_a_team_fills_up(bare_grid: Grid) -> None:
    assert team_completeness(bare_grid, DAY).label == "缺 3 人"
    for code, source in (
        ("head", "two_committees"), ("street-worker", "street"), ("unit-worker", "paired_unit"),
    ):  # fmt: skip
        assign_member(
            grid=bare_grid, slot=slot("xuancheng-1-2-n", code), person=member_of_the_party(code),
            source=source, start=DAY, by=None,
        )  # fmt: skip
    done = team_completeness(bare_grid, DAY)
    assert (done.rate, done.label, done.level) == (1.0, "齐备", "green")
    assert team_completeness(bare_grid, date(2026, 3, 1)).filled == 0
    assert bare_grid in Grid.objects.short_of_team(date(2026, 3, 1))
    assert bare_grid not in Grid.objects.short_of_team(DAY)


def test_there_is_exactly_one_head(bare_grid: Grid) -> None:
    head = slot("xuancheng-1-2-n", "head")
    first = assign_member(
        grid=bare_grid, slot=head, person=make_person("甲"), source="two_committees", start=DAY,
        by=None,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="最多 1 人"):
        assign_member(
            grid=bare_grid, slot=head, person=make_person("乙"), source="two_committees",
            start=DAY, by=None,
        )  # fmt: skip
    later = date(2026, 5, 1)
    replace_member(member=first, person=make_person("丙"), start=later, by=None)
    first.refresh_from_db()
    assert first.end == date(2026, 4, 30)
    assert [m.person.name for m in team_card(bare_grid, later)[0].members] == ["丙"]


def test_a_slot_asks_for_party_members_and_sources(bare_grid: Grid) -> None:
    worker = slot("xuancheng-1-2-n", "street-worker")
    with pytest.raises(ValidationError, match="须由党员"):
        assign_member(
            grid=bare_grid, slot=worker, person=make_person("群众"), source="street", start=DAY,
            by=None,
        )  # fmt: skip
    with pytest.raises(ValidationError, match="来源应为：乡镇（街道）"):
        assign_member(
            grid=bare_grid, slot=worker, person=member_of_the_party("党员"), source="police",
            start=DAY, by=None,
        )  # fmt: skip


def test_a_force_is_sent_by_a_unit(town: Town) -> None:
    town.far_grid.team_template = TeamTemplate.objects.get(code="huangshan-1-6")
    town.far_grid.save()
    force = slot("huangshan-1-6", "urban-management")
    with pytest.raises(ValidationError, match="请选择单位"):
        assign_member(
            grid=town.far_grid, slot=force, person=make_person("城"), source="unit", start=DAY,
            by=None,
        )  # fmt: skip
    member = assign_member(
        grid=town.far_grid, slot=force, person=make_person("城"), source="unit",
        unit=town.department, start=DAY, by=None,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="请选择单位"):
        edit_member(member=member, duties="巡查", unit=None, by=None)
    assert edit_member(member=member, duties="巡查", unit=town.department, by=None).duties == "巡查"


def test_a_slot_of_another_template_is_refused(town: Town, bare_grid: Grid) -> None:
    with pytest.raises(ValidationError, match="不属于本网格的队伍模式"):
        assign_member(
            grid=bare_grid, slot=slot("huangshan-1-6", "head"), person=make_person("甲"),
            start=DAY, by=None,
        )  # fmt: skip


def test_leaving_ends_with_a_date(town: Town) -> None:
    member = town.grid.team.get(person=town.users["grid_head"].person)
    with pytest.raises(ValidationError, match="早于到岗"):
        remove_member(member=member, end=date(2020, 1, 1), by=None)
    remove_member(member=member, end=DAY, by=None)
    with pytest.raises(ValidationError, match="离岗"):
        remove_member(member=member, end=DAY, by=None)
    assert town.grid in Grid.objects.without_head(date(2026, 3, 3))
    assert town.grid not in Grid.objects.without_head(DAY)


def test_the_dead_and_the_doubled_are_refused(bare_grid: Grid) -> None:
    informant = slot("xuancheng-1-2-n", "informant")
    person = make_person("双")
    assign_member(
        grid=bare_grid, slot=informant, person=person, source="volunteer", start=DAY, by=None
    )
    with pytest.raises(ValidationError, match="已在岗位"):
        assign_member(
            grid=bare_grid, slot=informant, person=person, source="volunteer", start=DAY, by=None
        )
    person.died_on = DAY
    person.save()
    with pytest.raises(ValidationError, match="死亡"):
        assign_member(
            grid=bare_grid, slot=slot("xuancheng-1-2-n", "head"), person=person,
            source="two_committees", start=DAY, by=None,
        )  # fmt: skip


def test_a_place_is_handed_over_with_what_is_in_work(town: Town) -> None:
    """Care duties and held cases of the grid pass on; done work stays with who did it."""
    leaver = town.users["grid_worker_ft"].person
    assert leaver is not None
    wang = make_person("王奶奶")
    far = make_person("远奶奶")
    assert town.far_household is not None
    Residency.objects.create(person=wang, household=town.households[0])
    Residency.objects.create(person=far, household=town.far_household)
    kind = CareKind.objects.get(code="empty_nest")
    for person in (wang, far):
        CareTag.objects.create(person=person, kind=kind, start=DAY, responsible=leaver)
    member = town.grid.team.get(person=leaver)
    taker = make_person("新来的")
    replace_member(member=member, person=taker, start=DAY, term_end=date(2028, 3, 1), by=None)
    assert wang.care_tags.get().responsible == taker
    assert far.care_tags.get().responsible == leaver
    assert town.grid.team.get(person=taker).term_end == date(2028, 3, 1)


def test_vacancies_and_rate_agree(town: Town, bare_grid: Grid) -> None:
    grids = list(Grid.objects.assessed())
    filled = completeness_of(grids, DAY).values()
    missing = vacancies_of(grids, DAY)
    assert len(missing) == sum(one.needed - one.filled for one in filled) > 0
    assert {one.grid for one in missing} >= {bare_grid}


def test_terms_that_end_are_listed(town: Town) -> None:
    member = town.grid.team.get(person=town.users["grid_head"].person)
    edit_member(
        member=member,
        duties="巡查",
        unit=None,
        term_end=date(2026, 4, 1),
        shows_phone=True,
        by=None,
    )
    ending = GridTeamMember.objects
    assert list(ending.term_ends_within(DAY, 30)) == [member]
    assert not ending.term_ends_within(DAY, 29).exists()
    with pytest.raises(ValidationError, match="不能早于到岗"):
        edit_member(member=member, duties="", unit=None, term_end=date(2020, 1, 1), by=None)
