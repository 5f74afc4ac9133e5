"""A community splits a grid in the browser: staff draft and preview, the secretary adopts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from cases.models import Category, SlaClass
from cases.seed import seed_catalog
from grids.models import Building, Grid
from tests.browser.conftest import follow
from tests.town import Town, build_town, make_building, make_household

PageAs = Callable[..., Page]
Shot = Callable[..., Path]


@pytest.fixture
def street(transactional_db: None) -> Town:
    cache.clear()
    seed_catalog(Category, SlaClass)
    return build_town()


def button(page: Page, name: str) -> Locator:
    return page.locator("main").get_by_role("button", name=name, exact=True)


def press(page: Page, name: str) -> None:
    follow(button(page, name))


def test_a_grid_is_split(
    street: Town, page_as: PageAs, desk: dict[str, Any], phone: dict[str, Any], shot: Shot
) -> None:
    building = make_building(street.grid, "阳光花园", "3栋")
    make_household(building, "301")
    page = page_as(street.users["community_staff"], desk)
    page.goto("/grids/")
    follow(page.get_by_role("link", name="网格划分"))
    follow(page.get_by_role("link", name="新建划分").first)
    page.get_by_label("名称", exact=True).fill("下半年网格调整")
    press(page, "新建")
    follow(page.get_by_role("link", name="拆分网格"))
    page.get_by_label("网格", exact=True).select_option(label="第1网格")
    press(page, "下一步")
    page.get_by_label("新网格名称").fill("第3网格")
    page.get_by_label("阳光花园3栋").check()
    press(page, "加到划分表")
    press(page, "预览影响")
    expect(page.get_by_text("现在什么都还没有改")).to_be_visible()
    expect(page.locator("main")).to_contain_text("第1网格 → 第3网格：1 栋")
    expect(page.get_by_text("请社区书记或街道党工委采用")).to_be_visible()
    assert Grid.objects.count() == 4
    address = page.url
    shot(page, "handbook-division", full_page=True)

    secretary = page_as(street.users["community_secretary"], phone)
    secretary.goto(address)
    assert secretary.evaluate("document.documentElement.scrollWidth") <= 390
    button(secretary, "采用").click()
    follow(secretary.get_by_role("dialog").get_by_role("button", name="采用"))
    expect(secretary.get_by_text("已采用。住户、未结事项已随楼栋转入新网格")).to_be_visible()
    assert Building.objects.get(pk=building.pk).grid == Grid.objects.get(name="第3网格")
