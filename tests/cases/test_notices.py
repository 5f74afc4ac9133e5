"""A move tells the next: who is told equals whose list grows, words are not personal, sums for sweeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.holders import helpers_of, posts_of, users_of
from cases.models import Case
from cases.services import scan_clocks
from notices.models import Channel, Notification, OutboxMessage
from notices.services import save_channel
from tests.cases.cast import NOON, Story, reported
from tests.town import Town

STORIES = (
    "accepted", "called", "whistled", "checked_in", "assigned", "handling", "hang_asked", "fed_back",
    "verified", "closed", "self_handled",
)  # fmt: skip


def told(town: Town, kind: str = "case.next") -> set[str]:
    rows = Notification.objects.filter(kind=kind)
    names = {user.pk: key for key, user in town.users.items()}
    return {names[pk] for pk in rows.values_list("user_id", flat=True)}


@pytest.mark.parametrize("story", STORIES)
def test_the_posts_of_a_case_are_those_whose_list_holds_it(town: Town, story: str) -> None:
    case = getattr(Story(town, now=NOON), story)().case
    posts = posts_of(case, helpers_of([case.pk])[case.pk])
    holders = set().union(*users_of(posts).values())
    listed = {
        user.pk for user in town.users.values()
        if Case.objects.waiting_for(user).filter(pk=case.pk).exists()
    }  # fmt: skip
    assert holders == listed


def test_a_report_is_told_to_the_grid(town: Town) -> None:
    reported(town)
    assert told(town) == {"grid_head", "grid_worker_ft"}


def test_a_whistle_is_told_to_the_departments_but_not_to_the_whistler(town: Town) -> None:
    story = Story(town).called()
    Notification.objects.all().delete()
    story.step(
        "whistle",
        "dispatcher",
        unit=town.department,
        co_units=[town.second_department],
        note="到场",
    )
    assert told(town) == {"dept_handler", "second_dept_handler"}


def test_a_request_is_told_to_the_decider_and_its_answer_to_the_asker(town: Town) -> None:
    story = Story(town).hang_asked()
    assert told(town, "case.decide") == {"street_admin", "dispatcher", "second_dispatcher"}
    story.step("refuse_hang", "street_admin", note="再想办法")
    assert told(town, "case.decided") == {"dept_handler"}


def test_a_supervision_is_told_and_its_reply_comes_back(town: Town) -> None:
    story = Story(town).handling().step("supervise", "street_admin", note="请尽快")
    assert told(town, "case.supervised") == {"dept_handler"}
    story.step("reply", "dept_handler", note="明天完成")
    assert told(town, "case.replied") == {"street_admin"}


def test_a_demand_of_the_third_round_is_told_and_its_reply_goes_to_the_street(town: Town) -> None:
    again = {"reason": "relapse", "note": "又坏了"}
    story = Story(town).closed().step("reopen", "community_staff", **again)
    assert told(town, "case.supervised") == set()
    story.step("assign", "community_staff", unit=town.department).step("take", "dept_handler")
    story.step("feedback", "dept_handler", outcome="solved", note="已更换灯管")
    story.step("verify_pass", "grid_head", method="on_site").step("close", "community_staff")
    story.step("reopen", "community_staff", **again)
    assert story.case.is_supervised and told(town, "case.supervised") == {"dept_handler"}
    story.step("reply", "dept_handler", note="明天换整条线路")
    assert told(town, "case.replied") == {"street_admin", "dispatcher", "second_dispatcher"}


def test_a_colleague_who_reported_hears_how_it_went(town: Town) -> None:
    case = reported(town, by=town.users["corridor_head"])
    Story(town, case).step("reject", "grid_head", reason="out_of_scope", note="不属于本网格")
    assert told(town, "case.reporter") == {"corridor_head"}


def test_a_notice_says_nothing_personal(town: Town) -> None:
    secret = reported(town, text="张三家吵架", reporter_name="张三", reporter_phone="16900000001")
    words = " ".join(f"{row.title}{row.text}" for row in Notification.objects.all())
    assert secret.case_no in words
    for personal in ("张三", "16900000001", "1栋", secret.tracking_code):
        assert personal not in words


@pytest.fixture
def gateway(town: Town, settings: Any) -> Channel:
    settings.NOTICE_ORIGINS = ["https://sms.example"]
    return save_channel(
        channel=None, by=town.users["street_admin"], name="短信", transport="sms", org=town.street,
        address="https://sms.example/send", template="to={phone}&text={text}",
    )  # fmt: skip


def test_a_resident_hears_by_sms_only_with_a_number_and_a_gateway(
    town: Town, settings: Any
) -> None:
    Story(town, reported(town, reporter_phone="16900000001")).accepted()
    assert not OutboxMessage.objects.exists()


def test_a_resident_with_a_number_hears_four_times_at_most(town: Town, gateway: Channel) -> None:
    Story(town, reported(town)).closed()
    Story(town, reported(town, reporter_phone="16900000001")).closed()
    rows = OutboxMessage.objects.filter(kind="case.resident")
    assert rows.count() == 2
    assert {row.phone.reveal() for row in rows} == {"16900000001"}


def test_everybody_whose_report_was_merged_hears_how_it_ends(town: Town, gateway: Channel) -> None:
    """At any depth, each by the own number, and nobody twice."""
    main = reported(town, reporter_phone="16900000001")
    middle = reported(town, reporter_phone="16900000002")
    far = reported(town, reporter_phone="16900000003")
    again = reported(town, reporter_phone="16900000001")
    nameless = reported(town, reporter_phone="16900000004", anonymous=True)
    colleague = reported(town, by=town.users["corridor_head"])
    for case, into in (
        (far, middle), (middle, main), (again, main), (nameless, main), (colleague, main),
    ):  # fmt: skip
        Story(town, case).step("merge", "community_staff", main=into)
    OutboxMessage.objects.all().delete()
    Notification.objects.all().delete()
    Story(town, main).closed()
    sent = OutboxMessage.objects.filter(kind="case.resident")
    texts = list(sent.values_list("title", flat=True))
    for case in (main, middle, far):
        assert sum(case.case_no in text for text in texts) == 2, "accepted, and written off"
    assert len(texts) == 6
    letters = Notification.objects.filter(kind="case.reporter", user=town.users["corridor_head"])
    assert [colleague.case_no in letter.title for letter in letters] == [True, True]


def test_telling_those_of_merged_reports_costs_the_same_for_many(
    town: Town, gateway: Channel
) -> None:
    def cost(first: int, many: int) -> int:
        main = reported(town)
        for number in range(first, first + many):
            for more in (
                {"reporter_phone": f"1690000{number:04}"},
                {"by": town.users["corridor_head" if number % 2 else "volunteer"]},
            ):
                joined = reported(town, **more)
                Story(town, joined).step("merge", "community_staff", main=main)
        OutboxMessage.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            Story(town, main).step("accept", "grid_head")
        assert OutboxMessage.objects.filter(kind="case.resident").count() == many
        return len(asked)

    cost(0, 1)  # the working calendar is read once
    assert cost(10, 1) == cost(20, 6)


def test_a_group_reads_number_category_and_grid_never_a_confidential_case(
    town: Town, settings: Any
) -> None:
    settings.NOTICE_ORIGINS = ["https://qyapi.weixin.qq.com"]
    save_channel(
        channel=None, by=town.users["street_admin"], name="群", transport="wecom", org=town.street,
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
    )  # fmt: skip
    case = reported(town, text="张三家漏水")
    Case.objects.filter(pk=reported(town).pk).update(confidential=True)
    texts = list(OutboxMessage.objects.values_list("text", flat=True))
    assert texts[0] == f"上报：{case.category.name}（{town.grid.name}，{case.case_no}）"
    assert "张三" not in "".join(texts)


def test_a_week_of_downtime_is_one_letter_for_each_holder(town: Town) -> None:
    cases = [Story(town, now=NOON).case for _ in range(3)]
    Story(town, now=NOON).handling()
    Notification.objects.all().delete()
    scan_clocks(NOON + timedelta(days=21))
    letters = {
        (row.user.username, tuple(row.facts.items()))
        for row in Notification.objects.filter(kind="case.late").select_related("user")
    }
    names = {key: town.users[key].username for key in ("grid_head", "grid_worker_ft")}
    assert (names["grid_head"], (("step", len(cases)),)) in letters
    assert (names["grid_worker_ft"], (("step", len(cases)),)) in letters
    assert len(letters) == 3
    assert not any(scan_clocks(NOON + timedelta(days=21)).values())
    assert Notification.objects.filter(kind="case.late").count() == 3
