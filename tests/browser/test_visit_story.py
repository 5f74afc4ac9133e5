"""A visit in a real browser: a new phone found at the door ends in the register, judged as a diff.

The pictures of the handbook are taken here (written with GRIDPARTY_SHOTS=1).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from residents.catalog import CARE_KINDS
from residents.models import CareKind, CareTag, ChangeRequest, Visit
from residents.services import add_care_tag
from tests.browser.conftest import follow
from tests.residents.carehelp import Family, family, settle
from tests.town import Town, build_town

PageAs = Callable[..., Page]
Shot = Callable[..., Path]
pytestmark = pytest.mark.browser


@pytest.fixture
def home(transactional_db: None) -> tuple[Town, Family]:
    """The town with a family in the library, committed so that the live server sees it."""
    cache.clear()
    for order, kind in enumerate(CARE_KINDS):  # an earlier live test has emptied the table
        CareKind.objects.get_or_create(
            code=kind.code, defaults={"name": kind.label, "order": order, "is_active": kind.enabled}
        )
    town = build_town()
    people = family(town)
    settle(town.households[1], "孙大伟", age=45)
    add_care_tag(
        residency=people.wang, kind=CareKind.objects.get(code="advanced_age"), level="red",
        start=timezone.localdate() - timedelta(days=9), by=None,
    )  # fmt: skip
    return town, people


def check_layout(page: Page) -> None:
    """Nothing sticks out sideways."""
    width, inner = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert width <= inner, f"{page.url} is {width} wide on {inner}"


def tap(page: Page, label: str) -> None:
    page.locator("main label", has_text=label).first.click()


def test_a_new_phone_found_at_the_door(
    home: tuple[Town, Family], page_as: PageAs, phone: dict[str, Any], desk: dict[str, Any],
    shot: Shot, media: Path, faults: Any,
) -> None:  # fmt: skip
    faults.allow("status of 400")  # a wrong number is sent on purpose
    town, people = home
    phone["device_scale_factor"] = 1.5

    # The grid head sees who is due, in the order of the doors.
    head = page_as(town.users["grid_head"], phone)
    head.goto("/")
    follow(head.get_by_role("link", name="位重点人员今天该走访"))
    expect(head.locator("main")).to_contain_text("超期 2 天")
    head.goto("/residents/visits/tasks/")
    expect(head.get_by_role("link", name="重点户今天要访")).to_contain_text("1")
    check_layout(head)
    shot(head, "handbook-visit-tasks")

    # At the door: four taps, and a new number under "情况有变化".
    follow(head.get_by_role("link", name="阳光花园1栋1单元101"))
    expect(head.get_by_text("见到了谁")).to_be_hidden()
    tap(head, "入户")
    tap(head, "王老根")
    tap(head, "飞线充电")
    head.evaluate("window.scrollTo(0, 0)")
    shot(head, "handbook-visit-form")
    head.get_by_text("情况有变化").click()
    head.get_by_label("谁换了电话").select_option(label="王老根")
    head.get_by_label("新号码").fill("12")
    check_layout(head)
    follow(head.locator("main").get_by_role("button", name="登记走访"))
    expect(head.get_by_label("新号码")).to_have_attribute("aria-invalid", "true")
    expect(head.get_by_label("新号码")).to_have_value("12")
    head.get_by_label("新号码").fill("16900009999")
    follow(head.locator("main").get_by_role("button", name="登记走访"))
    expect(head.locator("main")).to_contain_text("已登记走访")
    expect(head.get_by_role("link", name="重点户今天要访")).to_contain_text("0")
    assert Visit.objects.count() == 1
    assert not CareTag.objects.due(timezone.localdate()).exists()

    # Community staff judge the change as a diff; the register shows it.
    staff = page_as(town.users["community_staff"], desk)
    staff.goto("/")
    follow(staff.get_by_role("link", name="条登记变更等您审核"))
    follow(staff.locator(".stream-main").first)
    expect(staff.locator(".diff-before")).to_have_text("169****1234")
    expect(staff.locator(".diff-after")).to_have_text("169****9999")
    check_layout(staff)
    shot(staff, "handbook-visit-change")
    follow(staff.get_by_role("button", name="通过，更新登记"))
    expect(staff.locator("main")).to_contain_text("登记已更新")
    staff.goto(f"/residents/{people.home.pk}/")
    expect(staff.locator("main")).to_contain_text("169****9999")
    expect(staff.locator("main")).to_contain_text("飞线充电隐患")
    assert ChangeRequest.objects.get().state == "approved"

    # The library, for the handbook.
    staff.goto("/residents/care/")
    expect(staff.locator("main")).to_contain_text("7 天内走访")
    check_layout(staff)
    shot(staff, "handbook-care-list")
