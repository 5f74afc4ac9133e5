"""/api/v1/households/ and /residents/: scope, masking, filters, and creating once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from orgs.models import AuditEntry
from residents.models import Household
from residents.services import add_resident
from tests.residents.test_households_services import citizen_id, identity
from tests.town import Town, make_household


@pytest.fixture
def enter(town: Town) -> Any:
    def as_(who: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(town.users[who])
        return client

    return as_


def test_lists_follow_scope(town: Town, enter: Any) -> None:
    add_resident(household=town.households[0], name="王小明", by=None)
    for who, homes, people in (
        ("street_admin", 4, 1), ("grid_head", 2, 1), ("corridor_head", 1, 1),
        ("sister_grid_head", 1, 0), ("other_street_admin", 1, 0),
    ):  # fmt: skip
        client = enter(who)
        assert len(client.get("/api/v1/households/").json()["results"]) == homes, who
        assert len(client.get("/api/v1/residents/").json()["results"]) == people, who
    for who in ("sysadmin", "auditor", "district_official", "dept_handler", "grid_informant"):
        for path in ("/api/v1/households/", "/api/v1/residents/"):
            assert enter(who).get(path).status_code == 403, who


def test_a_stranger_gets_404(town: Town, enter: Any) -> None:
    lives = add_resident(household=town.households[0], name="王小明", by=None)
    for who in ("other_street_admin", "sister_grid_head"):
        client = enter(who)
        assert client.get(f"/api/v1/households/{town.households[0].pk}/").status_code == 404
        assert client.get(f"/api/v1/residents/{lives.pk}/").status_code == 404


def test_people_are_masked_for_everybody(town: Town, enter: Any) -> None:
    lives = add_resident(
        household=town.households[0], name="王小明", phone="16900001234",
        identity=identity(number=citizen_id()), by=None,
    )  # fmt: skip
    for who in ("grid_head", "community_staff", "dispatcher"):
        answer = enter(who).get(f"/api/v1/residents/{lives.pk}/")
        person = answer.json()
        assert (person["name"], person["phone"]) == ("王*明", "169****1234")
        assert person["birth"] == "1980-**-**"
        assert citizen_id() not in answer.content.decode()
    assert AuditEntry.objects.filter(action="resident.view").count() == 3


def test_rooms_are_masked_for_those_who_do_not_keep_them(town: Town, enter: Any) -> None:
    url = f"/api/v1/households/{town.households[0].pk}/"
    assert enter("grid_head").get(url).json()["room"] == "101"
    masked = enter("dispatcher").get(url).json()
    assert (masked["room"], masked["door"]) == ("1**", "阳光花园1栋1单元1**")


def test_filters(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    for query, count in (
        (f"grid={town.grid.pk}", 2), (f"building={town.far_building.pk}", 1), ("closed=true", 0),
        ("closed=false", 4), ("kind=collective", 0),
    ):  # fmt: skip
        assert len(client.get(f"/api/v1/households/?{query}").json()["results"]) == count, query
    assert client.get("/api/v1/households/?kind=castle").status_code == 400


def test_creating_once(town: Town, enter: Any) -> None:
    client = enter("grid_head")
    data = {"building": town.building.pk, "unit": "1", "room": "901"}
    first = client.post("/api/v1/households/", data, headers={"Idempotency-Key": "h1"})
    assert first.status_code == 201
    again = client.post("/api/v1/households/", data, headers={"Idempotency-Key": "h1"})
    assert again.json() == first.json()
    assert Household.objects.filter(room="901").count() == 1
    taken = client.post("/api/v1/households/", data)
    assert (taken.status_code, "已有一户" in taken.json()["detail"]) == (400, True)
    unit = client.post("/api/v1/households/", {**data, "unit": "9"})
    assert "1单元、2单元" in unit.json()["fields"]["unit"][0]
    elsewhere = {**data, "building": town.sister_building.pk}
    assert client.post("/api/v1/households/", elsewhere).status_code == 400
    assert enter("dispatcher").post("/api/v1/households/", data).status_code == 403


def test_queries_do_not_grow(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    for path in ("/api/v1/households/", "/api/v1/residents/"):
        client.get(path)
        with CaptureQueriesContext(connection) as few:
            client.get(path)
        for number in range(6):
            home = make_household(town.building, f"{len(path)}{number}")
            add_resident(household=home, name="甲", by=None)
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(many) == len(few), path
