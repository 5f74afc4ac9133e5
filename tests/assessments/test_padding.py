"""A grid that invents and closes events by itself gains nothing against its honest twin.

The twin is the same grid, the same quarter, before the inventing: through every door a grid's own
people have, with every source they can name, confirmed by every step that is theirs to take.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from assessments.indicators import INDICATORS
from assessments.models import QuarterAssessment
from assessments.services import compute_quarter
from assessments.services.compute import figures_of
from cases.catalog import Source
from cases.models import Case, Category, Rating, Revisit, RevisitDraw, SlaClass
from cases.services import move, report_case
from gridparty.lib.china_time import SHANGHAI
from residents.models import (
    CareKind,
    CareTag,
    GoodDeed,
    HeadContact,
    LifeEvent,
    Need,
    Residency,
    Visit,
)
from residents.services.needs import create_need, move_need
from tests.assessments.test_duties import NOW, QUARTER, life  # noqa: F401  the fixture
from tests.town import Town, make_person

DAY = datetime(2026, 8, 5, 9, tzinfo=SHANGHAI)


def honest_cases(town: Town) -> None:
    """Ten problems of residents, not all handled well; one patrol find that a department solved."""
    for number in range(11):
        late, found = number % 3 == 0, number == 10
        fed_back = DAY + timedelta(days=9 if late else 2)
        case = Case.objects.create(
            case_no=f"20260805{number:010d}", tracking_code=f"H{number:07d}", text="路灯不亮",
            district=town.grid.district, street=town.street, community=town.community,
            grid=town.grid, category=Category.objects.filter(level="grid", needs_photo=False)[0],
            sla_class=SlaClass.objects.order_by("pk")[0], status="closed",
            source="patrol" if found else "web", in_grid=not found and number % 2 == 0,
            reporter_phone="" if found else "13800000000", created_at=DAY,
            contact_due_at=DAY + timedelta(days=1), first_contact_at=DAY + timedelta(hours=30 if late else 2),
            due_at=DAY + timedelta(days=5), fed_back_at=fed_back, verified_at=fed_back,
            closed_at=fed_back + timedelta(days=1), ended_at=fed_back + timedelta(days=1),
            rework_count=int(late),
        )  # fmt: skip
        ask(case, solved="no" if late else "yes")


def ask(case: Case, *, solved: str) -> None:
    draw, _ = RevisitDraw.objects.get_or_create(
        month="2026-08", grid=case.grid, defaults={"population": 1, "quota": 1, "seed": "0"}
    )
    answer = "unsatisfied" if solved == "no" else "satisfied"
    Revisit.objects.create(
        case=case, draw=draw, month="2026-08", locks_at=NOW, solved=solved, satisfaction=answer,
        done_at=NOW, state="done",
    )  # fmt: skip
    Rating.objects.create(case=case, report=case, month="2026-08", satisfaction=answer)


def invent_cases(town: Town) -> list[Case]:
    """Problems nobody had, reported under every source, handled at once, closed the same day."""
    head, secretary = town.users["grid_head"], town.users["community_secretary"]
    made = []
    steps: tuple[tuple[int, str, Any, dict[str, Any]], ...] = (
        (1, "accept", head, {}),
        (2, "self_handle", head, {}),
        (4, "feedback", head, {"outcome": "solved", "note": "已清理"}),
        (6, "verify_pass", secretary, {"method": "phone"}),
        (8, "close", secretary, {}),
    )
    for number, source in enumerate(Source.values * 3):
        at = DAY + timedelta(days=number % 20)
        who = None if number % 11 == 2 else head  # None: on his own phone, without logging in
        case = report_case(
            by=who, text="楼道有杂物", category=Category.objects.filter(level="grid", needs_photo=False)[0],
            grid=town.grid, source=source, now=at, client_key=f"invented-{number:010d}",
        )  # fmt: skip
        for minutes, name, by, inputs in steps:
            case = move(case=case, name=name, by=by, now=at + timedelta(minutes=minutes), **inputs)
        made.append(case)
        ask(case, solved="yes")  # a look at the place finds nothing wrong, of course
    return made


def invent_duties(town: Town) -> None:
    """Comings and goings, needs, key people, second visits and deeds: all of his own entry."""
    head = town.users["grid_head"]
    home = town.households[0]
    for number in range(12):
        day = date(2026, 7, 2) + timedelta(days=number)
        person = make_person(f"虚{number}")
        Residency.objects.create(person=person, household=home, relation="other", start=day)
        for kind in ("moved_out", "moved_in", "head", "away", "together"):
            LifeEvent.objects.create(
                kind=kind, household=home, person=person, occurred_on=day, delay_days=0, by=head
            )
        CareTag.objects.create(
            person=person, kind=CareKind.objects.filter(is_active=True)[0], start=day,
            due_on=date(2026, 12, 31), added_by=head,
        )  # fmt: skip
        need = create_need(
            household=home, by=head, kind="repair", text="换灯泡", source="visit", wanted_by=day
        )
        move_need(need=need, move="meet", by=head, note="已换")
        for home_seen in Visit.objects.filter(
            day__gte=QUARTER.first_day, outcome="home", household__grid=town.grid
        )[:2]:
            Visit.objects.create(
                household=home_seen.household, visitor=head, day=home_seen.day, outcome="home"
            )
    for contact in HeadContact.objects.filter(head__grid=town.grid):
        GoodDeed.objects.create(head=contact.head, on=contact.on, what="帮忙")
        HeadContact.objects.get_or_create(
            head=contact.head, household=contact.household, on=contact.on + timedelta(days=1)
        )
    LifeEvent.objects.update(entered_at=NOW - timedelta(days=1))


def score_of(town: Town) -> QuarterAssessment:
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    return QuarterAssessment.objects.prefetch_related("items").get(grid=town.grid)


@pytest.fixture
def twins(life: Town) -> tuple[QuarterAssessment, QuarterAssessment, Town]:  # noqa: F811
    honest_cases(life)
    honest = score_of(life)
    invent_cases(life)
    invent_duties(life)
    return honest, score_of(life), life


def test_no_score_of_the_inventor_is_higher(
    twins: tuple[QuarterAssessment, QuarterAssessment, Town],
) -> None:
    honest, inventor, _ = twins
    before = {item.indicator: item for item in honest.items.all()}
    assert len([item for item in before.values() if item.points is not None]) > 12
    for item in inventor.items.all():
        points = before[item.indicator].points
        assert (item.points or Decimal(0)) <= (points or Decimal(0)), item.indicator
        assert (points is None) == (item.points is None), item.indicator
    for name in ("grid_work", "public_service", "total"):
        assert getattr(inventor, name) <= getattr(honest, name), name


def test_no_registered_rate_of_the_inventor_is_better(life: Town) -> None:  # noqa: F811
    """Also those no scheme scores today: somebody will put them into one."""
    honest_cases(life)
    before = figures_of(QUARTER, NOW)
    invent_cases(life)
    invent_duties(life)
    after = figures_of(QUARTER, NOW)
    for code, found in INDICATORS.items():
        hit, total = before[code].get(life.grid.pk, (0, 0))
        new_hit, new_total = after[code].get(life.grid.pk, (0, 0))
        gain = new_hit * total - hit * new_total  # the sign of new rate − old rate
        assert (gain >= 0) if found.lower_is_better else (gain <= 0), code


def test_the_inventions_are_shown_beside_the_score(
    twins: tuple[QuarterAssessment, QuarterAssessment, Town], enter: object
) -> None:
    """Left out is not hidden: the list says how many, and which."""
    *_, inventor, town = twins
    client = enter("community_secretary")  # type: ignore[operator]
    address = f"/assessments/{inventor.pk}/on_time_rate/"
    page = client.get(address, {"hit": "own"})
    tabs = {key: count for key, _, count in page.context["tabs_of_rows"]}
    assert tabs["own"] >= 33
    assert tabs[""] == inventor.items.get(indicator="on_time_rate").denominator
    assert "自报自办" in page.content.decode()
    assert len(page.context["lines"]) == tabs["own"]


def test_what_left_the_grid_or_has_somebody_to_ask_counts(town: Town) -> None:
    """Honest ways of the same grid are not lost: called up, or a resident stands behind it."""
    head = town.users["grid_head"]
    category = Category.objects.filter(level="grid", needs_photo=False)[0]
    ways: tuple[dict[str, Any], ...] = (
        {"by": head, "reporter_phone": "13800138000"},
        {"by": None, "reporter_phone": "13800138001"},
        {"by": town.users["community_staff"]},
        {"by": head},
        {"by": None},
    )
    made = [
        report_case(
            text="井盖松动", category=category, grid=town.grid, now=DAY, source="wechat",
            client_key=f"a-long-enough-key-{number}", **way,
        )
        for number, way in enumerate(ways)
    ]  # fmt: skip
    Case.objects.filter(pk=made[3].pk).update(in_grid=False)
    reported = INDICATORS["self_discovery_rate"].by("grid", QUARTER, NOW, scored=True)
    assert reported[town.grid.pk] == (0, 4)
    Case.objects.filter(pk=made[0].pk).update(merged_into=made[4], status="merged")
    reported = INDICATORS["self_discovery_rate"].by("grid", QUARTER, NOW, scored=True)
    assert reported[town.grid.pk] == (0, 4)  # another report stands behind the nameless one


def test_own_finds_called_up_are_no_misses_of_settling_in_the_grid(town: Town) -> None:
    """Eight settled and two that left: neither the eight nor the two have anybody to ask."""
    honest_cases(town)
    rate = INDICATORS["in_grid_rate"]
    before = rate.by("grid", QUARTER, NOW, scored=True)
    asked = Case.objects.exclude(reporter_phone="").count()
    assert before[town.grid.pk] == (5, asked)
    made = invent_cases(town)
    Case.objects.filter(pk__in=[case.pk for case in made[:2]]).update(in_grid=False)
    assert rate.by("grid", QUARTER, NOW, scored=True) == before
    assert "不论是否出网格" in rate.score_note


def test_needs_of_ones_own_count_when_somebody_took_them_over(life: Town) -> None:  # noqa: F811
    Need.objects.all().delete()
    head = life.users["grid_head"]
    for _ in range(2):
        need = create_need(
            household=life.households[0], by=head, kind="repair", text="换灯泡", source="visit",
            wanted_by=date(2026, 8, 1),
        )  # fmt: skip
        move_need(need=need, move="meet", by=head, note="已换")
    late = create_need(  # not met: no miss either, or writing it down would cost
        household=life.households[0], by=head, kind="repair", text="修门", source="visit",
        wanted_by=date(2026, 8, 1),
    )  # fmt: skip
    Need.objects.filter(pk=late.pk).update(status="expired")
    rate = INDICATORS["needs_rate"]
    assert rate.by("grid", QUARTER, NOW) == {}
    need.claims.create(
        unit=life.partner, way="asked", status="done", district=life.district, street=life.street,
        community=life.community,
    )  # fmt: skip
    assert rate.by("grid", QUARTER, NOW) == {life.grid.pk: (1, 1)}
