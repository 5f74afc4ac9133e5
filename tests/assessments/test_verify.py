"""`assess --verify`: a frozen result follows from its own numbers to the last decimal."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.models import AssessmentVersion, QuarterAssessment
from assessments.services import adjust, move_street, revise
from tests.assessments.test_quarter import QUARTER
from tests.assessments.test_quarter_life import mine, publish, to_street
from tests.town import Town


def verify() -> dict[str, Any]:
    out = StringIO()
    try:
        call_command("assess", "--quarter", str(QUARTER), "--verify", "--json", stdout=out)
    except CommandError as error:
        assert "不一致" in str(error)
        return {**json.loads(out.getvalue()), "failed": True}
    return {**json.loads(out.getvalue()), "failed": False}


def test_what_was_published_and_corrected_fits(town: Town, drafts: Any) -> None:
    to_street(town)
    admin = town.users["street_admin"]
    adjust(assessment=mine(town), kind="bonus", points=Decimal("1.5"), reason="表彰", by=admin)
    move_street(street=town.street, quarter=QUARTER, name="publish", by=admin)
    revise(assessment=mine(town), reason="查实", by=admin, kind="deduction", points=Decimal(2))
    answer = verify()
    assert answer == {"quarter": str(QUARTER), "checked": 4, "wrong": {}, "failed": False}


@pytest.mark.parametrize("what", ["content", "row", "points"])
def test_what_was_changed_behind_its_back_is_named(town: Town, drafts: Any, what: str) -> None:
    publish(town)
    version = AssessmentVersion.objects.get(assessment=mine(town))
    if what == "row":
        QuarterAssessment.objects.filter(pk=version.assessment_id).update(total=Decimal("99.99"))
    elif what == "content":
        version.content["total"] = "99.99"
        version.save()
    else:
        version.content["items"][0]["numerator"] += 1
        version.save()
    answer = verify()
    assert answer["failed"]
    assert list(answer["wrong"]) == [f"{town.grid.code} v1"]


def test_a_quarter_without_results_is_said(town: Town) -> None:
    out = StringIO()
    call_command("assess", "--quarter", str(QUARTER), "--verify", stdout=out)
    assert "核对 0 份" in out.getvalue()
