"""Who was responsible for this door on that day, after buildings, branches and people changed."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from grids.history import branch_on, responsible_for
from grids.models import BranchTerm, Building
from grids.services import close_grid, move_buildings, remove_member, set_branch
from orgs.levels import OrgForm, PostKind, Tier
from orgs.models import OrgPost, OrgUnit
from orgs.services.reshape import merge
from tests.town import Town, make_person

SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)


def grid_on(town: Town, day: date) -> Any:
    building = Building.objects.select_related("grid").get(pk=town.building.pk)
    return responsible_for(building, day, town.users["community_staff"]).grid


def test_a_building_that_moved_twice_is_found_on_every_day(town: Town) -> None:
    assert grid_on(town, SPRING) == town.grid
    move_buildings(buildings=[town.building], to=town.sister_grid, by=None, on=SPRING)
    move_buildings(buildings=[town.building], to=town.grid, by=None, on=SUMMER)
    days = [date(2020, 1, 1), date(2026, 2, 28), SPRING, date(2026, 5, 31), SUMMER, AUTUMN]
    assert [grid_on(town, day) for day in days] == [
        town.grid, town.grid, town.sister_grid, town.sister_grid, town.grid, town.grid,
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="才划入现在的网格，生效日期不能更早"):
        move_buildings(buildings=[town.building], to=town.sister_grid, by=None, on=SPRING)


def test_moving_there_and_back_in_a_day_leaves_the_day_to_the_last(town: Town) -> None:
    for target in (town.sister_grid, town.grid, town.sister_grid):
        move_buildings(buildings=[town.building], to=target, by=None, on=SPRING)
    assert grid_on(town, date(2026, 2, 28)) == town.grid
    assert grid_on(town, SPRING) == town.sister_grid


def test_a_closed_grid_answers_for_its_time(town: Town) -> None:
    close_grid(grid=town.grid, on=SUMMER, by=None, successor=town.sister_grid)
    assert grid_on(town, SPRING) == town.grid
    assert grid_on(town, SUMMER) == town.sister_grid


def test_branch_secretary_head_and_corridor_head_of_the_day(town: Town) -> None:
    secretary = make_person("支书某")
    OrgPost.objects.create(
        person=secretary, org_unit=town.branch, kind=PostKind.SECRETARY, start=SPRING, end=SUMMER
    )
    head = town.grid.team.get(slot__role="grid_head")
    remove_member(member=head, end=SUMMER, by=None)
    staff = town.users["community_staff"]
    before = responsible_for(town.building, SPRING, staff, unit="1单元", room="101")
    assert [member.person.name for member in before.heads] == ["李网格"]
    assert [post.person for post in before.secretaries] == [secretary]
    assert [(one.label, one.text) for one in before.others] == [("红色楼道长", "赵楼道")]
    after = responsible_for(town.building, AUTUMN, staff, unit="1单元", room="102")
    assert (after.heads, after.secretaries, after.others) == ([], [], [])


def test_the_branch_of_the_day_is_known_after_a_change_and_a_merger(town: Town) -> None:
    today = timezone.localdate()
    second = OrgUnit.objects.create(
        name="幸福第二网格党支部", tier=Tier.BRANCH, org_form=OrgForm.BRANCH, parent=town.community
    )
    set_branch(grid=town.sister_grid, branch=second, by=None)
    set_branch(grid=town.sister_grid, branch=second, by=None)  # no change, no row
    assert BranchTerm.objects.count() == 1
    town.sister_grid.refresh_from_db()
    assert branch_on(town.sister_grid, SPRING) == town.branch
    assert branch_on(town.sister_grid, today) == second
    merge(node=town.branch, into=second, by=None)
    town.grid.refresh_from_db()
    assert (branch_on(town.grid, SPRING), branch_on(town.grid, today)) == (town.branch, second)


def test_the_page_answers_in_view_only(town: Town, enter: Any) -> None:
    move_buildings(buildings=[town.building], to=town.sister_grid, by=None, on=SUMMER)
    ask = {"q": "阳光花园1栋1单元101", "day": "2026-03-01"}
    staff = enter("community_staff")
    (found,) = staff.get("/grids/responsible/", ask).context["found"]
    assert found.grid == town.grid
    assert "赵楼道" in staff.get("/grids/responsible/", ask).content.decode()
    assert enter("other_community_staff").get("/grids/responsible/", ask).context["found"] == []
    assert enter("revisitor").get("/grids/responsible/", ask).status_code == 403
    assert staff.get("/grids/responsible/", {**ask, "day": "昨天"}).status_code == 400
    assert staff.get("/grids/responsible/").status_code == 200


def test_the_api_answers_for_a_building_and_a_day(town: Town, enter: Any) -> None:
    move_buildings(buildings=[town.building], to=town.sister_grid, by=None, on=SUMMER)
    url = f"/api/v1/buildings/{town.building.pk}/responsible/"
    staff = enter("community_staff")
    was = staff.get(url, {"day": "2026-03-01", "unit": "1单元", "room": "101"}).json()
    assert (was["grid_code"], was["heads"]) == (town.grid.code, ["李网格"])
    assert was["others"] == [{"label": "红色楼道长", "text": "赵楼道"}]
    assert staff.get(url).json()["grid_code"] == town.sister_grid.code
    assert staff.get(url, {"day": "x"}).status_code == 400
    assert enter("other_community_staff").get(url).status_code == 404
