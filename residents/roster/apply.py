"""Run a parsed roster against the register, batch by batch: a preview, or the import itself.

Each batch is one transaction. When the database refuses a batch, it is halved until the household
at fault stands alone; its rows are rejected with a sentence and everybody else is stored.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from orgs.models import OrgUnit, Person
from residents.catalog import CARE_KINDS
from residents.models import CareKind, CareTag, Household, Residency, RosterUndo
from residents.roster.issues import ERROR, WARN, Issue, Problem, sample_of
from residents.roster.journal import read_fates, write_journal
from residents.roster.match import Frame, HouseholdPlan, match_batch, numbers_at_doors
from residents.roster.outcome import STORED, Counts, Outcome
from residents.roster.queue import queue_conflicts
from residents.roster.records import ParsedRoster, RosterHousehold, RosterRow
from residents.roster.register import Register
from residents.roster.write import Writer

WRITTEN = (Person, Household, Residency, CareTag)
NOT_STORED = Problem("store_failed", ERROR, "数据库没有接受这一行，请核对后重试")
# Rows done so far → whether to go on.
Progress = Callable[[int], bool]
# Rows of a batch unless the setting says otherwise.
_USUAL = 3000
# A file of more rows than this goes in tenths, up to so many rows at a time: random pages of the
# indexes are then written a third as often.
_LARGE = 30_000
_MOST_AT_ONCE = 10_000
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Result:
    """What became of a file: an outcome per person row (in file order), issues, counts."""

    parsed: ParsedRoster
    outcomes: list[Outcome]
    issues: list[Issue]
    counts: Counts
    # Person rows a cancelled import did not come to.
    not_reached: int = 0
    # Of a full list: building id → how many of its residents are not in the file.
    absent: dict[int, int] = field(default_factory=dict)
    # Of a full list: the buildings it names somebody in.
    covered: set[int] = field(default_factory=set)
    # Residencies of those whom the file says have moved out or died.
    gone: set[int] = field(default_factory=set)

    def kinds(self) -> dict[str, int]:
        """How many issues of each kind."""
        found: dict[str, int] = {}
        for issue in self.issues:
            found[issue.kind] = found.get(issue.kind, 0) + 1
        return found


def apply_roster(
    parsed: ParsedRoster,
    register: Register,
    *,
    today: date,
    dry_run: bool,
    user_id: int | None = None,
    job_id: int | None = None,
    on_batch: Progress | None = None,
) -> Result:
    """Match and (unless `dry_run`) write every stored row.

    `on_batch` gets the rows done so far and says whether to go on. With `job_id`, batches that an
    interrupted run of the job has behind it are not done again, and count as they did.
    """
    _tune_connection()
    runner = _Runner(parsed, register, today, dry_run, user_id, job_id)
    done = 0
    for batch in _batches(parsed.households):
        runner.run(runner.not_done(batch))
        done += sum(len(household.members) for household in batch)
        if on_batch is not None and not on_batch(done):
            break
    result = runner.result()
    if not dry_run and result.counts.create >= (settings.ROSTER_BATCH_ROWS or _USUAL) // 2:
        _refresh_statistics()
    return result


def _tune_connection() -> None:
    """Give SQLite room: with its 2 MB of cache, random index pages cost a third of the time."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -65536")
            cursor.execute("PRAGMA wal_autocheckpoint = 20000")


def _refresh_statistics() -> None:
    """Tell PostgreSQL how large the tables have become, before somebody opens a list.

    Until its own visit minutes later it plans joins as if they were still empty (measured: one
    join of 2,600 fresh rows ran for nine minutes).
    """
    if connection.vendor == "postgresql":
        names = [connection.ops.quote_name(model._meta.db_table) for model in WRITTEN]
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(names)}")


def _batches(households: list[RosterHousehold]) -> Iterator[list[RosterHousehold]]:
    """Households with somebody to store, in groups of about as many rows as a batch takes."""
    stored = [sum(row.is_stored for row in household.members) for household in households]
    most = _batch_rows(sum(stored))
    batch: list[RosterHousehold] = []
    size = 0
    for household, people in zip(households, stored, strict=True):
        if people:
            batch.append(household)
            size += people
        if size >= most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _batch_rows(rows: int) -> int:
    """Rows of a batch in a file of so many; a number that was set holds for every file."""
    wanted: int = settings.ROSTER_BATCH_ROWS
    return wanted or (min(rows // 10, _MOST_AT_ONCE) if rows > _LARGE else _USUAL)


class _Runner:
    def __init__(
        self,
        parsed: ParsedRoster,
        register: Register,
        today: date,
        dry_run: bool,
        user_id: int | None,
        job_id: int | None,
    ) -> None:
        kinds = dict(CareKind.objects.filter(is_active=True).values_list("name", "pk"))
        levels = {kind.label: kind.level for kind in CARE_KINDS}
        self.parsed = parsed
        self.register = register
        self.dry_run = dry_run
        self.job_id = job_id
        self.frame = Frame(register.homes.keys(), kinds, numbers_at_doors(parsed.households))
        self.writer = Writer(
            homes=register.homes,
            care_levels={
                pk: str(levels.get(name, CareTag.Level.BLUE)) for name, pk in kinds.items()
            },
            now=timezone.now(),
            today=today,
            job_id=job_id,
            user_id=user_id,
        )
        self.outcomes: dict[RosterRow, Outcome] = {}
        self.issues: list[Issue] = []
        self.households = 0
        self.layouts = {layout.sheet: layout for layout in parsed.layouts}
        self.fates = {}
        if job_id is not None and not dry_run:
            self.fates = read_fates(RosterUndo.objects.filter(job=job_id))

    def not_done(self, batch: list[RosterHousehold]) -> list[RosterHousehold]:
        """Take over the fates of households an interrupted run wrote; return the others."""
        if not self.fates:
            return batch
        rest = []
        for household in batch:
            rows = [row for row in household.members if row.is_stored]
            if any(row.order not in self.fates for row in rows):
                rest.append(household)
                continue
            for row in rows:
                self.outcomes[row], problems = self.fates[row.order]
                for name, problem in problems:
                    self._note(row, name, problem)
            self.households += any(self.outcomes[row] in STORED for row in rows)
        return rest

    def run(self, batch: list[RosterHousehold]) -> None:
        """Match and write one batch, halving it when the database refuses."""
        if not batch:
            return
        try:
            plans = self._run_whole(batch)
        except DatabaseError as error:
            if len(batch) > 1:
                middle = len(batch) // 2
                self.run(batch[:middle])
                self.run(batch[middle:])
                return
            # The message of a database error may quote a cell: only its kind is logged.
            logger.warning("roster rows refused by the database: %s", type(error).__name__)
            self._refuse(batch[0])
            return
        for plan in plans:
            self.households += any(row.outcome in STORED for row in plan.rows)
            for row in plan.rows:
                self.outcomes[row.row] = row.outcome
                for name, problem in row.problems:
                    self._note(row.row, name, problem)

    def _run_whole(self, batch: list[RosterHousehold]) -> list[HouseholdPlan]:
        if self.dry_run:
            return match_batch(batch, self.frame)
        with transaction.atomic():
            # Two imports into one community wait for each other, batch by batch.
            units = OrgUnit.objects.select_for_update().order_by("pk")
            list(units.filter(pk__in=self.register.community_ids).values_list("pk"))
            plans = match_batch(batch, self.frame)
            self.writer.write(plans)
            queue_conflicts(plans, self.register.homes, self.job_id)
            if self.job_id is not None:
                write_journal(plans, job_id=self.job_id, stamp=self.writer.now)
        return plans

    def _refuse(self, household: RosterHousehold) -> None:
        for row in household.members:
            if row.is_stored:
                self.outcomes[row] = Outcome.REJECT
                self._note(row, "name", NOT_STORED)

    def _note(self, row: RosterRow, name: str, problem: Problem) -> None:
        sample = sample_of("id_number", row.id_number) if name == "id_number" else ""
        self.issues.append(self.layouts[row.sheet].issue_of(row, name, problem, sample))

    def result(self) -> Result:
        """Put outcomes in file order and count."""
        outcomes = [self._outcome(row) for row in self.parsed.rows]
        issues = [*self.parsed.issues, *self.issues]
        counts = Counts(households=self.households)
        counts.count(outcomes)
        counts.persons = counts.create + counts.update + counts.unchanged
        warned = {issue.person for issue in issues if issue.severity == WARN}
        counts.warn = sum(
            outcome in STORED and row.order in warned
            for row, outcome in zip(self.parsed.rows, outcomes, strict=True)
        )
        order = {layout.sheet: place for place, layout in enumerate(self.parsed.layouts)}
        issues.sort(key=lambda issue: (order[issue.sheet], issue.row))
        left = outcomes.count(Outcome.NOT_REACHED)
        return Result(self.parsed, outcomes, issues, counts, left)

    def _outcome(self, row: RosterRow) -> Outcome:
        if row.duplicate_of is not None:
            return Outcome.DUPLICATE
        if row.rejected:
            return Outcome.REJECT
        return self.outcomes.get(row, Outcome.NOT_REACHED)
