"""What an adopted division does to outlines, and how it is undone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.models import Case
from grids.catalog import GridKind, GridStatus
from grids.division_workflow import DivisionKind, DivisionStatus
from grids.models import Building, BuildingTerm, GridDivision, GridShape
from grids.services import create_grid, move_buildings
from grids.services.divisions import add_row, undo_division
from residents.models import Household
from tests.cases.cast import reported
from tests.grids.squares import SIDE, WEST, draw, middle
from tests.grids.test_divisions import TODAY, adopted, sheet, split
from tests.town import Town, make_building, make_household


@pytest.fixture
def second(town: Town) -> Building:
    """A second building of the first grid with one household, so that the grid can be split."""
    building = make_building(town.grid, "阳光花园", "3栋")
    make_household(building, "301")
    return building


def stand(building: Building, column: float, row: float = 0) -> None:
    building.longitude, building.latitude = middle(column, row)
    building.save()


def test_a_split_cuts_the_outline_between_the_buildings(town: Town, second: Building) -> None:
    """1栋 stands in the west of the square, 3栋 in the east: the border runs between them."""
    draw(town.grid, 0)
    stand(town.building, -0.3)
    stand(second, 0.3)
    division = sheet(town)
    row = split(town, division, second)
    adopted(town, division)
    row.refresh_from_db()
    west, east = GridShape.objects.get(grid=town.grid), GridShape.objects.get(grid=row.result)
    half = WEST + SIDE / 2
    assert (west.east, east.west) == pytest.approx((half, half), abs=1e-6)
    assert west.area_m2 == pytest.approx(east.area_m2, rel=0.01)


def test_an_outline_stays_whole_while_a_building_is_not_on_the_map(
    town: Town, second: Building
) -> None:
    drawn = draw(town.grid, 0)
    stand(second, 0.3)
    division = sheet(town)
    split(town, division, second)
    adopted(town, division)
    assert GridShape.objects.get().geometry == drawn.geometry


def test_moving_a_building_takes_its_ground_along(town: Town, second: Building) -> None:
    draw(town.grid, 0)
    draw(town.sister_grid, 1)
    stand(town.building, -0.3)
    stand(second, 0.3)
    division = sheet(town)
    add_row(
        division=division, kind=DivisionKind.MOVE, grid=town.grid, target=town.sister_grid,
        buildings=[second], by=None,
    )  # fmt: skip
    adopted(town, division)
    ours, theirs = (GridShape.objects.get(grid=one) for one in (town.grid, town.sister_grid))
    assert ours.east == pytest.approx(theirs.west, abs=1e-6)
    assert theirs.area_m2 == pytest.approx(3 * ours.area_m2, rel=0.01)


def undone(division: GridDivision, today: date = TODAY) -> GridDivision:
    division.refresh_from_db()
    return undo_division(division=division, by=None, today=today)


def test_undoing_a_split_puts_buildings_households_cases_and_ground_back(
    town: Town, second: Building
) -> None:
    drawn = draw(town.grid, 0)
    stand(town.building, -0.3)
    stand(second, 0.3)
    case = reported(town, building=second)
    division = sheet(town)
    row = split(town, division, second)
    adopted(town, division)
    undone(division, TODAY + timedelta(days=3))
    row.refresh_from_db()
    assert division.status == DivisionStatus.UNDONE
    assert Building.objects.get(pk=second.pk).grid == town.grid
    assert Household.objects.get(building=second).grid == town.grid
    assert Case.objects.get(pk=case.pk).grid == town.grid
    assert row.result.status == GridStatus.CLOSED
    assert GridShape.objects.get().geometry == drawn.geometry
    # Who was responsible in between stays answerable.
    terms = BuildingTerm.objects.filter(building=second).values_list("grid", "start", "end")
    assert list(terms) == [
        (town.grid.pk, None, TODAY), (row.result.pk, TODAY, TODAY + timedelta(days=3))
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="已撤销，不能再做"):
        undone(division)


def test_undoing_a_merge_reopens_the_grid_with_its_team_and_outline(town: Town) -> None:
    before = draw(town.grid, 0).geometry, draw(town.sister_grid, 1).geometry
    serving = list(town.grid.team.serving_on(TODAY).values_list("pk", flat=True))
    division = sheet(town)
    add_row(
        division=division, kind=DivisionKind.MERGE, grid=town.grid, target=town.sister_grid, by=None
    )
    adopted(town, division)
    assert not town.grid.team.filter(end=None).exists()
    undone(division)
    town.grid.refresh_from_db()
    assert (town.grid.status, town.grid.successor, town.grid.closed_on) == (
        GridStatus.ACTIVE, None, None,
    )  # fmt: skip
    assert list(town.grid.team.filter(end=None).values_list("pk", flat=True)) == serving
    shapes = dict(GridShape.objects.values_list("grid", "geometry"))
    assert (shapes[town.grid.pk], shapes[town.sister_grid.pk]) == before
    assert set(town.grid.buildings.all()) == {town.building}


def test_undoing_an_activation_lets_the_grid_wait_again(town: Town, second: Building) -> None:
    reserved = create_grid(community=town.community, name="预留", kind=GridKind.RESERVED, by=None)
    division = sheet(town)
    add_row(
        division=division, kind=DivisionKind.ACTIVATE, grid=reserved, by=None,
        new_kind=GridKind.RESIDENTIAL, buildings=[second],
    )  # fmt: skip
    adopted(town, division)
    undone(division)
    reserved.refresh_from_db()
    assert (reserved.status, reserved.kind, reserved.activated_on) == (
        GridStatus.RESERVED, GridKind.RESERVED, None,
    )  # fmt: skip
    assert Building.objects.get(pk=second.pk).grid == town.grid


def test_what_was_changed_since_is_not_undone(town: Town, second: Building) -> None:
    division = sheet(town)
    split(town, division, second)
    adopted(town, division)
    move_buildings(buildings=[second], to=town.sister_grid, by=None)
    with pytest.raises(ValidationError, match="另做一张划分表"):
        undone(division)
    division.refresh_from_db()
    assert division.status == DivisionStatus.ADOPTED


def test_after_seven_days_it_is_too_late(town: Town, second: Building, enter: Any) -> None:
    division = sheet(town)
    split(town, division, second)
    adopted(town, division)
    secretary = enter("community_secretary")
    assert "撤销采用" in secretary.get(f"/grids/divisions/{division.pk}/").content.decode()
    staff = enter("community_staff").get(f"/grids/divisions/{division.pk}/").content.decode()
    assert "撤销采用" not in staff
    assert enter("community_staff").post(f"/grids/divisions/{division.pk}/undo/").status_code == 403
    GridDivision.objects.update(adopted_at=timezone.now() - timedelta(days=8))
    assert "撤销采用" not in secretary.get(f"/grids/divisions/{division.pk}/").content.decode()
    with pytest.raises(ValidationError, match="超过 7 天"):
        undone(division)
