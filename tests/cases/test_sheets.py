"""回退销号 and the printed sheets of cases."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.milestones import milestones
from cases.models import Case
from cases.services import MoveRefused, move
from orgs.models import AuditEntry
from tests.cases.cast import NOON, Story, reported
from tests.town import Town

pytestmark = pytest.mark.django_db


def test_the_street_takes_a_closing_back_with_its_reason(town: Town) -> None:
    story = Story(town, now=NOON).closed()
    with pytest.raises(MoveRefused, match="须由街道"):
        story.step("unclose", "community_staff", note="销错了")
    with pytest.raises(MoveRefused, match="回退原因"):
        story.step("unclose", "street_admin", note="")
    story.step("unclose", "street_admin", note="照片不是这一处")
    case = story.case
    assert (case.status, case.closed_at, case.ended_at, case.cycle) == ("verified", None, None, 1)
    assert case.step_due_at is not None
    assert AuditEntry.objects.filter(action="case.unclose").count() == 1
    steps = {step.name: step.state for step in milestones(case.events.all(), case.status)}
    assert steps["close"] == "current"
    story.step("close", "community_staff")
    assert story.case.status == "closed"


def test_a_list_prints_one_sheet_for_each_case(town: Town, enter: Any) -> None:
    closed = Story(town).closed().case
    secret = reported(town, category="security-clue", reporter_name="举报人甲", confidential=True)
    client = enter("community_staff")
    page = client.get(reverse("cases:ledger_sheets"), {"month": f"{timezone.localdate():%Y-%m}"})
    text = page.content.decode()
    assert text.count("网格事项办理单") == 2
    assert closed.case_no in text and secret.case_no in text
    assert "举报人甲" not in text and "已更换灯管" in text
    assert AuditEntry.objects.filter(action="ledger.sheets").get().detail["rows"] == 2
    one = client.get(reverse("cases:sheet", args=[closed.pk])).content.decode()
    assert one.count("网格事项办理单") == 1 and secret.case_no not in one
    assert enter("other_community_staff").get(
        reverse("cases:sheet", args=[closed.pk])
    ).status_code == 404  # fmt: skip


def test_too_many_sheets_are_refused_with_the_number(
    town: Town, enter: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("cases.views.sheets.MOST_SHEETS", 1)
    for _ in range(2):
        reported(town)
    page = enter("community_staff").get(reverse("cases:ledger_sheets"))
    assert page.status_code == 400 and "一次最多打印 1 张" in page.content.decode()


def test_sheets_cost_the_same_for_any_number(
    town: Town, enter: Any, django_assert_max_num_queries: Any
) -> None:
    client = enter("community_staff")
    for _ in range(12):
        reported(town)
    with django_assert_max_num_queries(40):
        assert client.get(reverse("cases:ledger_sheets")).status_code == 200


def test_nobody_moves_the_closed_case_otherwise(town: Town) -> None:
    case = Story(town, now=NOON).closed().case
    with pytest.raises(MoveRefused):
        move(case=case, name="unclose", by=town.users["other_street_admin"], note="试试")
    assert Case.objects.get(pk=case.pk).status == "closed"


@pytest.mark.parametrize(
    "address", ["cases:orders", "cases:accounts", "cases:effects", "cases:ledger", "cases:desk"]
)
def test_the_tabs_of_a_page_are_not_those_of_the_phone(
    town: Town, enter: Any, address: str
) -> None:
    """Both are drawn on one page; a page that calls its own `tabs` takes the phone's bar away."""
    page = enter("dispatcher").get(reverse(address))
    assert page.status_code == 200
    assert "工作台" in [
        tab["label"] if isinstance(tab, dict) else tab.label for tab in page.context["tabs"]
    ]
