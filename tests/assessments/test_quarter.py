"""The quarterly job: opens and computes a draft for every assessed grid, and again the same."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import QuarterAssessment
from assessments.services import compute_quarter
from cases.models import Case, Category, SlaClass
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Quarter
from grids.catalog import GridStatus

QUARTER = Quarter.parse("2026Q3")
NOW = datetime(2026, 10, 2, 2, tzinfo=SHANGHAI)
DUE = datetime(2026, 8, 20, 18, tzinfo=SHANGHAI)


def closed_case(town, grid, *, late: bool, number: int) -> Case:
    fed_back = DUE + timedelta(hours=1) if late else DUE - timedelta(hours=1)
    return Case.objects.create(
        case_no=f"20260801{number:010d}", tracking_code=f"T{number:07d}", text="测试",
        district=grid.district, street=grid.street, community=grid.community, grid=grid,
        category=Category.objects.order_by("pk")[0], sla_class=SlaClass.objects.order_by("pk")[0], source="patrol",
        status="closed", due_at=DUE, original_due_at=DUE, fed_back_at=fed_back,
        verified_at=fed_back, closed_at=DUE + timedelta(days=1), ended_at=DUE + timedelta(days=1),
        reporter_user=town.users["community_staff"],
    )  # fmt: skip


def test_it_drafts_every_active_grid_and_leaves_reserved_ones_out(town):
    town.sister_grid.status = GridStatus.RESERVED
    town.sister_grid.save()
    result = compute_quarter(quarter=QUARTER, now=NOW, by=None)
    assert result.opened == 3
    assert not QuarterAssessment.objects.filter(grid=town.sister_grid).exists()


def test_a_grid_without_an_opening_day_has_always_been_there(town):
    town.grid.activated_on = None
    town.grid.save()
    town.sister_grid.activated_on = QUARTER.end_day
    town.sister_grid.save()
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    assert QuarterAssessment.objects.filter(grid=town.grid).exists()
    assert not QuarterAssessment.objects.filter(grid=town.sister_grid).exists()


def test_it_scores_on_time_cases_by_the_scheme(town):
    for number in range(10):
        closed_case(town, town.grid, late=number == 0, number=number)
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    draft = QuarterAssessment.objects.get(grid=town.grid)
    item = draft.items.get(indicator="on_time_rate")
    assert (item.numerator, item.denominator) == (9, 10)
    assert item.points == Decimal("7.00")  # 15 - 1 × (98 - 90)
    counted = [one for one in draft.items.filter(part="grid_work") if one.points is not None]
    points = sum(one.points or 0 for one in counted)
    full = sum(one.full for one in counted)
    assert draft.grid_work == round(points * 100 / full, 2)  # what has no sample weighs nothing


def test_a_second_run_changes_nothing(town):
    closed_case(town, town.grid, late=False, number=1)
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    again = compute_quarter(quarter=QUARTER, now=NOW + timedelta(hours=1), by=None)
    assert (again.opened, again.computed, again.unchanged) == (0, 0, 4)


def test_late_entries_are_taken_up_by_the_next_run(town):
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    closed_case(town, town.grid, late=False, number=1)
    again = compute_quarter(quarter=QUARTER, now=NOW, by=None)
    assert again.computed == 1
    draft = QuarterAssessment.objects.get(grid=town.grid)
    assert draft.items.get(indicator="on_time_rate").points == Decimal("15.00")


def test_a_running_quarter_is_refused(town):
    with pytest.raises(ValidationError, match="尚未结束"):
        compute_quarter(quarter=Quarter.parse("2026Q4"), now=NOW, by=None)


def test_its_queries_do_not_grow_with_grids(town):
    from tests.town import make_grid

    for serial in range(3, 40):
        make_grid(town.community, serial, town.branch)
    with CaptureQueriesContext(connection) as queries:
        compute_quarter(quarter=QUARTER, now=NOW, by=None)
    # SQLite takes about a thousand values a statement: inserts of items come in parts.
    others = [query for query in queries if not query["sql"].startswith("INSERT")]
    assert len(others) <= 36


def test_the_command_prints_one_json_object(town):
    closed_case(town, town.grid, late=False, number=1)
    out = StringIO()
    call_command("assess", "--quarter", "2026Q3", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["quarter"] == "2026Q3"
    assert answer["grids"] == 4
    assert answer["indicators"]["on_time_rate"]["rate"] == 100.0
    assert answer["indicators"]["satisfaction_rate"]["rate"] is None


@pytest.mark.parametrize("text", ["2026", "2026Q5", "第三季度", "2999Q1"])
def test_the_command_refuses_what_is_no_finished_quarter(town, text):
    with pytest.raises(CommandError):
        call_command("assess", "--quarter", text)


def test_a_scheme_may_draw_small_samples_towards_the_community(town):
    """Declared per item, kept with the item, frozen, and verified from its own numbers."""
    from assessments.models import SchemeItem
    from assessments.services.settling import freeze
    from assessments.services.verifying import faults_of

    SchemeItem.objects.filter(indicator="on_time_rate").update(shrink=5)
    closed_case(town, town.grid, late=True, number=0)
    for number in range(1, 10):
        closed_case(town, town.sister_grid, late=False, number=number)
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    draft = QuarterAssessment.objects.get(grid=town.grid)
    item = draft.items.get(indicator="on_time_rate")
    assert (item.numerator, item.denominator, item.prior) == (0, 1, Decimal("90.00"))
    # (0 + 5 × 90 %) ÷ (1 + 5) = 75 %: 15 − 1 × (98 − 75) is under the floor, not under nothing
    assert item.points == max(Decimal(0), Decimal(15) - (98 - Decimal(75)))
    sister = QuarterAssessment.objects.get(grid=town.sister_grid).items.get(
        indicator="on_time_rate"
    )
    assert sister.points == Decimal("13.43")  # 96.43 % instead of 100 %
    assert faults_of(freeze(draft, by=None, at=NOW), is_newest=False) == []
    assert compute_quarter(quarter=QUARTER, now=NOW, by=None).unchanged == 4


def test_the_command_says_that_published_results_stay(town):
    closed_case(town, town.grid, late=False, number=1)
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    QuarterAssessment.objects.update(status="publicity")
    out = StringIO()
    call_command("assess", "--quarter", "2026Q3", stdout=out)
    assert "4 个网格的结果已公示，没有改动" in out.getvalue()
