"""What a batch wrote and what stood there before, in one sealed blob: for undo, and for resuming.

Compact on purpose (measured: under one percent of an import): ids, the few columns that changed with their old
values (sealed ones stay the tokens they are), and the fate of every row.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from orgs.keys import keyring
from residents.models import RosterUndo
from residents.roster.issues import Problem
from residents.roster.known import KnownHousehold, KnownPerson, KnownResidency
from residents.roster.match import HouseholdPlan, RowPlan
from residents.roster.outcome import STORED, Outcome

# A row of a table the batch wrote: its id, and the columns before; None when the batch made it.
Written = tuple[int, dict[str, Any] | None]


@dataclass(slots=True)
class HomeEntry:
    """Everything a batch wrote for one household; `version` is what it left the household at."""

    pk: int
    version: int
    before: dict[str, Any] | None
    persons: list[Written] = field(default_factory=list)
    residencies: list[Written] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)


def write_journal(plans: Sequence[HouseholdPlan], *, job_id: int, stamp: datetime) -> None:
    """Store the journal of a batch that has just been written; call in its transaction."""
    homes = [_home(plan) for plan in plans if plan.is_new or plan.is_touched]
    rows = [
        [row.row.order, row.outcome.value, row.problems] if row.problems else
        [row.row.order, row.outcome.value]
        for plan in plans
        for row in plan.rows
    ]  # fmt: skip
    text = json.dumps({"homes": homes, "rows": rows}, ensure_ascii=False, default=_plain)
    RosterUndo.objects.create(
        job_id=job_id, stamp=stamp, homes=len(homes),
        payload=keyring().seal_bytes(zlib.compress(text.encode(), 1)),
    )  # fmt: skip


def read_homes(batch: RosterUndo) -> list[HomeEntry]:
    """Return what the batch wrote, household by household."""
    return [HomeEntry(*entry) for entry in _open(batch)["homes"]]


def read_fates(
    batches: Iterable[RosterUndo],
) -> dict[int, tuple[Outcome, list[tuple[str, Problem]]]]:
    """Row order → its outcome and problems, of everything an interrupted import has behind it."""
    fates: dict[int, tuple[Outcome, list[tuple[str, Problem]]]] = {}
    for batch in batches:
        for order, outcome, *more in _open(batch)["rows"]:
            problems = [(name, Problem(*said)) for name, said in more[0]] if more else []
            fates[order] = Outcome(outcome), problems
    return fates


def _open(batch: RosterUndo) -> dict[str, Any]:
    raw = zlib.decompress(keyring().open_bytes(bytes(batch.payload)))
    opened: dict[str, Any] = json.loads(raw)
    return opened


def _home(plan: HouseholdPlan) -> list[Any]:
    known = plan.known
    before = None if known is None else _household_before(known, plan.changes)
    persons: list[list[Any]] = []
    residencies: list[list[Any]] = [
        [one.pk, {"is_head": True, "relation": one.relation}] for one in plan.demoted
    ]
    tags: list[int] = []
    for row in plan.rows:
        if row.outcome not in STORED:
            continue
        if row.person is None:
            persons.append([row.person_pk, None])
        elif row.changes:
            persons.append([row.person_pk, _person_before(row.person, row)])
        if row.home is None:
            residencies.append([row.home_pk, None])
        elif row.home_changes:
            residencies.append([row.home.pk, _residency_before(row.home, row)])
        tags += row.tag_pks
    version = 1 if known is None else known.version + 1
    return [plan.pk, version, before, persons, residencies, tags]


def _household_before(known: KnownHousehold, changes: dict[str, Any]) -> dict[str, Any]:
    before = {name: getattr(known, name) for name in changes}
    return before | {"room_raw": known.room_raw} if "building_id" in changes else before


def _person_before(person: KnownPerson, row: RowPlan) -> dict[str, Any]:
    before: dict[str, Any] = {}
    for name in row.changes:
        if name == "phone":
            before |= {"phone": person.phone, "phone_fingerprint": person.phone_fingerprint}
        elif name == "birth":
            before |= {"birth": person.birth, "birth_year": person.birth_year}
        elif name == "id_number":  # only ever added to somebody who had none
            before |= {"id_number": "", "id_fingerprint": None}
        else:
            before[name] = person.plain[name]
    return before


def _residency_before(home: KnownResidency, row: RowPlan) -> dict[str, Any]:
    return {name: getattr(home, name) for name in row.home_changes}


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
