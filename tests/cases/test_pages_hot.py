"""热点问题: clusters, who counts once, scope, and numbers that equal their lists."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgs.models import AuditEntry
from tests.cases.cast import Story, reported
from tests.town import Town

MOST_QUERIES = 14


def rows(client: Client, **query: Any) -> list[Any]:
    page = client.get("/cases/hot/", query)
    assert page.status_code == 200, page.content.decode()
    return list(page.context["rows"])


def test_it_lists_places_many_reported_from(client: Client, town: Town) -> None:
    for _ in range(3):
        reported(town, category="facilities-lamp")
    reported(town, category="sanitation-rubbish")
    client.force_login(town.users["dispatcher"])
    (row,) = rows(client)
    assert row.category.slug == "facilities-lamp"
    assert row.where == str(town.building)
    assert len(row.cluster.reporters) == 3
    assert len(rows(client, least=1)) == 2


def test_the_same_person_counts_once_and_helped_residents_each(client: Client, town: Town) -> None:
    head = town.users["grid_head"]
    for _ in range(3):
        reported(town, category="facilities-lamp", by=head, source="patrol")
    for name in ("甲", "乙"):
        reported(town, category="facilities-lamp", by=head, source="counter", reporter_name=name)
    client.force_login(town.users["dispatcher"])
    (row,) = rows(client)
    assert len(row.cluster.reporters) == 3
    assert len(row.cluster.case_ids) == 5


def test_the_number_is_its_list(client: Client, town: Town) -> None:
    for _ in range(3):
        reported(town, category="facilities-lamp")
    reported(town, category="facilities-lamp", building=None, grid=town.grid)
    client.force_login(town.users["dispatcher"])
    (row,) = rows(client)
    listed = client.get(f"/cases/hot/list/?{row.cluster.query}&days=90")
    assert listed.context["page"].count == len(row.cluster.case_ids) == 3
    assert len(listed.context["rows"]) == 3


def test_it_shows_only_the_users_area(client: Client, town: Town) -> None:
    for _ in range(3):
        reported(town, category="facilities-lamp")
    client.force_login(town.users["dispatcher"])
    (row,) = rows(client)
    client.force_login(town.users["other_street_admin"])
    assert rows(client) == []
    assert client.get(f"/cases/hot/list/?{row.cluster.query}").context["rows"] == []
    client.force_login(town.users["sysadmin"])
    assert client.get("/cases/hot/").status_code == 403


def test_it_is_narrowed_by_period_and_community(client: Client, town: Town) -> None:
    for _ in range(3):
        reported(town, category="facilities-lamp", now=timezone.now() - timedelta(days=60))
    client.force_login(town.users["dispatcher"])
    assert len(rows(client)) == 1
    assert rows(client, days=30) == []
    assert len(rows(client, community=town.community.pk)) == 1
    assert rows(client, community=town.sister_community.pk) == []


def test_bad_filters_are_named(client: Client, town: Town) -> None:
    client.force_login(town.users["dispatcher"])
    for query in ({"days": "7"}, {"least": "0"}, {"least": "x"}, {"community": "999999"}):
        assert client.get("/cases/hot/", query).status_code == 400
    assert client.get("/cases/hot/list/?grid=x").status_code == 404


def test_ended_cases_are_no_hot_issue(client: Client, town: Town) -> None:
    for _ in range(3):
        Story(town, category="facilities-lamp").step(
            "reject", "grid_head", reason="malicious", note="无此事"
        )
    client.force_login(town.users["dispatcher"])
    assert rows(client) == []


def test_the_export_holds_what_the_page_shows(client: Client, town: Town) -> None:
    for _ in range(3):
        reported(town, category="facilities-lamp")
    client.force_login(town.users["dispatcher"])
    answer: Any = client.get("/cases/hot/?export=1")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[4]][1:7] == [
        "路灯", str(town.building), "幸福社区", "第1网格", 3, 3,
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="case.export_hot").exists()
    client.force_login(town.users["volunteer"])
    assert client.get("/cases/hot/?export=1").status_code == 403


def test_queries_do_not_grow_with_the_rows(client: Client, town: Town) -> None:
    client.force_login(town.users["dispatcher"])
    counts = []
    for slugs in (["facilities-lamp"], ["sanitation-rubbish", "facilities-road"]):
        for slug in slugs:
            for _ in range(3):
                reported(town, category=slug)
        with CaptureQueriesContext(connection) as asked:
            rows(client)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_merged_reports_count_where_their_main_case_is(client: Client, town: Town) -> None:
    main = reported(town, category="facilities-lamp")
    for _ in range(2):
        other = reported(town, category="other-other", building=None, grid=town.grid)
        Story(town, other).step("merge", "community_staff", main=main.case_no)
    client.force_login(town.users["dispatcher"])
    (row,) = rows(client)
    assert row.category.slug == "facilities-lamp"
    assert len(row.cluster.reporters) == 3
    listed = client.get(f"/cases/hot/list/?{row.cluster.query}")
    assert listed.context["page"].count == 3
