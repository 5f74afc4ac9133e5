"""The draw's seed and its replay: what was bent is found."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from cases.commitment import commit_to, commitment_of
from cases.models import RevisitDraw, RevisitSeed
from cases.replay import replay_month
from cases.revisits import draw_due, draw_month
from gridparty.lib.china_time import SHANGHAI
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
