"""A small scheme and the drafts of a quarter it gives; cases of two years for the dashboards.

Imports stand in the fixtures: a conftest named on the command line is read before Django starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from assessments.models import AssessmentScheme, QuarterAssessment
    from tests.town import Town


@pytest.fixture
def scheme(town: Town) -> AssessmentScheme:
    """A small scheme: one figure and one item by hand in each half."""
    from assessments.models import AssessmentScheme, SchemeItem

    made = AssessmentScheme.objects.create(
        name="小方案", version="t", grid_kind="residential", valid_from="2026-07-01",
        subsidy_excellent=1500, subsidy_good=1200,
    )  # fmt: skip
    AssessmentScheme.objects.filter(grid_kind="residential").exclude(pk=made.pk).update(
        valid_from="2020-01-01"
    )
    for part, code, manual in (
        ("grid_work", "on_time_rate", False), ("grid_work", "巡查", True),
        ("public_service", "closed_rate", False),
    ):  # fmt: skip
        SchemeItem.objects.create(
            scheme=made, part=part, indicator=code, full=50, target=100, slope=1, manual=manual
        )
    return made


@pytest.fixture
def drafts(town: Town, scheme: AssessmentScheme) -> dict[str, QuarterAssessment]:
    from assessments.models import QuarterAssessment
    from assessments.services import compute_quarter
    from tests.assessments.test_quarter import NOW, QUARTER, closed_case

    for number in range(10):
        closed_case(town, town.grid, late=number == 0, number=number)
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    rows = QuarterAssessment.objects.select_related("grid", "scheme")
    return {row.grid.name: row for row in rows.filter(street=town.street)}


@pytest.fixture
def busy(town: Town) -> Town:
    """Cases of this year and the last, the newest of today."""
    from datetime import timedelta

    from django.utils import timezone

    from tests.assessments.test_numbers import some_cases

    now = timezone.now()
    for number, case in enumerate(some_cases(town, 60)):
        case.created_at = now - timedelta(days=number * 9)
        case.due_at = case.created_at + timedelta(days=5)
        case.save(update_fields=["created_at", "due_at"])
    return town
