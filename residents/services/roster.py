"""Importing a roster: check (parse), do (match and write, batch by batch), tell (audit)."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import transaction

from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, User
from residents.models import CareKind, Residency
from residents.roster.absent import find_absent, find_gone, queue_absent, queue_gone
from residents.roster.apply import Progress, Result, apply_roster
from residents.roster.mapping import SheetMapping
from residents.roster.parse import parse_sheets
from residents.roster.register import Register, load_register
from residents.roster.sheets import Sheet, read_sheets

describe_actions(roster__import="导入居民花名册")


def import_roster(
    *,
    data: bytes,
    communities: Sequence[OrgUnit],
    today: date,
    by: User | None,
    dry_run: bool = False,
    within: User | None = None,
    job_id: int | None = None,
    on_batch: Progress | None = None,
    choose: Callable[[list[Sheet]], Sequence[SheetMapping]] | None = None,
    is_full: bool = False,
    full_buildings: Collection[int] = (),
) -> Result:
    """Read a roster file and write its people to the register of these communities.

    Batches are atomic: a row that cannot be stored never takes others with it, and a second run
    of the same file changes nothing. `within` limits the buildings to that user's area. With
    `dry_run` nothing is written. `choose` says how the sheets are read. A list that `is_full` has
    its missing people counted by building, and those of `full_buildings` queued as 疑似迁出.
    Raises RosterFileError (one sentence) when the file cannot be read at all.
    """
    started = time.perf_counter()
    with _without_collector():
        sheets = read_sheets(data)
        mappings = choose(sheets) if choose is not None else ()
        register = load_register(communities, within)
        parsed = parse_sheets(
            sheets, today=today, places=register.places, care=care_words(), mappings=mappings
        )
        result = apply_roster(
            parsed,
            register,
            today=today,
            dry_run=dry_run,
            user_id=by.pk if by else None,
            job_id=job_id,
            on_batch=on_batch,
        )
        if any(row.left for row in parsed.rows):
            gone = find_gone(parsed, register)
            result.gone = {one.residency_id for one in gone}
            if not dry_run and not result.not_reached:
                with transaction.atomic():
                    queue_gone(gone, register, job_id=job_id)
        if is_full:
            _missing(result, register, full_buildings, job_id, dry_run)
    counts = result.counts
    counts.seconds = round(time.perf_counter() - started, 2)
    if not dry_run:
        record(
            by=by,
            action="roster.import",
            target=Residency,
            street=communities[0].get_root().pk,
            detail=counts.as_dict() | {"job": job_id},
        )
    return result


def _missing(
    result: Result,
    register: Register,
    buildings: Collection[int],
    job_id: int | None,
    dry_run: bool,
) -> None:
    """Count who is missing by building; queue them unless the import stopped half-way."""
    missing, present = find_absent(result.parsed, register)
    absent = [one for one in missing if one.residency_id not in result.gone]
    result.absent = dict(Counter(one.building_id for one in absent))
    result.covered = {row.place.key for row in result.parsed.rows if row.place is not None}
    if not dry_run and not result.not_reached:
        with transaction.atomic():
            queue_absent(absent, present, register, buildings=buildings, job_id=job_id)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the cycle collector: walking a million live cells again and again doubled the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def care_words() -> dict[str, str]:
    """Every name and alias of the kinds of key population in use → the kind's name."""
    found: dict[str, str] = {}
    for name, aliases in CareKind.objects.filter(is_active=True).values_list("name", "aliases"):
        found.update(dict.fromkeys(aliases, name))
        found[name] = name
    return found
