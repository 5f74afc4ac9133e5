"""Drawing outlines and points: versions, overlaps, scope, and which grid is here."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from grids.catalog import GridStatus
from grids.models import Building, Grid, GridShape
from grids.point_index import ground_index
from grids.services import close_grid, drop_shape, place_building
from grids.services.shapes import save_shape
from grids.whereabouts import coordinate, grid_at, grids_of_address
from orgs.models import AuditEntry
from tests.grids.squares import draw, middle, square
from tests.grids.test_places import DAY
from tests.town import Town


def test_an_outline_is_stored_with_its_box_and_audited(town: Town) -> None:
    by = town.users["community_staff"]
    shape = save_shape(grid=town.grid, geometry=square(0), version=0, by=by)
    assert (shape.west, shape.south, shape.version) == (117.2, 31.78, 1)
    assert AuditEntry.objects.get(action="grid.draw").actor == by
    again = save_shape(grid=town.grid, geometry=square(0, 0, 0.004), version=1, by=by)
    assert (again.pk, again.version) == (shape.pk, 2)
    assert again.area_m2 < shape.area_m2


def test_two_people_drawing_do_not_overwrite_each_other(town: Town) -> None:
    draw(town.grid, 0)
    with pytest.raises(ValidationError, match="别人刚刚改过") as refusal:
        save_shape(grid=town.grid, geometry=square(1), version=0, by=None)
    assert refusal.value.error_list[0].code == "stale"
    assert GridShape.objects.get(grid=town.grid).west == 117.2


def test_an_overlap_is_named_and_saved_only_when_it_is_meant(town: Town) -> None:
    draw(town.sister_grid, 0.5)
    with pytest.raises(ValidationError, match="与“第2网格”重叠约 13"):
        save_shape(grid=town.grid, geometry=square(0), by=None)
    assert not GridShape.objects.filter(grid=town.grid).exists()
    save_shape(grid=town.grid, geometry=square(0), by=None, accept_overlap=True)
    drop_shape(grid=town.sister_grid, by=None)
    save_shape(grid=town.grid, geometry=square(0), by=None)


def test_a_closed_grid_is_not_drawn(town: Town) -> None:
    Grid.objects.filter(pk=town.grid.pk).update(status=GridStatus.CLOSED)
    with pytest.raises(ValidationError, match="已经撤销"):
        draw(town.grid, 0)


def test_the_grid_under_a_point_follows_every_change(town: Town, enter: Any) -> None:
    staff, stranger = town.users["community_staff"], town.users["other_community_staff"]
    assert grid_at(*middle(0), staff) is None
    draw(town.grid, 0)
    draw(town.sister_grid, 1)
    assert grid_at(*middle(0), staff) == town.grid
    assert grid_at(*middle(1), staff) == town.sister_grid
    assert grid_at(*middle(2), staff) is None
    assert grid_at(*middle(0), stranger) is None
    assert ground_index() is ground_index()
    drop_shape(grid=town.grid, by=None)
    assert grid_at(*middle(0), staff) is None
    close_grid(grid=town.sister_grid, on=DAY, by=None, successor=town.grid)
    assert grid_at(*middle(1), staff) is None


def test_an_address_leads_to_its_grid(town: Town) -> None:
    staff = town.users["community_staff"]
    for text in ("阳光花园1栋", "阳光花园 1幢2单元501", "红星街道幸福社区阳光花园一号楼"):
        assert [hit.building for hit in grids_of_address(text, staff)] == [town.building], text
    assert {hit.grid for hit in grids_of_address("阳光花园", staff)} == {
        town.grid,
        town.sister_grid,
    }
    assert grids_of_address("阳光花园9栋", staff) == []
    assert grids_of_address("东湖苑1栋", staff) == []
    assert grids_of_address("", staff) == []


@pytest.mark.parametrize("text", ["117.2025,31.7825", "31.7825， 117.2025", "117.2025 31.7825"])
def test_a_coordinate_is_read_either_way_round(text: str) -> None:
    assert coordinate(text) == (117.2025, 31.7825)


def test_what_is_no_coordinate_is_left_to_the_address() -> None:
    assert [coordinate(text) for text in ("3栋", "3-2-501", "1,2,3", "2.3, 48.8", "nan,nan")] == [
        None
    ] * 5


def test_a_building_is_placed_by_whoever_may_edit_it(town: Town, enter: Any) -> None:
    url = f"/grids/map/buildings/{town.building.pk}/place/"
    answers = {
        who: enter(who).post(url, {"point": list(middle(0))}, "application/json").status_code
        for who in ("grid_head", "grid_worker_ft", "other_grid_head", "community_staff")
    }
    assert answers == {
        "grid_head": 200, "grid_worker_ft": 403, "other_grid_head": 404, "community_staff": 200,
    }  # fmt: skip
    assert Building.objects.get(pk=town.building.pk).longitude == middle(0)[0]
    wrong = enter("grid_head").post(url, {"point": [31.78, 117.2]}, "application/json")
    assert (wrong.status_code, wrong.json()["detail"][:8]) == (400, "经纬度可能写反了")
    for body in ({}, {"point": ""}):  # a form instead of JSON
        assert enter("grid_head").post(url, body).status_code == 400
    assert Building.objects.placed().exists()
    place_building(building=town.building, point=None, by=None)
    assert not Building.objects.placed().exists()


def test_saving_from_the_map_answers_with_what_to_do(town: Town, enter: Any) -> None:
    url = f"/grids/map/grids/{town.grid.pk}/save/"
    staff = enter("community_staff")

    def send(**body: Any) -> Any:
        return staff.post(url, json.dumps(body), "application/json")

    draw(town.sister_grid, 0.5)
    overlap = send(geometry=square(0), version=0)
    assert (overlap.status_code, overlap.json()["code"]) == (409, "overlap")
    assert send(geometry=square(0), version=0, accept_overlap=True).json()["version"] == 1
    stale = send(geometry=square(0), version=0, accept_overlap=True)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    for body in ({}, {"geometry": square(0)}, {"geometry": {"type": "Point"}, "version": 1}):
        assert send(**body).status_code == 400
    assert staff.post(url, "{", "application/json").status_code == 400
    assert enter("other_community_staff").post(url, "{}", "application/json").status_code == 404
    assert enter("grid_head").post(url, "{}", "application/json").status_code == 403
