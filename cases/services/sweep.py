"""The clock sweep: late cases are urged (催办), supervised (督办), proposed for 问责; no stage twice.

Departments that do not answer a whistle: `cases/services/noshow.py`, each by its own clock.

Overlays, not statuses: the version stays, so nobody's open page becomes stale. Set-based; two
sweeps at once take different rows (PostgreSQL) or wait for each other (SQLite).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.catalog import SupervisionLevel
from cases.clocks import REPLY_WORKDAYS, overdue_stage
from cases.models import Case, CaseEvent, Supervision
from cases.notices import tell_late, tell_proposed
from cases.querysets import CaseQuerySet
from cases.services.accounting import propose
from cases.services.chaining import chained
from cases.services.noshow import sweep_no_shows
from cases.workflow import Status
from orgs.workdays import work_calendar

BATCH = 500


class Late(NamedTuple):
    """What the sweep reads of a late case."""

    pk: int
    case_no: str
    status: str
    cycle: int
    trail_head: str
    # What says whose step it is (`cases.holders.COLUMNS`).
    level: str
    pending: str
    reply_due_at: datetime | None
    lead_unit_id: int | None
    grid_id: int
    community_id: int
    street_id: int


_WAITING_FOR_A_CHECK = (Status.FEEDBACK, Status.VERIFIED)


def scan_clocks(now: datetime) -> dict[str, int]:
    """Urge and supervise what is late at `now`; returns how many of each kind.

    Keys: "step", "urge", "supervise", "account" count cases; "arrive" and "absent" departments.
    """
    return {
        "step": _urge_late_steps(now),
        "arrive": sweep_no_shows(now, 1),
        "absent": sweep_no_shows(now, 2),
        "urge": _raise_stage(now, 1),
        "supervise": _raise_stage(now, 2),
        "account": _propose_accounts(now),
    }


def _urge_late_steps(now: datetime) -> int:
    """Remind once when a step (核实, 派遣, 签收, 核查) has missed its limit; 到场 is each unit's own."""
    late = Case.objects.open().filter(step_due_at__lt=now, step_urged=False)
    late = late.exclude(status=Status.WHISTLED)
    return _sweep(late, "urge", {"step_urged": True, "urged_at": now}, {"why": "step"}, now)


def _raise_stage(now: datetime, stage: int) -> int:
    """Take the cases whose handling limit has been passed far enough for `stage`."""
    calendar = work_calendar()
    late = _late(now, stage)
    ripe = _ripe(late, now, stage)
    columns: dict[str, Any] = {"overdue_stage": stage, "urged_at": now}
    name = "urge"
    if stage == 2:
        name = "supervise"
        reply_by = calendar.deadline(now, workdays=REPLY_WORKDAYS)
        columns = {
            "overdue_stage": stage, "supervised_at": now, "lifted_at": None,
            "reply_due_at": reply_by,
        }  # fmt: skip
    done = 0
    for start in range(0, len(ripe), BATCH):
        chunk = late.filter(due_at__in=ripe[start : start + BATCH])
        done += _sweep(chunk, name, columns, {"why": "overdue"}, now)
    return done


def _late(now: datetime, stage: int) -> CaseQuerySet:
    late = Case.objects.open().filter(due_at__lt=now, overdue_stage__lt=stage)
    return late.exclude(status__in=_WAITING_FOR_A_CHECK)


def _ripe(late: QuerySet[Case], now: datetime, stage: int) -> list[datetime]:
    """Return the due dates that lie far enough back; thousands of cases share few of them."""
    calendar, dues = work_calendar(), late.values_list("due_at", flat=True).distinct()
    found = [due for due in dues.iterator() if overdue_stage(due, now, calendar) >= stage]
    return [due for due in found if due is not None]


def _propose_accounts(now: datetime) -> int:
    """The last rung: supervised, the time to reply is over, and still nothing fed back.

    No event: the records are the upper level's alone.
    """
    late = _late(now, 3).filter(supervised_at__isnull=False, lifted_at=None)
    late = late.filter(Q(reply_due_at=None) | Q(reply_due_at__lt=now))
    ripe, done = _ripe(late, now, 3), 0
    for start in range(0, len(ripe), BATCH):
        chunk = late.filter(due_at__in=ripe[start : start + BATCH])
        while batch := _propose_batch(chunk, now):
            done += batch
    return done


def _propose_batch(late: QuerySet[Case], now: datetime) -> int:
    with transaction.atomic():
        rows = late.select_for_update(of=("self",), skip_locked=True).select_related(
            "lead_unit", "grid"
        )
        cases = list(rows.order_by("id")[:BATCH])
        if cases:
            Case.objects.filter(pk__in=[case.pk for case in cases]).update(overdue_stage=3)
            tell_proposed(propose(cases, now), now)
        return len(cases)


def _sweep(
    late: QuerySet[Case], name: str, columns: dict[str, Any], data: dict[str, str], now: datetime
) -> int:
    """Write columns and events batch by batch; each batch is its own transaction."""
    done = 0
    while batch := _sweep_batch(late, name, columns, data, now):
        done += batch
    return done


def _sweep_batch(
    late: QuerySet[Case], name: str, columns: dict[str, Any], data: dict[str, str], now: datetime
) -> int:
    with transaction.atomic():
        locked = late.select_for_update(skip_locked=True).order_by("id")[:BATCH]
        rows = [Late(*row) for row in locked.values_list(*Late._fields)]
        if rows:
            Case.objects.filter(pk__in=[row.pk for row in rows]).update(**columns)
            events = CaseEvent.objects.bulk_create(_events(rows, name, data, now))
            heads = [Case(pk=event.case_id, trail_head=event.digest) for event in events]
            Case.objects.bulk_update(heads, ["trail_head"])
            if "reply_due_at" in columns:
                Supervision.objects.bulk_create(_supervisions(rows, columns["reply_due_at"], now))
            tell_late(rows, "supervised" if name == "supervise" else data["why"], now)
        return len(rows)


def _events(
    rows: Iterable[Late], name: str, data: dict[str, str], now: datetime
) -> list[CaseEvent]:
    return [
        chained(
            CaseEvent(
                case_id=row.pk, cycle=row.cycle, move=name, from_status=row.status,
                to_status=row.status, at=now, data=data,
            ),
            case_no=row.case_no, previous=row.trail_head,
        )
        for row in rows
    ]  # fmt: skip


def _supervisions(rows: Iterable[Late], reply_by: datetime, now: datetime) -> list[Supervision]:
    """Overdue by more than three working days is a red card; the street lifts it."""
    return [
        Supervision(
            case_id=row.pk, cycle=row.cycle, level=SupervisionLevel.RED, issued_at=now,
            reply_by=reply_by,
            demand="已超过办理期限 3 个工作日，请说明原因和完成时间，尽快办结。",
        )
        for row in rows
    ]  # fmt: skip
