"""/api/v1/grids/ and /buildings/: scope, filters, pages, and creating once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from grids.models import Grid
from grids.services import add_legacy_code
from tests.town import Town, make_building, make_grid


@pytest.fixture
def enter(town: Town) -> Any:
    def as_(who: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(town.users[who])
        return client

    return as_


def test_lists_follow_scope(town: Town, enter: Any) -> None:
    for who, count in (
        ("street_admin", 3), ("community_staff", 2), ("grid_head", 1), ("auditor", 4),
        ("other_street_admin", 1), ("dept_handler", 4),
    ):  # fmt: skip
        assert len(enter(who).get("/api/v1/grids/").json()["results"]) == count, who
        assert len(enter(who).get("/api/v1/buildings/").json()["results"]) == count, who
    assert enter("revisitor").get("/api/v1/grids/").status_code == 403
    assert APIClient().get("/api/v1/grids/").status_code in (401, 403)


def test_a_stranger_gets_404(town: Town, enter: Any) -> None:
    client = enter("other_street_admin")
    assert client.get(f"/api/v1/grids/{town.grid.pk}/").status_code == 404
    assert client.get(f"/api/v1/buildings/{town.building.pk}/").status_code == 404


def test_detail_and_filters(town: Town, enter: Any) -> None:
    add_legacy_code(grid=town.grid, system="urban", code="CG-1", by=None)
    client = enter("street_admin")
    grid = client.get(f"/api/v1/grids/{town.grid.pk}/").json()
    assert (grid["code"], grid["community_name"]) == (town.grid.code, "幸福社区党委")
    assert grid["legacy_codes"][0]["code"] == "CG-1"
    for query, count in (
        ("search=cg-1", 1), (f"community={town.community.pk}", 2), ("kind=exclusive", 0),
        (f"code={town.far_grid.code}", 1),
    ):  # fmt: skip
        assert len(client.get(f"/api/v1/grids/?{query}").json()["results"]) == count, query
    assert client.get("/api/v1/grids/?kind=castle").status_code == 400
    buildings = client.get(f"/api/v1/buildings/?grid={town.grid.pk}").json()["results"]
    assert [one["name"] for one in buildings[0]["entrances"]] == ["1单元", "2单元"]


def test_creating_once(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    data = {"community": town.community.pk, "name": "接口网格", "party_branch": town.branch.pk}
    first = client.post("/api/v1/grids/", data, headers={"Idempotency-Key": "k1"})
    assert first.status_code == 201
    assert first.json()["code"] == "349901001001003"
    again = client.post("/api/v1/grids/", data, headers={"Idempotency-Key": "k1"})
    assert (again.json(), again.headers["Idempotent-Replay"]) == (first.json(), "true")
    assert Grid.objects.filter(name="接口网格").count() == 1
    refused = client.post("/api/v1/grids/", data)
    assert refused.status_code == 400
    assert "已有名为" in refused.json()["detail"]


def test_creating_is_limited(town: Town, enter: Any) -> None:
    data = {"community": town.community.pk, "name": "越界"}
    assert enter("other_community_staff").post("/api/v1/grids/", data).status_code == 400
    assert enter("grid_head").post("/api/v1/grids/", data).status_code == 403
    wrong = {**data, "party_branch": town.other_branch.pk}
    assert enter("community_staff").post("/api/v1/grids/", wrong).status_code == 400
    assert (
        enter("community_staff").post("/api/v1/grids/", {**data, "name": "\0"}).status_code == 400
    )
    assert not Grid.objects.filter(name="越界").exists()


def test_queries_do_not_grow(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    for path in ("/api/v1/grids/", "/api/v1/buildings/"):
        client.get(path)
        with CaptureQueriesContext(connection) as few:
            client.get(path)
        for serial in range(20, 26):
            code = serial if "grids" in path else serial + 10
            make_building(
                make_grid(town.community, code, town.branch), f"苑{path[8]}", f"{serial}栋"
            )
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(many) == len(few), path
