"""The draw's seed and its replay: what was bent is found."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.home import todos
from cases.commitment import commit_to, commitment_of
from cases.models import Revisit, RevisitDraw, RevisitSeed
from cases.replay import replay_month
from cases.revisits import draw_due, draw_month
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month
from tests.cases.test_revisits import JULY_FIRST, JUNE, close_many
from tests.town import Town


def test_the_seed_is_committed_to_before_the_list_and_published_with_the_draw(town: Town) -> None:
    draw_due(datetime(2026, 6, 1, 6, tzinfo=SHANGHAI))
    committed = RevisitSeed.objects.get(month="2026-06")
    assert not committed.seed
    close_many(town, town.grid, 12)
    draw_month(JUNE, now=JULY_FIRST)
    published = RevisitSeed.objects.get(month="2026-06")
    assert published.commitment == committed.commitment == commitment_of(published.seed)
    assert published.committed_at == datetime(2026, 6, 1, 6, tzinfo=SHANGHAI)
    assert published.published_at == JULY_FIRST
    assert commit_to(JUNE, JULY_FIRST).committed_at == committed.committed_at


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        (lambda draw: draw.case_nos.pop(), "复算的结果不同"),
        (lambda draw: draw.listed.pop(), "名单被改动过"),
        (lambda draw: draw.mandatory.append(draw.listed[0]), "名单被改动过"),
        (lambda draw: setattr(draw, "seed", "0" * 64), "种子不是由当月种子"),
        (lambda draw: setattr(draw, "quota", 2), "应抽数与名单件数不符"),
    ],
)
def test_a_bent_sample_is_found(town: Town, bend: Any, said: str) -> None:
    close_many(town, town.grid, 40)
    close_many(town, town.grid, 3, cycle=2)
    draw_month(JUNE, now=JULY_FIRST)
    assert replay_month(JUNE) == []
    draw = RevisitDraw.objects.get()
    bend(draw)
    draw.save()
    faults = replay_month(JUNE)
    assert len(faults) == 1 and said in faults[0] and town.grid.code in faults[0]


def test_another_seed_than_the_committed_one_is_found(town: Town) -> None:
    close_many(town, town.grid, 12)
    draw_month(JUNE, now=JULY_FIRST)
    RevisitSeed.objects.update(seed="1" * 64)
    assert "与事先的承诺不符" in replay_month(JUNE)[0]


def test_the_command_verifies_and_fails_on_a_bent_draw(town: Town) -> None:
    close_many(town, town.grid, 12, closed_at=datetime(2026, 2, 3, tzinfo=SHANGHAI))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("draw_revisits", "--month", "2026-02", "--verify", stdout=out)
    assert "还没有抽取" in out.getvalue()
    call_command("draw_revisits", "--month", "2026-02", stdout=StringIO())
    out = StringIO()
    call_command("draw_revisits", "--month", "2026-02", "--verify", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "month": "2026-02", "draws": 1, "ok": True, "faults": [],
    }  # fmt: skip
    RevisitDraw.objects.update(case_nos=[])
    with pytest.raises(SystemExit):
        call_command("draw_revisits", "--month", "2026-02", "--verify", stdout=StringIO())


def test_it_names_what_was_left_out_and_what_was_put_in(town: Town) -> None:
    close_many(town, town.grid, 40)
    draw_month(JUNE, now=JULY_FIRST)
    draw = RevisitDraw.objects.get()
    put_in = next(number for number in draw.listed if number not in draw.case_nos)
    left_out, draw.case_nos[0] = draw.case_nos[0], put_in
    draw.save()
    assert f"缺少 {left_out}，多出 {put_in}" in replay_month(JUNE)[0]


def test_a_drawn_case_nobody_is_sent_to_is_found(town: Town) -> None:
    close_many(town, town.grid, 5)
    draw_month(JUNE, now=JULY_FIRST)
    gone = Revisit.objects.select_related("case").order_by("pk")[0]
    gone.delete()
    assert f"没有回访任务：{gone.case.case_no}" in replay_month(JUNE)[0]


# ---- 补跑 ----


def test_a_missed_month_is_drawn_by_hand_once(enter: Any, town: Town) -> None:
    month = Month.of(timezone.now()).previous()
    close_many(town, town.grid, 5, closed_at=month.start, ended_at=month.start)
    client = enter("dispatcher")
    first = client.post("/cases/revisits/draws/draw/", {"month": str(month)}, follow=True)
    assert "新增回访 3 件" in first.content.decode()
    again = client.post("/cases/revisits/draws/draw/", {"month": str(month)}, follow=True)
    assert "样本没有变" in again.content.decode() and Revisit.objects.count() == 3


@pytest.mark.parametrize("month", ["", "2026-13", "2999-01"])
def test_an_unfinished_or_impossible_month_is_refused(enter: Any, town: Town, month: str) -> None:
    page = enter("dispatcher").post("/cases/revisits/draws/draw/", {"month": month}, follow=True)
    assert "请从列出的月份里选一个" in page.content.decode()
    assert not RevisitDraw.objects.exists()


@pytest.mark.parametrize("key", ["revisitor", "community_staff", "grid_head"])
def test_only_the_street_draws_by_hand(enter: Any, town: Town, key: str) -> None:
    assert enter(key).post("/cases/revisits/draws/draw/", {"month": "2026-06"}).status_code == 403


# ---- what the lock overtook, and what waits for a decision ----


def test_after_the_lock_it_waits_for_nobody_and_stays_listed(enter: Any, town: Town) -> None:
    month = Month.of(timezone.now()).previous()
    close_many(town, town.grid, 3, closed_at=month.start, ended_at=month.start)
    draw_month(month)
    who = town.users["revisitor"]
    Revisit.objects.update(assignee=who, locks_at=timezone.now() + timedelta(hours=1))
    assert [todo.count for todo in todos(who, timezone.now())] == [3]
    Revisit.objects.update(locks_at=timezone.now() - timedelta(hours=1))
    assert todos(who, timezone.now()) == []
    page = enter("revisitor").get("/cases/revisits/?tab=missed")
    assert len(page.context["rows"]) == 3
    assert enter("revisitor").get("/cases/revisits/").context["rows"] == []


def test_a_bad_answer_waits_at_the_community_with_its_light(enter: Any, town: Town) -> None:
    month = Month.of(timezone.now()).previous()
    close_many(town, town.grid, 1, closed_at=month.start, ended_at=month.start)
    draw_month(month)
    now, who = timezone.now(), town.users["community_staff"]
    Revisit.objects.update(state="done", solved="no", decision_due_at=now + timedelta(days=2))
    waiting = [todo for todo in todos(who, now) if "等着决定" in todo.sentence]
    assert [(todo.count, todo.level) for todo in waiting] == [(1, "yellow")]
    Revisit.objects.update(decision_due_at=now - timedelta(hours=1))
    late = [todo for todo in todos(who, now) if "等着决定" in todo.sentence]
    assert [todo.level for todo in late] == ["red"]
    assert len(enter("community_staff").get(late[0].url).context["rows"]) == 1
