"""What a row of the table demands beyond itself: separation of duties, windows, one return."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case, CaseTask
from cases.services import MoveRefused, transitions_for
from cases.workflow import Status
from orgs.models import RoleAssignment
from orgs.roles import Role
from tests.cases.cast import NOON, Story, photo
from tests.town import LONG_AGO, Town


def refused(story: Story, name: str, who: str | None, **inputs: object) -> MoveRefused:
    before = story.case.version
    with pytest.raises(MoveRefused) as caught:
        story.step(name, who, **inputs)
    story.case.refresh_from_db()
    assert story.case.version == before
    return caught.value


def test_it_lets_the_community_check_what_the_grid_handled_itself(town: Town) -> None:
    story = Story(town).self_handled()
    story.step("feedback", "grid_worker_ft", outcome="solved", note="已清理")
    assert refused(story, "verify_pass", "grid_head", method="on_site").code == "not_allowed"
    story.step("verify_pass", "community_staff", method="phone")
    assert story.case.status == Status.VERIFIED


def test_it_never_lets_a_handler_judge(town: Town) -> None:
    """Even with a second hat: here the department's handler is community staff, too."""
    story = Story(town).fed_back()
    RoleAssignment.objects.create(
        user=town.users["dept_handler"], role=Role.COMMUNITY_STAFF, org_unit=town.community,
        start=LONG_AGO,
    )  # fmt: skip
    del town.users["dept_handler"].grants
    for name in ("verify_pass", "verify_fail"):
        answer = refused(story, name, "dept_handler", method="phone", note="看过")
        assert answer.code == "not_allowed"
    story.step("verify_pass", "grid_head", method="on_site")
    assert "办理过" in refused(story, "close", "dept_handler").message


def test_it_leaves_closing_to_the_community_except_for_whistled_cases(town: Town) -> None:
    story = Story(town).verified()
    assert refused(story, "close", "dispatcher").code == "not_allowed"
    whistled = Story(town).checked_in().step("take", "dept_handler")
    whistled.step("feedback", "dept_handler", outcome="solved", note="已办")
    whistled.step("verify_pass", "grid_head", method="on_site").step("close", "dispatcher")
    assert whistled.case.status == Status.CLOSED


def test_it_whistles_before_acceptance_only_in_an_emergency(town: Town) -> None:
    whistle = {"unit": town.second_department, "note": "燃气泄漏"}
    calm = Story(town)
    assert refused(calm, "whistle", "dispatcher", **whistle).code == "not_allowed"
    urgent = Story(town, category="safety-gas").step("whistle", "dispatcher", **whistle)
    assert urgent.case.status == Status.WHISTLED
    assert urgent.case.accepted_at is not None


def test_it_takes_a_return_within_two_working_days_only(town: Town) -> None:
    story = Story(town, now=NOON).assigned()  # Wednesday; the window ends Friday at 18:00
    story.now = NOON + timedelta(days=2, hours=6, minutes=1)
    late = refused(story, "return_back", "dept_handler", reason="unclear", note="不清楚")
    assert late.code == "wrong_state"
    story.now -= timedelta(minutes=1)
    story.step("return_back", "dept_handler", reason="unclear", note="不清楚")
    assert story.case.status == Status.RETURNED
    assert story.case.lead_unit is None


def test_it_needs_a_reason_and_its_ground_for_a_return(town: Town) -> None:
    answer = refused(Story(town).assigned(), "return_back", "dept_handler")
    assert answer.code == "invalid"
    assert set(answer.fields) == {"reason", "note"}


def test_it_takes_one_return_per_holder_and_then_the_street_rules(town: Town) -> None:
    back = {"reason": "not_our_duty", "note": "职责分工"}
    story = Story(town).assigned().step("return_back", "dept_handler", **back)
    story.step("assign", "community_staff", unit=town.department)
    assert "退回过一次" in refused(story, "return_back", "dept_handler", **back).message
    story.step("transfer", "community_staff", unit=town.second_department, note="改派")
    story.step("return_back", "second_dept_handler", **back)
    again = {"unit": town.second_department}
    assert refused(story, "assign", "community_staff", **again).code == "not_allowed"
    story.step("assign", "dispatcher", **again)
    assert CaseTask.objects.get(case=story.case, ended_at=None).final
    assert refused(story, "return_back", "second_dept_handler", **back).code == "not_allowed"


def test_it_lets_only_the_street_designate(town: Town) -> None:
    story = Story(town).called()
    answer = refused(story, "assign", "community_staff", unit=town.department, final=True)
    assert answer.fields.keys() == {"final"}
    story.step("assign", "dispatcher", unit=town.department, final=True)
    answer = refused(story, "return_back", "dept_handler", reason="unclear", note="不清楚")
    assert "指定" in answer.message


def test_it_waits_for_the_helpers_before_the_leads_feedback(town: Town) -> None:
    story = Story(town).called()
    story.step(
        "whistle",
        "dispatcher",
        unit=town.department,
        co_units=[town.second_department],
        note="联合执法",
    )
    story.step("check_in", "second_dept_handler", place="现场")
    assert story.case.status == Status.WHISTLED, "a helper's arrival leaves the status"
    story.step("check_in", "dept_handler", place="现场")
    assert story.case.status == Status.CHECKED_IN
    story.step("take", "dept_handler").step("take", "second_dept_handler")
    answer = {"outcome": "solved", "note": "已办"}
    assert refused(story, "feedback", "dept_handler", **answer).fields.keys() == {"waive"}
    story.step("feedback", "second_dept_handler", **answer)
    assert story.case.status == Status.HANDLING
    assert refused(story, "feedback", "second_dept_handler", **answer).code == "wrong_state"
    story.step("feedback", "dept_handler", **answer)
    assert story.case.status == Status.FEEDBACK


def test_it_lets_the_lead_say_that_helpers_need_not_answer(town: Town) -> None:
    story = Story(town).assigned(co_units=[town.second_department]).step("take", "dept_handler")
    story.step("feedback", "dept_handler", outcome="solved", note="已办", waive=True)
    assert CaseTask.objects.get(case=story.case, is_lead=False).waived_at is not None


def test_it_lets_a_helper_return_its_part_only(town: Town) -> None:
    story = Story(town).assigned(co_units=[town.second_department])
    story.step("return_back", "second_dept_handler", reason="unclear", note="不清楚")
    assert story.case.status == Status.ASSIGNED
    assert story.case.lead_unit == town.department


def test_a_whistled_unit_arrives_before_it_signs_and_only_once(town: Town) -> None:
    story = Story(town).called()
    story.step(
        "whistle",
        "dispatcher",
        unit=town.department,
        co_units=[town.second_department],
        note="到场",
    ).step("check_in", "dept_handler", place="现场")
    assert "先到场" in refused(story, "take", "second_dept_handler").message
    assert refused(story, "check_in", "dept_handler", place="现场").code == "wrong_state"
    assigned = Story(town).handling()
    assert "没有被吹哨" in refused(assigned, "check_in", "dept_handler", place="现场").message


def test_it_calls_one_level_at_a_time_and_straight_to_the_categorys_level(town: Town) -> None:
    story = Story(town).called()
    assert story.case.level == "community"
    assert refused(story, "call_up", "grid_head", note="再呼").code == "not_allowed"
    story.step("call_up", "community_staff", note="社区也办不了")
    assert story.case.level == "street"
    assert refused(story, "call_up", "community_staff", note="再呼").code == "wrong_state"
    assert Story(town, category="facilities-lamp").called().case.level == "street"


def test_it_asks_for_a_photo_where_the_category_does(town: Town, media: object) -> None:
    story = Story(town, category="sanitation-rubbish").handling()
    answer = {"outcome": "solved", "note": "已清运"}
    assert refused(story, "feedback", "dept_handler", **answer).fields.keys() == {"photos"}
    story.step("feedback", "dept_handler", photos=[photo()], **answer)
    assert story.case.status == Status.FEEDBACK


def test_the_reporter_reopens_within_fifteen_days(town: Town) -> None:
    story = Story(town, now=NOON).closed()
    story.now = NOON + timedelta(days=15, seconds=1)
    late = refused(story, "reopen", None, as_reporter=True, reason="reporter", note="没修好")
    assert late.code == "wrong_state"
    story.now = NOON + timedelta(days=15)
    story.step("reopen", None, as_reporter=True, reason="reporter", note="没修好")
    assert (story.case.status, story.case.cycle) == (Status.REOPENED, 2)
    assert story.case.closed_at is None and story.case.due_at is None


def test_the_third_cycle_is_supervised(town: Town) -> None:
    story = Story(town).closed()
    for cycle in (2, 3):
        assert story.case.supervised_at is None
        story.step("reopen", "community_staff", reason="relapse", note="反弹")
        assert story.case.cycle == cycle
        story.step("assign", "community_staff", unit=town.department)
        if cycle == 2:
            story.step("take", "dept_handler")
            story.step("feedback", "dept_handler", outcome="solved", note="好了")
            story.step("verify_pass", "grid_head", method="phone").step("close", "community_staff")
    assert story.case.is_supervised and story.case.reply_due_at is not None
    # The demand is there to be answered in writing, and the street lifts it like every other.
    story.step("take", "dept_handler").step(
        "reply", "dept_handler", note="上次只换了灯泡，这次换线路"
    )
    demand = story.case.supervisions.get()
    assert (demand.cycle, demand.reply) == (3, "上次只换了灯泡，这次换线路")
    story.step("lift", "dispatcher", note="方案可行")
    assert not story.case.is_supervised


def test_a_third_cycle_is_supervised_again_after_an_earlier_supervision_was_lifted(
    town: Town,
) -> None:
    story = Story(town).handling().step("supervise", "dispatcher", note="尽快")
    story.step("lift", "dispatcher", note="已说明")
    for cycle in (2, 3):
        story.step("feedback", "dept_handler", outcome="solved", note="好了")
        story.step("verify_pass", "grid_head", method="phone").step("close", "community_staff")
        story.step("reopen", "community_staff", reason="relapse", note="反弹")
        assert story.case.is_supervised == (cycle == 3)
        story.step("assign", "community_staff", unit=town.department).step("take", "dept_handler")


def test_rework_goes_back_to_the_same_unit(town: Town) -> None:
    story = Story(town).fed_back().step("verify_fail", "grid_head", note="灯还是不亮")
    assert (story.case.status, story.case.rework_count) == (Status.HANDLING, 1)
    assert story.case.fed_back_at is None
    story.step("feedback", "dept_handler", outcome="solved", note="换了灯座")
    assert story.case.status == Status.FEEDBACK


def test_a_transfer_keeps_the_due_date_and_ends_the_old_task(town: Town) -> None:
    story = Story(town, now=NOON).handling()
    due = story.case.due_at
    story.now = NOON + timedelta(days=1)
    story.step("transfer", "community_staff", unit=town.second_department, note="改派")
    assert story.case.due_at == due == story.case.original_due_at
    assert story.case.sign_due_at is not None and story.case.sign_due_at > story.now
    assert not transitions_for(story.case, town.users["dept_handler"])


def test_in_a_three_level_tree_the_community_is_the_street_too(town: Town) -> None:
    """黄山: the tree's root is the community, so it whistles itself."""
    from grids.models import Building, Grid
    from orgs.models import OrgUnit

    OrgUnit.objects.filter(pk=town.community.pk).update(tree_id=99, parent=None)
    Grid.objects.filter(pk=town.grid.pk).update(street=town.community)
    Building.objects.filter(pk=town.building.pk).update(street=town.community)
    town.building.refresh_from_db()
    story = Story(town).called()
    assert story.case.level == "community"
    story.step("whistle", "community_secretary", unit=town.department, note="请到场")
    assert story.case.status == Status.WHISTLED


def test_a_helper_finds_its_part_among_what_waits_until_it_has_answered(town: Town) -> None:
    story = Story(town).assigned(co_units=[town.second_department]).step("take", "dept_handler")
    helper = town.users["second_dept_handler"]
    assert Case.objects.visible_to(helper).waiting_for(helper).get() == story.case
    story.step("take", "second_dept_handler")
    story.step("feedback", "second_dept_handler", outcome="solved", note="已办")
    assert not Case.objects.waiting_for(helper).exists()
