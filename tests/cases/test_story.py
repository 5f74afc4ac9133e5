"""The report's loop from end to end: 基层呼叫 → 街道吹哨 → 部门报到 → 问题销号."""

from cases.milestones import milestones
from cases.models import CaseEvent, CaseTask
from cases.workflow import Status
from tests.cases.cast import Story
from tests.town import Town


def test_it_goes_round_from_a_residents_report_to_a_closed_case(town: Town) -> None:
    story = Story(town).checked_in().step("take", "dept_handler")
    story.step("feedback", "dept_handler", outcome="solved", note="已更换灯管")
    story.step("verify_pass", "grid_head", method="on_site").step("close", "community_staff")
    case = story.case
    assert case.status == Status.CLOSED
    assert case.ended_at is not None and case.closed_at is not None
    assert not case.in_grid
    names = list(CaseEvent.objects.filter(case=case).values_list("move", flat=True))
    assert names == [
        "report", "accept", "call_up", "whistle", "check_in", "take", "feedback", "verify_pass",
        "close",
    ]  # fmt: skip
    steps = milestones(case.events.all(), case.status)
    assert [step.state for step in steps] == ["done"] * 4
    assert all(step.when for step in steps)


def test_it_closes_a_small_matter_inside_the_grid(town: Town) -> None:
    story = Story(town).self_handled()
    story.step("feedback", "grid_head", outcome="solved", note="当场处理")
    story.step("verify_pass", "community_staff", method="phone").step(
        "close", "community_secretary"
    )
    assert story.case.status == Status.CLOSED
    assert story.case.in_grid
    assert not CaseTask.objects.filter(case=story.case).exists()
    assert states(story) == ["skipped", "skipped", "skipped", "done"]


def states(story: Story) -> list[str]:
    case = story.case
    return [step.state for step in milestones(case.events.all(), case.status, case.cycle)]


def test_the_bar_waits_for_no_whistle_once_a_case_is_assigned(town: Town) -> None:
    story = Story(town).called()
    assert states(story) == ["done", "current", "todo", "todo"]
    story.step("assign", "community_staff", unit=town.department)
    assert states(story) == ["done", "skipped", "skipped", "current"]
    assert states(story.step("take", "dept_handler")) == ["done", "skipped", "skipped", "current"]
    story.step("feedback", "dept_handler", outcome="solved", note="已更换灯管")
    assert states(story) == ["done", "skipped", "skipped", "current"]
    story.step("verify_pass", "grid_head", method="on_site")
    assert states(story) == ["done", "skipped", "skipped", "current"]
    uncalled = Story(town).accepted().step("assign", "community_staff", unit=town.department)
    assert states(uncalled) == ["skipped", "skipped", "skipped", "current"]


def test_the_bar_waits_for_the_arrival_after_a_whistle_until_the_case_goes_elsewhere(
    town: Town,
) -> None:
    story = Story(town).whistled()
    assert states(story) == ["done", "done", "current", "todo"]
    story.step("transfer", "dispatcher", unit=town.second_department, note="职责不符")
    assert states(story) == ["done", "done", "skipped", "current"]


def test_the_bar_of_a_returned_case_asks_nobody_to_call(town: Town) -> None:
    story = Story(town).accepted().step("assign", "community_staff", unit=town.department)
    story.step("return_back", "dept_handler", reason="not_our_duty", note="三定方案")
    assert states(story) == ["skipped", "current", "todo", "todo"]


def test_the_bar_starts_anew_after_a_reopening(town: Town) -> None:
    story = Story(town).closed()
    story.step("reopen", "community_staff", reason="relapse", note="又坏了")
    assert states(story) == ["current", "todo", "todo", "todo"]
    story.step("self_handle", "grid_head")
    assert states(story) == ["skipped", "skipped", "skipped", "current"]
