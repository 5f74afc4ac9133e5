"""并案, 申诉, 督办 with its reply, and taking back the last move."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from cases.models import Case, CaseTask, Supervision
from cases.services import MoveRefused, scan_clocks, transitions_for, undo, undoable
from cases.timeline import events_of, milestone_bar, public_timeline
from tests.cases.cast import NOON, Story, reported
from tests.town import Town


def refusal(story: Story, name: str, who: str | None, **inputs: object) -> MoveRefused:
    with pytest.raises(MoveRefused) as refused:
        story.step(name, who, **inputs)
    return refused.value


# --- merge ---


def test_a_merged_case_ends_and_points_to_the_main_one(town: Town) -> None:
    main, story = reported(town), Story(town)
    story.step("merge", "community_staff", main=main.case_no)
    assert (story.case.status, story.case.merged_into) == ("merged", main)
    assert not story.case.is_open
    assert list(Case.objects.counted()) == [main], "counted once"


def test_there_is_no_cycle_of_merges(town: Town) -> None:
    first, second, third = (Story(town) for _ in range(3))
    assert refusal(first, "merge", "community_staff", main=first.case.case_no).code == "invalid"
    first.step("merge", "community_staff", main=second.case.case_no)
    back = refusal(second, "merge", "community_staff", main=first.case.case_no)
    assert back.fields["main"] == f"该事项已并入 {second.case.case_no}，请改填这个编号。"
    ended = third.step("reject", "grid_head", reason="out_of_scope", note="不归我们管").case
    assert "只能并入未办结的事项" in refusal(
        second, "merge", "community_staff", main=ended.case_no
    ).fields["main"]  # fmt: skip


@pytest.mark.parametrize("number", ["", "000", "不知道", "20260603000000" * 3, "1\x00"])
def test_a_wrong_number_is_told_at_its_field(town: Town, number: str) -> None:
    assert set(refusal(Story(town), "merge", "community_staff", main=number).fields) == {"main"}


def test_a_community_cannot_probe_numbers_of_another(town: Town) -> None:
    foreign = reported(town, building=None, grid=town.far_grid)
    story = Story(town)
    told = refusal(story, "merge", "community_staff", main=foreign.case_no).fields["main"]
    assert told == refusal(story, "merge", "community_staff", main="20990101").fields["main"]
    story.step("merge", "dispatcher", main=foreign.case_no)
    assert story.case.merged_into == foreign


def test_a_main_case_cannot_be_withdrawn_from_under_the_others(town: Town) -> None:
    main, story = Story(town), Story(town)
    story.step("merge", "community_staff", main=main.case.case_no)
    assert "并入这件" in refusal(main, "withdraw", None, as_reporter=True).message


# --- appeal ---


def rejected(town: Town) -> Story:
    return Story(town, now=NOON).step(
        "reject", "grid_head", reason="out_of_scope", note="不归我们管"
    )


def test_a_refusal_is_appealed_once_and_judged_by_the_community(town: Town) -> None:
    story = rejected(town).step("appeal", None, as_reporter=True, note="就在小区里")
    assert (story.case.status, story.case.ended_at) == ("reported", None)
    grid = transitions_for(story.case, town.users["grid_head"], now=NOON)
    assert {"accept", "reject"}.isdisjoint({move.name for move in grid})
    story.step("reject", "community_staff", reason="out_of_scope", note="属于供电公司")
    assert "最后答复" in refusal(story, "appeal", None, as_reporter=True, note="再看看").message


def test_it_is_too_late_to_appeal_after_fifteen_days(town: Town) -> None:
    story = rejected(town)
    story.now = NOON + timedelta(days=15, minutes=1)
    assert refusal(story, "appeal", None, as_reporter=True, note="x").code == "wrong_state"


def test_the_reporter_appeals_on_the_tracking_page(client: Client, town: Town) -> None:
    story = Story(town).step("reject", "grid_head", reason="out_of_scope", note="不归我们管")
    client.post("/track/", {"code": story.case.tracking_code})
    assert "申诉一次" in client.get("/track/").content.decode()
    answer = client.post("/track/appeal/", {"note": "就在小区里", "version": story.case.version})
    assert answer.status_code == 302
    story.case.refresh_from_db()
    assert story.case.status == "reported"


# --- supervision ---


def test_a_supervision_is_replied_to_by_the_holder_and_lifted_by_its_issuer(town: Town) -> None:
    story = Story(town, now=NOON).handling()
    story.step("supervise", "district_official", card="red", note="居民反映强烈，请三日内办结")
    assert story.case.is_supervised
    assert Case.objects.waiting_for(town.users["dept_handler"]).filter(pk=story.case.pk)
    story.step("reply", "dept_handler", note="已安排周五施工")
    assert story.case.reply_due_at is None
    assert "发出的一方" in refusal(story, "lift", "street_admin", note="可以了").message
    story.step("lift", "district_official", note="已办结")
    assert not story.case.is_supervised
    row = Supervision.objects.get()
    assert (row.level, row.reply, row.lifted_by) == (
        "red", "已安排周五施工", town.users["district_official"],
    )  # fmt: skip
    assert row.replied_label and row.issued_label


def test_the_flag_stays_while_another_side_supervises(town: Town) -> None:
    story = Story(town, now=NOON).handling()
    story.step("supervise", "district_official", note="请办结").step(
        "supervise", "street_admin", note="请办结"
    )
    story.step("lift", "street_admin", note="可以了")
    assert story.case.is_supervised
    story.step("lift", "district_official", note="可以了")
    assert not story.case.is_supervised


def test_the_clock_issues_a_red_card_that_the_street_lifts(town: Town) -> None:
    story = Story(town, now=NOON).handling()
    late = NOON + timedelta(days=20)
    assert scan_clocks(late)["supervise"] == 1
    assert scan_clocks(late)["supervise"] == 0, "never twice for a stage"
    story.case.refresh_from_db()
    row = Supervision.objects.get()
    assert (row.level, row.issued_by, row.reply_by) == ("red", None, story.case.reply_due_at)
    story.step("lift", "dispatcher", note="已说明")
    assert not story.case.is_supervised


def test_a_demand_that_was_never_written_is_added_and_lifted(town: Town) -> None:
    """What migration 0012 does for cases that were in their third round before demands were kept."""
    again = {"reason": "relapse", "note": "又坏了"}
    story = Story(town, now=NOON).closed().step("reopen", "community_staff", **again)
    third = Story(town, story.case, now=NOON)
    Case.objects.filter(pk=third.case.pk).update(
        cycle=3, supervised_at=NOON, lifted_at=None, reply_due_at=NOON + timedelta(days=3)
    )
    third.case.refresh_from_db()
    assert "发出的一方" in refusal(third, "lift", "dispatcher", note="可以了").message
    add = import_module("cases.migrations.0012_demands_after_reopening").add_demands
    for _ in range(2):
        add(apps, None)
    row = Supervision.objects.get()
    assert (row.cycle, row.issued_as, row.reply_by) == (3, "", third.case.reply_due_at)
    third.step("lift", "dispatcher", note="已说明")
    assert not third.case.is_supervised


# --- undo ---


def test_the_last_move_is_taken_back_within_minutes(town: Town) -> None:
    story = Story(town, now=NOON).called()
    before: dict[str, object] = {**Case.objects.values().get(pk=story.case.pk)}
    story.step("assign", "community_staff", unit=town.department)
    by = town.users["community_staff"]
    after = undo(case=story.case, by=by, now=NOON + timedelta(minutes=9))
    now: dict[str, object] = {**Case.objects.values().get(pk=after.pk)}
    assert {key for key in now if now[key] != before[key]} == {
        "version",
        "updated_at",
        "trail_head",
    }
    assert not CaseTask.objects.filter(case=after, ended_at=None).exists()
    assert after.events.order_by("-id")[0].label == "撤销“交办”"


def test_undoing_a_transfer_gives_the_case_back_to_who_had_it(town: Town) -> None:
    story = Story(town, now=NOON).assigned()
    story.now = NOON + timedelta(minutes=1)
    story.step("transfer", "community_staff", unit=town.second_department, note="点错了")
    after = undo(case=story.case, by=town.users["community_staff"], now=story.now)
    task = CaseTask.objects.get(case=after, ended_at=None)
    assert (task.unit, after.lead_unit) == (town.department, town.department)


def test_what_others_have_built_on_stays(town: Town) -> None:
    story = Story(town, now=NOON).assigned()
    by = town.users["community_staff"]
    assert undoable(story.case, by, now=NOON) is not None
    assert undoable(story.case, town.users["dispatcher"], now=NOON) is None
    assert undoable(story.case, by, now=NOON + timedelta(minutes=11)) is None
    story.step("take", "dept_handler")
    with pytest.raises(MoveRefused) as refused:
        undo(case=story.case, by=by, now=NOON)
    assert refused.value.message == "最近一步不能撤销。"


def test_the_reporter_never_reads_of_a_step_taken_back(town: Town) -> None:
    story = Story(town, now=NOON).called()
    undo(case=story.case, by=town.users["grid_head"], now=NOON)
    story.case.refresh_from_db()
    events = events_of(story.case)
    assert [entry.title for entry in public_timeline(events)] == [
        "已收到您反映的问题，网格将尽快核实。", "经核实，已立案。",
    ]  # fmt: skip
    assert milestone_bar(events, story.case)[0]["state"] == "current"


def test_the_button_takes_back_and_says_so(town: Town, enter) -> None:  # type: ignore[no-untyped-def]
    story = Story(town).called()
    browser = enter("grid_head")
    assert "10 分钟内可以撤销" in browser.get(f"/cases/{story.case.pk}/").content.decode()
    page = browser.post(f"/cases/{story.case.pk}/undo/", follow=True).content.decode()
    assert "已撤销，事项现在是“已立案”" in page
    assert "最近一步不能撤销" in browser.post(
        f"/cases/{story.case.pk}/undo/", follow=True
    ).content.decode()  # fmt: skip
