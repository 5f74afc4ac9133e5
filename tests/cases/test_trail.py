"""The hash chain of each case, the daily roots, and what verify_trail finds."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from cases.models import Case, CaseEvent, TrailRoot
from cases.services import scan_clocks, undo
from cases.trail_roots import broken_cases, broken_roots, write_due_roots
from tests.cases.cast import NOON, Story
from tests.town import Town


def tamper(sql: str, *params: Any) -> None:
    """What somebody with the database's password could do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def a_long_story(town: Town) -> Case:
    """Every writer of events once: report, moves with all kinds of data, the sweep, an undo."""
    story = Story(town, now=NOON).called()
    story.step("assign", "community_staff", unit=town.department, note="请办理")
    undo(case=story.case, by=town.users["community_staff"], now=NOON)
    story.case.refresh_from_db()
    story.step("whistle", "dispatcher", unit=town.department, note="请到场")
    story.step(
        "check_in", "dept_handler", place="1栋", longitude="118.7567", latitude="30.940"
    ).step("take", "dept_handler")
    scan_clocks(NOON + timedelta(days=30))
    story.now = NOON + timedelta(days=31)
    story.case.refresh_from_db()
    story.step("feedback", "dept_handler", outcome="solved", note="修好了")
    return story.case


def test_every_writer_chains_its_event(town: Town) -> None:
    case = a_long_story(town)
    a_long_story(town)
    assert list(broken_cases()) == []
    digests = list(case.events.order_by("id").values_list("digest", flat=True))
    assert len(set(digests)) == len(digests) == case.events.count()
    case.refresh_from_db()
    assert case.trail_head == digests[-1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_caseevent SET note = '没有修' WHERE id = %s",
        "UPDATE cases_caseevent SET move = 'close' WHERE id = %s",
        "UPDATE cases_caseevent SET at = '2026-01-01 00:00:00+00:00' WHERE id = %s",
        "UPDATE cases_caseevent SET actor_id = NULL WHERE id = %s",
        "UPDATE cases_caseevent SET org_label = '别的单位' WHERE id = %s",
        "DELETE FROM cases_caseevent WHERE id = %s",
    ],
)
def test_a_changed_or_removed_event_is_found(town: Town, change: str) -> None:
    case, other = a_long_story(town), a_long_story(town)
    last = case.events.order_by("-id")[0]
    tamper(change, last.pk)
    faults = list(broken_cases())
    assert len(faults) == 1 and case.case_no in faults[0]
    assert list(broken_cases(other.case_no)) == []


def test_a_case_without_any_record_is_found(town: Town) -> None:
    case = Story(town).case
    tamper("DELETE FROM cases_caseevent WHERE case_id = %s", case.pk)
    assert list(broken_cases()) == [f"事项 {case.case_no}：记录全部不见了。"]


def test_erasing_a_note_keeps_the_chain(town: Town) -> None:
    """Personal data in a text can go later; that it stood there stays provable."""
    case = a_long_story(town)
    tamper("UPDATE cases_caseevent SET note = '' WHERE case_id = %s", case.pk)
    assert list(broken_cases()) == []


def test_roots_are_written_once_a_day_and_catch_up(town: Town) -> None:
    Story(town).accepted()
    now = timezone.now()
    assert write_due_roots(now) == 0, "the day has not ended"
    assert write_due_roots(now + timedelta(days=3)) >= 2
    assert write_due_roots(now + timedelta(days=3)) == 0
    assert sum(TrailRoot.objects.values_list("count", flat=True)) == CaseEvent.objects.count()
    assert list(broken_roots()) == []
    first = CaseEvent.objects.order_by("id")[0]
    tamper("UPDATE cases_caseevent SET digest = %s WHERE id = %s", "0" * 64, first.pk)
    assert len(list(broken_roots())) == 1


def test_the_command_says_what_it_found(town: Town) -> None:
    case = a_long_story(town)
    out = StringIO()
    call_command("verify_trail", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["ok"], told["cases"], told["events"]) == (True, 1, case.events.count())
    tamper("UPDATE cases_caseevent SET note = '改' WHERE move = 'feedback'")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_trail", "--case", case.case_no, stdout=out)
    assert "说明被改动过" in out.getvalue()
    with pytest.raises(CommandError, match="没有这个编号"):
        call_command("verify_trail", "--case", "123")


def test_the_reporter_reads_that_nothing_was_changed(client: Client, town: Town) -> None:
    story = Story(town).accepted()
    client.post("/track/", {"code": story.case.tracking_code})
    assert "您的事项档案，2 条记录，未被改动" in client.get("/track/").content.decode()
    tamper("UPDATE cases_caseevent SET move = 'reject' WHERE move = 'accept'")
    assert "核对不一致" in client.get("/track/").content.decode()
