"""A secretary previews and applies an assignment; a corridor head ticks a contact on the phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from orgs.fields import Sealed
from residents.models import CareKind, CareTag, HeadContact, Household, LinkedHousehold
from tests.browser.conftest import follow
from tests.residents.heads import BEGAN, fill, live_in, serve
from tests.town import LONG_AGO, Town, build_town

PageAs = Callable[..., Page]
Shot = Callable[..., Path]


@pytest.fixture
def street(transactional_db: None) -> Town:
    """Forty-eight homes in two buildings, four heads in duty who have no households yet."""
    cache.clear()
    town = build_town()
    LinkedHousehold.objects.all().delete()
    old = [home.pk for home in town.households]
    Household.objects.filter(pk__in=old).update(closed_on=BEGAN)
    homes = fill(town.building)
    for number, home in enumerate(homes):
        if number != 3:
            person = live_in(
                home,
                f"{'王李张刘陈杨赵黄'[number % 8]}{'建国秀英桂兰'[number % 5 : number % 5 + 2]}",
            )
            person.phone = Sealed.of(f"169{number:08d}")
            person.save()
    head = town.users["corridor_head"].person
    assert head is not None
    homes[3].residencies.create(person=head, is_head=True, start=BEGAN)
    serve(homes[3], "", head)
    neighbour = homes[17].residencies.get().person
    serve(homes[17], "", neighbour)
    CareTag.objects.create(
        person=homes[1].residencies.get().person, kind=CareKind.objects.get(code="empty_nest"),
        start=LONG_AGO,
    )  # fmt: skip
    return town


def check_layout(page: Page) -> None:
    """Nothing sticks out sideways."""
    width, inner = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert width <= inner, f"{page.url} is {width} wide on {inner}"


def test_assign_then_contact(
    street: Town, page_as: PageAs, phone: dict[str, Any], shot: Shot
) -> None:
    page = page_as(street.users["community_secretary"])
    page.goto("/residents/")
    follow(page.get_by_role("link", name="红色楼道长"))
    expect(page.get_by_role("heading", name="每人联系户数")).to_be_visible()
    check_layout(page)
    follow(page.get_by_role("link", name="分配联系户"))
    page.goto(f"/residents/heads/assign/?grid={street.grid.pk}")
    expect(page.get_by_text("新联系")).to_be_visible()
    check_layout(page)
    shot(page, "handbook-heads-assign")
    assert not LinkedHousehold.objects.exists()
    page.get_by_role("button", name="按预览分配").click()
    follow(page.locator("dialog[open]").get_by_role("button", name="确定"))
    expect(page.get_by_text("已分配：24 户有变化，0 户未覆盖")).to_be_visible()
    assert LinkedHousehold.objects.of_heads().count() == 24

    hand = page_as(street.users["corridor_head"], device=phone)
    hand.goto("/residents/mine/")
    expect(hand.get_by_role("button", name="已联系")).to_have_count(12)
    follow(hand.get_by_role("button", name="已联系").first)
    expect(hand.get_by_text("今天已联系")).to_be_visible()
    hand.goto("/residents/mine/")
    check_layout(hand)
    shot(hand, "handbook-heads-mine")
    assert HeadContact.objects.count() == 1
