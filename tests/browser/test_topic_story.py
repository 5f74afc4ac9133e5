"""A fire lane in a browser: proposed by a resident, screened, done by a closed case, shown as solved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case
from councils import services
from councils.models import Topic
from tests.browser.conftest import follow
from tests.cases.cast import Story, photo
from tests.councils.cast import called, council_of, hold
from tests.town import Town, build_town

PageAs = Callable[..., Page]
TITLE = "消防通道长期被占"


@pytest.fixture
def town(transactional_db: None, media: Any) -> Town:
    cache.clear()
    return build_town()


def test_a_fire_lane_goes_from_collection_to_the_list_of_what_was_solved(
    town: Town, page_as: PageAs, phone: dict[str, Any], desk: dict[str, Any]
) -> None:
    council = council_of(town)
    resident = page_as(None, device=phone)
    code = town.community.division_code
    resident.goto(f"{reverse('councils:public_propose')}?community={code}")
    resident.get_by_label("在哪里").select_option(str(council.pk))
    resident.get_by_label("议题").fill(TITLE)
    resident.get_by_label("情况和建议").fill("货物和私家车占了通道，救护车进不来。")
    follow(resident.locator("main form [type=submit]").first)
    topic = Topic.objects.get()

    secretary = page_as(town.users["community_secretary"], device=desk)
    secretary.goto(reverse("councils:topic_move", args=[topic.pk, "screen"]))
    follow(secretary.locator("main form [type=submit]").first)
    topic.refresh_from_db()
    assert topic.status == "screened"

    # Notice, announcement and the case take days: the services walk them with a clock of their own.
    by, now = town.users["community_secretary"], timezone.now()

    def go(name: str, **given: Any) -> None:
        nonlocal topic
        topic = services.move_topic(topic=topic, name=name, by=by, now=now, **given)

    meeting = called(council, now=now)
    go("set_agenda", meeting=meeting)
    hold(meeting)
    now = meeting.starts_at + timedelta(hours=2)
    go("deliberate")
    go(
        "resolve",
        resolution="清走货物，划线禁停。",
        announce_until=(now + timedelta(days=6)).date(),
    )
    task = services.add_task(
        topic=topic, what="清走占道物品", who="居委甲", by=by, due=(now + timedelta(days=20)).date()
    )
    now += timedelta(days=8)
    go("execute")
    services.task_to_case(task=task, category="suggestion", by=town.users["grid_head"])
    case = Case.objects.get(topic_task=task)
    secretary.goto(reverse("councils:topic", args=[topic.pk]))
    expect(secretary.get_by_text(case.case_no).first).to_be_visible()
    Story(town, case=case).closed()
    go("supervise", supervisors="居民丙")
    go("close", effect="good", result="通道畅通，一个月没有反弹。", photos=[photo()])

    resident.goto(f"{reverse('councils:public_board')}?community={code}&solved=1")
    follow(resident.get_by_role("link", name=TITLE).first)
    expect(resident.get_by_text("通道畅通，一个月没有反弹。").first).to_be_visible()
    case.refresh_from_db()
    assert (topic.status, case.status) == ("closed", "closed")
