"""Buildings: adding, moving between grids, old codes, and how the scope follows the tree."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from grids.models import Building, Grid
from grids.services import (
    add_entrance,
    add_legacy_code,
    create_building,
    drop_legacy_code,
    merge_legacy_code,
    move_buildings,
    set_party_group,
)
from orgs.models import AuditEntry, OrgUnit, OrgUnitChange
from orgs.services.reshape import abolish, merge
from orgs.services.tree import move
from orgs.signals import tree_changed
from tests.town import Town, make_grid

DAY = date(2026, 3, 2)


def test_a_building_gets_its_canonical_name(town: Town) -> None:
    building = create_building(grid=town.grid, compound="阳光花园", name="３幢", floors=6, by=None)
    assert (building.name, building.community) == ("3栋", town.community)
    with pytest.raises(ValidationError, match="已登记在“第1网格”"):
        create_building(grid=town.sister_grid, compound="阳光花园", name="三栋", by=None)
    assert add_entrance(building=building, name="二单元", by=None).name == "2单元"
    assert add_entrance(building=building, name="", by=None).name == "无"
    with pytest.raises(ValidationError, match="已有“2单元”"):
        add_entrance(building=building, name="2", by=None)


def test_households_follow_their_building(town: Town) -> None:
    by = town.users["community_staff"]
    assert move_buildings(buildings=[town.building], to=town.sister_grid, by=by) == 1
    for home in town.households:
        home.refresh_from_db()
        assert home.grid == town.sister_grid
    entry = AuditEntry.objects.get(action="building.move")
    assert entry.detail["buildings"] == [town.building.pk]
    assert move_buildings(buildings=[town.building], to=town.sister_grid, by=by) == 0
    assert town.grid in Grid.objects.without_buildings()


def test_a_building_stays_in_its_community(town: Town) -> None:
    with pytest.raises(ValidationError, match="同一社区"):
        move_buildings(buildings=[town.building, town.far_building], to=town.sister_grid, by=None)
    assert Building.objects.get(pk=town.building.pk).grid == town.grid


def test_a_group_covers_buildings_of_its_community(town: Town) -> None:
    assert set_party_group(building=town.sister_building, group=town.group, by=None)
    with pytest.raises(ValidationError, match="不是在用的党小组"):
        set_party_group(building=town.building, group=town.branch, by=None)
    with pytest.raises(ValidationError, match="不属于"):
        set_party_group(building=town.far_building, group=town.group, by=None)


def test_old_codes_are_found_and_merged(town: Town) -> None:
    legacy = add_legacy_code(
        grid=town.grid, system="governance", code=" ZZ-07 ", name="七格", by=None
    )
    for text in ("zz-07", "七格", "第1网格", "34990100100100"):
        assert town.grid in Grid.objects.matching(text), text
    assert town.grid in Grid.objects.to_merge()
    with pytest.raises(ValidationError, match="已登记"):
        add_legacy_code(grid=town.grid, system="governance", code="ZZ-07", by=None)
    merge_legacy_code(legacy=legacy, on=DAY, by=None)
    assert town.grid not in Grid.objects.to_merge()
    with pytest.raises(ValidationError, match="2026-03-02"):
        merge_legacy_code(legacy=legacy, on=DAY, by=None)
    drop_legacy_code(legacy=legacy, by=None)
    assert not town.grid.legacy_codes.exists()


def test_gaps_are_lists(town: Town) -> None:
    bare = make_grid(town.community, 8, None)
    undivided = create_building(grid=town.far_grid, compound="和平里", name="9栋", by=None)
    assert list(Grid.objects.without_branch()) == [bare]
    assert list(Grid.objects.without_buildings()) == [bare]
    assert list(Building.objects.without_entrances()) == [undivided]


def tell(kind: str, node: OrgUnit, moved_to: OrgUnit | None) -> None:
    tree_changed.send(OrgUnit, kind=kind, org_unit=node, moved_to=moved_to, by=None)


def test_a_community_that_moves_takes_its_grids_along(town: Town) -> None:
    town.community.move_to(town.other_street, "last-child")
    town.community.refresh_from_db()
    tell(OrgUnitChange.Kind.MOVE, town.community, town.other_street)
    for row in (town.grid, town.building, town.households[0], town.sister_household):
        assert row is not None
        row.refresh_from_db()
        assert row.street == town.other_street
    town.far_grid.refresh_from_db()
    assert town.far_grid.street == town.street


def test_a_merged_branch_and_group_pass_on(town: Town) -> None:
    tell(OrgUnitChange.Kind.MERGE, town.branch, town.sister_branch)
    town.grid.refresh_from_db()
    assert town.grid.party_branch == town.sister_branch
    tell(OrgUnitChange.Kind.ABOLISH, town.group, None)
    town.building.refresh_from_db()
    assert town.building.party_group is None


def test_a_merged_community_hands_everything_over(town: Town) -> None:
    tell(OrgUnitChange.Kind.MERGE, town.sister_community, town.community)
    town.far_grid.refresh_from_db()
    assert town.far_grid.community == town.community
    assert town.far_grid.code.startswith("349901001002")  # the code stays
    assert town.far_grid.name == "第1网格（原和平社区党委）"  # 幸福 has a 第1网格 of its own
    assert town.far_household is not None
    town.far_household.refresh_from_db()
    assert town.far_household.community == town.community
    town.far_building.refresh_from_db()
    assert town.far_building.compound.community == town.community


def test_the_real_verbs_of_the_tree_are_followed(town: Town) -> None:
    with pytest.raises(ValidationError, match="还有 2 个网格"):
        Grid.objects.filter(community=town.community).update(party_branch=None)
        abolish_everything_below(town.community)
    merge(node=town.sister_community, into=town.community, by=None)
    town.far_grid.refresh_from_db()
    assert town.far_grid.community == town.community
    move(node=town.community, parent=town.other_street, by=None)
    for row in (town.grid, town.far_grid, town.far_building, town.households[0]):
        row.refresh_from_db()
        assert row.street == town.other_street


def abolish_everything_below(node: OrgUnit) -> None:
    for child in node.get_descendants(include_self=True).order_by("-lft"):
        abolish(node=child, by=None)
