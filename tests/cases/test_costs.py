"""What a request may cost in queries: the ceilings of pages and API, by every role in every status."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Category
from cases.workflow import Status
from tests.cases.cast import Story
from tests.cases.test_table import ROADS
from tests.town import Town

# One of a page's queries is the bell's (unread notices); a transition and an intake write notices.
LIST, DETAIL, TRANSITION, INTAKE = 10, 12, 15, 15
# What an Idempotency-Key adds: the lock (PostgreSQL), the look-up, the answer kept.
KEY = 3
API = "/api/v1/cases/"


def cost(make: Any, expected: int) -> int:
    """Return the number of queries; BEGIN, SAVEPOINT and their like are no reads or writes."""
    with CaptureQueriesContext(connection) as queries:
        answer = make()
    assert answer.status_code == expected, answer.content[:500]
    words = [query["sql"].split()[0] for query in queries]
    return sum(word in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH") for word in words)


@pytest.mark.parametrize(
    "who", ["grid_head", "community_staff", "dispatcher", "street_admin", "district_official"]
)
def test_a_list_costs_few_queries(town: Town, client: Client, who: str) -> None:
    for road in ROADS.values():
        road(Story(town))
    client.force_login(town.users[who])
    client.get(reverse("cases:desk"))  # the first look is kept in the session
    assert cost(lambda: client.get(reverse("cases:desk")), 200) <= LIST
    assert cost(lambda: client.get(API), 200) <= LIST


@pytest.mark.parametrize("status", list(Status))
def test_a_detail_costs_few_queries(town: Town, client: Client, status: Status) -> None:
    case = ROADS[status](Story(town)).case
    for who in ("grid_head", "community_staff", "dispatcher", "street_admin", "district_official"):
        client.force_login(town.users[who])
        assert cost(lambda: client.get(f"/cases/{case.pk}/"), 200) <= DETAIL, who
        assert cost(lambda: client.get(f"{API}{case.pk}/"), 200) <= DETAIL, who


def test_a_department_and_a_supervised_case_cost_no_more(town: Town, client: Client) -> None:
    story = Story(town).hang_asked().step("supervise", "street_admin", note="请尽快")
    for who in ("dept_handler", "street_admin", "dispatcher", "community_staff"):
        client.force_login(town.users[who])
        assert cost(lambda: client.get(f"/cases/{story.case.pk}/"), 200) <= DETAIL, who
        assert cost(lambda: client.get(f"{API}{story.case.pk}/"), 200) <= DETAIL, who


def test_a_transition_costs_few_queries(town: Town, client: Client) -> None:
    client.force_login(town.users["dispatcher"])
    given = {"unit": town.department.pk}

    def by_page() -> Any:
        case = Story(town).called().case
        data = given | {"version": case.version}
        return lambda: client.post(f"/cases/{case.pk}/moves/assign/", data)

    def by_api(**headers: str) -> Any:
        address = f"{API}{Story(town).called().case.pk}/transitions/assign/"
        return lambda: client.post(address, given, "application/json", headers=headers)

    assert cost(by_page(), 302) <= TRANSITION
    assert cost(by_api(), 200) <= TRANSITION
    assert cost(by_api(**{"Idempotency-Key": "key-1"}), 200) <= TRANSITION + KEY


def test_intake_costs_few_queries(town: Town, client: Client) -> None:
    client.force_login(town.users["grid_head"])
    given = {"text": "路灯不亮", "category": "other-other", "grid": town.grid.pk}

    def by_api(**headers: str) -> Any:
        return lambda: client.post(API, given, "application/json", headers=headers)

    assert cost(by_api(), 201) <= INTAKE
    assert cost(by_api(**{"Idempotency-Key": "key-1"}), 201) <= INTAKE + KEY
    form = given | {
        "category": Category.objects.get(slug="other-other").pk,
        "client_key": str(uuid4()), "source": "patrol",
    }  # fmt: skip
    assert cost(lambda: client.post(reverse("cases:report"), form), 302) <= INTAKE
