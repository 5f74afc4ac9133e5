"""Departments that do not answer a whistle: urged once, then absent (nought for arrival, 督办).

Each by its own arrival limit, also one that was called in later. A stage is never taken twice:
`no_show_stage` remembers, and both it and the events are written under the lock of the case.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.catalog import Arrival, SupervisionLevel
from cases.clocks import REPLY_WORKDAYS, no_show_stage
from cases.models import Case, CaseEvent, CaseTask, Supervision, WhistleScore
from cases.notices import tell_absent
from cases.services.chaining import chained
from gridparty.lib.workdays import WorkCalendar
from orgs.workdays import work_calendar

BATCH = 500
DEMAND = "吹哨后没有按时到场报到，请立即到场并书面说明原因。"


def sweep_no_shows(now: datetime, stage: int) -> int:
    """Take the departments ripe for `stage` (1 urge, 2 absent); returns how many."""
    calendar = work_calendar()
    late = CaseTask.objects.absent(now).filter(no_show_stage__lt=stage)
    rows = late.values_list("pk", "created_at", "arrive_due_at").order_by("pk")
    ripe = [
        pk
        for pk, start, due in rows.iterator()
        if due is not None and no_show_stage(start, due, now, calendar) >= stage
    ]
    return sum(
        _take(ripe[start : start + BATCH], now, stage, calendar)
        for start in range(0, len(ripe), BATCH)
    )


@transaction.atomic
def _take(ripe: list[int], now: datetime, stage: int, calendar: WorkCalendar) -> int:
    """Write one batch; who arrived, or was swept, in the meantime drops out under the lock."""
    wanted = CaseTask.objects.filter(pk__in=ripe)
    locked = Case.objects.select_for_update(skip_locked=True).filter(
        pk__in=wanted.values("case_id"), ended_at=None
    )
    cases = {case.pk: case for case in locked.order_by("pk")}
    tasks = list(
        CaseTask.objects.absent(now)
        .filter(pk__in=ripe, case__in=list(cases), no_show_stage__lt=stage)
        .order_by("case_id", "pk")
    )
    if not tasks:
        return 0
    CaseTask.objects.filter(pk__in=[task.pk for task in tasks]).update(no_show_stage=stage)
    CaseEvent.objects.bulk_create(_events(tasks, cases, now, stage))
    late: dict[str, Any] = {"urged_at": now}
    if stage == 2:
        reply_by = calendar.deadline(now, workdays=REPLY_WORKDAYS)
        late = {"supervised_at": now, "lifted_at": None, "reply_due_at": reply_by}
        Supervision.objects.bulk_create(_supervisions(tasks, reply_by, now))
        _score_noughts(tasks, now)
    touched = [cases[pk] for pk in {task.case_id for task in tasks}]
    for case in touched:
        for name, value in late.items():
            setattr(case, name, value)
    Case.objects.bulk_update(touched, ["trail_head", *late])
    for task in tasks:
        task.case = cases[task.case_id]
    tell_absent(tasks, stage, now)
    return len(tasks)


def _events(
    tasks: list[CaseTask], cases: dict[int, Case], now: datetime, stage: int
) -> list[CaseEvent]:
    """Return one event per department, chained one after the other within a case."""
    events = []
    for task in tasks:
        case = cases[task.case_id]
        event = CaseEvent(
            case=case, cycle=case.cycle, move="urge" if stage == 1 else "supervise",
            from_status=case.status, to_status=case.status, at=now,
            data={"why": "no_show", "task_unit": task.unit_id, "lead": task.is_lead},
        )  # fmt: skip
        events.append(chained(event, case_no=case.case_no, previous=case.trail_head))
        case.trail_head = event.digest
    return events


def _supervisions(tasks: list[CaseTask], reply_by: datetime, now: datetime) -> list[Supervision]:
    return [
        Supervision(
            case_id=task.case_id, cycle=task.cycle, unit_id=task.unit_id,
            level=SupervisionLevel.YELLOW, issued_at=now, reply_by=reply_by, demand=DEMAND,
        )
        for task in tasks
    ]  # fmt: skip


def _score_noughts(tasks: list[CaseTask], now: datetime) -> None:
    """Nought for arrival, once per department and round; marks somebody has given stay."""
    keys: dict[int, set[tuple[int, int]]] = defaultdict(set)
    known = WhistleScore.objects.filter(case__in=[task.case_id for task in tasks])
    for case_id, unit_id, cycle in known.values_list("case_id", "unit_id", "cycle"):
        keys[case_id].add((unit_id, cycle))
    WhistleScore.objects.bulk_create(
        WhistleScore(
            case_id=task.case_id, task=task, unit_id=task.unit_id, cycle=task.cycle,
            arrival=Arrival.NO_SHOW, total=0, scored_at=now,
        )
        for task in tasks
        if (task.unit_id, task.cycle) not in keys[task.case_id]
    )  # fmt: skip
