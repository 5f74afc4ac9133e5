"""The conflicts of a batch as rows to decide: what the file says, sealed, beside who it meets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from orgs.keys import fingerprint
from residents.models import RosterConflict
from residents.roster.changes import file_values
from residents.roster.known import door_of
from residents.roster.match import HouseholdPlan, RowPlan
from residents.roster.outcome import Outcome
from residents.roster.register import Home

State = RosterConflict.State
CHUNK = 2000


def queue_conflicts(
    plans: Sequence[HouseholdPlan], homes: dict[int, Home], job_id: int | None
) -> int:
    """Store the conflicts of a written batch; returns how many are new.

    One that is open already, or was answered with "keep", is not asked again: the same file may
    be imported many times.
    """
    found: dict[str, RosterConflict] = {}
    for plan in plans:
        for row in plan.rows:
            if row.outcome is Outcome.CONFLICT:
                conflict = _conflict(plan, row, homes, job_id)
                found.setdefault(conflict.key, conflict)
    for start in range(0, len(found), CHUNK):
        asked = RosterConflict.objects.filter(key__in=list(found)[start : start + CHUNK])
        known = asked.exclude(state__in=[State.TAKEN, State.EXPIRED]).values_list("key", flat=True)
        for key in list(known):
            found.pop(key, None)
    RosterConflict.objects.bulk_create(found.values(), batch_size=200)
    return len(found)


def _conflict(
    plan: HouseholdPlan, row: RowPlan, homes: dict[int, Home], job_id: int | None
) -> RosterConflict:
    assert plan.source.place is not None and row.person is not None
    home = homes[plan.source.place.key]
    kind = next(
        problem.kind.removeprefix("conflict_")
        for _name, problem in row.problems
        if problem.kind.startswith("conflict_")
    )
    payload = json.dumps(filed(plan, row), ensure_ascii=False, sort_keys=True)
    return RosterConflict(
        job_id=job_id, district_id=home.district_id, street_id=home.street_id,
        community_id=home.community_id, grid_id=home.grid_id, building_id=plan.source.place.key,
        sheet=row.row.sheet[:60], row=row.row.number, kind=kind, person_id=row.person.pk,
        household_id=plan.pk or None, payload=payload,
        key=fingerprint(f"{kind} {row.person.pk} {payload}"),
    )  # fmt: skip


def filed(plan: HouseholdPlan, row: RowPlan) -> dict[str, Any]:
    """What a row says: `person` (columns of Person, plain), `home` (of Residency) and `door`."""
    building, entrance, room = door_of(plan.source)
    source = row.row
    return {
        "person": file_values(source),
        "home": {
            "relation": source.relation,
            "status": source.residence,
            "start": source.moved_in.isoformat() if source.moved_in else "",
        },
        "door": {
            "building": building,
            "entrance": entrance,
            "room": room,
            "number": plan.source.number,
        },
    }
