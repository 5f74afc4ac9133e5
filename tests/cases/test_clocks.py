"""Due dates, lights, and the sweep that urges and supervises."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.catalog import LimitUnit
from cases.clocks import Limit, due_after, light_of, overdue_stage, rework_due
from cases.models import Case, CaseEvent
from cases.services import scan_clocks
from cases.workflow import Status
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.workdays import WorkCalendar, load_known_overrides
from orgs.models import WorkdayOverride
from tests.cases.cast import NOON, Story, reported
from tests.town import Town

NOTHING = {"step": 0, "arrive": 0, "absent": 0, "urge": 0, "supervise": 0, "account": 0}
CALENDAR = WorkCalendar({day: works for day, (works, _) in load_known_overrides().items()})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "workdays", "due"),
    [
        ("2026-02-13 10:00", 5, "2026-02-27 18:00"),  # over the Spring Festival
        ("2026-09-18 10:00", 5, "2026-09-24 18:00"),  # Sunday 09-20 is a make-up day
        ("2026-09-30 23:59", 1, "2026-10-08 18:00"),
        ("2026-04-30 08:00", 2, "2026-05-07 18:00"),
        ("2025-12-31 09:00", 1, "2026-01-04 18:00"),  # across New Year, a Sunday worked
        ("2026-06-06 09:00", 1, "2026-06-08 18:00"),  # reported on a Saturday
    ],
)
def test_it_counts_working_days_from_the_next_one(start: str, workdays: int, due: str) -> None:
    assert due_after(at(start), Limit(workdays, LimitUnit.WORKDAYS), CALENDAR) == at(due)


def test_minutes_and_hours_run_through_nights_and_holidays() -> None:
    start = at("2026-02-16 23:50")  # the eve of the Spring Festival
    assert due_after(start, Limit(30, LimitUnit.MINUTES), CALENDAR) == at("2026-02-17 00:20")
    assert due_after(start, Limit(24, LimitUnit.HOURS), CALENDAR) == at("2026-02-17 23:50")
    assert due_after(start, None, CALENDAR) is None


def test_a_year_without_holiday_data_is_no_crash() -> None:
    start = at("2031-12-31 17:00")
    assert due_after(start, Limit(5, LimitUnit.WORKDAYS), CALENDAR) == at("2032-01-07 18:00")


def test_the_light_turns_yellow_at_a_quarter_or_the_last_working_day_then_red() -> None:
    start, due = at("2026-06-01 09:00"), at("2026-06-08 18:00")
    assert light_of(start, due, at("2026-06-03 09:00"), CALENDAR) == "green"
    assert light_of(start, due, at("2026-06-05 09:00"), CALENDAR) == "yellow"  # Friday, due Monday
    assert light_of(start, due, due, CALENDAR) == "yellow"
    assert light_of(start, due, due + timedelta(seconds=1), CALENDAR) == "red"
    hours = at("2026-06-01 10:00")
    assert light_of(start, hours, at("2026-06-01 09:44"), CALENDAR) == "green"
    assert light_of(start, hours, at("2026-06-01 09:45"), CALENDAR) == "yellow"
    assert light_of(start, None, due, CALENDAR) == ""


def test_rework_gets_what_was_left_but_at_most_three_working_days() -> None:
    now = at("2026-06-01 10:00")
    assert rework_due(at("2026-06-02 18:00"), now, CALENDAR) == at("2026-06-02 18:00")
    assert rework_due(at("2026-06-12 18:00"), now, CALENDAR) == at("2026-06-04 18:00")
    assert rework_due(at("2026-05-29 18:00"), now, CALENDAR) == at("2026-05-29 18:00")


def test_the_stages_begin_after_one_and_three_working_days() -> None:
    due = at("2026-06-05 18:00")  # Friday
    for moment, stage in (
        ("2026-06-08 18:00", 0), ("2026-06-08 18:01", 1), ("2026-06-10 18:00", 1),
        ("2026-06-10 18:01", 2),
    ):  # fmt: skip
        assert overdue_stage(due, at(moment), CALENDAR) == stage


def test_a_case_gets_its_clocks_from_its_class(town: Town) -> None:
    story = Story(town, now=NOON)  # Wednesday 2026-06-03, class normal
    assert story.case.step_due_at == at("2026-06-04 18:00")  # to be verified
    story.accepted()
    assert story.case.due_at is None
    assert story.case.step_due_at == at("2026-06-04 18:00")  # to be dispatched
    story.step("call_up", "grid_head", note="求助").step(
        "assign", "community_staff", unit=town.department
    )
    assert story.case.due_at == story.case.original_due_at == at("2026-06-10 18:00")
    assert story.case.contact_due_at == at("2026-06-04 18:00")
    assert story.case.sign_due_at == story.case.step_due_at == at("2026-06-04 18:00")
    story.now = NOON + timedelta(days=1)
    story.step("take", "dept_handler")
    assert story.case.step_due_at is None and story.case.signed_at == story.now
    story.step("contact", "dept_handler", note="已电话联系")
    assert story.case.first_contact_at == story.now
    story.step("feedback", "dept_handler", outcome="solved", note="已办")
    assert story.case.fed_back_on_time
    assert story.case.step_due_at == at("2026-06-08 18:00")  # two working days to check


def test_an_emergency_runs_in_hours(town: Town) -> None:
    story = Story(town, now=NOON, category="safety-gas")
    assert story.case.step_due_at == NOON + timedelta(hours=2)
    story.step("whistle", "dispatcher", unit=town.department, note="燃气泄漏")
    assert story.case.step_due_at == NOON + timedelta(minutes=30)
    assert story.case.due_at == NOON + timedelta(hours=24)


def test_acceptance_can_choose_another_class(town: Town) -> None:
    story = Story(town, now=NOON).step("accept", "grid_head", sla_class="complex")
    story.step("self_handle", "grid_head")
    assert story.case.due_at == at("2026-06-17 18:00")
    other = Story(town).step("accept", "grid_head", category="safety-fire")
    assert other.case.sla_class.code == "urgent"


def test_the_light_of_a_case_waits_for_the_checker_after_feedback(town: Town) -> None:
    calendar = WorkCalendar({})
    story = Story(town, now=NOON).fed_back()
    assert story.case.light(NOON, calendar) == "green"
    assert story.case.light(NOON + timedelta(days=9), calendar) == "red"
    assert Story(town, now=NOON).closed().case.light(NOON + timedelta(days=99), calendar) == ""


def test_the_sweep_urges_once_then_supervises_once(town: Town) -> None:
    story = Story(town, now=NOON).handling()  # due Wednesday 06-10, 18:00
    due = story.case.due_at
    assert due == at("2026-06-10 18:00")

    assert scan_clocks(at("2026-06-11 18:00")) == NOTHING
    assert scan_clocks(at("2026-06-11 18:01")) == {**NOTHING, "urge": 1}
    assert scan_clocks(at("2026-06-12 09:00")) == NOTHING
    assert scan_clocks(at("2026-06-15 18:01")) == {**NOTHING, "supervise": 1}
    assert scan_clocks(at("2026-07-15 18:01")) == {**NOTHING, "account": 1}
    assert scan_clocks(at("2026-07-16 18:01")) == NOTHING
    case = Case.objects.get(pk=story.case.pk)
    assert (case.overdue_stage, case.status) == (3, Status.HANDLING)
    assert case.supervised_at == at("2026-06-15 18:01")
    assert case.version == story.case.version, "an overlay makes nobody's page stale"
    events = CaseEvent.objects.filter(case=case, move__in=("urge", "supervise"))
    assert [(event.move, event.actor, event.data) for event in events] == [
        ("urge", None, {"why": "overdue"}), ("supervise", None, {"why": "overdue"}),
    ]  # fmt: skip


def test_the_sweep_reminds_once_of_each_late_step(town: Town) -> None:
    case = reported(town, now=NOON)
    late = NOON + timedelta(days=5)
    assert scan_clocks(late)["step"] == 1
    assert scan_clocks(late)["step"] == 0
    Story(town, case, now=late).accepted()
    assert scan_clocks(late + timedelta(days=5))["step"] == 1


def test_after_an_outage_the_sweep_catches_up_in_batches(town: Town) -> None:
    case = Story(town, now=NOON).handling().case
    Case.objects.bulk_create(
        Case(
            case_no=f"20260603{number:06d}", tracking_code=f"{number:08d}", text="积压",
            district_id=case.district_id, street_id=case.street_id, community_id=case.community_id,
            grid_id=case.grid_id, category_id=case.category_id, sla_class_id=case.sla_class_id,
            source="web", status=Status.HANDLING, due_at=case.due_at,
        )
        for number in range(1100)
    )  # fmt: skip
    assert scan_clocks(NOON + timedelta(days=60)) == {**NOTHING, "urge": 1101, "supervise": 1101}
    assert scan_clocks(NOON + timedelta(days=60)) == NOTHING


def test_an_edited_calendar_counts(town: Town) -> None:
    WorkdayOverride.objects.create(date=at("2026-06-04 00:00").date(), is_workday=False)
    assert reported(town, now=NOON).step_due_at == at("2026-06-05 18:00")
