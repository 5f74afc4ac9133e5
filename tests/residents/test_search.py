"""The one search box: by name, initials, papers, phone, door, grid; in scope, and no trace."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids.models import LegacyGridCode
from residents.models import Residency
from residents.search import SHOWN
from residents.services import add_resident, end_residency
from tests.residents.test_households_services import citizen_id, identity
from tests.town import Town, make_household

URL = "/residents/search/"


@pytest.fixture
def wang(town: Town) -> Residency:
    return add_resident(
        household=town.households[0], name="王小明", relation="户主", by=None,
        identity=identity(number=citizen_id()), phone="16900001234",
    )  # fmt: skip


def ask(client: Any, text: str) -> dict[str, list[str]]:
    """Search, follow to the results, and return the titles by group."""
    answer = client.post(URL, {"search": text})
    assert answer.status_code == 302
    assert answer["Location"] == URL
    page = client.get(URL)
    groups = page.context.get("groups") or []
    for group in groups:
        assert group.count >= len(group.hits)
    return {group.label: [hit.title for hit in group.hits] for group in groups}


@pytest.mark.parametrize(
    "text",
    ["王小明", "王小", "wxm", "WX", citizen_id(), citizen_id().lower(), "169 0000 1234"],
)
def test_a_person_is_found_by(town: Town, enter: Any, wang: Residency, text: str) -> None:
    assert ask(enter("grid_head"), text)["居民"] == ["王*明"]


@pytest.mark.parametrize("text", ["王小红", "xm", "16900001235", citizen_id("19800102"), "小明"])
def test_nobody_is_found_by(town: Town, enter: Any, wang: Residency, text: str) -> None:
    assert "居民" not in ask(enter("grid_head"), text)


@pytest.mark.parametrize(
    "text", ["1栋1单元101", "1-1-101", "阳光花园1栋1单元101", "１栋１单元１０１室", "101"]
)
def test_a_home_is_found_by(town: Town, enter: Any, text: str) -> None:
    assert ask(enter("grid_head"), text)["住户"] == ["阳光花园1栋1单元101"]


@pytest.mark.parametrize("text", ["第1网格", "349901", "ZZ-7", "老七片"])
def test_a_grid_is_found_by(town: Town, enter: Any, text: str) -> None:
    LegacyGridCode.objects.create(grid=town.grid, system="governance", code="ZZ-7", name="老七片")
    assert "第1网格" in ask(enter("grid_head"), text)["网格"]


def test_buildings_are_found_by_estate_and_number(town: Town, enter: Any) -> None:
    clerk = enter("community_staff")
    assert ask(clerk, "阳光花园")["楼栋"] == ["阳光花园1栋", "阳光花园2栋"]
    found = ask(clerk, "阳光2栋")
    assert found["楼栋"] == ["阳光花园2栋"]
    assert found["住户"] == ["阳光花园2栋1单元201"]


def test_everybody_finds_what_is_his(town: Town, enter: Any, wang: Residency) -> None:
    for who in ("sister_grid_head", "other_grid_head", "other_street_admin"):
        for text in ("王小明", citizen_id(), "16900001234", "1栋1单元101"):
            assert "居民" not in ask(enter(who), text), (who, text)
    for who in ("dispatcher", "grid_worker_pt", "corridor_head"):  # they see people masked only
        assert "居民" not in ask(enter(who), "16900001234"), who
        assert "居民" not in ask(enter(who), "王小明"), who
    assert ask(enter("dispatcher"), "1-1-101")["住户"] == ["阳光花园1栋1单元1**"]
    assert ask(enter("corridor_head"), "1-1-102") == {}
    assert list(ask(enter("auditor"), "第1网格")) == ["网格"]
    assert ask(enter("auditor"), "1-1-101") == {}
    assert enter("revisitor").get(URL).status_code == 403


def test_what_was_typed_is_in_no_address_and_sealed_in_the_session(
    town: Town, enter: Any, wang: Residency
) -> None:
    client = enter("grid_head")
    ask(client, citizen_id())
    page = client.get(URL)
    assert citizen_id() in page.content.decode()  # in the box, for its own user
    stored = str([row.get_decoded() for row in Session.objects.all()])
    assert citizen_id() not in stored
    assert "residents.search" in stored
    fresh = client.get(f"{URL}?new")
    assert citizen_id() not in fresh.content.decode()
    assert "可以这样搜" in fresh.content.decode()


def test_those_who_left_are_found_by_number_only(town: Town, enter: Any, wang: Residency) -> None:
    end_residency(residency=wang, on=timezone.localdate(), reason="moved_out", by=None)
    client = enter("grid_head")
    assert ask(client, "王小明") == {}
    assert ask(client, citizen_id())["居民"] == ["王*明"]
    assert "已迁出" in client.get(URL).content.decode()


def test_empty_and_odd_words_are_answered(town: Town, enter: Any) -> None:
    client = enter("grid_head")
    empty = client.post(URL, {"search": "  "})
    assert empty.status_code == 400
    assert "请先写要找的" in empty.content.decode()
    assert client.post(URL, {"search": "王\0"}).status_code == 400
    for text in ("' OR 1=1 --", "%", "_", "<b>", "，", "三" * 60):
        assert ask(client, text) == {}, text
    assert "没有找到" in client.get(URL).content.decode()


def test_queries_do_not_grow_with_what_is_found(town: Town, enter: Any, wang: Residency) -> None:
    client = enter("community_staff")
    client.post(URL, {"search": "王"})
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(SHOWN + 5):
        home = make_household(town.building, f"{900 + number}")
        add_resident(household=home, name=f"王{number:02d}", by=None)
    with CaptureQueriesContext(connection) as many:
        page = client.get(URL)
    [group] = page.context["groups"]
    assert (group.count, len(group.hits), group.left_off) == (SHOWN + 6, SHOWN, 6)
    assert len(many) <= len(few) + 1  # the count of what is left off
    assert len(many) < 20


def test_the_box_is_on_every_page_for_those_who_may_search(town: Town, enter: Any) -> None:
    assert 'id="top-search"' in enter("grid_head").get("/").content.decode()
    assert 'id="top-search"' not in enter("revisitor").get("/").content.decode()
