"""The map in a real browser: an outline is drawn, snapped, undone, saved; a building is placed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import FloatRect, Locator, Page, expect

from cases.models import Category, SlaClass
from cases.seed import seed_catalog
from grids.models import Building, GridShape
from tests.browser.conftest import Faults, follow
from tests.grids.squares import SIDE, WEST, draw
from tests.town import Town, build_town

PageAs = Callable[..., Page]
Shot = Callable[..., Path]


@pytest.fixture
def street(transactional_db: None) -> Town:
    cache.clear()
    seed_catalog(Category, SlaClass)
    return build_town()


def open_map(page: Page, address: str) -> Any:
    page.goto(address)
    ground = page.locator("#ground-map[data-ready]")
    expect(ground).to_be_visible()
    return ground


def settled(place: Locator) -> FloatRect:
    """Return where something stands once the map has stopped moving under it."""
    before, box = None, place.bounding_box()
    while box is None or box != before:
        place.page.wait_for_timeout(150)
        before, box = box, place.bounding_box()
    return box


def test_an_outline_is_drawn_on_the_map(
    street: Town, page_as: PageAs, desk: dict[str, Any], shot: Shot
) -> None:
    draw(street.sister_grid, 1)
    page = page_as(street.users["community_staff"], desk)
    ground = open_map(page, f"/grids/map/?edit={street.grid.pk}")
    panel = page.locator("#map-draw")
    ground.scroll_into_view_if_needed()
    page.get_by_title("缩小").click()
    page.wait_for_timeout(600)  # the map zooms with an animation
    neighbour = page.locator("path.map-grid").bounding_box()
    assert neighbour
    west_x, top, bottom = neighbour["x"], neighbour["y"], neighbour["y"] + neighbour["height"]

    def tap(x: float, y: float) -> None:
        page.mouse.click(x, y)
        page.wait_for_timeout(400)  # Leaflet waits to tell a click from a double click

    # Two corners a few pixels beside the neighbour's, which they should snap to.
    for x, y in (
        (west_x - 5, top + 4),
        (west_x + 6, bottom - 5),
        (west_x - 180, bottom),
        (west_x - 90, top - 60),
    ):
        tap(x, y)
    expect(panel).to_have_attribute("data-corners", "4")
    page.get_by_role("button", name="撤销一步").click()
    expect(panel).to_have_attribute("data-corners", "3")
    tap(west_x - 180, top)
    expect(panel).to_have_attribute("data-corners", "4")
    shot(page, "handbook-map-draw")
    page.get_by_role("button", name="保存边界").click()
    expect(panel.get_by_role("status")).to_have_text("已保存。")
    shape = GridShape.objects.get(grid=street.grid)
    assert len(shape.geometry["coordinates"][0]) == 5
    assert shape.east == pytest.approx(WEST + SIDE, abs=1e-7)  # snapped, not just near


def test_an_overlap_is_asked_about_before_it_is_saved(
    street: Town, page_as: PageAs, desk: dict[str, Any], faults: Faults
) -> None:
    faults.allow("409")  # the answer that asks back
    draw(street.sister_grid, 1)
    draw(street.grid, 0)
    page = page_as(street.users["community_staff"], desk)
    open_map(page, f"/grids/map/?edit={street.grid.pk}")
    corner = settled(page.locator(".map-corner").nth(1))
    x, y = corner["x"] + 11, corner["y"] + 11
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y - 60, steps=6)
    page.mouse.up()
    page.get_by_role("button", name="保存边界").click()
    status = page.locator("#map-draw [role=status]")
    expect(status).to_contain_text("与“第2网格”重叠约")
    assert GridShape.objects.get(grid=street.grid).version == 1
    page.get_by_role("button", name="仍然保存").click()
    expect(status).to_have_text("已保存。")
    assert GridShape.objects.get(grid=street.grid).version == 2


def test_the_map_on_a_phone_opens_a_card_and_a_building_is_placed(
    street: Town, page_as: PageAs, phone: dict[str, Any], shot: Shot
) -> None:
    draw(street.grid, 0)
    page = page_as(street.users["community_staff"], phone)
    open_map(page, "/grids/map/?layer=team")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("path.map-grid").click()
    card = page.locator("#map-card")
    expect(card).to_contain_text("第1网格")
    follow(card.get_by_role("link", name="修改边界"))
    expect(page.locator("#ground-map[data-ready]")).to_be_visible()
    page.get_by_text("还没有标位置的楼栋").click()
    page.get_by_role("button", name="阳光花园1栋").click()
    page.locator("#ground-map").click(position={"x": 180, "y": 200})
    expect(page.locator("#map-draw [role=status]")).to_have_text("已标注“阳光花园1栋”。")
    assert Building.objects.get(pk=street.building.pk).longitude is not None


def test_a_grid_head_marks_a_building_from_its_page(
    street: Town, page_as: PageAs, phone: dict[str, Any]
) -> None:
    draw(street.grid, 0)
    page = page_as(street.users["grid_head"], phone)
    page.goto(f"/grids/buildings/{street.building.pk}/")
    follow(page.get_by_role("link", name="标位置"))
    ground = page.locator("#ground-map[data-ready]")
    status = page.locator("#map-place [role=status]")
    expect(status).to_contain_text("请在地图上点出")
    ground.click(position={"x": 180, "y": 200})
    expect(status).to_have_text("已标注“阳光花园1栋”。")
    assert Building.objects.get(pk=street.building.pk).latitude is not None
