"""The map page: who sees which outlines, layers and their lists, looking a place up."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from grids.models import Grid, GridShape
from grids.services import place_building
from tests.cases.cast import reported
from tests.grids.squares import draw, middle
from tests.town import Town, make_building, make_grid


def drawn(answer: Any) -> set[str]:
    return {one["code"] for one in json.loads(answer.content)["grids"]}


def test_the_map_shows_the_outlines_in_view(town: Town, enter: Any) -> None:
    for column, grid in enumerate((town.grid, town.sister_grid, town.far_grid, town.other_grid)):
        draw(grid, column)
    own, sister, far = town.grid.code, town.sister_grid.code, town.far_grid.code
    expected = {
        "grid_head": {own}, "branch_secretary": {own, sister}, "street_admin": {own, sister, far},
        "community_staff": {own, sister}, "other_street_admin": {town.other_grid.code},
    }  # fmt: skip
    for who, codes in expected.items():
        assert drawn(enter(who).get("/grids/map/data/")) == codes, who
    assert enter("revisitor").get("/grids/map/").status_code == 403
    assert enter("revisitor").get("/grids/map/data/").status_code == 403


def test_buildings_come_with_the_part_of_the_map_shown(town: Town, enter: Any) -> None:
    place_building(building=town.building, point=middle(0), by=None)
    place_building(building=town.other_building, point=middle(0), by=None)
    client = enter("community_staff")
    box = "/grids/map/buildings/?bbox={},{},{},{}"
    found = client.get(box.format(117.2, 31.78, 117.21, 31.79)).json()["buildings"]
    assert [one["id"] for one in found] == [town.building.pk]
    assert client.get(box.format(118, 31, 119, 32)).json()["buildings"] == []
    for wrong in ("", "1,2,3", "a,b,c,d", "nan,0,0,0"):
        assert client.get(f"/grids/map/buildings/?bbox={wrong}").status_code == 400


@pytest.mark.parametrize("layer", ["kind", "branch", "team", "size", "cases"])
def test_every_layer_counts_what_its_list_shows(layer: str, town: Town, enter: Any) -> None:
    reported(town)
    client = enter("community_staff")
    page = client.get(f"/grids/map/?layer={layer}")
    assert page.status_code == 200
    assert sum(item["count"] for item in page.context["legend"]) == 2
    # A colour says what it means, not what one of its grids counts.
    words = [item["text"] for item in page.context["legend"]]
    assert not any(letter.isdigit() for letter in "".join(words)), words
    for item in page.context["legend"]:
        listed = client.get(f"/grids/map/{item['url'].partition('#')[0]}")
        assert listed.context["row_count"] == item["count"]


def test_open_cases_colour_their_grid_and_link_to_them(town: Town, enter: Any) -> None:
    reported(town)
    draw(town.grid, 0)
    client = enter("community_staff")
    (card,) = client.get("/grids/map/data/?layer=cases").json()["grids"]
    assert (card["text"], card["level"]) == ("未结 1 件", "yellow")
    assert client.get(card["list"]).context["page"].count == Case.objects.open().count() == 1


def test_roles_without_the_register_get_no_size_layer(town: Town, enter: Any) -> None:
    layers = enter("volunteer").get("/grids/map/").context["form"].fields["layer"].choices
    assert "size" not in dict(layers)
    assert "size" in dict(
        enter("community_staff").get("/grids/map/").context["form"].fields["layer"].choices
    )


def test_a_bad_filter_is_named_and_the_page_stands(town: Town, enter: Any) -> None:
    page = enter("community_staff").get("/grids/map/?layer=nothing")
    assert page.status_code == 400
    assert "nothing" in page.content.decode()
    assert enter("community_staff").get("/grids/map/data/?layer=nothing").status_code == 404
    assert enter("community_staff").get("/grids/map/?edit=x&place=²&focus=x").status_code == 200


def test_a_place_is_looked_up_from_the_box(town: Town, enter: Any) -> None:
    draw(town.grid, 0)
    client = enter("community_staff")
    lon, lat = middle(0)
    for text in (f"{lat}, {lon}", "阳光花园1栋", "第1网格", town.grid.code):
        hits = client.get("/grids/map/", {"q": text}).context["found"]["hits"]
        assert [hit.grid for hit in hits] == [town.grid], text
    assert "还没有画边界" in client.get("/grids/map/?q=117.5,31.5").content.decode()
    assert "没有找到" in client.get("/grids/map/?q=月亮").content.decode()


def test_here_answers_in_view_only(town: Town, enter: Any) -> None:
    draw(town.grid, 0)
    lon, lat = middle(0)
    here = f"/grids/map/here/?lon={lon}&lat={lat}"
    assert enter("grid_head").get(here).json()["grid"]["code"] == town.grid.code
    assert enter("other_grid_head").get(here).json()["grid"] is None
    assert enter("grid_head").get("/grids/map/here/?lon=x&lat=1").status_code == 400
    assert enter("grid_head").get("/grids/map/here/?lon=31&lat=117").status_code == 400


def test_drawing_is_for_those_who_draw(town: Town, enter: Any) -> None:
    page = f"/grids/map/?edit={town.grid.pk}"
    answers = {
        who: enter(who).get(page).status_code
        for who in ("community_staff", "grid_head", "other_community_staff")
    }
    assert answers == {"community_staff": 200, "grid_head": 403, "other_community_staff": 404}


def test_grids_without_an_outline_are_counted_with_their_list(town: Town, enter: Any) -> None:
    draw(town.grid, 0)
    client = enter("community_staff")
    assert client.get("/grids/map/").context["undrawn"] == 1
    rows = client.get("/grids/?gap=shape").context["rows"]
    assert [row["grid"] for row in rows] == [town.sister_grid]


def test_the_page_asks_as_often_for_many_grids(town: Town, enter: Any) -> None:
    client = enter("community_staff")

    def queries(layer: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"/grids/map/?layer={layer}").status_code == 200
            assert client.get(f"/grids/map/data/?layer={layer}").status_code == 200
        return len(asked)

    layers = ("kind", "branch", "team", "size", "cases")
    few = {layer: queries(layer) for layer in layers}
    for serial in range(10, 20):
        grid = make_grid(town.community, serial, town.branch)
        make_building(grid, "新村", f"{serial}栋")
        draw(grid, serial)
        reported(town, building=grid.buildings.get())
    assert {layer: queries(layer) for layer in layers} == few
    assert Grid.objects.count() - GridShape.objects.count() == 4


def test_the_api_says_which_grid_a_place_is_in(town: Town, enter: Any) -> None:
    draw(town.grid, 0)
    lon, lat = middle(0)
    staff = enter("community_staff")

    def ask(**place: Any) -> Any:
        return staff.get("/api/v1/grids/here/", place)

    assert ask(lon=lon, lat=lat).json()[0]["code"] == town.grid.code
    assert ask(lon=lon + 1, lat=lat).json() == []
    found = ask(address="阳光花园2栋1单元101").json()
    assert [(one["code"], one["building_name"]) for one in found] == [
        (town.sister_grid.code, "阳光花园2栋")
    ]
    for wrong in (
        {},
        {"lon": lon},
        {"lon": lat, "lat": lon},
        {"lon": lon, "lat": lat, "address": "x"},
    ):
        assert ask(**wrong).status_code == 400, wrong
    assert (
        enter("other_grid_head").get("/api/v1/grids/here/", {"lon": lon, "lat": lat}).json() == []
    )
    assert enter("revisitor").get("/api/v1/grids/here/?lon=1&lat=1").status_code == 403
