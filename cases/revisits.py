"""The monthly revisit's draw (domain brief §4A-R): a sample nobody can bend.

`draw_month(month)` is idempotent and gives the same set on every run. The answers are written by
`cases.services.record_revisit`, `decide_revisit` and `assign_revisit`.

A sample is replayable from the stored row: order its list by sha256(seed + case number) and take
the first `quota`; emergency, supervised and reopened ones are all taken besides. The seed was
committed to before the list existed (`cases.commitment`); `cases.replay` checks all of it.

Everybody whose report was merged into a case and who can be called is asked, too: such a case is
among those all taken, and gets one revisit more per reporter (`RevisitDraw.joined`). Merged reports
are no rows of the list themselves, so the committed list stays one number per problem.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cases.catalog import EMERGENCY
from cases.commitment import commit_to, grid_seed, hash_of_list, month_seed
from cases.merging import Report, reachable_reporters
from cases.models import Case, Revisit, RevisitDraw, RevisitSeed
from cases.roster import Roster
from cases.workflow import Status
from gridparty.lib.periods import Month
from grids.models import Grid
from orgs import audit
from orgs.models import User

MIN_PER_GRID = 3
ONE_IN = 10
LOCK_DAYS = 15


@dataclass(frozen=True)
class Closed:
    """A closed case as the draw sees it."""

    pk: int
    case_no: str
    grid_id: int
    street_id: int
    is_mandatory: bool
    joined: tuple[Report, ...] = ()


@dataclass
class DrawResult:
    """What a draw did; `created` counts the revisits this very run added."""

    month: str
    grids: int = 0
    closed: int = 0
    created: int = 0
    cases: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {
            "month": self.month, "grids": self.grids, "closed": self.closed,
            "sampled": len(self.cases), "created": self.created, "cases": self.cases,
        }  # fmt: skip


def quota_of(population: int) -> int:
    """Return how many of `population` are drawn: a tenth, at least three, at most all."""
    return min(population, max(MIN_PER_GRID, -(-population // ONE_IN)))


def sample(cases: Sequence[Closed], seed: str) -> list[Closed]:
    """Return the drawn cases in the order of their numbers; depends on seed and numbers only."""
    shuffled = sorted(
        cases, key=lambda one: (hashlib.sha256(f"{seed}{one.case_no}".encode()).digest(), one.case_no)
    )  # fmt: skip
    drawn = set(shuffled[: quota_of(len(cases))]) | {one for one in cases if one.is_mandatory}
    return sorted(drawn, key=lambda one: one.case_no)


def draw_month(month: Month, *, by: User | None = None, now: datetime | None = None) -> DrawResult:
    """Draw the revisits of the cases closed in `month`; a second run changes nothing.

    Raises ValueError with a sentence while the month has not ended.
    """
    moment = now or timezone.now()
    if moment < month.end:
        raise ValueError(f"{month.label}还没有结束，不能抽取回访。")
    with transaction.atomic():
        commit_to(month, moment)
        by_grid = _closed_in(month)
        draws, chosen = _freeze(month, by_grid, moment)
        created = _create_revisits(draws, chosen, moment)
        RevisitSeed.objects.filter(month=str(month), seed="").update(
            seed=month_seed(month), published_at=moment
        )
        if draws:
            audit.record(
                by=by, action="revisit.draw", target=RevisitDraw,
                detail={"month": str(month), "grids": len(draws), "created": created},
            )  # fmt: skip
    return _result(month, created)


def _closed_in(month: Month) -> dict[int, list[Closed]]:
    """Read the month's closed cases of the grids not drawn yet, by grid, each with who joined it."""
    drawn = RevisitDraw.objects.filter(month=str(month))
    closed = Case.objects.filter(
        status=Status.CLOSED, closed_at__gte=month.start, closed_at__lt=month.end,
        parent=None,  # the reporter of a split case is asked once, about the whole
    ).exclude(grid_id__in=drawn.values("grid_id"))  # fmt: skip
    joined = reachable_reporters(closed)
    rows = closed.order_by("case_no").values_list(
        "id", "case_no", "grid_id", "street_id", "sla_class__code", "supervised_at", "cycle"
    )
    by_grid: dict[int, list[Closed]] = defaultdict(list)
    for pk, case_no, grid_id, street_id, sla, supervised_at, cycle in rows:
        mandatory = sla == EMERGENCY or supervised_at is not None or cycle > 1
        reports = tuple(joined.get(pk, ()))
        by_grid[grid_id].append(
            Closed(pk, case_no, grid_id, street_id, mandatory or bool(reports), reports)
        )
    return by_grid


def _freeze(
    month: Month, by_grid: dict[int, list[Closed]], now: datetime
) -> tuple[list[RevisitDraw], dict[int, list[Closed]]]:
    """Write one draw per grid; a run at the same moment computes and writes the very same rows."""
    codes = dict(Grid.objects.filter(pk__in=list(by_grid)).values_list("pk", "code"))
    secret = month_seed(month)
    chosen: dict[int, list[Closed]] = {}
    rows = []
    for grid_id, cases in sorted(by_grid.items()):
        seed = grid_seed(secret, codes[grid_id])
        chosen[grid_id] = sample(cases, seed)
        listed = [one.case_no for one in cases]
        mandatory = [one.case_no for one in cases if one.is_mandatory]
        rows.append(
            RevisitDraw(
                month=str(month),
                grid_id=grid_id,
                population=len(cases),
                quota=quota_of(len(cases)),
                seed=seed,
                drawn_at=now,
                listed=listed,
                mandatory=mandatory,
                list_hash=hash_of_list(listed, mandatory),
                joined={
                    one.case_no: [report.case_no for report in one.joined]
                    for one in cases
                    if one.joined
                },
                case_nos=[one.case_no for one in chosen[grid_id]],
            )
        )
    RevisitDraw.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    stored = list(RevisitDraw.objects.filter(month=str(month), grid_id__in=list(by_grid)))
    return stored, chosen


def _create_revisits(
    draws: list[RevisitDraw], chosen: dict[int, list[Closed]], now: datetime
) -> int:
    cases = [one for draw in draws for one in chosen[draw.grid_id]]
    people = Roster(cases)
    rows = []
    for draw in draws:
        month, frozen = Month.parse(draw.month), set(draw.case_nos)
        locks_at = max(month.end, now) + timedelta(days=LOCK_DAYS)
        for one in chosen[draw.grid_id]:
            if one.case_no not in frozen:
                continue  # a run beside this one has frozen the grid first: its sample counts
            assignee = people.next_for(one)  # one person for all who reported the same problem
            rows += [
                Revisit(
                    case_id=one.pk, merged_id=merged, draw=draw, month=draw.month,
                    locks_at=locks_at, assignee_id=assignee,
                )
                for merged in (None, *(report.pk for report in one.joined))
            ]  # fmt: skip
    before = Revisit.objects.filter(draw__in=draws).count() if draws else 0
    Revisit.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return Revisit.objects.filter(draw__in=draws).count() - before if draws else 0


def _result(month: Month, created: int) -> DrawResult:
    result = DrawResult(str(month), created=created)
    for draw in RevisitDraw.objects.filter(month=str(month)):
        result.grids += 1
        result.closed += draw.population
        result.cases += draw.case_nos
    result.cases.sort()
    return result


def draw_due(now: datetime) -> list[DrawResult]:
    """Draw the last finished month and up to two before it, as far as not done (catching up).

    Commits to the seed of the month that has begun, long before its list exists.
    """
    commit_to(Month.of(now), now)
    month = Month.of(now).previous()
    months = [month.previous().previous(), month.previous(), month]
    return [draw_month(one, now=now) for one in months]
