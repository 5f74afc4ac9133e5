"""Whistles: each department's own arrival clock, its score, and the ranking that never bends small n."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.clocks import no_show_stage
from cases.models import Case, CaseEvent, CaseTask, Supervision, WhistleScore
from cases.ranking import MIN_RANKED, ranking
from cases.services import MoveRefused, scan_clocks, score_whistle
from cases.views import whistles as views
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month
from gridparty.lib.workdays import WorkCalendar
from orgs.models import AuditEntry
from tests.cases.cast import NOON, Story
from tests.town import Town

Enter = Callable[[str], Client]
GOOD = {"resolution": 5, "attitude": 4}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def both_whistled(town: Town, now: datetime | None = NOON) -> Story:
    return Story(town, now=now).whistled(co_units=[town.second_department])


def part(story: Story, unit: Any) -> CaseTask:
    return CaseTask.objects.select_related("case").get(case=story.case, unit=unit)


def answered(town: Town, now: datetime | None = None) -> Story:
    """A whistle both sides have finished: the department came and fed back."""
    story = Story(town, now=now).checked_in().step("take", "dept_handler")
    return story.step("feedback", "dept_handler", outcome="solved", note="已办")


def score(town: Town, task: CaseTask, who: str = "dispatcher", **more: Any) -> WhistleScore:
    return score_whistle(task=task, by=town.users[who], **{**GOOD, **more})


# --- the arrival clock of each department ---


def test_a_department_is_urged_when_late_and_absent_after_its_limit_once_more() -> None:
    calendar = WorkCalendar({})
    start, due = at("2026-06-03 12:00"), at("2026-06-03 12:30")
    for moment, stage in (("12:30", 0), ("12:31", 1), ("13:00", 1), ("13:01", 2)):
        assert no_show_stage(start, due, at(f"2026-06-03 {moment}"), calendar) == stage
    long = at("2026-06-04 18:00")
    assert no_show_stage(start, long, at("2026-06-05 18:00"), calendar) == 1
    assert no_show_stage(start, long, at("2026-06-05 18:01"), calendar) == 2


def test_only_the_missing_department_is_urged_and_each_once(town: Town) -> None:
    story = both_whistled(town)
    story.step("check_in", "dept_handler", place="现场")
    late = part(story, town.second_department).arrive_due_at
    assert late == at("2026-06-04 18:00")
    assert scan_clocks(late)["arrive"] == 0
    assert scan_clocks(late + timedelta(minutes=1))["arrive"] == 1
    assert scan_clocks(late + timedelta(hours=1))["arrive"] == 0
    (event,) = CaseEvent.objects.filter(case=story.case, move="urge", data__why="no_show")
    assert event.data == {
        "why": "no_show", "task_unit": town.second_department.pk, "lead": False,
    }  # fmt: skip
    assert part(story, town.department).no_show_stage == 0


def test_who_does_not_come_gets_nought_and_a_supervision_of_its_own(town: Town) -> None:
    story = both_whistled(town)
    scan_clocks(at("2026-06-05 18:01"))
    for unit in (town.department, town.second_department):
        given = WhistleScore.objects.get(case=story.case, unit=unit)
        assert (given.arrival, given.total, given.scored_by) == ("no_show", 0, None)
        assert Supervision.objects.get(case=story.case, unit=unit).issued_as == ""
    story.case.refresh_from_db()
    assert story.case.is_supervised
    assert story.case.version == Case.objects.get(pk=story.case.pk).version


def test_a_week_without_the_sweep_takes_each_stage_once(town: Town) -> None:
    both_whistled(town)
    late = NOON + timedelta(days=10)
    first = scan_clocks(late)
    assert (first["arrive"], first["absent"], first["step"]) == (2, 2, 0)
    again = scan_clocks(late + timedelta(days=7))
    assert (again["arrive"], again["absent"]) == (0, 0)
    assert WhistleScore.objects.count() == 2


def test_a_department_called_in_later_has_its_own_deadline(town: Town) -> None:
    story = both_whistled(town).step("check_in", "dept_handler", place="现场")
    story.now = NOON + timedelta(days=1)
    story.step(
        "transfer", "dispatcher", unit=town.department, note="重派"
    )  # the helper is let go before it was late
    assert scan_clocks(at("2026-06-09 18:01"))["absent"] == 0
    story.step("return_back", "dept_handler", reason="unclear", note="需消防")
    story.now = at("2026-06-08 10:00")
    story.step("whistle", "dispatcher", unit=town.second_department, note="请到场")
    task = CaseTask.objects.get(case=story.case, unit=town.second_department, ended_at=None)
    assert task.arrive_due_at == at("2026-06-09 18:00")


def test_the_trail_holds_when_two_departments_are_swept_together(town: Town) -> None:
    from cases.services.chaining import check_trail

    story = both_whistled(town)
    scan_clocks(at("2026-06-05 18:01"))
    case = Case.objects.get(pk=story.case.pk)
    events = list(CaseEvent.objects.filter(case=case).order_by("id"))
    assert not check_trail(case.case_no, events, case.trail_head).fault


def test_the_absent_department_answers_its_own_supervision_only(town: Town) -> None:
    story = both_whistled(town)
    scan_clocks(at("2026-06-05 18:01"))
    story.now = at("2026-06-08 09:00")
    story.step("reply", "second_dept_handler", note="车辆故障，今日到场")
    assert Supervision.objects.get(unit=town.second_department).replied_at == story.now
    assert Supervision.objects.get(unit=town.department).replied_at is None
    assert story.case.reply_due_at is not None
    story.step("reply", "dept_handler", note="已安排")
    assert story.case.reply_due_at is None


def test_a_helper_returns_its_part_with_reason_and_ground(town: Town) -> None:
    story = both_whistled(town)
    with pytest.raises(MoveRefused) as no:
        story.step("return_back", "second_dept_handler", reason="not_our_duty")
    assert set(no.value.fields) == {"note"}
    story.step("return_back", "second_dept_handler", reason="not_our_duty", note="三定方案")
    task = part(story, town.second_department)
    assert (task.return_reason, story.case.lead_unit) == ("not_our_duty", town.department)
    assert scan_clocks(at("2026-06-05 18:01"))["absent"] == 1, "who returned is awaited no more"


# --- the score ---


def test_the_street_scores_each_department_once(town: Town) -> None:
    story = answered(town)
    task = part(story, town.department)
    given = score(town, task)
    assert (given.arrival, given.total) == ("on_time", round((100 + 100 + 80) / 3))
    with pytest.raises(MoveRefused) as no:
        score(town, task)
    assert set(no.value.fields) == {"correction"}
    again = score(town, task, attitude=2, reason="attitude", correction="核实后更正")
    assert (again.pk, again.total, again.correction) == (given.pk, 80, "核实后更正")
    entry = AuditEntry.objects.get(action="whistle.correct")
    assert entry.detail["before"] == [5, 4] and entry.detail["marks"] == [5, 2]


def test_a_late_arrival_costs_points_and_nobody_types_it(town: Town) -> None:
    story = Story(town, now=NOON).whistled()
    story.now = at("2026-06-04 18:01")
    story.step("check_in", "dept_handler", place="现场").step("take", "dept_handler")
    story.step("feedback", "dept_handler", outcome="solved", note="已办")
    assert score(town, part(story, town.department)).arrival == "late"


@pytest.mark.parametrize(
    ("marks", "fields"),
    [
        ({"resolution": 0}, {"resolution"}),
        ({"attitude": "很好"}, {"attitude"}),
        ({"resolution": 2}, {"reason"}),
        ({"resolution": 1, "reason": "other"}, {"note"}),
        ({"resolution": 1, "reason": "x"}, {"reason"}),
        ({"note": "长" * 201}, {"note"}),
    ],
)
def test_bad_marks_are_named_at_their_field(
    town: Town, marks: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(MoveRefused) as no:
        score(town, part(answered(town), town.department), **marks)
    assert set(no.value.fields) == fields
    assert not WhistleScore.objects.exists()


def test_it_is_scored_by_the_street_after_feedback_only(town: Town) -> None:
    early = part(Story(town).checked_in(), town.department)
    with pytest.raises(MoveRefused) as no:
        score(town, early)
    assert no.value.code == "wrong_state"
    task = part(answered(town), town.department)
    for who in ("dept_handler", "community_staff", "grid_head", "other_street_admin"):
        with pytest.raises(MoveRefused) as no:
            score(town, task, who)
        assert no.value.code == "not_allowed", who


def test_a_department_reads_its_own_score_and_no_others(town: Town) -> None:
    score(town, part(answered(town), town.department))
    mine = WhistleScore.objects.visible_to(town.users["dept_handler"])
    assert mine.count() == 1
    for who in ("second_dept_handler", "other_street_admin", "volunteer", "revisitor"):
        assert not WhistleScore.objects.visible_to(town.users[who]).exists(), who


# --- pages ---


def test_the_case_page_offers_the_score_and_shows_it(enter: Enter, town: Town) -> None:
    story = answered(town)
    task = part(story, town.department)
    street, page = enter("dispatcher"), f"/cases/{story.case.pk}/"
    address = f"/cases/whistles/{task.pk}/score/"
    assert address in street.get(page).content.decode()
    assert "个部门等您评分" in street.get("/").content.decode()
    assert street.post(address, {"resolution": "2", "attitude": "5"}).status_code == 400
    sent = street.post(address, {"resolution": "5", "attitude": "5", "note": "配合好"})
    assert sent.status_code == 302
    assert "吹哨评分" in street.get(page).content.decode()
    assert "个部门等您评分" not in street.get("/").content.decode()
    unit = enter("dept_handler")
    assert "配合好" in unit.get(page).content.decode()
    assert unit.get(address).status_code == 403
    assert enter("other_street_admin").get(address).status_code == 404


def test_the_ranking_counts_and_every_number_opens_its_list(enter: Enter, town: Town) -> None:
    for _ in range(2):
        score(town, part(answered(town), town.department))
    Story(town).whistled().step("return_back", "dept_handler", reason="unclear", note="不清楚")
    client = enter("dispatcher")
    page = client.get("/cases/whistles/ranking/")
    (row,) = page.context["rows"]
    assert row.rank is None and "样本不足" in page.content.decode()
    assert row.counts["called"] == 3 and row.counts["returned"] == 1
    assert (row.came_rate, row.return_rate) == (100, 33)
    month = Month.of(timezone.now())
    for key, count in row.counts.items():
        listed = client.get(
            "/cases/whistles/", {"period": str(month), "unit": row.unit_id, "what": key}
        )
        assert (key, listed.context["page"].count) == (key, count)
        assert len(listed.context["rows"]) == count
    book: Any = client.get(f"/cases/whistles/?period={month}&what=returned&export=1")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(book.getvalue())).active
    assert sheet.cell(1, 1).value == "吹哨报到登记表" and sheet.max_row == 5
    assert [cell.value for cell in sheet[4]][5:10:4] == ["城市管理局", "已退回"]
    assert AuditEntry.objects.filter(action="whistle.export_list").count() == 1


def test_it_ranks_from_enough_scores_on_and_equals_share_a_place(town: Town) -> None:
    for unit in (town.department, town.second_department):
        who = "dept_handler" if unit == town.department else "second_dept_handler"
        for _ in range(MIN_RANKED):
            story = Story(town).called().step("whistle", "dispatcher", unit=unit, note="请到场")
            story.step("check_in", who, place="现场").step("take", who)
            story.step("feedback", who, outcome="solved", note="已办")
            score(town, part(story, unit))
    tasks = CaseTask.objects.whistled_in(Month.of(timezone.now()))
    assert [row.rank for row in ranking(tasks, timezone.now())] == [1, 1]
    WhistleScore.objects.filter(unit=town.department).first().delete()  # type: ignore[union-attr]
    assert sorted(row.rank or 0 for row in ranking(tasks, timezone.now())) == [0, 1]


def test_the_ranking_is_exported_and_kept_to_ones_ground(enter: Enter, town: Town) -> None:
    score(town, part(answered(town), town.department))
    answer: Any = enter("dispatcher").get("/cases/whistles/ranking/?export=1")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[4]][:3] == ["样本不足", "城市管理局", 1]
    assert AuditEntry.objects.filter(action="whistle.export").exists()
    assert enter("other_street_admin").get("/cases/whistles/ranking/").context["rows"] == []
    assert len(enter("dept_handler").get("/cases/whistles/ranking/").context["rows"]) == 1
    assert enter("second_dept_handler").get("/cases/whistles/ranking/").context["rows"] == []
    for who in ("volunteer", "sysadmin", "partner_unit"):
        assert enter(who).get("/cases/whistles/ranking/").status_code == 403, who


def test_the_list_behind_a_figure_leaves_whole_or_not_at_all(
    enter: Enter, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_whistled(town, None)
    client = enter("dispatcher")
    assert client.get("/cases/whistles/?what=called&export=1").status_code == 200
    assert AuditEntry.objects.get(action="whistle.export_list").detail["rows"] == 2
    monkeypatch.setattr(views, "MOST_EXPORTED", 1)
    refused = client.get("/cases/whistles/?what=called&export=1")
    assert refused.status_code == 400 and "共 2 条，一次最多导出 1 条" in refused.content.decode()


def test_in_a_month_without_whistles_it_shows_the_last_full_one(enter: Enter, town: Town) -> None:
    story = Story(town).whistled()
    before = Month.of(timezone.now()).previous()
    CaseTask.objects.filter(case=story.case).update(created_at=before.start)
    client = enter("dispatcher")
    page = client.get("/cases/whistles/ranking/")
    assert [row.name for row in page.context["rows"]] == ["城市管理局"]
    assert f"上一个整月（{before.label}）" in page.content.decode()
    assert page.context["form"]["period"].value() == str(before)
    asked = client.get("/cases/whistles/ranking/", {"period": str(before.next())})
    assert asked.context["rows"] == []


def test_bad_filters_are_named(enter: Enter, town: Town) -> None:
    client = enter("dispatcher")
    for query in ({"period": "1066-10"}, {"what": "x"}, {"unit": "999999"}):
        assert client.get("/cases/whistles/", query).status_code == 400
    assert client.get("/cases/whistles/ranking/?period=2026Q9").status_code == 400


def test_queries_do_not_grow_with_the_rows(enter: Enter, town: Town) -> None:
    client = enter("dispatcher")
    for address in ("/cases/whistles/ranking/", "/cases/whistles/"):
        counts = []
        for _ in range(2):
            score(town, part(answered(town), town.department))
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 14, address
