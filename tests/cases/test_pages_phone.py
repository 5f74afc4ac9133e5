"""The grid leader's phone: what must be done, in the order in which it runs out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cases.cast import Story, reported
from tests.town import Town


def items(page: Any) -> list[tuple[int, str]]:
    """Case and button of each entry."""
    return [(row.case.pk, move.name if move else "") for row, move in page.context["items"]]


def test_it_lists_what_waits_for_the_grid_head_by_deadline(client: Client, town: Town) -> None:
    now = timezone.now()
    late = reported(town, now=now - timedelta(days=20))
    fresh = reported(town, now=now)
    urgent = reported(town, now=now, category="safety-gas")
    checked = Story(town, now=now).fed_back().case
    Story(town, now=now).assigned()
    client.force_login(town.users["grid_head"])
    page = client.get("/m/")
    assert [key for key, _ in items(page)][:2] == [late.pk, urgent.pk]
    assert dict(items(page)) == {
        late.pk: "accept", urgent.pk: "accept", fresh.pk: "accept", checked.pk: "verify_pass",
    }  # fmt: skip
    text = page.content.decode()
    assert "其中" in text and "1 件已超时" in text
    assert "还剩" in text and "已超时" in text
    only_late = client.get("/m/?light=red")
    assert [key for key, _ in items(only_late)] == [late.pk]


def test_every_tab_counts_its_list(client: Client, town: Town) -> None:
    user = town.users["grid_head"]
    for _ in range(3):
        reported(town)
    reported(town, by=user)
    Story(town).closed()
    client.force_login(user)
    counts = {one["name"]: one["count"] for one in client.get("/m/").context["tabs_of_page"]}
    assert counts == {"todo": 4, "reported": 1, "area": 4}
    for name, count in counts.items():
        assert len(items(client.get(f"/m/?tab={name}"))) == count


def test_a_choice_of_moves_leads_to_the_case(client: Client, town: Town) -> None:
    case = Story(town).accepted().case
    client.force_login(town.users["grid_head"])
    page = client.get("/m/")
    assert items(page) == [(case.pk, "")]
    assert "去办理" in page.content.decode()


def test_a_department_finds_its_whistle(client: Client, town: Town) -> None:
    case = Story(town).whistled().case
    client.force_login(town.users["dept_handler"])
    assert items(client.get("/m/")) == [(case.pk, "check_in")]
    client.force_login(town.users["second_dept_handler"])
    assert items(client.get("/m/")) == []


def test_it_says_when_all_is_done(client: Client, town: Town) -> None:
    client.force_login(town.users["grid_head"])
    assert "都办完了" in client.get("/m/").content.decode()
    assert "还没有上报过" in client.get("/m/?tab=reported").content.decode()


@pytest.mark.parametrize("who", ["sysadmin", "auditor", "partner_unit"])
def test_it_is_closed_to_those_without_cases(client: Client, town: Town, who: str) -> None:
    client.force_login(town.users[who])
    assert client.get("/m/").status_code == 403


def test_its_queries_do_not_grow_with_rows(client: Client, town: Town) -> None:
    client.force_login(town.users["grid_head"])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/m/")
        return len(queries)

    reported(town)
    few = count()
    for _ in range(6):
        reported(town)
        Story(town).fed_back()
    assert count() == few <= 16
