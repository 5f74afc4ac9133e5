"""Rollups: after any history, in any number of folds, the cells are what counting the cases gives."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.checks import streets_adrift
from assessments.indicators import RATES
from assessments.models import CaseFact, Grain, Measure, RollupCell, RollupState
from assessments.services.rollups import fold, rebuild
from cases.models import Case, CaseEvent, Category
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month, Quarter, Year
from grids.signals import GridChange, grid_changed
from orgs.quality import Asked
from tests.assessments.test_numbers import some_cases
from tests.town import Town

Step = tuple[int, str, int]
ACTS = ("close", "reopen", "late", "void", "move_day", "recategorise", "verify")
HISTORIES = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from([*ACTS, "fold", "again"]), st.integers(0, 70)),
    max_size=25,
)


def live() -> dict[tuple[Any, ...], int]:
    """Count by the plain querysets, one case and one period at a time."""
    now, found = timezone.now(), Counter[tuple[Any, ...]]()
    cases = list(Case.objects.select_related("category"))
    days = {
        Measure.CREATED: lambda case: case.created_at, Measure.CLOSED: lambda case: case.closed_at,
        Measure.DUE: lambda case: case.due_at,
    }  # fmt: skip
    for case in cases:
        for measure, when in days.items():
            if moment := when(case):
                found[measure, local_date(moment), case.street_id, 0] += 1
        top = case.category.parent_id or case.category_id
        found[Measure.TOPIC, local_date(case.created_at), case.street_id, top] += 1
    for month in {Month.of(case.due_at) for case in cases if case.due_at}:
        for measure, code in ((Measure.RESPONDED, "response_rate"), (Measure.ENDED, "closed_rate"),
                              (Measure.ON_TIME, "on_time_rate")):  # fmt: skip
            rows = RATES[code].rows(month, now)
            for case in rows.queryset.filter(rows.hits):
                found[measure, local_date(case.due_at), case.street_id, 0] += 1
        for case in Case.objects.due_in(month):
            assert case.due_at
            found[Measure.OWED, local_date(case.due_at), case.street_id, 0] += 1
    return dict(found)


def cells(grain: Grain) -> dict[tuple[Any, ...], int]:
    rows = RollupCell.objects.filter(grain=grain, measure__lte=Measure.TOPIC).exclude(n=0)
    return {(row.measure, row.day, row.street_id, row.key): row.n for row in rows}


def by_month(days: dict[tuple[Any, ...], int]) -> dict[tuple[Any, ...], int]:
    found = Counter[tuple[Any, ...]]()
    for (measure, day, *rest), n in days.items():
        found[(measure, day.replace(day=1), *rest)] += n
    return dict(found)


def by_day(days: dict[tuple[Any, ...], int]) -> dict[tuple[Any, ...], int]:
    return {key: n for key, n in days.items() if key[0] != Measure.TOPIC}


def act(case: Case, what: str, days: int) -> None:
    """Change the row as the services would, and write the event they would."""
    now = timezone.now()
    case.refresh_from_db()
    if what == "close":
        case.status, case.closed_at, case.ended_at = "closed", now - timedelta(days=days), now
    elif what == "reopen":
        case.status, case.closed_at, case.ended_at, case.cycle = "handling", None, None, 2
    elif what == "late":
        case.fed_back_at = (case.due_at or now) + timedelta(days=1)
    elif what == "void":
        case.status, case.ended_at = "void", now
    elif what == "move_day":
        case.due_at = now - timedelta(days=days)
    elif what == "recategorise":
        rows = Category.objects.order_by("pk")
        case.category = rows[days % len(rows)]
    elif what == "verify":
        case.fed_back_at, case.verified_at = case.due_at, now - timedelta(days=1)
    case.save()
    CaseEvent.objects.create(case=case, move=what, to_status=case.status)


@pytest.fixture
def dozen(town: Town) -> list[Case]:
    return some_cases(town, 12)


@given(history=HISTORIES)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_folded_cells_equal_counting_after_any_history(
    dozen: list[Case], history: list[Step]
) -> None:
    rebuild(now=timezone.now())
    for number, what, days in history:
        if what == "fold":
            fold(now=timezone.now())
        elif what == "again":  # a worker that died after its commit is unknown to the next
            RollupState.objects.update(last_event=0)
        else:
            act(dozen[number], what, days)
    fold(now=timezone.now())
    wanted = live()
    assert cells(Grain.DAY) == by_day(wanted)
    assert cells(Grain.MONTH) == by_month(wanted)
    assert rebuild(now=timezone.now()) == 0
    assert list(streets_adrift(Asked(timezone.localdate()))) == []


def test_a_rebuild_mends_cells_that_are_wrong_and_the_check_names_their_street(
    dozen: list[Case], town: Town
) -> None:
    rebuild(now=timezone.now())
    cell = RollupCell.objects.filter(grain=Grain.MONTH, measure=Measure.DUE)[0]
    RollupCell.objects.filter(pk=cell.pk).update(n=cell.n + 3)
    assert list(streets_adrift(Asked(timezone.localdate()))) == [cell.street_id]
    assert rebuild(now=timezone.now()) == 1
    assert cells(Grain.MONTH) == by_month(live())


def test_what_changed_without_an_event_is_built_anew_when_told(
    dozen: list[Case], town: Town
) -> None:
    rebuild(now=timezone.now())
    Case.objects.filter(pk=dozen[0].pk).update(street=town.other_street)
    RollupState.objects.update(stale=True)
    fold(now=timezone.now())
    assert CaseFact.objects.get(pk=dozen[0].pk).street_id == town.other_street.pk
    assert cells(Grain.DAY) == by_day(live())


def test_a_district_reads_the_same_figures_out_of_the_rollups(
    busy: Town, client: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(busy.users["district_official"])
    today = timezone.localdate()
    asked = [str(kind.of(today)) for kind in (Month, Quarter, Year)]
    asked.append(f"{today - timedelta(days=100)}..{today}")
    shown = {text: client.get("/dashboard/", {"month": text}).context for text in asked}
    rebuild(now=timezone.now())
    for text, counted in shown.items():
        with django_assert_max_num_queries(12):
            page = client.get("/dashboard/", {"month": text})
        assert page.context["as_of"] is not None and counted["as_of"] is None
        assert "每分钟更新" in page.content.decode()
        for part in ("counts", "rates", "zeros", "hot", "lines", "trend"):
            assert page.context[part] == counted[part], (text, part)


def test_old_rollups_and_smaller_places_are_counted_live(busy: Town, client: Any) -> None:
    rebuild(now=timezone.now() - timedelta(hours=1))
    client.force_login(busy.users["district_official"])
    assert client.get("/dashboard/").context["as_of"] is None
    rebuild(now=timezone.now())
    assert client.get("/dashboard/").context["as_of"] is not None
    assert client.get("/dashboard/", {"node": busy.street.pk}).context["as_of"] is None
    client.force_login(busy.users["street_admin"])
    assert client.get("/dashboard/").context["as_of"] is None


def test_a_redrawn_ground_makes_the_next_fold_build_anew(busy: Town) -> None:
    rebuild(now=timezone.now())
    grid_changed.send(
        sender=None, kind=GridChange.RESCOPED, grid_ids=[], building_ids=[], moved_to=None, by=None
    )
    assert RollupState.objects.get().stale
    fold(now=timezone.now())
    assert not RollupState.objects.get().stale
