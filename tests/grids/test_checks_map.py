"""The checks of the ground find what is wrong on the map, and nothing on a sound one."""

from datetime import date
from typing import Any

from grids.services import place_building, save_community_shape, save_shape
from orgs.quality import Asked, check_named
from tests.grids.squares import SIDE, WEST, draw, middle, square
from tests.town import Town


def found(code: str) -> list[Any]:
    check = check_named(code)
    assert check is not None
    return list(check.look(Asked(date(2026, 6, 1))))


def two_squares() -> dict[str, Any]:
    wide = square(0)
    wide["coordinates"][0][1][0] = wide["coordinates"][0][2][0] = WEST + 2 * SIDE
    return wide


def test_a_sound_ground_has_no_findings(town: Town) -> None:
    draw(town.grid, 0)
    draw(town.sister_grid, 1)
    save_community_shape(community=town.community, geometry=two_squares(), by=None)
    place_building(building=town.building, point=middle(0), by=None)
    for code in ("grid_overlap", "community_gap", "building_outside"):
        assert found(code) == [], code
    assert set(found("grid_undrawn")) == {town.far_grid, town.other_grid}


def test_overlaps_gaps_and_strays_are_found(town: Town) -> None:
    draw(town.grid, 0)
    save_shape(grid=town.sister_grid, geometry=square(0.5, 0, 0.003), by=None, accept_overlap=True)
    save_community_shape(community=town.community, geometry=two_squares(), by=None)
    place_building(building=town.sister_building, point=(WEST + 0.001, 31.784), by=None)
    assert set(found("grid_overlap")) == {town.grid, town.sister_grid}
    assert found("community_gap") == [town.community]
    assert found("building_outside") == [town.sister_building]


def test_grids_without_a_governance_code_are_listed(town: Town) -> None:
    assert len(found("grid_governance")) == 4
