"""减负账: times are rows, minutes are recorded or follow from the form, and repeats are named."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django import forms
from django.test import Client

from assessments.formcost import OPEN_SECONDS, OPEN_TAPS, cost_of
from assessments.forms.burden import DUTIES, account, scheme_hours
from assessments.forms.repeats import repeats_of_campaigns, repeats_of_forms
from assessments.views.burden import night_messages
from cases.models import Category
from cases.services import move, report_case
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month
from grids.models import Grid
from notices.models import OutboxMessage
from partybuilding.models import Patrol
from residents.models import Campaign, CampaignQuestion, Visit
from tests.town import Town

OCTOBER = Month(2026, 10)
DAY = datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)
PAGE = "/assessments/burden/"


class Small(forms.Form):
    kind = forms.ChoiceField(choices=[("a", "甲")])
    text = forms.CharField(widget=forms.Textarea)
    extra = forms.CharField(required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def test_the_cost_of_a_form_follows_from_its_fields() -> None:
    cost = cost_of(Small)
    assert (cost.fields, cost.required) == (3, 2)
    assert cost.seconds == OPEN_SECONDS + 6 + 40 + 15 / 4
    assert cost.taps == OPEN_TAPS + 2 + 1 + 1 / 4


def test_every_duty_is_read_from_forms_that_are_there() -> None:
    for one in DUTIES.values():
        assert one.code == "campaign" or one.cost.fields > 0, one.code
    assert DUTIES["visit"].cost.fields > DUTIES["self_review"].cost.fields


@pytest.fixture
def october(town: Town) -> Town:
    head = town.users["grid_head"]
    category = Category.objects.filter(level="grid", needs_photo=False)[0]
    for number in range(3):
        case = report_case(by=head, text="路灯不亮", category=category, grid=town.grid, now=DAY)
        move(case=case, name="accept", by=head, now=DAY + timedelta(minutes=number + 1))
    report_case(by=None, text="居民自己报的", category=category, grid=town.grid, now=DAY)
    report_case(by=head, text="上个月的", category=category, grid=town.grid,
                now=DAY - timedelta(days=30))  # fmt: skip
    for household in (*town.households, town.other_household):
        assert household is not None
        Visit.objects.create(
            household=household, visitor=head, day=DAY.date(), outcome="home", created_at=DAY
        )
    for minutes in (30, 45):
        Patrol.objects.create(
            district=town.district, street=town.street, community=town.community, grid=town.grid,
            by=head, at=DAY, minutes=minutes, route="一圈",
        )  # fmt: skip
    return town


def test_times_are_rows_and_minutes_recorded_or_estimated(october: Town) -> None:
    lines = {line.duty.code: line for line in account(OCTOBER, Grid.objects.all())}
    report = lines["report"]
    assert (report.times, report.recorded) == (3, False)
    assert report.seconds == 3 * report.duty.cost.seconds
    assert lines["visit"].by_grid[october.grid.pk].times == 2
    assert lines["visit"].times == 3
    assert (lines["patrol"].seconds, lines["patrol"].recorded) == (75 * 60, True)
    own = {
        line.duty.code: line for line in account(OCTOBER, Grid.objects.filter(pk=october.grid.pk))
    }
    assert own["visit"].times == 2


def test_its_queries_do_not_grow(october: Town, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(len(DUTIES) + 3):
        account(OCTOBER, Grid.objects.all())


def test_questions_asked_twice_are_named(town: Town) -> None:
    labels = {one.question for one in repeats_of_forms()}
    assert labels and "备注" not in labels
    rounds = []
    for name in ("防汛排查", "电动车排查"):
        campaign = Campaign.objects.create(
            name=name, purpose="查", under=town.community, street=town.street,
            starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31),
        )  # fmt: skip
        for place, text in enumerate(("家里有几位老人", "您的联系电话", f"{name}里独有的")):
            CampaignQuestion.objects.create(campaign=campaign, text=text, kind="text", order=place)
        rounds.append(campaign)
    found = {one.question: one.asked_in for one in repeats_of_campaigns(rounds)}
    assert set(found["家里有几位老人"]) == {"防汛排查", "电动车排查"}
    assert any("居民档案" in where for where in found["您的联系电话"])
    assert "防汛排查里独有的" not in found


def test_messages_of_the_night_are_counted(town: Town) -> None:
    for number, hour in enumerate((21, 22, 23, 3, 6, 7)):
        OutboxMessage.objects.create(
            kind="assessment.result", key=f"k{number}", transport="email", street=town.street,
            user=town.users["grid_head"], title="x", not_before=DAY, state="sent",
            urgency=2 if hour == 3 else 0, sent_at=DAY.replace(hour=hour),
        )  # fmt: skip
    lines, sent = night_messages(OCTOBER, {town.street.pk})
    assert [(line.label, line.many, line.urgent) for line in lines] == [("考核结果", 4, 1)]
    assert sent == 6
    assert night_messages(OCTOBER, {town.other_street.pk}) == ([], 0)


def test_the_page_and_its_workbook(october: Town, enter: Callable[[str], Client]) -> None:
    client = enter("community_secretary")
    page = client.get(PAGE, {"month": "2026-10"})
    assert page.context["total_times"] == sum(line.times for line in page.context["lines"])
    # The other street's visit is out of sight.
    one = client.get(PAGE, {"month": "2026-10", "duty": "visit"})
    assert [(grid, times) for grid, times, _ in one.context["per_grid"]] == [(october.grid, 2)]
    file: Any = client.get(PAGE, {"month": "2026-10", "file": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert ["入户走访登记", 2] in [row[2:4] for row in rows]
    for query in ("month=2026-13", "month=2999-01", "duty=nothing"):
        assert client.get(f"{PAGE}?{query}").status_code == 404
    assert enter("volunteer").get(PAGE).status_code == 403


def test_everybody_reads_it_of_his_own_grids_and_nights_of_whole_streets(
    october: Town, enter: Callable[[str], Client]
) -> None:
    seen = {
        who: enter(who).get(PAGE, {"month": "2026-10"}).context
        for who in ("dept_handler", "grid_head", "community_secretary", "street_admin",
                    "district_official")
    }  # fmt: skip
    assert {who: page["grids"] for who, page in seen.items()} == {
        "dept_handler": 0, "grid_head": 1, "community_secretary": 2, "street_admin": 3,
        "district_official": 4,
    }  # fmt: skip
    assert {who for who, page in seen.items() if page["sees_night"]} == {
        "street_admin", "district_official",
    }  # fmt: skip


def test_a_scheme_by_hand_costs_hours_a_year() -> None:
    assert scheme_hours(0, 300) == 0
    assert scheme_hours(6, 300) > scheme_hours(5, 300) > 50
