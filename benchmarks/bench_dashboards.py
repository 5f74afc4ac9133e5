"""Dashboards, rollups and the quarter over 5,000 grids, 1M cases and 90,000 households.

CPU of web and database a page, against a hello page with a signed-in user; the issue's ceilings are
printed beside it. The sets (fold, rebuild, quarter) are held against counting the cases once.
GRIDPARTY_BENCH_CASES: how many cases (default 100,000; 1000000 for the figures of record).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from benchmarks.bench_case_list import build_ground
from benchmarks.bench_cases import TOTAL, Ask, count_queries, measure, sign_in, web
from benchmarks.run import Figure

STREETS, COMMUNITIES, PER_COMMUNITY = 50, 10, 10
DAYS = 730
EVENTS = 100_000
HOMES = 18  # a grid
# Milliseconds of CPU and queries at most, both of the issue; seconds of the sets.
CEILINGS = {"district": (60, 12), "street": (40, 12), "community": (40, 12)}
SECONDS = {
    "fold": 1.5,
    "rebuild": 15.0,
    "quarter": 5.0 if connection.vendor == "postgresql" else 20.0,
}


def run() -> list[Figure]:
    users = build_ground(STREETS, COMMUNITIES, PER_COMMUNITY)
    fill(TOTAL)
    return [*sets(), *pages(users)]


def fill(total: int) -> None:
    fill_cases(total)
    fill_revisits()
    fill_homes()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ago(hours: str) -> str:
    """Return the SQL of an instant so many hours ago."""
    if connection.vendor == "postgresql":
        return f"(now() - ({hours}) * INTERVAL '1 hour')"
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', -({hours}) || ' hours')"


def insert(model: Any, source: str, special: dict[str, str]) -> None:
    """Insert one row for each row of `source`; columns not named take null or their default."""
    from django.db.models import NOT_PROVIDED

    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        columns.append(connection.ops.quote_name(field.column))
        default = "" if field.default is NOT_PROVIDED else field.get_default()
        if field.column in special:
            values.append(special[field.column])
        elif field.null:
            values.append("NULL")
        elif field.get_internal_type() in ("DateTimeField", "DateField"):
            values.append(ago("0"))
        elif field.get_internal_type() == "JSONField":
            values.append("'{}'" if default == {} else "'[]'")
        elif isinstance(default, bool):
            values.append(str(default).upper())
        else:
            values.append(str(default) if isinstance(default, int) else f"'{default}'")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}"
        )


def numbers(count: int) -> str:
    return (
        "(WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n"
        f" WHERE i < {count}) SELECT i FROM n) n"
    )


def fill_cases(total: int) -> None:
    """Two years of cases, evenly; one in fifty is open, one in nine of the others was late."""
    from cases.models import Case, Category
    from grids.models import Grid

    grids = Grid.objects.count()
    first = Grid.objects.order_by("pk").values_list("pk", flat=True)[0]
    kinds = Category.objects.count()
    age = f"((i * 7919) % {DAYS * 24})"
    is_open = "i % 50 = 0"
    done = f"CASE WHEN {is_open} THEN NULL ELSE {ago(f'{age} - 24 * (1 + i % 9)')} END"
    scope = {f"{name}_id": f"g.{name}_id" for name in ("district", "street", "community")}
    insert(
        Case,
        f"{numbers(total)} JOIN grids_grid g ON g.id = {first} + (i * 6007) % {grids} JOIN (SELECT id, sla_class_id,"
        f" ROW_NUMBER() OVER (ORDER BY id) - 1 AS k FROM cases_category) c ON c.k = i % {kinds} ORDER BY i",
        {
            **scope, "grid_id": "g.id", "case_no": "'B' || i", "category_id": "c.id",
            "tracking_code": "CAST(10000000 + i AS varchar(8))", "sla_class_id": "c.sla_class_id",
            "text": "'路灯不亮，编号 ' || i", "source": "CASE WHEN i % 3 = 0 THEN 'patrol' ELSE 'web' END",
            "status": f"CASE WHEN {is_open} THEN 'handling' ELSE 'closed' END",
            "created_at": ago(age), "clock_started_at": ago(age), "due_at": ago(f"{age} - 24 * 8"),
            "sign_due_at": ago(f"{age} - 8"), "signed_at": ago(f"{age} - i % 10"),
            "fed_back_at": done, "verified_at": done, "closed_at": done, "ended_at": done,
        },
    )  # fmt: skip


def fill_revisits() -> None:
    """One closed case in twenty was asked about, in the month it was closed in."""
    from cases.models import Revisit, RevisitDraw

    month = "to_char(closed_at, 'YYYY-MM')" if connection.vendor == "postgresql" else "strftime('%Y-%m', closed_at)"  # fmt: skip
    drawn = (
        f"FROM cases_case WHERE closed_at IS NOT NULL AND id % 20 = 0 AND closed_at < {ago('0')}"
    )
    insert(
        RevisitDraw, f"(SELECT DISTINCT grid_id, {month} AS month {drawn}) c",
        {"grid_id": "c.grid_id", "month": "c.month", "population": "20", "quota": "1"},
    )  # fmt: skip
    insert(
        Revisit,
        f"(SELECT id, grid_id, {month} AS month {drawn}) c"
        " JOIN cases_revisitdraw d ON d.grid_id = c.grid_id AND d.month = c.month",
        {
            "case_id": "c.id", "draw_id": "d.id", "month": "c.month", "state": "'done'",
            "solved": "CASE WHEN c.id % 7 = 0 THEN 'no' ELSE 'yes' END",
            "satisfaction": "CASE WHEN c.id % 9 = 0 THEN 'unsatisfied' ELSE 'satisfied' END",
        },
    )  # fmt: skip


def fill_homes() -> None:
    """A building a grid, eighteen homes a building, each visited once in the last two hundred days."""
    from grids.models import Building, Compound
    from orgs.models import User
    from residents.models import Household, Visit

    insert(Compound, "orgs_orgunit o WHERE o.tier = 2", {"community_id": "o.id", "name": "'小区'"})
    scope = {
        name: f"g.{name}" for name in ("grid_id", "district_id", "street_id", "community_id")
    } | {"grid_id": "g.id"}
    insert(
        Building, "grids_grid g JOIN grids_compound c ON c.community_id = g.community_id",
        {**scope, "compound_id": "c.id", "name": "g.id || '栋'", "sort_key": "'1'"},
    )  # fmt: skip
    insert(
        Household,
        f"grids_grid g JOIN grids_building b ON b.grid_id = g.id, {numbers(HOMES)}",
        {**scope, "building_id": "b.id", "room": "CAST(100 + i AS varchar(8))", "sort_key": "'1'",
         "occupancy": "'owned'"},
    )  # fmt: skip
    visitor = User.objects.order_by("pk").values_list("pk", flat=True)[0]
    day = ago("(h.id % 200) * 24")
    day = f"CAST({day} AS date)" if connection.vendor == "postgresql" else f"date({day})"
    insert(
        Visit, "residents_household h",
        {"household_id": "h.id", "visitor_id": str(visitor), "day": day, "outcome": "'met'"},
    )  # fmt: skip


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def sets() -> list[Figure]:
    """Fold, rebuild and quarter, against one count of all cases by street."""
    from django.db.models import Count
    from django.utils import timezone

    from assessments.services import compute_quarter
    from assessments.services.rollups import drifted, fold, rebuild
    from cases.models import Case
    from gridparty.lib.periods import Quarter

    now = timezone.now()
    floor = min(
        timed(lambda: list(Case.objects.order_by().values_list("street").annotate(Count("pk"))))
        for _ in range(3)
    )
    first = timed(lambda: rebuild(now=now))
    again = timed(lambda: rebuild(now=now))
    write_events()
    folded = timed(lambda: fold(now=timezone.now()))
    assert not drifted(now=timezone.now()), "the fold left cells that counting does not give"
    quarter = Quarter.of(now).previous()
    computed = timed(lambda: compute_quarter(quarter=quarter, now=now, by=None))
    measured = {
        f"rollup: fold of {EVENTS} events": (folded, SECONDS["fold"]),
        "rollup: first build": (first, SECONDS["rebuild"]),
        "rollup: nightly rebuild": (again, SECONDS["rebuild"]),
        "quarter of 5,000 grids": (computed, SECONDS["quarter"]),
    }
    for name, (took, most) in measured.items():
        print(f"{name}: {took:.2f} s (at most {most:g})", file=sys.stderr)
    return [
        Figure(name, took, floor, 200, "counting all cases by street")
        for name, (took, _) in measured.items()
    ]


def write_events() -> None:
    """Four events for each of so many open or closed cases, which end or begin again with them."""
    from cases.models import Case, CaseEvent

    cases = EVENTS // 4
    step = max(1, Case.objects.count() // cases)
    chosen = f"(SELECT id FROM cases_case WHERE id % {step} = 0 ORDER BY id LIMIT {cases}) c"
    insert(
        CaseEvent, f"{chosen}, {numbers(4)}",
        {"case_id": "c.id", "move": "'close'", "to_status": "'closed'", "cycle": "1"},
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE cases_case SET status = 'handling', closed_at = NULL, ended_at = NULL,"
            f" due_at = {ago('0')} WHERE id IN (SELECT id FROM {chosen}) AND id % 3 = 0"
        )


def pages(users: dict[str, Any]) -> list[Figure]:
    """The dashboard of each level, of this month, the last quarter and the year."""
    from django.utils import timezone

    from gridparty.lib.periods import Month, Quarter, Year

    now = timezone.now()
    periods = {"month": Month.of(now), "quarter": Quarter.of(now).previous(), "year": Year.of(now)}
    asked: dict[str, tuple[Any, Callable[[int], Ask]]] = {
        f"{who}, {kind}": (users[who], lambda n, period=period: ("GET", f"/dashboard/?month={period}", None))  # type: ignore[misc]
        for who in CEILINGS
        for kind, period in periods.items()
    }  # fmt: skip
    figures = []
    with web() as (port, workers):
        hello = lambda n: ("GET", "/bench-hello/", None)  # noqa: E731
        floor = measure(port, workers, sign_in(users["street"]), hello)
        for name, (user, ask) in asked.items():
            most_ms, most_queries = CEILINGS[name.split(",")[0]]
            seconds = measure(port, workers, sign_in(user), ask)
            print(
                f"dashboard {name}: {seconds * 1000:.1f} ms CPU (at most {most_ms}),"
                f" {count_queries(user, ask(0))} queries (at most {most_queries})", file=sys.stderr,
            )  # fmt: skip
            figures.append(
                Figure(f"dashboard {name}: CPU of web and database", seconds, floor, 40, "hello, signed in")
            )  # fmt: skip
    return figures
