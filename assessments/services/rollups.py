"""Writes of the rollups: fold what the events tell, rebuild all by night. Sets, no rows in Python.

Both are the same act: the facts of cases as they are now replace those folded before, and the cells
change by the difference. So folding an event twice, or out of order, changes nothing.
"""
# ruff: noqa: S608 - every name in these statements is a constant of ours

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case as Choose
from django.db.models import IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate

from assessments.indicators import RATES
from assessments.models import CaseFact, Measure, RollupCell, RollupState
from assessments.services.gauges import read_gauges
from cases.models import Case, CaseEvent
from cases.whistle_querysets import UNCOUNTED
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month

# No request holds its transaction open so long: what is older has been committed or never will be.
SETTLED = timedelta(minutes=5)
FACTS = ("case_id", "district_id", "street_id", "topic_id", "created_day", "due_day", "closed_day",
         "bits")  # fmt: skip
CELLS = "grain, day, district_id, street_id, measure, key, n"
KEY = "grain, day, street_id, measure, key"
_CELL, _FACT = RollupCell._meta.db_table, CaseFact._meta.db_table
_ALL = f"SELECT {', '.join(FACTS)}, 1 AS sign FROM {_FACT}"
# Which day of the case puts it into a measure; TOPIC is kept by month only (`_grains`).
BY_DAY = {
    "created_day": (Measure.CREATED,),
    "closed_day": (Measure.CLOSED,),
    "due_day": (Measure.DUE, Measure.OWED, Measure.RESPONDED, Measure.ENDED, Measure.ON_TIME),
}
HITS = {
    Measure.RESPONDED: "response_rate",
    Measure.ENDED: "closed_rate",
    Measure.ON_TIME: "on_time_rate",
}


def conditions(now: datetime) -> dict[Measure, Q]:
    """Return which cases count in a measure; the hits are those of the registered rates."""
    owed = Q(due_at__isnull=False, was_split=False) & ~Q(status__in=UNCOUNTED)
    month = Month.of(now)
    return {
        Measure.CREATED: Q(pk__isnull=False),
        Measure.CLOSED: Q(closed_at__isnull=False),
        Measure.DUE: Q(due_at__isnull=False),
        Measure.OWED: owed,
        **{measure: owed & RATES[code].rows(month, now).hits for measure, code in HITS.items()},
    }


def facts(now: datetime, cases: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows of CaseFact as the cases are now, in the order of FACTS."""
    bits: Any = Value(0)
    for measure, counts in conditions(now).items():
        bits = bits + Choose(When(counts, then=measure.bit), default=0)
    days = {
        f"{name}_day": TruncDate(f"{name}_at", tzinfo=SHANGHAI)
        for name in ("created", "due", "closed")
    }
    rows: QuerySet[Any] = (
        cases.order_by()
        .annotate(topic_id=Coalesce("category__parent_id", "category_id"), **days)
        .annotate(bits=Coalesce(bits, 0, output_field=IntegerField()))
        .values_list("pk", *FACTS[1:])
    )
    return rows


@transaction.atomic
def fold(*, now: datetime) -> int:
    """Fold the cases whose events are not settled yet; return how many. Rebuilds when it must.

    Idempotent; a second worker waits for the row and then finds nothing to change.
    """
    state = _locked_state()
    if state.built_at is None or state.stale:
        return _rebuild(state, now)
    events = CaseEvent.objects.filter(pk__gt=state.last_event)
    with connection.cursor() as cursor:
        count = _take_fresh(cursor, now, Case.objects.filter(pk__in=events.values("case_id")))
        if count:
            old = f"SELECT {', '.join(FACTS)}, -1 AS sign FROM {_FACT} WHERE case_id IN (SELECT case_id FROM fresh)"
            new = f"SELECT {', '.join(FACTS)}, 1 AS sign FROM fresh"
            change = _grains(f"{old} UNION ALL {new}")
            cursor.execute(f"INSERT INTO {_CELL} ({CELLS}) {change} {_add()}")
            _keep_facts(cursor)
        cursor.execute("DROP TABLE fresh")
    read_gauges(state, now)
    state.last_event = _settled(now)
    state.folded_at = now
    state.save()
    return count


@transaction.atomic
def rebuild(*, now: datetime) -> int:
    """Compute every cell anew and mend what differs; return how many cells did."""
    return _rebuild(_locked_state(), now)


def mark_stale() -> None:
    """Cases changed their street without an event: the next fold rebuilds."""
    RollupState.objects.update(stale=True)


def _rebuild(state: RollupState, now: datetime) -> int:
    settled = _settled(now)
    with connection.cursor() as cursor:
        _take_fresh(cursor, now, Case.objects.all())
        _keep_facts(cursor)
        cursor.execute("DROP TABLE fresh")
        _make_temporary(cursor, "wanted", RollupCell, CELLS.split(", "))
        cursor.execute(f"INSERT INTO wanted ({CELLS}) {_grains(_ALL)}")
        cursor.execute("ANALYZE wanted")
        cursor.execute(f"DELETE FROM {_CELL} WHERE n = 0 AND measure <= {Measure.TOPIC.value}")
        same = " AND ".join(f"w.{name} = {_CELL}.{name}" for name in KEY.split(", "))
        cursor.execute(
            f"DELETE FROM {_CELL} WHERE measure <= {Measure.TOPIC.value}"
            f" AND NOT EXISTS (SELECT 1 FROM wanted w WHERE {same})"
        )
        wrong = int(cursor.rowcount)
        cursor.execute(
            f"INSERT INTO {_CELL} ({CELLS}) SELECT {CELLS} FROM wanted WHERE true"
            f" ON CONFLICT ({KEY}) DO UPDATE SET n = excluded.n, district_id = excluded.district_id"
            f" WHERE {_CELL}.n <> excluded.n OR {_CELL}.district_id <> excluded.district_id"
        )
        wrong += int(cursor.rowcount)
        cursor.execute("DROP TABLE wanted")
    read_gauges(state, now, everything=True)
    state.last_event, state.built_at, state.folded_at, state.stale = settled, now, now, False
    state.save()
    return int(wrong)


@transaction.atomic
def drifted(*, now: datetime) -> list[int]:
    """Return the streets whose cells are not what their cases give; unfolded events aside. Changes nothing."""
    state = RollupState.objects.get(pk=1)
    waiting = CaseEvent.objects.filter(pk__gt=state.last_event).values("case_id")
    streets: set[int] = set()
    with connection.cursor() as cursor:
        _take_fresh(cursor, now, Case.objects.exclude(pk__in=waiting))
        cursor.execute(
            f"SELECT DISTINCT a.street_id FROM fresh a LEFT JOIN {_FACT} f ON a.case_id = f.case_id"
            f" WHERE {_differs('a', 'f')}"
        )
        streets |= {street for (street,) in cursor.fetchall()}
        cursor.execute("DROP TABLE fresh")
        cursor.execute(
            f"SELECT DISTINCT street_id FROM (SELECT {KEY}, n FROM ({_grains(_ALL)}) wanted"
            f" UNION ALL SELECT {KEY}, -n FROM {_CELL} WHERE measure <= {Measure.TOPIC.value}) both_of GROUP BY {KEY} HAVING SUM(n) <> 0"
        )
        streets |= {street for (street,) in cursor.fetchall()}
    return sorted(streets)


def _differs(left: str, right: str) -> str:
    word = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"{left}.{name} {word} {right}.{name}" for name in FACTS[1:])


def _locked_state() -> RollupState:
    RollupState.objects.get_or_create(pk=1)
    return RollupState.objects.select_for_update().get(pk=1)


def _settled(now: datetime) -> int:
    """Return the id up to which every event has been committed."""
    recent = CaseEvent.objects.filter(recorded_at__gte=now - SETTLED).order_by("pk")
    first = recent.values_list("pk", flat=True).first()
    if first is not None:
        return int(first) - 1
    return CaseEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _make_temporary(cursor: Any, name: str, model: Any, columns: Sequence[str]) -> None:
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    wanted = ", ".join(f"{column} {types[column]}" for column in columns)
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ({wanted})")


def _take_fresh(cursor: Any, now: datetime, cases: QuerySet[Any]) -> int:
    """Put the facts of these cases into the temporary table `fresh`: one snapshot for all that follows."""
    _make_temporary(cursor, "fresh", CaseFact, FACTS)
    sql, params = facts(now, cases).query.sql_with_params()
    cursor.execute(f"INSERT INTO fresh ({', '.join(FACTS)}) {sql}", params)
    count = int(cursor.rowcount)
    cursor.execute("ANALYZE fresh")
    return count


def _keep_facts(cursor: Any) -> None:
    """Write the facts that are new or differ."""
    taken = ", ".join(f"{name} = excluded.{name}" for name in FACTS[1:])
    cursor.execute(
        f"INSERT INTO {_FACT} ({', '.join(FACTS)}) SELECT {', '.join(FACTS)} FROM fresh WHERE true"
        f" ON CONFLICT (case_id) DO UPDATE SET {taken} WHERE {_differs(_FACT, 'excluded')}"
    )


def _grains(signed: str) -> str:
    """Return the query of the cells that signed facts make, of both grains; may be followed by a condition.

    One walk a day column, wide; the few sums are turned into cells afterwards.
    """
    month = "date_trunc('month', {})::date" if connection.vendor == "postgresql" else "date({}, 'start of month')"  # fmt: skip
    wide, tall = [], []
    for column, measures in BY_DAY.items():
        sums = ", ".join(
            f"SUM(CASE WHEN bits & {one.bit} <> 0 THEN sign ELSE 0 END) AS m{one.value}"
            for one in measures
        )
        wide.append(
            f"by_{column} AS (SELECT {column} AS day, district_id, street_id, {sums}"
            f" FROM ({signed}) s WHERE {column} IS NOT NULL GROUP BY {column}, district_id, street_id)"
        )
        tall += [
            f"SELECT day, district_id, street_id, {one.value} AS measure, m{one.value} AS n FROM by_{column}"
            for one in measures
        ]
    first, created = month.format("day"), month.format("created_day")
    topic = (
        f"SELECT 1, {created}, district_id, street_id, {Measure.TOPIC.value}, topic_id, SUM(sign)"
    )
    return (
        f"WITH {', '.join(wide)}, days AS ({' UNION ALL '.join(tall)})"
        f" SELECT {CELLS} FROM ("
        "SELECT 0 AS grain, day, district_id, street_id, measure, 0 AS key, n FROM days"
        f" UNION ALL SELECT 1, {first}, district_id, street_id, measure, 0, SUM(n) FROM days"
        f" GROUP BY {first}, district_id, street_id, measure"
        f" UNION ALL {topic} FROM ({signed}) s GROUP BY {created}, district_id, street_id, topic_id"
        ") cells WHERE n <> 0"
    )


def _add() -> str:
    return (
        f"ON CONFLICT ({KEY})"
        f" DO UPDATE SET n = {_CELL}.n + excluded.n, district_id = excluded.district_id"
    )
