"""A campaign on the worker's phone: from the home page to the last door of the building."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from residents.models import CampaignDoor, CampaignVisit
from tests.browser.conftest import Faults, follow
from tests.browser.test_story import check_layout, choose, submit
from tests.residents.rounds import door_of, opened
from tests.town import Town, build_town


@pytest.fixture
def village(transactional_db: None) -> Town:
    cache.clear()
    return build_town()


def test_a_round_on_the_phone(
    village: Town,
    page_as: Callable[..., Page],
    phone: dict[str, Any],
    shot: Callable[..., Path],
    faults: Faults,
) -> None:
    faults.allow("400")  # the forgotten answer
    campaign = opened(village.community, grids=[village.grid], name="燃气软管排查")
    worker = page_as(village.users["grid_worker_ft"], phone)

    # The home page says what is to be done, and leads to the doors.
    worker.goto("/")
    follow(worker.get_by_role("link", name="户待上门：燃气软管排查"))
    expect(worker.locator(".today-line")).to_contain_text("还有 2 户要上门")
    check_layout(worker)
    follow(worker.get_by_role("link", name="阳光花园1栋"))
    expect(worker.locator(".door")).to_have_count(2)
    check_layout(worker)
    follow(worker.get_by_role("link", name="从下一户开始"))

    # A forgotten answer is told, and nothing typed is lost.
    expect(worker.get_by_role("heading", level=1)).to_contain_text("1单元101")
    worker.get_by_label("说明").fill("厨房靠窗，软管发硬")
    submit(worker, "登记，到下一户")
    expect(worker.locator("main")).to_contain_text("请回答“软管是否超期”")
    expect(worker.get_by_label("说明")).to_have_value("厨房靠窗，软管发硬")
    choose(worker, "是")
    choose(worker, "天然气")
    choose(worker, "老化")
    check_layout(worker)
    worker.evaluate("window.scrollTo(0, 0)")
    worker.wait_for_load_state("networkidle")
    shot(worker, "campaign-door")
    submit(worker, "登记，到下一户")

    # The next door comes by itself; nobody is at home.
    expect(worker.get_by_role("heading", level=1)).to_contain_text("1单元102")
    expect(worker.locator(".messages")).to_contain_text("已登记")
    expect(worker.get_by_label("说明")).to_have_value("")
    submit(worker, "敲门无人")
    expect(worker.locator(".door-green")).to_have_count(1)
    expect(worker.locator(".door-yellow")).to_contain_text("无人1")

    # In the evening somebody opens, and refuses: asked before it is noted.
    follow(worker.locator(".door-yellow"))
    worker.locator("main").get_by_role("button", name="拒访", exact=True).click()
    follow(worker.get_by_role("button", name="记为拒访"))
    expect(worker.locator(".today-line")).to_contain_text("都走完了")
    expect(worker.locator(".door-red")).to_have_count(1)

    door = door_of(campaign, village.households[0])
    assert door.status == "visited"
    assert CampaignDoor.objects.waiting().count() == 0
    assert CampaignVisit.objects.count() == 3
