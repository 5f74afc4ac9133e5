"""The report's loop from end to end: 基层呼叫 → 街道吹哨 → 部门报到 → 问题销号."""

from cases.models import CaseEvent, CaseTask
from cases.workflow import Status, milestones
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
    states = [step.state for step in milestones(story.case.events.all(), story.case.status)]
    assert states == ["skipped", "skipped", "skipped", "done"]
