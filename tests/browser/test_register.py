"""The register in a real browser: "/" finds anybody from anywhere; moving out and a death."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from orgs.models import Person
from residents.models import LinkedHousehold
from residents.services import add_resident
from tests.browser.conftest import follow
from tests.residents.test_households_services import citizen_id, identity
from tests.town import LONG_AGO, Town


@pytest.fixture
def family(transactional_db: None, town: Town) -> Town:
    """王小明, a corridor head, with wife and son."""
    home = town.households[0]
    head = add_resident(
        household=home, name="王小明", relation="户主", by=None, phone="16900001234",
        start=LONG_AGO, identity=identity(number=citizen_id()),
    )  # fmt: skip
    LinkedHousehold.objects.create(head=head.person, household=town.households[1], start=LONG_AGO)
    add_resident(household=home, name="李小红", relation="配偶", by=None, start=LONG_AGO)
    add_resident(household=home, name="王大宝", relation="子女", by=None, start=LONG_AGO)
    return town


def test_slash_search_arrows_and_enter_lead_to_a_person(
    family: Town, page_as: Callable[..., Page]
) -> None:
    page = page_as(family.users["community_staff"])
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#top-search")).to_be_focused()
    page.keyboard.type("16900001234")
    page.keyboard.press("Enter")
    expect(page.locator("[data-result]")).to_have_count(1)
    assert "1690000" not in page.url
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-result]").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("王小明")
    page.go_back()
    expect(page.locator("[data-result]")).to_have_count(1)


def test_a_son_moves_out_and_a_father_dies(
    family: Town, page_as: Callable[..., Page], phone: dict[str, Any], shot: Callable[..., Any]
) -> None:
    page = page_as(family.users["grid_head"], phone)
    page.goto(f"/residents/{family.households[0].pk}/")
    son = page.locator(".person", has_text="王大宝")
    follow(son.get_by_role("link", name="迁出", exact=True))
    page.get_by_label("迁出", exact=True).check()
    page.get_by_label("去向或说明").fill("外地工作")
    page.get_by_role("button", name="办理").click()
    follow(page.locator("[data-confirm-yes]"))
    expect(page.locator("#people")).to_have_text("居住人员（2 人）")
    expect(page.locator("#former")).to_have_text("曾经居住（1 人）")
    expect(page.get_by_text("外地工作")).to_be_visible()

    father = page.locator(".person", has_text="王小明")
    father.get_by_role("button", name="更多").click()
    follow(father.get_by_role("link", name="死亡登记"))
    page.get_by_label("死亡").check()
    page.get_by_role("button", name="办理").click()
    follow(page.locator("[data-confirm-yes]"))
    expect(page.locator("h1")).to_have_text("王小明")
    expect(page.locator("#handover")).to_have_text("待交接（1 项）")
    expect(page.get_by_text("联系 1 户")).to_be_visible()
    expect(page.get_by_text("169****1234")).to_have_count(0)
    assert Person.objects.get(name="王小明").died_on is not None

    page.goto(f"/residents/{family.households[0].pk}/")
    expect(page.get_by_text("这一户还没有户主")).to_be_visible()
    wife = page.locator(".person", has_text="李小红")
    wife.get_by_role("button", name="更多").click()
    follow(wife.get_by_role("link", name="设为户主"))
    follow(page.get_by_role("button", name="设为户主"))
    expect(wife).to_contain_text("户主")
    page.locator("#events").evaluate("heading => heading.scrollIntoView()")
    shot(page, "handbook-household-events")
