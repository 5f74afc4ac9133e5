"""A need found on a care visit, in a real browser: from the door to a thank-you, hours and points.

The pictures of the handbook are taken here (written with GRIDPARTY_SHOTS=1).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from notices.models import Notification
from residents.catalog import CARE_KINDS
from residents.models import CareKind, Need
from tests.browser.conftest import follow
from tests.browser.test_story import manhole
from tests.residents.carehelp import Family, family
from tests.town import Town, build_town
from tests.volunteers.help import helper
from volunteers.catalog import POINT_RULES, PROJECT_CATEGORIES, STARS
from volunteers.models import (
    Activity,
    Ask,
    Hours,
    PointRule,
    ProjectCategory,
    Shift,
    SignUp,
    StarLevel,
)
from volunteers.services.points import balance

PageAs = Callable[..., Page]
Shot = Callable[..., Path]
pytestmark = pytest.mark.browser


@pytest.fixture
def home(transactional_db: None) -> tuple[Town, Family]:
    """The town with a family in the library, committed; an earlier live test has emptied all."""
    cache.clear()
    for order, kind in enumerate(CARE_KINDS):
        CareKind.objects.get_or_create(
            code=kind.code, defaults={"name": kind.label, "order": order, "is_active": kind.enabled}
        )
    for code, name, member_leads in PROJECT_CATEGORIES:
        ProjectCategory.objects.get_or_create(
            code=code, defaults={"name": name, "member_leads": member_leads}
        )
    for code, name, value in POINT_RULES:
        PointRule.objects.get_or_create(code=code, defaults={"name": name, "value": value})
    for hours, stars in STARS:
        StarLevel.objects.get_or_create(stars=stars, defaults={"hours": hours})
    town = build_town()
    return town, family(town)


def check_layout(page: Page) -> None:
    """Nothing sticks out sideways."""
    width, inner = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert width <= inner, f"{page.url} is {width} wide on {inner}"


def button(page: Page, label: str) -> Locator:
    return page.locator("main").get_by_role("button", name=label, exact=True).first


def press(page: Page, label: str) -> None:
    follow(button(page, label))


def confirm(page: Page, label: str) -> None:
    """Press a button that asks first, and say yes."""
    button(page, label).click()
    follow(page.locator("dialog[open] [data-confirm-yes]"))


def moment(value: datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"


def test_from_a_visit_to_a_thank_you(
    home: tuple[Town, Family], page_as: PageAs, phone: dict[str, Any], desk: dict[str, Any],
    shot: Shot, media: Path, faults: Any, tmp_path: Path,
) -> None:  # fmt: skip
    town, people = home
    phone["device_scale_factor"] = 1.5
    me = helper(town, who="volunteer", skills=["company", "medical"], times=[])
    helper(town, "郑帮手", skills=["repair"])

    # At the door the grid head writes down what is needed, and publishes it without a name.
    head = page_as(town.users["grid_head"], phone)
    head.goto(f"/residents/{people.home.pk}/needs/new/")
    head.locator("main").get_by_label("来源").select_option(label="微心愿")
    head.locator("main").get_by_label("类别").select_option(label="陪伴关爱")
    head.locator("main").get_by_label("需要什么").fill("王老根想有人陪着去医院复查")
    head.locator("main label", has_text="可匿名发布").first.click()
    head.locator("main").get_by_label("公开内容").fill("一位老人想有人陪着去医院复查")
    press(head, "登记")
    need = Need.objects.get()
    head.goto(f"/residents/needs/{need.pk}/")
    confirm(head, "发布")
    expect(head.locator("main")).to_contain_text("已发布")

    # Outside everybody reads what is needed, nobody who it is.
    outside = page_as(None, phone)
    outside.goto("/volunteering/")
    expect(outside.locator("main")).to_contain_text("一位老人想有人陪着去医院复查")
    expect(outside.locator("main")).not_to_contain_text("王老根")
    check_layout(outside)
    shot(outside, "handbook-volunteers-board")

    # The community makes an activity of it, with a shift, and publishes it.
    staff = page_as(town.users["community_staff"], desk)
    staff.goto(f"/volunteers/needs/{need.pk}/")
    follow(staff.get_by_role("link", name="为它办一次活动"))
    staff.locator("main").get_by_label("活动名称").fill("陪老人看病")
    staff.locator("main").get_by_label("类型").select_option(label="敬老助残")
    staff.locator("main").get_by_label("带队人").select_option(label="郑帮手")
    staff.locator("main").get_by_label("网格").select_option(label=str(town.grid))
    staff.locator("main").get_by_label("集合地点").fill("社区卫生服务中心门口")
    staff.locator("main").get_by_label("安全提示").fill("扶稳慢行，不代取贵重物品")
    staff.locator("main").get_by_text("陪伴聊天", exact=True).click()
    press(staff, "下一步：安排时间")
    start = timezone.now() + timedelta(days=3)
    staff.locator("main").get_by_label("开始").fill(moment(start))
    staff.locator("main").get_by_label("结束").fill(moment(start + timedelta(hours=2)))
    staff.locator("main").get_by_label("名额").fill("1")
    press(staff, "保存")
    press(staff, "发布报名")
    expect(staff.locator("main")).to_contain_text("报名中")

    # The matching says who fits and why; two are asked for the one place.
    follow(staff.get_by_role("link", name="邀请志愿者"))
    expect(staff.locator("ol.fits > li").first).to_contain_text("志愿红")
    expect(staff.locator("ol.fits > li").first).to_contain_text("会陪伴聊天")
    check_layout(staff)
    shot(staff, "handbook-volunteers-ask")
    press(staff, "邀请 2 人")
    expect(staff.locator("main")).to_contain_text("已邀请 2 人")

    # On the phone: the ask with its reasons, one tap to say yes; the other ask lapses.
    mine = page_as(town.users["volunteer"], phone)
    mine.goto("/")
    follow(mine.get_by_role("link", name="个志愿活动邀请您参加"))
    expect(mine.locator("main")).to_contain_text("会陪伴聊天")
    check_layout(mine)
    shot(mine, "handbook-volunteers-phone")
    press(mine, "参加")
    expect(mine.locator("main")).to_contain_text("已报名")
    assert SignUp.objects.get().status == "signed"
    assert sorted(Ask.objects.values_list("status", flat=True)) == ["accepted", "lapsed"]

    # The day has come: sign in by the code, and out two hours later.
    activity, shift = Activity.objects.get(), Shift.objects.get()
    begun = timezone.now() - timedelta(minutes=5)
    Shift.objects.filter(pk=shift.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=2))
    mine.goto(f"/volunteers/s/{shift.token}/")
    press(mine, "签到")
    expect(mine.locator("main")).to_contain_text("已签到")
    begun -= timedelta(hours=2)
    ended = begun + timedelta(hours=2)
    Shift.objects.filter(pk=shift.pk).update(starts_at=begun, ends_at=ended)
    Activity.objects.filter(pk=activity.pk).update(starts_at=begun, ends_at=ended)
    SignUp.objects.update(in_at=begun)
    mine.reload()
    press(mine, "签退")
    expect(mine.locator("main")).to_contain_text("辛苦了")

    # The community keeps a photo, says whom it served, hands in and confirms.
    staff.goto(f"/volunteers/activities/{activity.pk}/photos/")
    staff.locator("input[type=file]").first.set_input_files(
        manhole(tmp_path / "photo.jpg", mended=True)
    )
    press(staff, "上传")
    follow(staff.get_by_role("link", name="服务对象和小结"))
    staff.locator("main").get_by_text("王*根").first.click()
    staff.locator("main").get_by_label("小结").fill("复查顺利")
    press(staff, "保存")
    confirm(staff, "提交时长")
    expect(staff.locator("main")).to_contain_text("时长待确认")
    confirm(staff, "确认时长")
    expect(staff.locator("main")).to_contain_text("已完成")

    # The thank-you, the hours and the points: two hours, and two points for a wish come true.
    hours = Hours.objects.get()
    assert (float(hours.credited), float(balance(me))) == (2.0, 4.0)
    told = Notification.objects.get(user=town.users["volunteer"], kind="volunteer.hours")
    assert told.title == "谢谢您参加：陪老人看病"
    mine.goto(f"/volunteers/people/{me.pk}/")
    expect(mine.locator("main")).to_contain_text(re.compile("圆微心愿"))
    expect(mine.locator("#points")).to_contain_text("2.0")
    check_layout(mine)
    shot(mine, "handbook-volunteers-points")

    # The need is met; who was helped says how it was; the figures count one person served.
    follow(staff.get_by_role("link", name="需求已满足"))
    staff.locator("main").get_by_label("怎么满足的").fill("志愿者陪着做了复查")
    press(staff, "已满足")
    staff.goto(f"/volunteers/activities/{activity.pk}/")
    follow(staff.get_by_role("link", name="登记评价"))
    staff.locator("main").get_by_text("服务对象", exact=True).click()
    staff.locator("main").get_by_text("非常满意", exact=True).click()
    staff.locator("main").get_by_label("说了什么").fill("一路扶着我，谢谢")
    press(staff, "登记")
    expect(staff.locator("main")).to_contain_text("一路扶着我，谢谢")
    staff.goto("/volunteers/counts/")
    follow(staff.get_by_role("link", name="服务人数"))
    expect(staff.locator("main")).to_contain_text("王*根")
    need.refresh_from_db()
    assert need.status == "evaluated"
    staff.goto("/volunteers/")
    expect(staff.locator("main")).to_contain_text("100.0")
    check_layout(staff)
    shot(staff, "handbook-volunteers-overview")
