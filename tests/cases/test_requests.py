"""Extension, 挂账 and waiting for the reporter: asked, answered, counted; silence is not approval."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.models import Case, CaseRequest
from cases.services import MoveRefused, scan_clocks, transitions_for
from gridparty.lib.china_time import SHANGHAI
from tests.cases.cast import NOON, Story
from tests.town import Town

# Reported on Wednesday 3 June 2026; normal class: five working days, so due on 10 June, 18:00.
DUE = datetime(2026, 6, 10, 18, 0, tzinfo=SHANGHAI)
LATER = datetime(2026, 6, 17, 18, 0, tzinfo=SHANGHAI)


def asked(town: Town) -> Story:
    return Story(town, now=NOON).handling().step(
        "ask_extension", "dept_handler", until=LATER, note="材料要从外地运来"
    )  # fmt: skip


def refusal(story: Story, name: str, who: str, **inputs: object) -> MoveRefused:
    with pytest.raises(MoveRefused) as refused:
        story.step(name, who, **inputs)
    return refused.value


def test_an_extension_moves_the_limit_only_when_it_is_granted(town: Town) -> None:
    story = asked(town)
    assert story.case.due_at == DUE
    assert Case.objects.waiting_for(town.users["community_staff"]).filter(pk=story.case.pk)
    story.step("grant_extension", "community_staff", note="同意")
    assert (story.case.due_at, story.case.original_due_at) == (LATER, DUE)
    request = CaseRequest.objects.get(case=story.case)
    assert (request.state, request.decided_by) == ("granted", town.users["community_staff"])
    assert not story.case.pending


def test_silence_is_not_approval(town: Town) -> None:
    story = asked(town)
    scan_clocks(DUE + timedelta(days=1))
    story.case.refresh_from_db()
    assert story.case.due_at == DUE
    assert story.case.step_urged, "the community is reminded to answer"


def test_a_refused_extension_leaves_the_limit(town: Town) -> None:
    story = asked(town).step("refuse_extension", "community_staff", note="可以先修一半")
    assert (story.case.due_at, story.case.pending) == (DUE, "")


def test_it_bounds_an_extension(town: Town) -> None:
    story = Story(town, now=NOON).handling()
    early = refusal(story, "ask_extension", "dept_handler", until=DUE, note="x")
    assert early.fields["until"] == "延期至的时间应晚于现在的办理期限。"
    late = refusal(story, "ask_extension", "dept_handler", until=DUE + timedelta(days=30), note="x")
    assert "最多延长 10 个工作日" in late.fields["until"]
    story.now = DUE + timedelta(minutes=1)
    over = refusal(story, "ask_extension", "dept_handler", until=LATER, note="x")
    assert over.code == "wrong_state"


def test_the_second_extension_is_for_the_street_and_there_is_no_third(town: Town) -> None:
    story = asked(town).step("grant_extension", "community_staff")
    again = LATER + timedelta(days=1)
    story.step("ask_extension", "dept_handler", until=again, note="又下雨")
    assert story.case.pending == "extension_street"
    assert refusal(story, "grant_extension", "community_staff").code == "not_allowed"
    story.step("grant_extension", "dispatcher")
    third = refusal(
        story, "ask_extension", "dept_handler", until=again + timedelta(days=1), note="x"
    )
    assert "不能再延" in third.message


def test_only_one_request_waits_at_a_time_and_a_result_makes_it_lapse(town: Town) -> None:
    story = asked(town)
    names = {
        move.name for move in transitions_for(story.case, town.users["dept_handler"], now=NOON)
    }
    assert names.isdisjoint({"ask_extension", "ask_hang"})
    story.step("feedback", "dept_handler", outcome="solved", note="提前办好了")
    assert CaseRequest.objects.get(case=story.case).state == "lapsed"
    assert not story.case.pending


def test_a_hung_case_is_not_overdue_and_resumes_with_what_was_left(town: Town) -> None:
    story = Story(town, now=NOON).hung()
    case = story.case
    assert (case.status, case.due_at, case.left_workdays) == ("hung", None, 5)
    assert case.step_due_at == NOON + timedelta(days=60)
    long_after = NOON + timedelta(days=40)
    assert not Case.objects.overdue(long_after).filter(pk=case.pk)
    assert scan_clocks(long_after) == dict.fromkeys(
        ("step", "arrive", "absent", "urge", "supervise", "account"), 0
    )
    assert not Case.objects.waiting_for(town.users["community_staff"]).filter(pk=case.pk)
    story.now = datetime(2026, 7, 13, 9, 0, tzinfo=SHANGHAI)  # a Monday
    story.step("resume", "street_admin", note="资金到位")
    assert story.case.due_at == datetime(2026, 7, 20, 18, 0, tzinfo=SHANGHAI)


def test_hanging_on_the_last_day_still_leaves_three_working_days(town: Town) -> None:
    story = Story(town, now=NOON).handling()
    story.now = DUE - timedelta(hours=2)
    story.step(
        "ask_hang", "dept_handler", reason="funds", measure="围挡", note="没有经费",
        until=DUE + timedelta(days=30),
    ).step("grant_hang", "street_admin")  # fmt: skip
    assert story.case.left_workdays == 0
    story.now = datetime(2026, 6, 15, 9, 0, tzinfo=SHANGHAI)
    story.step("resume", "community_staff", note="可以办了")
    assert story.case.due_at == datetime(2026, 6, 18, 18, 0, tzinfo=SHANGHAI)


def test_a_review_comes_within_ninety_days(town: Town) -> None:
    story = Story(town, now=NOON).hung()
    far = refusal(
        story, "review_hang", "street_admin", until=NOON + timedelta(days=91), note="仍无条件"
    )
    assert far.fields == {"until": "下次复核不得超过 90 天。"}
    story.step("review_hang", "street_admin", until=NOON + timedelta(days=90), note="仍无条件")
    assert story.case.step_due_at == NOON + timedelta(days=90)


def test_only_the_street_hangs_a_case_and_never_the_asker(town: Town) -> None:
    story = Story(town, now=NOON).hang_asked()
    assert refusal(story, "grant_hang", "community_staff").code == "not_allowed"
    story.step("refuse_hang", "street_admin", note="有条件办理")
    assert (story.case.status, story.case.due_at) == ("handling", DUE)


def test_the_clock_stands_still_for_the_reporter_three_days_once(town: Town) -> None:
    story = Story(town, now=NOON).handling().step("wait", "dept_handler", note="请说明漏水位置")
    # Five days were left; three are waited (to Monday 8 June), five follow: Monday the 15th.
    assert story.case.waiting_until == datetime(2026, 6, 8, 18, 0, tzinfo=SHANGHAI)
    assert story.case.due_at == datetime(2026, 6, 15, 18, 0, tzinfo=SHANGHAI)
    assert refusal(story, "wait", "dept_handler", note="再问").code == "wrong_state"


def test_an_early_answer_gives_back_the_rest_of_the_pause(town: Town) -> None:
    story = Story(town, now=NOON).handling().step("wait", "dept_handler", note="请说明漏水位置")
    story.now = NOON + timedelta(days=1)
    story.step("answer", None, as_reporter=True, note="在三楼转角")
    assert story.case.due_at == datetime(2026, 6, 11, 18, 0, tzinfo=SHANGHAI)
    assert (
        refusal(story, "answer", "dept_handler", note="x").message == "现在没有在等待反映人补充。"
    )


def test_hours_shift_by_hours(town: Town) -> None:
    story = Story(town, now=NOON, category="safety-gas").handling()
    due = story.case.due_at
    assert due is not None
    story.step("wait", "dept_handler", note="请说明位置")
    assert story.case.due_at == due + (datetime(2026, 6, 8, 18, 0, tzinfo=SHANGHAI) - NOON)
