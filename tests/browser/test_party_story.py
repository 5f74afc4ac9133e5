"""A member checks in from his phone and takes a post; a branch finishes a month by one meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from partybuilding import services
from partybuilding.models import CheckIn, MonthlyBoard
from tests.browser.conftest import follow
from tests.cases.cast import reported
from tests.councils.cast import council_of, topic_of
from tests.partybuilding.cast import WORK
from tests.town import Town, build_town

PageAs = Callable[..., Page]


@pytest.fixture
def town(transactional_db: None, media: Any) -> Town:
    cache.clear()
    return build_town()


def check_layout(page: Page) -> None:
    """Nothing sticks out sideways."""
    width, inner = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert width <= inner, f"{page.url} is {width} wide on {inner}"


def test_a_member_reports_and_gets_a_post(
    town: Town, page_as: PageAs, phone: dict[str, Any], desk: dict[str, Any]
) -> None:
    services.invite(unit=town.partner, roster="钱在职 13800001111", by=None)
    door = services.door_of(town.partner)
    member = page_as(None, device=phone)
    member.goto(reverse("partybuilding:checkin_apply", args=[door.token]))
    check_layout(member)
    member.get_by_label("姓名").fill("钱在职")
    member.get_by_label("手机号").fill("13800001111")
    member.get_by_label("住在哪个社区").select_option(str(town.community.pk))
    member.get_by_label("住址").first.fill("阳光花园1栋1单元301")
    member.get_by_label("同意所住社区").check()
    follow(member.get_by_role("button", name="提交报到"))
    expect(member.get_by_role("heading", name="我的报到")).to_be_visible()
    one = CheckIn.objects.get()

    staff = page_as(town.users["community_staff"], device=desk)
    staff.goto(reverse("partybuilding:checkin", args=[one.pk]))
    follow(staff.get_by_role("button", name="接收报到"))
    expect(staff.get_by_text("已接收").first).to_be_visible()

    member.reload()
    member.get_by_label("类型").select_option("area")
    member.get_by_label("岗位类别").select_option("safety")
    member.get_by_label("做什么").fill("每周巡楼")
    member.get_by_label("阳光花园1栋").check()
    follow(member.get_by_role("button", name="认领"))
    expect(member.get_by_role("heading", name="我的岗位")).to_be_visible()
    check_layout(member)
    one.refresh_from_db()
    assert one.status == "active"


def test_a_branch_finishes_a_month_by_one_meeting(
    town: Town, page_as: PageAs, phone: dict[str, Any], desk: dict[str, Any]
) -> None:
    services.open_boards(today=timezone.localdate())
    board = MonthlyBoard.objects.get(branch=town.branch)
    case, topic = reported(town), topic_of(council_of(town))
    now = timezone.localtime()
    held = now - timedelta(minutes=5) if now.hour or now.minute > 5 else now
    page = page_as(town.users["branch_secretary"], device=phone)
    page.goto(reverse("partybuilding:board_record", args=[board.pk]))
    check_layout(page)
    for item in board.items.all():
        page.get_by_label(str(item)).check()
    page.get_by_label("开会时间").fill(f"{held:%Y-%m-%dT%H:%M}")
    for label, words in (
        ("地点", "党群服务站"), ("主题", "主题党日"), ("主持人", "支书成"), ("应到人数", "4"), ("实到人数", "4"),
        ("会议记录", "学习文件，协商难题。"), ("通报了哪些情况", "停水检修"), ("汇报人", "祖长河"),
        ("汇报的工作", WORK), ("书记点评", "扎实"), ("认领人", "祖长河"), ("协商结果", "划线禁停"),
    ):  # fmt: skip
        page.get_by_label(label).fill(words)
    page.get_by_label("通报渠道").select_option("meeting")
    page.get_by_role("group", name="认领的事项").get_by_label(case.case_no).check()
    page.get_by_label(topic.title).check()
    follow(page.get_by_role("button", name="提交"))
    expect(page.get_by_text("待确认").first).to_be_visible()
    assert board.items.filter(status="submitted").count() == 5

    secretary = page_as(town.users["community_secretary"], device=desk)
    for item in board.items.all():
        secretary.goto(reverse("partybuilding:board", args=[board.pk]))
        follow(secretary.locator(f"#{item.kind}").get_by_role("button", name="确认完成"))
    expect(secretary.get_by_text("得分 5")).to_be_visible()
    assert list(MonthlyBoard.objects.complete()) == [board]
