"""Every indicator whose rows are no cases, against a plain reading of its definition, row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Model

from assessments import duties, outcomes  # noqa: F401  their indicators
from assessments.forms.burden import DUTIES as BURDEN
from assessments.indicators import INDICATORS, RATES, Pair
from cases.models import Case, Category, SlaClass
from councils.models import Council, Meeting
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month, Quarter
from grids.models import Grid, GridTeamMember, TeamSlot
from orgs.models import Person
from partybuilding.models import BoardItem, CheckIn, MonthlyBoard
from residents.models import (
    CareKind,
    CareTag,
    CorridorHead,
    HeadContact,
    Household,
    LifeEvent,
    LinkedHousehold,
    Need,
    Residency,
    Visit,
)
from tests.town import Town, make_person
from volunteers.models import Activity, Hours, Volunteer

QUARTER = Quarter.parse("2026Q3")
LAST = date(2026, 9, 30)
NOW = datetime(2026, 10, 2, 2, tzinfo=SHANGHAI)
DUTIES = [code for code in INDICATORS if code not in RATES]


def some_day(rng: Random) -> date:
    return date(2026, 6, 20) + timedelta(days=rng.randrange(110))


def scope_of(grid: Grid) -> dict[str, Any]:
    return {"district": grid.district, "street": grid.street, "community": grid.community}


@pytest.fixture
def life(town: Town) -> Town:
    """What happens around a summer in four grids, from a fixed seed."""
    rng = Random(4)
    homes = list(Household.objects.select_related("grid"))
    kinds = list(CareKind.objects.filter(is_active=True)[:2])
    for number in range(60):
        home, day = rng.choice(homes), some_day(rng)
        LifeEvent.objects.create(
            kind="moved_in",
            household=home,
            occurred_on=day,
            delay_days=rng.choice([0, 3, 7, 8, 30]),
        )
        person = make_person(f"甲{number}")
        Residency.objects.create(person=person, household=home, relation="other", start=day)
        CareTag.objects.create(
            person=person, kind=rng.choice(kinds), start=day, due_on=some_day(rng),
            end=rng.choice([None, None, some_day(rng)]),
        )  # fmt: skip
        Need.objects.create(
            household=home,
            kind="repair",
            source="visit",
            text="修灯",
            wanted_by=some_day(rng),
            status=rng.choice(["draft", "published", "met", "evaluated", "withdrawn", "expired"]),
        )
    slots = TeamSlot.objects.filter(template=town.far_grid.team_template)
    slots.update(minimum=1)
    for slot in slots:
        GridTeamMember.objects.create(
            grid=town.far_grid, slot=slot, start=date(2026, 2, 1), person=make_person("员")
        )
    LifeEvent.objects.update(entered_at=NOW - timedelta(days=1))
    for grid in (town.grid, town.sister_grid, town.other_grid):
        council = Council.objects.create(
            level="grid", name="议事会", grid=grid, founded_on=date(2026, 1, 1), **scope_of(grid)
        )
        for month in (6, 7, 8, 9):
            held = rng.random() < 0.6
            Meeting.objects.create(
                council=council, title="例会", due_by=date(2026, month, 28),
                status="held" if held else rng.choice(["due", "cancelled"]),
                starts_at=datetime(2026, month, 20, 9, tzinfo=SHANGHAI) if held else None,
            )  # fmt: skip
        branch: Any = grid.party_branch
        months = () if branch.five_boards.exists() else (6, 7, 8, 9)
        for month in months:  # one branch answers for two of the grids
            board = MonthlyBoard.objects.create(
                branch=branch, month=date(2026, month, 1), due_on=date(2026, month, 28),
                grace_until=date(2026, month, 28), **scope_of(grid),
            )  # fmt: skip
            for place, kind in enumerate(("study", "tell", "report", "claim", "consult")):
                done = rng.random() < 0.7
                BoardItem.objects.create(
                    board=board, kind=kind, place=place, late=rng.random() < 0.3,
                    status="confirmed" if done else "pending",
                    confirmed_at=NOW - timedelta(days=2) if done else None,
                )  # fmt: skip
    for number, home in enumerate(homes):
        head = make_person(f"楼{number}")
        term = CorridorHead.objects.create(
            person=head, grid=home.grid, state="serving", nominated_on=date(2026, 1, 1),
            start=date(2026, 1, 1), **scope_of(home.grid),
        )  # fmt: skip
        LinkedHousehold.objects.filter(household=home).delete()
        LinkedHousehold.objects.create(head=head, household=home, start=date(2026, 1, 1))
        if rng.random() < 0.6:
            HeadContact.objects.create(head=term, household=home, on=some_day(rng))
    _walk_and_serve(rng, town, homes)
    _quarrel_and_complete(rng, town, homes)
    return town


def _quarrel_and_complete(rng: Random, town: Town, homes: list[Household]) -> None:
    """Disputes of every ending; homes of which somebody lacks something, and others."""
    kinds = list(
        Category.objects.filter(slug__in=("dispute-family", "dispute-labour", "other-other"))
    )
    for number in range(40):
        grid = rng.choice([town.grid, town.sister_grid, town.other_grid])
        day = datetime.combine(some_day(rng), datetime.min.time(), SHANGHAI)
        closed = rng.random() < 0.6
        Case.objects.create(
            case_no=f"20260702{number:010d}", tracking_code=f"D{number:07d}", text="吵架", grid=grid,
            category=rng.choice(kinds), sla_class=SlaClass.objects.order_by("pk")[0],
            source="patrol", status="closed" if closed else "handling", due_at=day, in_grid=rng.random() < 0.5,
            reporter_phone="13800000000" if rng.random() < 0.5 else "", cycle=rng.choice([1, 1, 2]),
            closed_at=day if closed else None, **scope_of(grid),
        )  # fmt: skip
    for home in rng.sample(homes, 3):
        Person.objects.filter(residencies__household=home).update(gender="1", birth_year=1980)


def _walk_and_serve(rng: Random, town: Town, homes: list[Household]) -> None:
    """Visits since the winter; members who report in, some of whom give hours."""
    for home in homes:
        home.occupancy = rng.choice(["owned", "rented"])
        home.save(update_fields=["occupancy"])
        for day in (date(2026, 2, 1), date(2026, 6, 25), some_day(rng)):
            if rng.random() < 0.6:
                Visit.objects.create(
                    household=home, visitor=town.users["grid_head"], day=day,
                    outcome=rng.choice(["home", "phone", "nobody"]),
                )  # fmt: skip
    where = scope_of(town.grid)
    activity = Activity.objects.create(
        title="清洁", kind="clean", place="广场", safety_note="注意", **where
    )
    for number in range(12):
        person = make_person(f"党{number}")
        CheckIn.objects.create(
            unit=town.partner, person=person, grid=rng.choice([town.grid, town.sister_grid]),
            status=rng.choice(["accepted", "active", "applied"]), accepted_at=NOW - timedelta(days=40),
            **where,
        )  # fmt: skip
        if number % 2:
            start = datetime.combine(some_day(rng), datetime.min.time(), SHANGHAI)
            Hours.objects.create(
                volunteer=Volunteer.objects.create(
                    person=person, grid=None if number == 3 else town.grid,
                    joined_on=date(2026, 10 if number == 5 else 1, 1), **where,
                ),
                activity=activity, back_entry=number == 1,
                start=start, end=start + timedelta(hours=2), credited=2,
                status=rng.choice(["confirmed", "confirmed", "submitted"]), **where,
            )  # fmt: skip


def in_quarter(day: date | None) -> bool:
    return day is not None and QUARTER.first_day <= day < QUARTER.end_day


Answer = tuple[int, bool]  # the grid, and whether the row is a hit


def visits() -> list[Answer]:
    rows = []
    for home in Household.objects.filter(closed_on=None).exclude(occupancy="vacant"):
        reached = [
            one.day
            for one in Visit.objects.filter(household=home, outcome__in=("home", "phone")).exclude(
                check_back__result="false"
            )
        ]
        cared = any(
            tag.end is None and tag.kind.is_active and not tag.kind.need_to_know
            for lives in Residency.objects.filter(household=home, end=None)
            for tag in CareTag.objects.filter(person=lives.person).select_related("kind")
        )
        times = 12 if cared or home.occupancy == "rented" else 2
        before = max((day for day in reached if day < QUARTER.first_day), default=None)
        if before is None or before <= QUARTER.end_day - timedelta(days=365 // times):
            rows.append((home.grid_id, any(in_quarter(day) for day in reached)))
    return rows


def check_ins() -> list[Answer]:
    rows = []
    for one in CheckIn.objects.filter(status__in=("accepted", "active")):
        if one.accepted_at is not None and one.accepted_at < QUARTER.end:
            served = Hours.objects.filter(
                volunteer__person=one.person, status="confirmed", credited__gt=0
            )
            days = [piece.start.astimezone(SHANGHAI).date() for piece in served]
            rows.append((one.grid_id or 0, any(in_quarter(day) for day in days)))
    return rows


def five() -> list[Answer]:
    rows = []
    for item in BoardItem.objects.select_related("board"):
        if in_quarter(item.board.month):
            done = item.status == "confirmed" and not item.late
            rows += [
                (grid.pk, done) for grid in Grid.objects.filter(party_branch=item.board.branch)
            ]
    return rows


def team() -> list[Answer]:
    rows = []
    for grid in Grid.objects.all():
        for slot in TeamSlot.objects.filter(template=grid.team_template, minimum__gt=0):
            serving = [
                one
                for one in GridTeamMember.objects.filter(grid=grid, slot=slot)
                if one.start <= LAST and (one.end is None or one.end >= LAST)
            ]
            rows.append((grid.pk, len(serving) >= slot.minimum))
    return rows


def prompt() -> list[Answer]:
    return [
        (event.household.grid_id, event.delay_days <= 7)
        for event in LifeEvent.objects.select_related("household")
        if in_quarter(event.occurred_on)
    ]


def council() -> list[Answer]:
    return [
        (meeting.council.grid_id or 0, meeting.status in ("held", "archived"))
        for meeting in Meeting.objects.select_related("council")
        if in_quarter(meeting.due_by) and meeting.status != "cancelled"
    ]


def care() -> list[Answer]:
    rows = []
    for tag in CareTag.objects.all():
        if tag.start <= LAST and (tag.end is None or tag.end > LAST):
            rows += [
                (home.household.grid_id, tag.due_on is not None and tag.due_on >= LAST)
                for home in Residency.objects.filter(person=tag.person, end=None)
            ]
    return rows


def needs() -> list[Answer]:
    return [
        (need.household.grid_id, need.status in ("met", "evaluated"))
        for need in Need.objects.select_related("household")
        if in_quarter(need.wanted_by) and need.status not in ("draft", "withdrawn")
    ]


def heads() -> list[Answer]:
    rows = []
    for head in CorridorHead.objects.filter(state="serving", start__lte=LAST):
        links = [
            link
            for link in LinkedHousehold.objects.filter(head=head.person, temporary=False)
            if link.start <= LAST and (link.end is None or link.end >= LAST)
        ]
        if links:
            spoken = HeadContact.objects.filter(head__person=head.person)
            rows.append(
                (
                    head.grid_id,
                    all(
                        any(in_quarter(one.on) for one in spoken.filter(household=link.household))
                        for link in links
                    ),
                )
            )
    return rows


def disputes() -> list[Answer]:
    return [
        (case.grid_id, case.status == "closed" and case.cycle == 1)
        for case in Case.objects.select_related("category")
        if case.category.slug.startswith("dispute")
        and case.due_at is not None
        and in_quarter(case.due_at.astimezone(SHANGHAI).date())
        and case.reporter_phone.token
    ]


def complete() -> list[Answer]:
    rows = []
    for home in Household.objects.filter(closed_on=None):
        living = [
            one.person
            for one in Residency.objects.filter(household=home, end=None, relation__gt="")
        ]
        if living:
            whole = all(person.gender in "12" and person.birth_year for person in living)
            rows.append((home.grid_id, bool(whole)))
    return rows


def volunteering() -> list[Answer]:
    return [
        (
            one.grid_id,
            any(
                in_quarter(piece.start.astimezone(SHANGHAI).date()) and not piece.back_entry
                for piece in Hours.objects.filter(volunteer=one, status="confirmed")
            ),
        )
        for one in Volunteer.objects.filter(status="active")
        if one.grid_id and one.joined_on <= LAST
    ]


PLAIN: dict[str, Callable[[], list[Answer]]] = {
    "five_rate": five, "team_rate": team, "prompt_rate": prompt, "council_rate": council,
    "care_rate": care, "needs_rate": needs, "head_rate": heads, "visit_rate": visits, "checkin_rate": check_ins,
    "dispute_rate": disputes, "complete_rate": complete, "volunteer_rate": volunteering,
}  # fmt: skip


@pytest.mark.parametrize("code", DUTIES)
def test_it_counts_as_its_definition_says(life: Town, code: str) -> None:
    expected: dict[int, Pair] = defaultdict(lambda: (0, 0))
    for grid, hit in PLAIN[code]():
        had = expected[grid]
        expected[grid] = (had[0] + hit, had[1] + 1)
    found = INDICATORS[code].by("grid", QUARTER, NOW)
    assert found == dict(expected)
    assert any(hit for hit, _ in found.values())  # the seed shows both answers
    assert any(hit < total for hit, total in found.values())


@pytest.mark.parametrize("code", DUTIES)
def test_its_list_has_its_rows(life: Town, code: str) -> None:
    rows = INDICATORS[code].rows(QUARTER, NOW)
    for grid, (hit, total) in INDICATORS[code].by("grid", QUARTER, NOW).items():
        listed = duties.rows_of_grid(rows, Grid.objects.get(pk=grid))
        assert (listed.filter(rows.hits).count(), listed.count()) == (hit, total)
        for row in listed:
            assert isinstance(row, Model)
            words, address = rows.tell(row) if rows.tell else ("", "")
            assert words
            assert address.startswith("/")


@pytest.mark.parametrize("code", DUTIES)
def test_an_empty_installation_answers_nothing(db: None, code: str) -> None:
    assert INDICATORS[code].by("grid", QUARTER, NOW) == {}


def test_who_moved_away_is_cared_for_where_he_lives_now(town: Town) -> None:
    person, day = make_person("搬走了"), date(2026, 8, 1)
    far = town.far_household
    assert far is not None
    for home, end in ((town.households[0], day), (far, None)):
        Residency.objects.create(
            person=person, household=home, relation="other", start=date(2025, 1, 1), end=end
        )
    CareTag.objects.create(
        person=person, kind=CareKind.objects.filter(is_active=True)[0], start=day, due_on=LAST,
        added_by=town.users["community_staff"],
    )  # fmt: skip
    rate = INDICATORS["care_rate"]
    assert rate.by("grid", QUARTER, NOW) == {town.far_grid.pk: (1, 1)}
    rows = rate.rows(QUARTER, NOW)
    assert duties.rows_of_grid(rows, town.far_grid).count() == 1
    assert duties.rows_of_grid(rows, town.grid).count() == 0
    august = Month(2026, 8)
    assert set(BURDEN["care"].done(august, BURDEN["care"].cost, Grid.objects.values("pk"))) == {
        town.far_grid.pk
    }
