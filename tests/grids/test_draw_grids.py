"""Drawing grids: create, rename, change kind, activate, close, lead by a branch."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from grids.catalog import GridKind, GridStatus, size_warning
from grids.models import Building, Grid
from grids.services import (
    activate_grid,
    change_kind,
    close_grid,
    create_grid,
    describe_grid,
    rename_grid,
    set_branch,
)
from orgs.levels import OrgStatus
from orgs.models import AuditEntry, OrgUnit
from tests.town import Town

DAY = date(2026, 3, 2)


def test_a_new_grid_takes_the_next_serial(town: Town) -> None:
    grid = create_grid(community=town.community, name="第三网格", by=town.users["street_admin"])
    assert grid.code == "349901001001003"
    assert (grid.street, grid.district_id) == (town.street, "349901")
    assert grid.status == GridStatus.ACTIVE
    entry = AuditEntry.objects.get(action="grid.create")
    assert (entry.actor, entry.target_id) == (town.users["street_admin"], str(grid.pk))


def test_a_serial_is_never_used_again(town: Town) -> None:
    grid = create_grid(community=town.community, name="临时", serial=9, by=None)
    close_grid(grid=grid, on=date(2099, 1, 1), by=None)
    assert create_grid(community=town.community, name="新", by=None).code.endswith("010")
    with pytest.raises(ValidationError, match="009 已用过"):
        create_grid(community=town.community, name="又新", serial=9, by=None)


def test_a_community_without_serials_left_says_so(town: Town) -> None:
    create_grid(community=town.community, name="末", serial=999, by=None)
    with pytest.raises(ValidationError, match="已用完"):
        create_grid(community=town.community, name="再", by=None)


@pytest.mark.parametrize("serial", [0, 1000, -1])
def test_a_serial_has_three_digits(town: Town, serial: int) -> None:
    with pytest.raises(ValidationError, match="1 到 999"):
        create_grid(community=town.community, name="怪", serial=serial, by=None)


@pytest.mark.parametrize("name", ["", "　", "甲\0乙", "长" * 61])
def test_a_bad_name_is_refused(town: Town, name: str) -> None:
    before = Grid.objects.count()
    with pytest.raises(ValidationError):
        create_grid(community=town.community, name=name, by=None)
    assert Grid.objects.count() == before


def test_a_name_is_taken_once_in_a_community(town: Town) -> None:
    with pytest.raises(ValidationError, match="已有名为"):
        create_grid(community=town.community, name="第1网格", by=None)
    with pytest.raises(ValidationError, match="已有名为"):
        rename_grid(grid=town.sister_grid, name="第1网格", by=None)
    assert rename_grid(grid=town.sister_grid, name=" 花园 网格 ", by=None).name == "花园 网格"


def test_a_grid_stands_under_an_open_community_with_a_code(town: Town) -> None:
    with pytest.raises(ValidationError, match="社区之下"):
        create_grid(community=town.street, name="甲", by=None)
    OrgUnit.objects.filter(pk=town.community.pk).update(status=OrgStatus.ABOLISHED)
    with pytest.raises(ValidationError, match="已撤销"):
        create_grid(community=town.community, name="甲", by=None)
    OrgUnit.objects.filter(pk=town.sister_community.pk).update(division_code=None)
    with pytest.raises(ValidationError, match="区划代码"):
        create_grid(community=town.sister_community, name="甲", by=None)


def test_a_reserved_grid_waits_and_keeps_its_code(town: Town) -> None:
    grid = create_grid(community=town.community, name="地块", kind=GridKind.RESERVED, by=None)
    assert (grid.status, grid.activated_on) == (GridStatus.RESERVED, None)
    assert grid not in Grid.objects.assessed()
    with pytest.raises(ValidationError, match="启用"):
        change_kind(grid=grid, kind=GridKind.EXCLUSIVE, by=None)
    with pytest.raises(ValidationError, match="住宅小区"):
        activate_grid(grid=grid, kind=GridKind.RESERVED, on=DAY, by=None)
    active = activate_grid(grid=grid, kind=GridKind.RESIDENTIAL, on=DAY, by=None)
    assert (active.code, active.status, active.activated_on) == (
        grid.code, GridStatus.ACTIVE, DAY,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="只有预留"):
        activate_grid(grid=grid, kind=GridKind.RESIDENTIAL, on=DAY, by=None)


def test_an_active_grid_changes_between_residential_and_exclusive(town: Town) -> None:
    assert change_kind(grid=town.grid, kind=GridKind.EXCLUSIVE, by=None).kind == GridKind.EXCLUSIVE
    with pytest.raises(ValidationError, match="不能改为预留"):
        change_kind(grid=town.grid, kind=GridKind.RESERVED, by=None)


def test_a_branch_must_be_a_live_branch_of_the_community(town: Town) -> None:
    for wrong, words in (
        (town.sister_branch, "不是幸福社区党委的"),
        (town.community, "不是幸福社区党委的"),
        (town.group, "不是网格党支部"),
    ):
        with pytest.raises(ValidationError, match=words):
            set_branch(grid=town.grid, branch=wrong, by=None)
    assert set_branch(grid=town.grid, branch=None, by=None).party_branch is None
    assert set_branch(grid=town.grid, branch=town.branch, by=None).party_branch == town.branch


def test_a_grid_with_buildings_closes_only_into_a_successor(town: Town) -> None:
    with pytest.raises(ValidationError, match="还有 1 栋楼"):
        close_grid(grid=town.grid, on=DAY, by=None)
    for wrong, words in ((town.grid, "自己"), (town.far_grid, "其他社区")):
        with pytest.raises(ValidationError, match=words):
            close_grid(grid=town.grid, on=DAY, successor=wrong, by=None)
    closed = close_grid(grid=town.grid, on=DAY, successor=town.sister_grid, by=None)
    assert (closed.status, closed.closed_on) == (GridStatus.CLOSED, DAY)
    assert Building.objects.get(pk=town.building.pk).grid == town.sister_grid
    home = town.households[0]
    home.refresh_from_db()
    assert home.grid == town.sister_grid
    assert not closed.team.filter(end=None).exists()
    with pytest.raises(ValidationError, match="已经撤销"):
        close_grid(grid=town.grid, on=DAY, by=None)
    with pytest.raises(ValidationError, match="不是在用"):
        close_grid(grid=town.sister_grid, on=DAY, successor=town.grid, by=None)


def test_a_grid_cannot_close_before_it_opened(town: Town) -> None:
    with pytest.raises(ValidationError, match="早于启用"):
        close_grid(grid=town.grid, on=date(2020, 1, 1), successor=town.sister_grid, by=None)


def test_the_template_changes_only_while_nobody_serves_by_the_old_one(town: Town) -> None:
    with pytest.raises(ValidationError, match="还有 5 人"):
        describe_grid(grid=town.grid, area_note="", property_status="", team_template=None, by=None)
    grid = describe_grid(
        grid=town.grid,
        area_note="东至人民路",
        property_status="managed",
        team_template=town.grid.team_template,
        by=None,
    )
    assert grid.area_note == "东至人民路"


def test_the_size_rule_only_warns() -> None:
    assert size_warning(500) == size_warning(300) == size_warning(700) == ""
    assert "少于 300" in size_warning(299)
    assert "可考虑拆分" in size_warning(701)
