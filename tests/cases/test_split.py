"""拆件: parts with clocks of their own, a whole that waits for them, and figures that count each once."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Case
from cases.scope import waiting_q
from cases.services import MoveRefused, transitions_for
from gridparty.lib.periods import Month
from tests.cases.cast import Story
from tests.town import Town


def refusal(story: Story, name: str, who: str | None, **inputs: object) -> MoveRefused:
    with pytest.raises(MoveRefused) as refused:
        story.step(name, who, **inputs)
    return refused.value


def split(town: Town) -> tuple[Story, Story, Story]:
    """A called case in two parts: one as the whole, one in the sister grid."""
    whole = Story(town, reporter_name="张某", reporter_phone="16900000001").called()
    whole.step("split", "community_staff", note="换灯管")
    whole.step(
        "split", "community_staff", note="清理楼道", category="sanitation-clutter",
        grid=town.sister_grid,
    )  # fmt: skip
    first, second = whole.case.parts.order_by("id")
    return whole, Story(town, first), Story(town, second)


def end(part: Story, head: str = "grid_head") -> None:
    part.step("assign", "community_staff", unit=part.town.department)
    part.step("take", "dept_handler")
    part.step("feedback", "dept_handler", outcome="solved", note="已办", photos=[])
    part.step("verify_pass", head, method="on_site").step("close", "community_secretary")


def test_each_part_has_a_number_a_place_and_a_clock_of_its_own(town: Town) -> None:
    whole, first, second = split(town)
    assert whole.case.status == "split"
    assert len({whole.case.case_no, first.case.case_no, second.case.case_no}) == 3
    assert (second.case.grid, second.case.category.slug) == (town.sister_grid, "sanitation-clutter")
    assert (first.case.status, first.case.text) == ("accepted", "换灯管")
    assert first.case.step_due_at is not None and whole.case.due_at is not None
    assert first.case.reporter_phone.reveal() == "16900000001", "whoever handles it may ask"


def test_the_whole_waits_until_every_part_is_over(town: Town) -> None:
    whole, first, second = split(town)
    said = {"outcome": "solved", "note": "都办好了"}
    assert "还有 2 件" in refusal(whole, "gather", "community_staff", **said).message
    staff = Case.objects.filter(waiting_q(town.users["community_staff"]), pk=whole.case.pk)
    assert not staff.exists()
    end(first)
    second.step("void", "street_admin", reason="mistake", note="拆错了")
    assert staff.exists(), "now it is the centre's turn"
    whole.step("gather", "community_staff", **said)
    assert refusal(whole, "verify_pass", "community_staff", method="phone").code == "not_allowed"
    whole.step("verify_pass", "community_secretary", method="phone")
    whole.step("close", "community_secretary")
    assert whole.case.status == "closed"


def test_a_failed_check_goes_back_to_the_parts(town: Town) -> None:
    whole, first, second = split(town)
    second.step("void", "street_admin", reason="mistake", note="拆错了")
    end(first)
    again = {"reason": "relapse", "note": "又坏了"}
    whole.step("gather", "community_staff", outcome="solved", note="好了")
    assert "原事项" in refusal(first, "reopen", "community_staff", **again).message
    assert "继续分办" in refusal(whole, "verify_fail", "community_secretary", note="没修好").message
    whole.step("split_on", "community_secretary", note="没修好")
    assert (whole.case.status, whole.case.rework_count) == ("split", 1)
    first.step("reopen", "community_staff", **again)
    assert "还有 1 件" in refusal(
        whole, "gather", "community_staff", outcome="solved", note="好了"
    ).message  # fmt: skip


def test_a_case_that_was_not_split_fails_its_check_as_ever(town: Town) -> None:
    story = Story(town).fed_back()
    offered = {entry.name for entry in transitions_for(story.case, town.users["grid_head"])}
    assert "verify_fail" in offered and "split_on" not in offered


def test_there_are_no_parts_of_parts_and_no_cycle(town: Town) -> None:
    whole, first, _ = split(town)
    assert "不能再拆" in refusal(first, "split", "community_staff", note="再拆").message
    told = refusal(first, "merge", "community_staff", main=whole.case.case_no)
    assert told.fields["main"] == "不能并入拆出它的原事项。"
    assert "还有 2 件" in refusal(
        whole, "void", "street_admin", reason="test", note="演练"
    ).message  # fmt: skip


def test_a_community_splits_within_itself_the_street_anywhere(town: Town) -> None:
    story = Story(town).called()
    far = {"note": "另一处", "grid": town.far_grid}
    assert set(refusal(story, "split", "community_staff", **far).fields) == {"grid"}
    other = {"note": "另一处", "grid": town.other_grid}
    assert set(refusal(story, "split", "dispatcher", **other).fields) == {"grid"}
    story.step("split", "dispatcher", **far)
    assert story.case.parts.get().community == town.sister_community


@pytest.mark.parametrize("note", ["", "  ", "长" * 1001, "a\x00"])
def test_a_part_says_what_is_to_be_done(town: Town, note: str) -> None:
    story = Story(town).called()
    assert set(refusal(story, "split", "community_staff", note=note).fields) == {"note"}
    assert not story.case.parts.exists()


def test_volume_counts_the_whole_workload_the_parts(town: Town) -> None:
    whole, first, second = split(town)
    for story in (first, second):
        story.step("assign", "community_staff", unit=town.department)
    month = Month.parse(f"{whole.case.created_at:%Y-%m}")
    assert list(Case.objects.reported_in(month)) == [whole.case]
    due = Case.objects.filter(due_at__isnull=False).counted()
    months = {Month.parse(f"{case.due_at:%Y-%m}") for case in due if case.due_at}
    counted = {case for found in months for case in Case.objects.due_in(found)}
    assert counted == {first.case, second.case}


def test_the_pages_lead_from_the_whole_to_its_parts_and_back(town: Town, enter: Any) -> None:
    whole = Story(town).called()
    client = enter("community_staff")
    url = f"/cases/{whole.case.pk}/moves/split/"
    assert "和原事项相同" in client.get(url).content.decode()
    client.post(url, {"note": "换灯管", "version": whole.case.version})
    part = Case.objects.get(parent=whole.case)
    assert part.case_no in client.get(f"/cases/{whole.case.pk}/").content.decode()
    page = client.get(f"/cases/{part.pk}/").content.decode()
    assert whole.case.case_no in page and "拆出的一件" in page
